import CropEngine

/// A capture, from its options to its last frame.
struct Capture: ~Copyable {
  let settings: CaptureSettings
  private let report: Report
  private var files: StreamFiles?

  /// Opens what can be opened before there is anything to see.
  ///
  /// Throws `output` or `type` where something never can.
  init(_ settings: CaptureSettings, _ report: Report) throws(CaptureError) {
    self.settings = settings
    self.report = report
    // A FIFO that nobody reads yet does not keep anyone from hearing of a wrong window.
    files = try StreamFiles(settings.main)
  }

  /// Runs until the end, once: in front of COMMAND, until that ends, too. Returns whether it ended
  /// as it was asked to, and not because there was nothing more to see or nobody to see it; throws
  /// what ended it otherwise.
  @discardableResult
  mutating func run(
    _ signals: borrowing SignalReader, _ command: RunningCommand? = nil
  ) throws(CaptureError) -> Bool {
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
    try loop.run(signals)
    return loop.endsAsAsked
  }
}
