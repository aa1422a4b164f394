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
}
