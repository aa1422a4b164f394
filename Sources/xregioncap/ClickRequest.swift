import CropEngine
import ScreenSource

/// Asks the user for a click on a window, and waits for it as long as that takes.
struct ClickRequest {
  /// How long to try to get the mouse: a menu that is open has it, in ns.
  private static let moment = 2 * Clock.second
  private static let interval = 20 * Clock.millisecond

  /// The option that asks for it, for errors and for the user.
  let option: String
  /// What is to be clicked.
  let what: String

  /// The windows under the place that was clicked, from the root down.
  ///
  /// Throws `fault` where the user has cancelled, `invalidState` where another program keeps the
  /// pointer, `noFrame` where a signal asks to stop.
  func windows(
    _ connection: Connection, _ report: Report, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> [WindowID] {
    let picker = WindowPicker(connection)
    let end = Clock.now + Self.moment
    while !picker.grab(), Clock.now < end {
      try connection.checkAlive()
      try signals.wait(Self.interval, for: "the mouse")
    }
    guard picker.hasPointer else {
      throw CaptureError(
        .invalidState, option,
        "another program has grabbed the mouse: close its menu or end it, and try again")
    }
    // A program that clicks waits for this line.
    report.note("\(option): click \(what)" + (picker.hasKeyboard ? "; Escape cancels" : ""))
    while true {
      if let clicked = try picker.windows(subject: option) { return clicked }
      try signals.wait(.max, or: connection.descriptor, for: "a click")
    }
  }
}
