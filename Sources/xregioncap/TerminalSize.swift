import Glibc

/// How large a terminal is.
enum TerminalSize {
  /// How many columns the terminal has that a descriptor is; nil where it is none, or does not say
  /// (TIOCGWINSZ).
  static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }
}
