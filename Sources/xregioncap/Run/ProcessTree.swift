import Glibc

/// Which process was started by which (/proc/PID/stat).
enum ProcessTree {
  /// Deeper trees are none of processes, but of a table that changes while it is read.
  private static let deepest = 1000

  /// Whether a process is this one, or was started by it, or by one that it started.
  static func isInside(_ process: Int, _ ancestor: Int) -> Bool {
    var next: Int? = process
    for _ in 0..<deepest {
      guard let process = next, process > 1 else { return false }
      if process == ancestor { return true }
      next = parent(of: process)
    }
    return false
  }

  /// nil where there is no such process any more.
  static func parent(of process: Int) -> Int? {
    let file = unsafe open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let text = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 512) { buffer in
      let count = unsafe read(file, buffer.baseAddress, buffer.count)
      return unsafe String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
    // A program's name can hold anything, the brackets around it too; state and parent follow.
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[end...].split(separator: " ")
    return fields.count > 2 ? Int(fields[2]) : nil
  }
}
