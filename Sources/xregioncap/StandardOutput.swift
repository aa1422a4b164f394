import CLinux
import CropEngine
import Glibc

/// Where the text goes that was asked for.
enum StandardOutput {
  /// Writes the text, whole. A reader that goes away is a quiet end: false then.
  ///
  /// Throws `output` where it cannot be written.
  @discardableResult
  static func write(_ text: String) throws(CaptureError) -> Bool {
    clinux_ignore_signal(SIGPIPE)
    let error = Report.write(text, to: STDOUT_FILENO)
    guard error != 0, error != EPIPE else { return error == 0 }
    throw CaptureError(.output, "standard output", unsafe String(cString: strerror(error)))
  }

  /// How many columns the terminal has that it is; nil where it is none, or does not say.
  static var columns: Int? {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }
}
