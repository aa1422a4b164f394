import CropEngine
import FrameOutput
import ScreenSource

/// A running capture: a frame of each stream when one is due, for as long as asked, and never half
/// a one.
struct CaptureLoop: ~Copyable {
  let settings: CaptureSettings
  let report: Report
  let connection: Connection
  let capture: SurfaceCapture
  let control: ControlServer?
  /// What is run before the camera, and ends the film when it ends; nil where nothing is.
  let command: RunningCommand?
  /// The session's own, first, and others beside it.
  var streams: [CaptureStream] = []
  /// When slot 0 of every stream is due, in ns.
  let start: Int64
  /// Why it ends; nil while it goes on.
  var ending: String?
  /// When it was asked to stop, in ns.
  var stopTime = Int64.max
  /// The number of the next stream.
  private var nextNumber = 0

  private var poller = Poller()
  private var statusLine: StatusLine
  private var isRunning = false
  /// Which way the pixels come, as it was said.
  private var saidPath: String?
  private var hasSaidFramePath = false
  /// Streams that a frame is due of, and their crops: kept, so that a grab allocates nothing.
  var dueStreams: [CaptureStream] = []
  var dueCrops: [Crop] = []
  /// Streams that a grab was begun for while their frames are written, and when, in ns.
  var aheadStreams: [CaptureStream] = []
  var aheadTime: Int64 = 0

  init(
    _ settings: CaptureSettings, _ report: Report, _ connection: Connection,
    _ capture: SurfaceCapture, _ control: ControlServer?, _ command: RunningCommand? = nil
  ) {
    self.settings = settings
    self.report = report
    self.connection = connection
    self.capture = capture
    self.control = control
    self.command = command
    let now = Clock.now
    start = now + settings.delay
    statusLine = StatusLine(
      shows: settings.showsProgress, from: start, at: now,
      to: StatusLine.Goal(frames: settings.frames, duration: settings.duration))
  }

  /// Adds a stream, the session's own first, and opens its files. Returns its number.
  ///
  /// Throws `output` or `type` where they cannot be opened, `notSupported` where there is no ffmpeg
  /// for a video.
  @discardableResult
  mutating func add(_ crop: Crop, _ plan: StreamPlan) throws(CaptureError) -> Int {
    try add(crop, plan, try StreamFiles(plan))
  }

  /// Adds a stream whose files are open.
  @discardableResult
  mutating func add(
    _ crop: Crop, _ plan: StreamPlan, _ files: consuming StreamFiles
  ) throws(CaptureError) -> Int {
    let number = nextNumber
    streams.append(
      try CaptureStream(
        number, crop, plan, files, settings.schedule(from: start, plan),
        timing: settings.timing, awaitsTarget: settings.startsPaused && !isRunning))
    nextNumber += 1
    if let video = streams[streams.count - 1].video {
      detail("\(video.path): \(ShellWords.join(video.command))")
    }
    return number
  }

  var main: CaptureStream { streams[0] }

  /// Runs until the end. Throws what ends it otherwise; frames so far are whole.
  mutating func run(_ signals: borrowing SignalReader) throws(CaptureError) {
    defer { statusLine.finish(at: Clock.now, figures) }
    isRunning = true
    do throws(CaptureError) {
      try turn(signals)
    } catch {
      // Readers still get what is in hand.
      if ending == nil { ending = "\(error)" }
      _ = finish(signals)
      throw error
    }
    try conclude(signals)
  }

  /// What the server tells can wait so long for a frame that is due anyway, in ns: a target that is
  /// drawn on all the time is no reason to wake up in between.
  private static let longestDeafness = 50 * Clock.millisecond

  private mutating func turn(_ signals: borrowing SignalReader) throws(CaptureError) {
    var hasNews = true
    while true {
      while let request = signals.next() { handle(request) }
      handleRequests()
      try write()
      if main.frameCount > 0 {
        // Of a COMMAND that could not be waited for, nobody knows that all is well.
        if command == nil { signals.setStatus(0) }
        sayFramePath()
      }
      if hasNews { try finishAhead() }
      try look(reading: hasNews)
      let now = Clock.now
      watchCommand(at: now)
      if ending != nil { return }
      let wake = min(statusLine.nextTime, try step(at: now), command?.deadline ?? .max)
      removeEnded()
      tell()
      if now >= statusLine.nextTime { statusLine.tick(at: now, figures) }
      if wake <= now || control?.hasRequests ?? false {
        // Something was done: see what it led to. The server was listened to on the way.
        hasNews = false
        continue
      }
      hasNews = wait(
        until: wake, listening: capture.isGrabbing || wake - now > Self.longestDeafness, signals)
    }
  }

  // Streams are gone through by their indices: an array's iterator allocates where it is not
  // optimized away.

  /// Writes the frames in hand as far as their readers take them. A stream beside the session's own
  /// that cannot be written ends alone.
  mutating func write() throws(CaptureError) {
    var failure: CaptureError?
    for index in streams.indices {
      do throws(CaptureError) {
        try streams[index].write()
      } catch {
        if index == 0 { failure = error } else { fail(streams[index], error) }
      }
    }
    if let failure { throw failure }
  }

