import CLinux
import CropEngine
import Glibc

/// Says things on standard error, a line at a time, as `xregioncap: what: why`.
struct Report {
  enum Level: Int, Comparable {
    /// Errors alone.
    case quiet
    /// And what a user should know.
    case normal
    /// And why things are done as they are.
    case verbose

    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  let level: Level

  /// Why the command ends otherwise than asked.
  static func error(_ error: CaptureError) {
    line("\(error)")
  }

  /// What a user should know.
  func note(_ text: String) {
    if level >= .normal { Self.line(text) }
  }

  /// Why something is done as it is. Not made up where it is not wanted.
  func detail(_ text: @autoclosure () -> String) {
    if level >= .verbose { Self.line(text()) }
  }

  static func line(_ text: String) {
    write("xregioncap: \(text)\n", to: STDERR_FILENO)
  }

  /// Whole, as far as the other side takes it: print buffers where it goes to a pipe. Returns the
  /// number of the error that kept the rest from being written, 0 where there was none.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var rest = unsafe UnsafeRawBufferPointer(bytes)[...]
      while unsafe !rest.isEmpty {
        let part = unsafe UnsafeRawBufferPointer(rebasing: rest)
        let count = unsafe Glibc.write(descriptor, part.baseAddress, part.count)
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EAGAIN, descriptor == STDOUT_FILENO {
          // Set by whoever shares it. What was asked for is waited with; what is said is not.
          var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          unsafe _ = clinux_poll(&poll, 1, -1)
          continue
        }
        guard count > 0 else { return errno }
        unsafe rest = rest.dropFirst(count)
      }
      return 0
    }
  }
}
