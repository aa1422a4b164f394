import CropEngine
import FrameOutput
import ScreenSource

/// One picture: taken when there is something to see, and written whole.
struct Shot: ~Copyable {
  /// How long a window that is asked to draw itself anew is waited for at least, in ns.
  private static let patience = 2 * Clock.second

  private let settings: ShotSettings
  private let report: Report
  private let connection: Connection
  private let capture: SurfaceCapture
  private var file: PictureFile
  private var poller = Poller()

  init(
    _ settings: ShotSettings, _ report: Report, _ connection: Connection,
    _ capture: SurfaceCapture, _ file: consuming PictureFile
  ) {
    self.settings = settings
    self.report = report
    self.connection = connection
    self.capture = capture
    self.file = file
  }

  /// Takes it after the delay; `deadline`, in ns, is when not to wait for something to see.
  ///
  /// Throws `noFrame` where there is nothing to see, or where it is stopped before.
  mutating func take(
    until deadline: Int64, _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    let start = Clock.now + settings.delay
    while Clock.now < start {
      if case .ended = try capture.visibility() { throw Self.nothing("the window was closed") }
      try wait(until: start, for: "the delay", signals)
    }
    let frame = try frame(until: deadline + settings.delay, signals)
    for fault in capture.takeFaults() { report.note(fault) }
    report.detail(capture.pixelPath)
    let picture = try unsafe EncodedPicture(
      frame.pixels, stride: frame.stride, size: frame.region.rect.size,
      hasAlpha: frame.hasAlpha, settings.picture)
    try write(picture, signals)
    signals.setStatus(0)
  }

  private mutating func frame(
    until deadline: Int64, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> Frame {
    let longer = max(deadline, Clock.now + Self.patience)
    while true {
      var wake = deadline
      switch try capture.grab(at: Clock.now) {
      case .frame(let frame):
        return frame
      case .unchanged:
        preconditionFailure("it was not asked whether anything has changed")
      case .ended:
        throw Self.nothing("the window was closed")
      case .nothing(let reason):
        let now = Clock.now
        let isIneligible = reason == .ineligible
        guard now < (isIneligible ? longer : deadline), !capture.main.isTargetDestroyed else {
          throw Self.nothing(capture.main.absence(reason))
        }
        // No event tells that pixels are the target's own.
        if isIneligible { wake = now + IneligiblePeriod.interval }
      }
      try wait(until: wake, for: "something to see", signals)
    }
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

  private mutating func write(
    _ picture: borrowing EncodedPicture, _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    var giveUp = Int64.max
    try file.begin(picture)
    while try file.write() == .waiting {
      poller.removeAll()
      _ = poller.add(signals.descriptor, for: .input)
      _ = poller.add(file.descriptor, for: .output)
      poller.wait(until: giveUp)
      while let request = signals.next() {
        if case .stop = request { giveUp = min(giveUp, Clock.now + CaptureLoop.patience) }
      }
      guard Clock.now < giveUp else { throw Self.nothing("it was stopped before it was whole") }
    }
  }

  private static func nothing(_ why: String) -> CaptureError {
    CaptureError(.noFrame, "no frame was written", why)
  }
}
