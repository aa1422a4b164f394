import CropEngine
import FrameOutput
import Glibc
import ScreenSource

/// One running capture: a frame when one is due, for as long as asked, and never half a one.
struct CaptureLoop: ~Copyable {
  /// Why a capture ends.
  private enum Ending {
    /// A signal asked for it.
    case stopped
    /// So many frames, or so long, were asked for.
    case complete
    /// The surface or the target was closed, or has another size.
    case closed(String)
    case readerGone
  }

  /// How long a signal's stop waits for a reader that does not read, in ns.
  static let patience = Clock.second * 8 / 10

  private let settings: CaptureSettings
  private let report: Report
  private let connection: Connection
  private let capture: SurfaceCapture
  private var stream: FrameStream
  private var poller: Poller
  private var schedule: CaptureSchedule
  private var state = StreamState()
  private var statusLine: StatusLine
  private var repeats = 0
  private var lastRegion: FrameRegion?
  /// Whether the server has told that there is nothing to see now.
  private var isEmpty = false
  /// Which way the pixels come, as it was said.
  private var saidPath: String?
  private var ending: Ending?
  /// When to give the frame in hand up, in ns.
  private var giveUp = Int64.max

  init(
    _ settings: CaptureSettings, _ report: Report, _ connection: Connection,
    _ capture: SurfaceCapture, _ output: consuming OutputFile
  ) {
    self.settings = settings
    self.report = report
    self.connection = connection
    self.capture = capture
    stream = FrameStream(output, settings.stream)
    let now = Clock.now
    schedule = CaptureSchedule(
      rate: settings.stream.rate, timing: settings.timing, start: now + settings.delay,
      duration: settings.duration, frames: settings.frames, emptyPolicy: settings.emptyPolicy)
    statusLine = StatusLine(shows: settings.showsProgress, at: now)
    poller = Poller()
  }

  /// Runs until the end. Throws what ends it otherwise; frames so far are whole.
  mutating func run(_ signals: borrowing SignalReader) throws(CaptureError) {
    defer { if stream.frames > 0 { statusLine.finish(at: Clock.now, figures) } }
    do throws(CaptureError) {
      try turn(signals)
    } catch {
      // The reader still gets what is in hand, unless it is the reader that fails.
      if error.name != .output { try finish(signals) }
      throw error
    }
    try conclude()
  }

  private mutating func turn(_ signals: borrowing SignalReader) throws(CaptureError) {
    var hasNews = true
    while true {
      while let request = signals.next() { handle(request) }
      if stream.isBusy, try stream.write() == .readerGone { ending = .readerGone }
      if case .readerGone = ending { return }
      if stream.frames > 0 { signals.setStatus(0) }
      try look(reading: hasNews)
      let now = Clock.now
      var wake = statusLine.nextTime
      if ending != nil {
        guard stream.isBusy, now < giveUp else { return }
        wake = min(wake, giveUp)
      } else if !stream.isBusy {
        wake = min(wake, try step(at: now))
      }
      if now >= statusLine.nextTime { statusLine.tick(at: now, figures) }
      if wake <= now {
        // Something was done: see what it led to. The server was listened to on the way.
        hasNews = false
        continue
      }
      let news = poller.wait(
        until: wake, connection: connection, signals: signals, output: stream.descriptor,
        toWrite: stream.isBusy)
      if news.readerGone, !stream.isBusy { ending = .readerGone }
      hasNews = news.fromServer
    }
  }

  /// Does what is due. Returns when to come back, in ns; at once where something was done.
  private mutating func step(at now: Int64) throws(CaptureError) -> Int64 {
    let step = schedule.step(
      at: now, written: stream.frames, hasLast: stream.hasLast, isEmpty: isEmpty)
    switch step {
    case .wait(let time):
      return time
    case .showLast:
      stream.showLast()
      repeats += 1
      schedule.filled(new: false, at: now)
    case .grab:
      try grab(at: now)
      // At no rate of its own, a stream that has nothing to write would never rest.
      if !stream.isBusy, settings.stream.rate == .max {
        return now + Clock.second / Int64(FrameRate.highest)
      }
    case .complete:
      ending = .complete
    }
    return now
  }

  private mutating func grab(at now: Int64) throws(CaptureError) {
    switch try capture.grab(
      skippingUnchanged: settings.timing == .vfr && state.muteReason == nil, at: now)
    {
    case .frame(let frame):
      tell(state.handle(.frame(frame.region)), frame.region)
      lastRegion = frame.region
      guard unsafe stream.show(frame.pixels, stride: frame.stride, size: frame.region.rect.size)
      else {
        ending = .closed("the size changed to \(frame.region.rect.size)")
        return
      }
      sayPath()
      schedule.filled(new: true, at: now)
    case .unchanged:
      schedule.filled(new: true, at: now)
    case .nothing(let reason):
      mute(reason)
      fillEmpty(at: now)
    case .ended:
      ending = .closed(surfaceClosed)
    }
  }

