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
  private let deadline: Int64
  private var connection: Connection?

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
        return try attempt()
      } catch {
        let mayCome = error.name == .notFound || error.name == .notAllowed
        guard mayCome, Clock.now < deadline else { throw error }
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

  private mutating func attempt() throws(CaptureError) -> (Connection, SurfaceCapture) {
    if connection == nil { connection = try Connection(displayName: settings.displayName) }
    let connection = connection!
    let finder = WindowFinder(connection)
    let capture = try capture(connection, finder)
    showCursor(capture)
    if case .nothing(.unmapped) = try capture.visibility() {
      guard settings.wait == 0 else {
        throw CaptureError(
          .notFound, settings.surface.option, "the window is there, but not mapped")
      }
      report.note("\(settings.surface.option): the window is not mapped: no frames until it is")
    }
    if let target = settings.target {
      try capture.setTarget(
        finder.target(target.value, in: capture.surface, subject: target.option),
        subject: target.option)
    }
    return (connection, capture)
  }

  private func capture(
    _ connection: Connection, _ finder: WindowFinder
  ) throws(CaptureError) -> SurfaceCapture {
    let subject = settings.surface.option
    let noSharedMemory = settings.usesSharedMemory ? nil : "--no-shm was given"
    switch settings.surface.value {
    case .window(let selector):
      return try SurfaceCapture(
        connection, surface: finder.surface(selector, subject: subject),
        noSharedMemory: noSharedMemory)
    case .monitor(let selector):
      return try SurfaceCapture(
        connection, monitor: selector, subject: subject, noSharedMemory: noSharedMemory)
    }
  }

  private func showCursor(_ capture: SurfaceCapture) {
    do throws(CaptureError) {
      try capture.showCursor(settings.cursor)
    } catch {
      report.note("\(error)")
    }
  }
}
