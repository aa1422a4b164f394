import CropEngine
import ScreenSource

/// How a capture ends: with whole frames, and with all told.
extension CaptureLoop {
  /// How long a stop that is asked for waits for a reader that does not read, in ns.
  static let patience = Clock.second * 8 / 10

  /// Finishes the frames in hand, and ends. A third signal does not come here: it ends the process.
  mutating func stop() {
    guard giveUp == .max else { return }
    ending = ending ?? "stopped"
    giveUp = Clock.now + Self.patience
  }

  /// Writes what is left of the frames in hand, and tells that all is over.
  ///
  /// Returns what kept the session's own stream from being written.
  mutating func finish(_ signals: borrowing SignalReader) -> CaptureError? {
    let failure = flush(signals, until: giveUp) { $0.isBusy }
    for stream in streams {
      stream.end(ending ?? "stopped")
      stream.conclude()
    }
    tell()
    let failedLog = flush(signals, until: Clock.now + Self.patience) { $0.hasUnwrittenLines }
    control?.close()
    return failure ?? failedLog
  }

  /// Writes on for as long as that holds of a stream, at most until a time in ns.
  private mutating func flush(
    _ signals: borrowing SignalReader, until time: Int64, while holds: (CaptureStream) -> Bool
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
      let limit = min(time, giveUp, holds(main) ? .max : lastProgress + Self.patience)
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