  /// Shows what is to be shown while there is nothing to see.
  private mutating func fillEmpty(at now: Int64) {
    switch settings.emptyPolicy {
    case .silent:
      return
    case .hold:
      if stream.hasLast, settings.timing == .cfr {
        stream.showLast()
        repeats += 1
      }
    case .black:
      // In vfr the first black frame is the change.
      if settings.timing == .cfr || lastRegion != nil { _ = stream.showBlack() }
    }
    lastRegion = nil
    schedule.filled(new: true, at: now)
  }

  /// Takes in what the server has told, so that what ends or mutes the stream is not missed
  /// between two frames.
  private mutating func look(reading: Bool) throws(CaptureError) {
    switch try capture.visibility(reading: reading) {
    case .visible:
      if isEmpty { schedule.cameBack(at: Clock.now) }
      isEmpty = false
    case .nothing(let reason):
      mute(reason)
    case .ended:
      if ending == nil { ending = .closed(surfaceClosed) }
    }
    if capture.isTargetDestroyed(), settings.lostPolicy == .end, ending == nil {
      ending = .closed("the target was closed")
    }
  }

  private var surfaceClosed: String {
    if case .monitor = settings.source.surface.value { return "the monitor is gone" }
    return "the window was closed"
  }

  private mutating func mute(_ reason: MuteReason) {
    isEmpty = true
    tell(state.handle(.nothing(reason)), nil)
  }

  private func tell(_ action: StreamState.Action, _ region: FrameRegion?) {
    guard !action.isEmpty else { return }
    if action.contains(.mute), let reason = state.muteReason { detail("mute: \(reason.rawValue)") }
    if action.contains(.unmute) { detail("unmute") }
    if action.contains(.configurationChange), let region {
      detail("configurationchange: \(region.rect) of \(region.surface)")
    }
  }

  private func detail(_ text: @autoclosure () -> String) {
    if report.level >= .verbose { statusLine.clear() }
    report.detail(text())
  }

  private mutating func handle(_ request: SignalReader.Request) {
    switch request {
    case .status:
      statusLine.print(at: Clock.now, figures)
    case .pause:
      schedule.togglePause(at: Clock.now)
    case .stop:
      // A third one does not come here: it ends the process.
      if giveUp == .max {
        ending = .stopped
        giveUp = Clock.now + Self.patience
      }
    }
  }

  /// Writes what is left of the frame in hand.
  private mutating func finish(_ signals: borrowing SignalReader) throws(CaptureError) {
    while stream.isBusy, Clock.now < giveUp {
      while let request = signals.next() { handle(request) }
      guard try stream.write() == .waiting else { return }
      _ = poller.wait(
        until: giveUp, connection: nil, signals: signals, output: stream.descriptor, toWrite: true)
    }
  }

  private mutating func conclude() throws(CaptureError) {
    let muteReason = state.muteReason
    if state.handle(.ended).contains(.ended), let ending { detail(describe(ending)) }
    if case .readerGone = ending { return }
    guard stream.frames == 0 else { return }
    let why =
      if case .closed(let what) = ending { what } else if let muteReason {
        "the target was \(muteReason.rawValue)"
      } else {
        "it was stopped before the first"
      }
    throw CaptureError(.noFrame, "no frame was written", why)
  }

  private var figures: StatusLine.Figures {
    StatusLine.Figures(
      frames: stream.frames, repeats: repeats, bytes: stream.byteCount, region: lastRegion,
      stopped: schedule.isPaused ? "paused" : state.muteReason.map { "muted: \($0.rawValue)" })
  }

  private func describe(_ ending: Ending) -> String {
    switch ending {
    case .stopped: "ended: stopped"
    case .complete: "ended: complete"
    case .closed(let what): "ended: \(what)"
    case .readerGone: "ended: the reader is gone"
    }
  }

  /// Says which way the pixels come, and again where that has to change.
  private mutating func sayPath() {
    guard report.level >= .verbose else { return }
    let path = capture.pixelPath
    if path != saidPath { detail(path) }
    saidPath = path
  }
}

extension SurfaceCapture {
  /// Which way the pixels come, in words.
  var pixelPath: String {
    plainReason.map { "pixels by XGetImage: \($0)" } ?? "pixels by shared memory (MIT-SHM)"
  }
}