  func fail(_ stream: CaptureStream, _ error: CaptureError) {
    guard stream.ending == nil else { return }
    note("stream \(stream.number): \(error)")
    stream.end("\(error)")
  }

  /// Takes in what the server has told.
  private mutating func look(reading: Bool) throws(CaptureError) {
    let now = Clock.now
    for index in streams.indices where !streams[index].isClosed {
      let stream = streams[index]
      let visibility = try capture.visibility(of: stream.crop, reading: reading && index == 0)
      if case .ended = visibility, ending == nil { ending = surfaceClosed }
      stream.look(
        visibility, isTargetDestroyed: stream.crop.isTargetDestroyed, at: now)
      if let words = stream.takeIneligibility(at: now), report.level == .normal {
        note(stream.number > 0 ? "stream \(stream.number): \(words)" : words)
      }
    }
    for fault in capture.takeFaults() { note(fault) }
    if ending == nil { ending = main.ending }
  }

  /// The film ends with COMMAND; where that does not end though it was told to, without it.
  private mutating func watchCommand(at now: Int64) {
    guard let command, ending == nil else { return }
    if command.hasEnded || now >= command.deadline {
      if command.deadline == .max { ending = "\(command.name) has ended" } else { stop() }
    }
  }

  private var surfaceClosed: String {
    if case .monitor = settings.source.surface.value { return "the monitor is gone" }
    return "the window was closed"
  }

  /// Forgets the streams that have ended beside the session's own.
  mutating func removeEnded() {
    for index in stride(from: streams.count - 1, to: 0, by: -1) {
      let stream = streams[index]
      guard stream.ending != nil, !stream.isBusy else { continue }
      stream.finishVideo()
      guard !stream.isFinishing else { continue }
      if let failure = stream.videoFailure { note("stream \(stream.number): \(failure)") }
      stream.conclude()
      // Its log ends with that, where it takes it now.
      try? stream.write()
      tell(stream)
      for ticket in stream.abandonedRequests() {
        control?.answer(
          ticket, .failure(CaptureError(.invalidState, "the stream", "it has ended")))
      }
      capture.remove(stream.crop)
      streams.remove(at: index)
    }
  }

  /// Waits until a time in ns, or until something comes: from the server too, unless the capture is
  /// over. Returns whether the server sent anything.
  mutating func wait(
    until time: Int64, listening: Bool = true, _ signals: borrowing SignalReader
  ) -> Bool {
    // While an answer is awaited nothing is read before it comes: the descriptor tells of it.
    let hasReadEvents = listening && !capture.isGrabbing && connection.hasReadEvents
    poller.removeAll()
    let server = poller.add(listening ? connection.descriptor : -1, for: .input)
    _ = poller.add(signals.descriptor, for: .input)
    _ = poller.add(control?.descriptor ?? -1, for: .input)
    // Of one that has ended, poll would tell for ever.
    _ = poller.add(ending == nil ? command?.descriptor ?? -1 : -1, for: .input)
    let first = poller.count
    for index in streams.indices { streams[index].wait(&poller) }
    let isWaiting = !hasReadEvents && !(control?.hasRequests ?? false)
    if isWaiting { poller.wait(until: time) } else { poller.wait(atMost: 0) }
    for index in streams.indices where poller.hasHungUp(first + 2 * index) {
      streams[index].endAsReaderIsGone()
    }
    return hasReadEvents || poller.isReady(server)
  }

  mutating func handle(_ request: SignalReader.Request) {
    let now = Clock.now
    switch request {
    case .status:
      statusLine.print(at: now, figures)
    case .pause:
      let isPaused = main.isPaused
      for stream in streams { if isPaused { stream.resume(at: now) } else { stream.pause() } }
    case .stop(let signal):
      // COMMAND ends first, and the film with it.
      command?.stop(signal)
      if ending != nil || command?.hasEnded ?? true { stop() }
    }
  }

  private var figures: StatusLine.Figures {
    StatusLine.Figures(
      frames: main.frameCount, repeats: main.repeats, bytes: main.byteCount,
      region: main.lastRegion,
      stopped: main.isPaused ? "paused" : main.muteReason.map { "muted: \($0.rawValue)" })
  }

  /// Says which way the pixels come, and again where that has to change.
  mutating func sayPath() {
    guard report.level >= .verbose else { return }
    let path = capture.pixelPath
    if path != saidPath { detail(path) }
    saidPath = path
  }

  /// Says which way the first frame went.
  private mutating func sayFramePath() {
    guard !hasSaidFramePath else { return }
    hasSaidFramePath = true
    detail(main.frames.path)
  }

  /// Says something without disturbing the status line.
  func detail(_ text: @autoclosure () -> String) {
    if report.level >= .verbose { statusLine.clear() }
    report.detail(text())
  }

  /// Says what a user should know, without disturbing the status line.
  func note(_ text: String) {
    statusLine.clear()
    report.note(text)
  }
}

extension SurfaceCapture {
  /// Which way the pixels come, in words.
  var pixelPath: String {
    plainReason.map { "pixels by XGetImage: \($0)" } ?? "pixels by shared memory (MIT-SHM)"
  }
}

extension FrameStream {
  /// Which way the frames go, in words.
  fileprivate var path: String {
    plainReason.map { "frames by write: \($0)" } ?? "frames by vmsplice"
  }
}
