import CropEngine
import ScreenSource

/// How a capture ends: with whole frames, and with all told.
extension CaptureLoop {
  /// How long a stop that is asked for waits for a reader that does not read, in ns.
  static let patience = Clock.second * 8 / 10

  /// The same for ffmpeg that finishes a video, in ns.
  static let videoPatience = 10 * Clock.second

  /// Finishes the frames in hand, and ends. A third signal does not come here: it ends the process.
  mutating func stop() {
    guard stopTime == .max else { return }
    ending = ending ?? "stopped"
    stopTime = Clock.now
  }

  /// Writes what is left of the frames in hand, and tells that all is over.
  ///
  /// Returns what kept the session's own stream from being written.
  mutating func finish(_ signals: borrowing SignalReader) -> CaptureError? {
    // Whoever asked COMMAND to stop is not to wait for ever either, where its window went first.
    if let command, command.deadline < .max { stop() }
    let hasVideos = streams.contains { $0.video != nil }
    let patience = Self.patience + (hasVideos ? Self.videoPatience : 0)
    if hasVideos { signals.extendPatience(to: patience + Self.patience) }
    var failure = flush(signals, patience: main.video == nil ? Self.patience : patience) {
      $0.isBusy
    }
    failure = finishVideos(signals) ?? failure
    for stream in streams {
      stream.end(ending ?? "stopped")
      stream.conclude()
    }
    tell()
    let failedLog = flush(signals, until: Clock.now + Self.patience, patience: patience) {
      $0.hasUnwrittenLines
    }
    control?.close()
    return failure ?? failedLog
  }

  /// Waits until ffmpeg has finished the videos. Returns why that of the session's own stream is
  /// not whole.
  private mutating func finishVideos(_ signals: borrowing SignalReader) -> CaptureError? {
    for stream in streams { stream.finishVideo() }
    while streams.contains(where: { $0.isFinishing }) {
      while let request = signals.next() { handle(request) }
      handleRequests()
      let limit = stopTime == .max ? .max : stopTime + Self.videoPatience
      guard Clock.now < limit else { break }
      _ = wait(until: limit, listening: false, signals)
    }
    for stream in streams {
      if let video = stream.video, stream.isFinishing {
        video.letGo()
        note("\(video.path): ffmpeg is still at work on it, and will finish it alone")
      } else if let failure = stream.videoFailure, stream.number > 0 {
        note("stream \(stream.number): \(failure)")
      }
    }
    return main.videoFailure
  }

  /// Writes on for as long as that holds of a stream: until a time in ns, or so many ns longer than
  /// the stop that is asked for.
  private mutating func flush(
    _ signals: borrowing SignalReader, until time: Int64 = .max, patience: Int64,
    while holds: (CaptureStream) -> Bool
  ) -> CaptureError? {
    var failure: CaptureError?
    var (lastBytes, lastProgress) = (-1, Clock.now)
    while true {
      while let request = signals.next() { handle(request) }
      handleRequests()
      do throws(CaptureError) {
        try write()
      } catch {
        failure = failure ?? error
      }
      tell()
      guard streams.contains(where: holds) else { return failure }
      // The session's own reader is waited for; one beside it only while it reads.
      let now = Clock.now
      let bytes = streams.reduce(0) { $0 + $1.writtenCount }
      if bytes != lastBytes { (lastBytes, lastProgress) = (bytes, now) }
      let limit = min(
        time, stopTime == .max ? .max : stopTime + patience,
        holds(main) ? .max : lastProgress + Self.patience)
      guard now < limit else { return failure }
      _ = wait(until: limit, listening: false, signals)
    }
  }

  /// Whether it is over because somebody wanted it to be.
  var isDone: Bool { ending == "stopped" || main.isComplete }

  mutating func conclude(_ signals: borrowing SignalReader) throws(CaptureError) {
    let absence = main.muteReason.map(main.crop.absence)
    if let failure = finish(signals) { throw failure }
    guard main.frameCount == 0 else { return try main.verdicts.check(frames: main.frameCount) }
    guard !main.isReaderGone else { return }
    let why =
      switch ending {
      case "stopped", "complete", nil:
        absence ?? "it was stopped before the first"
      case let what?: what
      }
    throw CaptureError(.noFrame, "no frame was written", why)
  }
}

extension Crop {
  /// Why nothing was seen of it, in words.
  func absence(_ reason: MuteReason) -> String {
    let why = reason == .ineligible ? ineligibility.map { ": \($0)" } : nil
    return "the target was \(reason.rawValue)" + (why ?? "")
  }
}
