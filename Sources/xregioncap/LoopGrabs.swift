import CropEngine
import FrameOutput
import ScreenSource

/// What is due of the streams: frames that are grabbed, at once or ahead.
extension CaptureLoop {
  /// Does what is due. Returns when to come back, in ns; at once where something was done.
  mutating func step(at now: Int64) throws(CaptureError) -> Int64 {
    var wake = Int64.max
    dueStreams.removeAll(keepingCapacity: true)
    dueCrops.removeAll(keepingCapacity: true)
    for index in streams.indices where !streams[index].isBusy && streams[index].ending == nil {
      let stream = streams[index]
      switch try step(stream, at: now) {
      case .wait(let time):
        wake = min(wake, time)
      case .showLast, .complete:
        wake = now
      case .grab:
        let quiet = capture.isGrabbing ? now : capture.quietTime(of: stream.crop, at: now)
        if quiet > now, let rest = stream.rest(until: quiet) {
          wake = min(wake, rest)
        } else {
          dueStreams.append(stream)
          dueCrops.append(stream.crop)
        }
      }
    }
    wake = min(wake, try endIfStill(at: now))
    if ending == nil { ending = main.ending }
    guard ending == nil else { return now }
    if !dueStreams.isEmpty { wake = min(wake, try grabDue(at: now)) }
    if wake > now || !dueStreams.isEmpty { try beginAhead(at: now) }
    return wake
  }

  /// Has the streams of which a frame is due take one in hand. Returns when to come back, in ns.
  private mutating func grabDue(at now: Int64) throws(CaptureError) -> Int64 {
    try finishAhead()
    for index in stride(from: dueStreams.count - 1, through: 0, by: -1)
    where dueStreams[index].takeAhead(at: now) {
      dueStreams.remove(at: index)
      dueCrops.remove(at: index)
    }
    guard !dueStreams.isEmpty else { return now }
    try capture.grab(dueCrops, at: now)
    var hasFrame = false
    for index in dueStreams.indices {
      let stream = dueStreams[index]
      let quiet = capture.quietTime(of: stream.crop, at: now)
      stream.take(stream.crop.result, at: now, isQuiet: quiet > now)
      hasFrame = hasFrame || stream.isBusy
    }
    if ending == nil { ending = main.ending }
    guard hasFrame || settings.rate != .max else {
      // At no rate of its own, a stream that has nothing to write would never rest.
      return now + Clock.second / Int64(FrameRate.highest)
    }
    sayPath()
    return now
  }

  /// Begins a grab for streams whose next frame is due while one is written: the server works on
  /// it meanwhile.
  private mutating func beginAhead(at now: Int64) throws(CaptureError) {
    guard !capture.isGrabbing, ending == nil else { return }
    aheadStreams.removeAll(keepingCapacity: true)
    dueCrops.removeAll(keepingCapacity: true)
    for index in streams.indices where streams[index].wantsAhead(at: now) {
      guard capture.quietTime(of: streams[index].crop, at: now) <= now else { continue }
      aheadStreams.append(streams[index])
      dueCrops.append(streams[index].crop)
    }
    guard !aheadStreams.isEmpty else { return }
    aheadTime = now
    try capture.begin(dueCrops, at: now)
  }

  /// Takes in what was grabbed ahead, if anything was.
  mutating func finishAhead() throws(CaptureError) {
    guard capture.isGrabbing else { return }
    try capture.finish()
    for index in aheadStreams.indices {
      aheadStreams[index].keepAhead(aheadStreams[index].crop.result, at: aheadTime)
    }
  }

  private func step(
    _ stream: CaptureStream, at now: Int64
  ) throws(CaptureError) -> CaptureSchedule.Step {
    do throws(CaptureError) {
      return try stream.step(at: now)
    } catch {
      guard stream.number > 0 else { throw error }
      fail(stream, error)
      return .complete
    }
  }
}
