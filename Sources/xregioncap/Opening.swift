import CropEngine
import FrameOutput
import ScreenSource

/// Gets ready what a capture needs, and waits for it as long as was asked for.
struct Opening: ~Copyable {
  /// How often to look again for what is not there yet, in ns. It may be anything from a socket to
  /// a title, so that no one event tells of it.
  private static let interval = 20 * Clock.millisecond

  private let settings: SourceSettings
  private let report: Report
  /// When to wait no longer, in ns. The time that a click takes is not waited.
  private(set) var deadline: Int64
  private var connection: Connection?
  /// Follows the surface that was clicked: another try does not ask for it again.
  private var clickedSurface: SurfaceCapture?
  /// Something is clicked, or just was: what is wrong with it does not become right.
  private var isClicked = false

  init(_ settings: SourceSettings, _ report: Report) {
    self.settings = settings
    self.report = report
    deadline = Clock.now + settings.wait
  }

  /// Finds the surface and the target.
  ///
  /// Throws what is said of them, where they are not there within the time.
  mutating func capture(
    _ signals: borrowing SignalReader
  ) throws(CaptureError) -> (Connection, SurfaceCapture) {
    while true {
      do throws(CaptureError) {
        return try attempt(signals)
      } catch {
        let mayCome = error.name == .notFound || error.name == .notAllowed
        guard mayCome, !isClicked, Clock.now < deadline else { throw error }
      }
      try signals.wait(Self.interval, for: "the window")
    }
  }

  /// Opens the output; nil where it is a FIFO that nobody reads yet.
  static func outputAtOnce(_ path: String?) throws(CaptureError) -> OutputFile? {
    guard let path else { return try .standardOutput() }
    return try .file(at: path)
  }

  /// Opens the output; waits for the reader of a FIFO as long as that takes.
  func output(
    _ path: String?, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> OutputFile {
    while true {
      if let file = try Self.outputAtOnce(path) { return file }
      try signals.wait(Self.interval, for: "a reader of the output")
    }
  }

  private mutating func attempt(
    _ signals: borrowing SignalReader
  ) throws(CaptureError) -> (Connection, SurfaceCapture) {
    if connection == nil { connection = try Connection(displayName: settings.displayName) }
    let connection = connection!
    let finder = WindowFinder(connection)
    let capture =
      if let clickedSurface { clickedSurface } else {
        try capture(connection, finder, signals)
      }
    switch try capture.visibility() {
    case .ended where clickedSurface != nil:
      throw CaptureError(.noFrame, "no frame was written", "the window was closed")
    case .nothing(.unmapped):
      guard settings.wait == 0 else {
        throw CaptureError(
          .notFound, settings.surface.option, "the window is there, but not mapped")
      }
      report.note("\(settings.surface.option): the window is not mapped: no frames until it is")
    default:
      break
    }
    if let target = settings.target {
      try capture.setTarget(
        self.target(target, in: capture.surface, connection, finder, signals),
        subject: target.option)
    }
    showCursor(capture)
    return (connection, capture)
  }

  private mutating func capture(
    _ connection: Connection, _ finder: WindowFinder, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> SurfaceCapture {
    let subject = settings.surface.option
    let noSharedMemory = settings.usesSharedMemory ? nil : "--no-shm was given"
    switch settings.surface.value {
    case .window(let selector):
      guard selector.asksForClick else {
        return try SurfaceCapture(
          connection, surface: finder.surface(selector, subject: subject),
          noSharedMemory: noSharedMemory)
      }
      let clicked = try click("the window to capture", subject, connection, signals)
      let id = try finder.surface(selector, clicked: clicked, subject: subject)
      report.detail("\(subject): window \(WindowInfo.hexadecimal(id))")
      let capture = try SurfaceCapture(connection, surface: id, noSharedMemory: noSharedMemory)
      clickedSurface = capture
      isClicked = false
      return capture
    case .monitor(let selector):
      return try SurfaceCapture(
        connection, monitor: selector, subject: subject, noSharedMemory: noSharedMemory)
    }
  }

  private mutating func target(
    _ target: SourceSettings.Named<TargetSpecifier>, in surface: WindowID,
    _ connection: Connection, _ finder: WindowFinder, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> Target {
    guard case .window(let selector) = target.value, selector.asksForClick else {
      return try finder.target(target.value, in: surface, subject: target.option)
    }
    let clicked = try click("the part of it to follow", target.option, connection, signals)
    let found = try finder.target(
      target.value, in: surface, clicked: clicked, subject: target.option)
    if case .window(let id) = found {
      report.detail("\(target.option): window \(WindowInfo.hexadecimal(id))")
    }
    return found
  }

  /// The windows under the place that the user clicks, from the root down. The time that this takes
  /// is not waited: it is the user's.
  private mutating func click(
    _ what: String, _ option: String, _ connection: Connection, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> [WindowID] {
    isClicked = true
    let start = Clock.now
    let clicked = try ClickRequest(option: option, what: what)
      .windows(connection, report, signals)
    deadline += Clock.now - start
    return clicked
  }

  private func showCursor(_ capture: SurfaceCapture) {
    do throws(CaptureError) {
      try capture.showCursor(settings.cursor)
    } catch {
      report.note("\(error)")
    }
  }
}
