import CLinux
import CropEngine
import Glibc

/// What a program says on standard error, kept in memory: nobody has to read it in time.
final class MemoryFile {
  /// How much of it is read, in bytes.
  private static let longestTail = 4096

  let descriptor: Int32

  /// Throws `fault` where there is none to be had (memfd_create).
  init(_ name: String) throws(CaptureError) {
    descriptor = unsafe clinux_memory_file(name)
    guard descriptor >= 0 else {
      throw CaptureError(.fault, "memfd_create", unsafe String(cString: strerror(errno)))
    }
  }

  deinit { close(descriptor) }

  /// The last lines that are not empty, as one, behind a colon; nothing where there are none.
  func lastWords(_ count: Int) -> String {
    let start = max(0, lseek(descriptor, 0, SEEK_END) - off_t(Self.longestTail))
    let bytes = unsafe withUnsafeTemporaryAllocation(
      of: UInt8.self, capacity: Self.longestTail
    ) { buffer in
      let length = unsafe pread(descriptor, buffer.baseAddress, buffer.count, start)
      return unsafe Array(buffer.prefix(max(0, length)))
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard !lines.isEmpty else { return "" }
    return ": " + lines.suffix(count).map { String($0).printable }.joined(separator: "; ")
  }
}
