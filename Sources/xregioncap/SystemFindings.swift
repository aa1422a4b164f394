import CLinux
import Glibc

/// What there is to say of the system, whatever the display.
enum SystemFindings {
  static func all() -> [Finding] {
    [
      splice(),
      program(
        "ffmpeg", lost: "video files: -o out.mp4, or | ffmpeg -i - out.mp4",
        remedy: "apt install ffmpeg"),
      program(
        "Xvfb", lost: "a screen where there is none, or one of a program's own",
        remedy: "apt install xvfb"),
    ]
  }

  /// A program that others are started with.
  private static func program(_ name: String, lost: String, remedy: String) -> Finding {
    if let path = ProgramPath.find(name) { return .ok(name, path) }
    let hasPath = unsafe getenv("PATH").map { unsafe $0.pointee != 0 } ?? false
    return .lacking(
      name, hasPath ? "it is not in $PATH" : "$PATH is empty", lost: lost, remedy: remedy)
  }

  /// Whether pages can be given to a pipe without being copied.
  private static func splice() -> Finding {
    let error = spliceError()
    guard error == 0 else {
      return .lacking(
        "splice", "vmsplice: \(unsafe String(cString: strerror(error)))",
        lost: "half of the speed at which a pipe takes frames: they are copied into it",
        remedy: "a kernel or container that allows vmsplice")
    }
    let size = longestPipe().map { "; pipes hold up to \($0) bytes" } ?? ""
    return .ok("splice", "frames go into a pipe by vmsplice" + size)
  }

  /// Tries it; 0 where a page came out of the pipe as it went in, else the error's number.
  private static func spliceError() -> Int32 {
    var ends: [Int32] = [-1, -1]
    guard unsafe clinux_pipe(&ends) == 0 else { return errno }
    defer { for end in ends { close(end) } }
    let pageSize = Int(getpagesize())
    let page = UnsafeMutableRawBufferPointer.allocate(byteCount: pageSize, alignment: pageSize)
    defer { unsafe page.deallocate() }
    unsafe _ = page.initializeMemory(as: UInt8.self, repeating: 0x5a)
    guard unsafe clinux_vmsplice(ends[1], page.baseAddress, pageSize) == pageSize else {
      return errno
    }
    var taken = [UInt8](repeating: 0, count: pageSize)
    guard unsafe read(ends[0], &taken, pageSize) == pageSize else { return errno }
    return taken.allSatisfy { $0 == 0x5a } ? 0 : EIO
  }

  /// The largest that a user may make a pipe, in bytes; nil where the system does not say.
  private static func longestPipe() -> Int? {
    let file = unsafe open("/proc/sys/fs/pipe-max-size", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 32)
    let count = unsafe read(file, &text, text.count)
    return Int(String(decoding: text.prefix(max(0, count)), as: UTF8.self).filter(\.isNumber))
  }
}
