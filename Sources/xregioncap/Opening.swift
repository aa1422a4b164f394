import CropEngine
import FrameOutput
import ScreenSource

/// Gets ready what a capture needs, and waits for it as long as was asked for.
struct Opening: ~Copyable {
  /// How often to look again for what is not there yet, in ns. It may be anything from a socket to
  /// a title, so that no one event tells of it.
  private static let interval = 20 * Clock.millisecond

  private let settings: CaptureSettings
  private let report: Report
  private let deadline: Int64
  private var connection: Connection?

  init(_ settings: CaptureSettings, _ report: Report) {
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
  static func outputAtOnce(_ settings: CaptureSettings) throws(CaptureError) -> OutputFile? {
    guard let path = settings.outputPath else { return try .standardOutput() }
    return try .file(at: path)
  }

  /// Opens the output; waits for the reader of a FIFO as long as that takes.
  func output(_ signals: borrowing SignalReader) throws(CaptureError) -> OutputFile {
    while true {
      if let file = try Self.outputAtOnce(settings) { return file }
      try signals.wait(Self.interval, for: "a reader of the output")
    }
  }

  private mutating func attempt() throws(CaptureError) -> (Connection, SurfaceCapture) {
    if connection == nil { connection = try Connection(displayName: settings.displayName) }
    let connection = connection!
    let finder = WindowFinder(connection)
    let surface = try finder.surface(settings.surface.value, subject: settings.surface.option)
    let capture = try SurfaceCapture(
      connection, surface: surface,
      noSharedMemory: settings.usesSharedMemory ? nil : "--no-shm was given")
    if case .nothing(.unmapped) = try capture.visibility() {
      guard settings.wait == 0 else {
        throw CaptureError(
          .notFound, settings.surface.option, "the window is there, but not mapped")
      }
      report.note("\(settings.surface.option): the window is not mapped: no frames until it is")
    }
    if let target = settings.target {
      try capture.setTarget(
        finder.target(target.value, in: surface, subject: target.option), subject: target.option)
    }
    return (connection, capture)
  }
}
