import CropEngine
import FrameOutput
import ScreenSource

/// What is changed of a stream while it runs.
extension CaptureStream {
  /// Accepts a target, at `now`, in ns: it is that of the crop from here on. The answer is due when
  /// every older frame is dropped or wholly written.
  func accept(_ kind: CropState.Kind, for ticket: ControlRequest.Ticket, at now: Int64) {
    cropState.change(to: kind)
    dropAhead()
    stillness?.interrupt()
    giveUpFrame()
    frames.forgetLast()
    ineligible.end()
    let answer = ControlAnswer.change(version: cropState.version, firstSeq: nextSeq)
    emit(.version(cropState.version, firstSeq: nextSeq, kind: kind))
    answers.append(answer, for: ticket, dueAt: nextSeq)
    if awaitsTarget { resume(at: now) }
  }

  /// The next answer that is due, and to whom.
  func nextAnswer() -> (ControlRequest.Ticket, ControlAnswer)? {
    answers.next(written: frames.frames)
  }

  /// Those that wait for an answer that will not come.
  func abandonedRequests() -> [ControlRequest.Ticket] { answers.removeAll() }

  /// Accepts no other target any more.
  func lock() { cropState.lock() }

  /// Writes no frame from the next one on.
  func pause() {
    awaitsTarget = false
    schedule.pause()
    stillness?.interrupt()
    dropAhead()
    giveUpFrame()
  }

  /// Ends it before the next frame.
  func stop() {
    giveUpFrame()
    end("stopped")
  }

  /// Goes on with a frame of `now`, in ns.
  func resume(at now: Int64) {
    awaitsTarget = false
    schedule.resume(at: now)
  }

  /// Writes a frame of now, also where frames are held back, but for the first target's sake.
  func refresh() {
    guard !awaitsTarget else { return }
    dropAhead()
    giveUpFrame()
    schedule.refresh()
  }

  /// No frame is owed for the time before `now`, in ns.
  func join(at now: Int64) { schedule.join(at: now) }
}
