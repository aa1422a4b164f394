import CropEngine
import FrameOutput
import ScreenSource

/// One picture: taken when there is something to see, and written whole.
struct Shot: ~Copyable {
  /// How long a window that is asked to draw itself anew is waited for at least, in ns.
  private static let patience = 2 * Clock.second
  /// How often to look whether the picture changes, in ns.
  private static let lookInterval = Clock.second / 100

  private let settings: ShotSettings
  private let report: Report
  private let connection: Connection
  private let capture: SurfaceCapture
  /// nil where the picture is compared alone.
  private var file: PictureFile?
  private var comparison: ShotComparison?
  private var poller = Poller()

  init(
    _ settings: ShotSettings, _ report: Report, _ connection: Connection,
    _ capture: SurfaceCapture, _ file: consuming PictureFile?,
    _ comparison: consuming ShotComparison?
  ) {
    self.settings = settings
    self.report = report
    self.connection = connection
    self.capture = capture
    self.file = file
    self.comparison = comparison
  }

  /// Takes it after the delay; `deadline`, in ns, is when not to wait for something to see.
  ///
  /// Throws `noFrame` where there is nothing to see, or where it is stopped before; `verdict` where
  /// it differs from the reference.
  mutating func take(
    until deadline: Int64, _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    try waitForStart(signals)
    let frame = try frame(until: deadline + settings.delay, signals)
    for fault in capture.takeFaults() { report.note(fault) }
    report.detail(capture.pixelPath)
    let picture = ConvertedPicture(frame.view, settings.picture)
    if file != nil {
      let encoded = try EncodedPicture(picture, as: settings.format)
      try file!.write(encoded, signals)
      try compare(encoded.picture, signals)
    } else {
      try compare(picture, signals)
    }
    signals.setStatus(0)
  }

  private mutating func compare(
    _ picture: borrowing ConvertedPicture, _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    if comparison != nil { try comparison!.check(picture, signals) }
  }

  private mutating func waitForStart(_ signals: borrowing SignalReader) throws(CaptureError) {
    let now = Clock.now
    let start = now + settings.delay
    var countdown = Countdown(to: start, at: now, isShown: report.level > .quiet)
    defer { countdown.end() }
    while Clock.now < start {
      countdown.tick(at: Clock.now)
      if case .ended = try capture.visibility() { throw Self.nothing("the window was closed") }
      try wait(until: min(start, countdown.nextTime), for: "the delay", signals)
    }
  }

  private mutating func frame(
    until deadline: Int64, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> Frame {
    let longer = max(deadline, Clock.now + Self.patience)
    let bound = settings.source.givenWait ?? 0 > 0 ? deadline : .max
    var stillness = PictureStillness(span: settings.stillTime ?? 0)
    while true {
      var wake = deadline
      let now = Clock.now
      switch try capture.grab(at: now) {
      case .frame(let frame):
        guard settings.stillTime != nil else { return frame }
        stillness.see(frame.view, damage: frame.damage, at: now)
        if stillness.end <= now { return frame }
        guard now < bound else {
          throw Self.nothing("the picture was not still for as long as --when-still says")
        }
        try rest(until: min(stillness.end, bound, now + Self.lookInterval), signals)
        continue
      case .unchanged:
        preconditionFailure("it was not asked whether anything has changed")
      case .ended:
        throw Self.nothing("the window was closed")
      case .nothing(let reason):
        let isIneligible = reason == .ineligible
        guard now < (isIneligible ? longer : deadline), !capture.main.isTargetDestroyed else {
          throw Self.nothing(capture.main.absence(reason))
        }
        // No event tells that pixels are the target's own.
        if isIneligible { wake = now + IneligiblePeriod.interval }
        stillness.interrupt()
      }
      try wait(until: wake, for: "something to see", signals)
    }
  }

  /// Waits until a time in ns, whatever the server tells.
  private func rest(
    until time: Int64, _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    try signals.wait(max(0, time - Clock.now), for: "a picture that is still")
  }

  /// Waits for the server to tell something, until a time in ns.
  private mutating func wait(
    until time: Int64, for what: String, _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    let hasReadEvents = connection.hasReadEvents
    poller.removeAll()
    _ = poller.add(connection.descriptor, for: .input)
    _ = poller.add(signals.descriptor, for: .input)
    if hasReadEvents { poller.wait(atMost: 0) } else { poller.wait(until: time) }
    try signals.wait(0, for: what)
  }

  private static func nothing(_ why: String) -> CaptureError {
    CaptureError(.noFrame, "no frame was written", why)
  }
}

extension PictureFile {
  /// Writes a picture, whole unless it is stopped and nobody reads it.
  ///
  /// Throws `output` where it cannot be written, `noFrame` where it is stopped.
  mutating func write(
    _ picture: borrowing EncodedPicture, _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    var poller = Poller()
    var giveUp = Int64.max
    try begin(picture)
    while try write() == .waiting {
      poller.removeAll()
      _ = poller.add(signals.descriptor, for: .input)
      _ = poller.add(descriptor, for: .output)
      poller.wait(until: giveUp)
      while let request = signals.next() {
        if case .stop = request { giveUp = min(giveUp, Clock.now + CaptureLoop.patience) }
      }
      guard Clock.now < giveUp else {
        throw CaptureError(
          .noFrame, "no frame was written", "it was stopped before it was whole")
      }
    }
  }
}
