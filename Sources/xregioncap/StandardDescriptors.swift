import CropEngine
import Glibc

/// Standard input, output and error.
enum StandardDescriptors {
  /// Puts /dev/null where one of them is closed: the next file opened would take its place, and
  /// what is said on standard error would come to lie in the frames.
  static func fill() {
    for descriptor in STDIN_FILENO...STDERR_FILENO {
      var status = stat()
      guard unsafe fstat(descriptor, &status) != 0 else { continue }
      // Opened to read, standard output is still the error that a closed one is.
      _ = unsafe open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Throws `type` where standard output is a terminal, which shows no pictures.
  static func refuseTerminal() throws(CaptureError) {
    guard isatty(STDOUT_FILENO) != 0 else { return }
    throw CaptureError(
      .type, "standard output", "it is a terminal: pipe it into a program, or use -o FILE")
  }
}
