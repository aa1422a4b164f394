import CropEngine

/// A capture, from its options to its last frame.
struct Capture: ~Copyable {
  let settings: CaptureSettings
  private let report: Report
  private var files: StreamFiles?
  /// Whether it is over because somebody wanted it to be: not because there is nothing more to see,
  /// nobody to see it, or nowhere to write it.
  private(set) var isDone = false

  /// Opens what can be opened before there is anything to see.
  ///
  /// Throws `output` or `type` where something never can.
  init(_ settings: CaptureSettings, _ report: Report) throws(CaptureError) {
    self.settings = settings
    self.report = report
    // A FIFO that nobody reads yet does not keep anyone from hearing of a wrong window.
    files = try StreamFiles(settings.main)
  }

  /// Runs until the end, once; where a COMMAND shows what is captured, at most until that ends.
  ///
  /// Throws what ends it otherwise than was asked for.
  mutating func run(
    _ signals: borrowing SignalReader, _ command: RunningCommand? = nil
  ) throws(CaptureError) {
    guard var files = files.take() else { preconditionFailure("a capture runs once") }
    var opening = Opening(settings.source, report, command)
    let (connection, capture) = try opening.capture(signals)
    try opening.complete(&files, signals)
    let crops = try settings.also.map { plan throws(CaptureError) in
      try opening.crop(plan.target, of: capture, connection, signals)
    }
    // Whoever connects is answered from now on.
    let control = try settings.session.map { name throws(CaptureError) in
      try ControlServer(session: name)
    }
    var loop = CaptureLoop(settings, report, connection, capture, control, command)
    try loop.add(capture.main, settings.main, files)
    for (crop, plan) in zip(crops, settings.also) { try loop.add(crop, plan) }
    defer { isDone = loop.isDone }
    try loop.run(signals)
  }
}
