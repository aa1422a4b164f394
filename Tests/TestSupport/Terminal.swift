import CXClient
import Glibc

/// A terminal that a program writes to, and a test reads from.
public final class Terminal {
  /// For the program.
  public let descriptor: Int32
  private var master: Int32 = -1
  private var shown = ""

  /// `columns` is its width; 0 where it does not say.
  public init(columns: Int = 0) throws {
    descriptor = client_open_terminal(&master)
    guard descriptor >= 0 else { throw Failure("cannot open a terminal") }
    var size = winsize(ws_row: 0, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard ioctl(descriptor, UInt(TIOCSWINSZ), &size) == 0 else { throw Failure("TIOCSWINSZ") }
  }

  deinit {
    close(descriptor)
    close(master)
  }

  /// All that is shown so far, control characters included.
  public func text() throws -> String {
    while isReadable(master, within: 0) {
      shown += String(decoding: try bytes(from: master, within: 0), as: UTF8.self)
    }
    return shown
  }

  /// Waits until the text is shown.
  public func wait(for text: String) throws {
    while !shown.contains(text) {
      shown += String(decoding: try bytes(from: master, within: Command.bound), as: UTF8.self)
    }
  }
}
