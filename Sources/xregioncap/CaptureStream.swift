import CropEngine
import FrameOutput
import ScreenSource

/// One stream of a capture: its crop and the version of that, its pace, its frames, and what is
/// told of them.
final class CaptureStream {
  /// 0 for the session's own, which lives as long as the session.
  let number: Int
  let crop: Crop
  /// What it is limited to, and the version of that.
  var cropState: CropState
  /// Why it ends; nil while it goes on.
  private(set) var ending: String?
  /// Whether that is because all is there that was asked for.
  private(set) var isComplete = false
  /// Whether nobody will read what it writes.
  private(set) var isReaderGone = false
  /// Whether nothing can be written any more, as ffmpeg finishes its video.
  var isClosed = false
  /// What happened and is not told yet.
  var events: [StreamEvent] = []
  /// Whether frames are to be among the events.
  var tellsFrames = false
  /// Frames that were the one before once more.
  var repeats = 0
  /// Where the last frame was grabbed; nil while there is nothing to see.
  private(set) var lastRegion: FrameRegion?

  let plan: StreamPlan
  private let timing: Timing
  var frames: FrameStream
  /// What its frames become; nil where they are written as they are.
  let video: VideoFile?
  var log: FrameLog?
  var schedule: CaptureSchedule
  var state = StreamState()
  /// Whether the server has told that there is nothing to see now.
  var isEmpty = false
  var ineligible = IneligiblePeriod()
  /// Whether nothing is written before a target is named.
  var awaitsTarget: Bool
  /// The frame in hand, or the last one.
  var note: FrameNote?
  /// Where the frame in hand was grabbed; nil for one that was shown before, and for a black one.
  var region: FrameRegion?
  /// A frame that was grabbed while the one in hand is written, and when, in ns; nil for none.
  var ahead: (frame: Frame, time: Int64)?
  /// Whether the frame shown last was given up, so that nobody has seen it.
  private var isUnseen = false
  /// Whether the frame in hand was told of, so that it has to be written.
  var isCommitted = false
  var announcedCanvas: Size?
  var answers = PendingAnswers()
  /// What its frames are judged for.
  var verdicts: FrameVerdicts
  /// What tells when it is to end, as what is seen does not change; nil where it is not.
  var stillness: PictureStillness?

  /// Throws `output` where there is a log that nobody reads yet.
  init(
    _ number: Int, _ crop: Crop, _ plan: StreamPlan, _ files: consuming StreamFiles,
    _ schedule: CaptureSchedule, timing: Timing, awaitsTarget: Bool = false
  ) throws(CaptureError) {
    self.number = number
    self.crop = crop
    self.plan = plan
    self.timing = timing
    log = try files.takeLog()
    self.schedule = schedule
    self.awaitsTarget = awaitsTarget
    cropState = CropState(
      kind: crop.target == .surface ? .none : crop.isRestricted ? .restrict : .crop)
    video = files.video
    frames = FrameStream(files.takeOutput(), plan.frames)
    verdicts = FrameVerdicts(failsIfBlank: plan.failsIfBlank, failsIfStill: plan.failsIfStill)
    stillness = plan.stillTime.map { PictureStillness(span: $0) }
    if awaitsTarget { self.schedule.pause() }
  }

  /// Whether a frame is in hand.
  var isBusy: Bool { frames.isBusy && !isReaderGone && !isClosed }
  /// Frames wholly written.
  var frameCount: Int { frames.frames }
  /// Bytes of whole frames written; of a video, those of its file.
  var byteCount: Int { video?.byteCount ?? frames.byteCount }
  /// Bytes written, of the frame in hand too.
  var writtenCount: Int { frames.writtenCount }
  /// Size of the frames as they are written, in px; nil before the first.
  var canvas: Size? {
    frames.canvasSize.map { plan.frames.pixelFormat.codedSize(of: $0) }
  }
  var isPaused: Bool { schedule.isPaused }
  /// Why there is nothing to see; nil where there is something.
  var muteReason: MuteReason? { state.muteReason }
  /// The number of the first frame that is not being written yet.
  var nextSeq: Int { frames.frames + (isCommitted ? 1 : 0) }

  /// Ends it, as nobody will read what it writes.
  func endAsReaderIsGone() {
    isReaderGone = true
    end(video == nil ? "the reader is gone" : "ffmpeg has ended")
  }

  /// Ends it, as all is there that was asked for.
  func complete(_ reason: String = "complete") {
    guard ending == nil else { return }
    isComplete = true
    end(reason)
  }

  /// Ends it, for this reason.
  func end(_ reason: String) {
    if ending == nil { ending = reason }
  }

  /// Tells that it has ended, once.
  func conclude() {
    guard state.handle(.ended).contains(.ended) else { return }
    emit(.ended(ending ?? "stopped"))
  }
}

// MARK: Frames in

extension CaptureStream {
  /// Takes in what the server has told of the target, so that what ends or mutes the stream is not
  /// missed between two frames.
  func look(_ visibility: Visibility, isTargetDestroyed: Bool, at now: Int64) {
    switch visibility {
    case .visible, .nothing(.ineligible):
      // Whether pixels are its own shows when they are read.
      if isEmpty { schedule.cameBack(at: now) }
      isEmpty = false
    case .nothing(let reason):
      mute(reason, at: now)
    case .ended:
      break
    }
    if isTargetDestroyed, plan.lostPolicy == .end { end("the target was closed") }
  }

  /// What to do at `now`, in ns; a frame that is to come again is in hand then.
  ///
  /// Throws `output` where a FIFO that a reader was awaited for is none any more.
  func step(at now: Int64) throws(CaptureError) -> CaptureSchedule.Step {
    if !frames.isOpen {
      guard try frames.open() else { return .wait(until: now + Opening.interval) }
      schedule.join(at: now)
    }
    // Behind a time of nothing comes a new frame, however late: what was before it is over.
    let hasLast = frames.hasLast && state.muteReason == nil
    let step = schedule.step(
      at: now, written: frames.frames, hasLast: hasLast, isEmpty: isEmpty)
    switch step {
    case .showLast:
      repeatLast()
      schedule.filled(new: false, at: now)
    case .grab where now < ineligible.nextTry:
      return .wait(until: ineligible.nextTry)
    case .grab:
      prepareGrab()
    case .complete:
      complete()
    case .wait:
      break
    }
    return step
  }

  /// Says of the crop which frames are wanted, and which pictures are still in use.
  func prepareGrab() {
    crop.skipsUnchanged = timing == .vfr && state.muteReason == nil && !schedule.isRefreshing
    crop.heldSlots = frames.heldSlots()
  }

  /// When to grab though the server tells of nothing new until `quiet`, in ns: a frame that only
  /// would be the last one again is none where frames come by changes.
  func rest(until quiet: Int64) -> Int64? {
    guard timing == .vfr, !schedule.isRefreshing, frames.hasLast, state.muteReason == nil else {
      return nil
    }
    return schedule.rest(until: quiet)
  }

  /// Takes what a grab at `now`, in ns, brought; `isQuiet` says that nothing more is to be expected
  /// before the server tells of it.
  func take(_ result: Grab, at now: Int64, isQuiet: Bool) {
    switch result {
    case .frame(let frame):
      if frame.damage?.isEmpty == true, timing == .cfr, frames.hasLast, state.muteReason == nil,
        !schedule.isRefreshing
      {
        repeatLast()
      } else {
        guard show(frame, at: now) else { return }
      }
      ineligible.end()
      schedule.filled(new: true, at: now)
    case .unchanged:
      if timing == .cfr, frames.hasLast, state.muteReason == nil { repeatLast() }
      ineligible.end()
      // The next change is not to wait for a period because of a look at what stayed as it was.
      if timing == .vfr, isQuiet, !crop.hadNews { return }
      schedule.filled(new: true, at: now)
    case .nothing(let reason):
      mute(reason, at: now)
      fillEmpty(at: now)
    case .ended:
      break
    }
    endIfStill(at: now)
  }

  /// Returns false where the stream ends instead.
  func show(_ frame: Frame, at now: Int64) -> Bool {
    let size = frame.region.rect.size
    guard
      unsafe frames.show(
        frame.pixels, stride: frame.stride, size: size, hasAlpha: frame.hasAlpha,
        damage: frame.damage, slot: frame.slot)
    else {
      end("the size changed to \(size)")
      return false
    }
    takeInHand(frame.region, at: now, isUnseen ? nil : frame.damage)
    watch(frame, at: now)
    lastRegion = frame.region
    return true
  }

  /// The region is nil for a black frame.
  private func takeInHand(
    _ region: FrameRegion?, at now: Int64, _ damage: DamageArea? = nil
  ) {
    self.region = region
    isUnseen = false
    note = FrameNote(
      seq: frames.frames, version: cropState.version, time: now, rect: region?.rect,
      isRepeat: false, damage: damage)
  }

  private func repeatLast() {
    frames.showLast()
    region = nil
    note?.seq = frames.frames
    note?.isRepeat = !isUnseen
    isUnseen = false
  }

  /// Shows what is to be shown while there is nothing to see.
  private func fillEmpty(at now: Int64) {
    switch plan.emptyPolicy {
    case .silent:
      guard !isEmpty else { return }
      // It may be seen at any time, and no frame is owed for the time before.
      schedule.join(at: now)
      return ineligible.rest(at: now)
    case .hold:
      if frames.hasLast, timing == .cfr { repeatLast() }
    case .black:
      // In vfr the first black frame is the change.
      if timing == .cfr || lastRegion != nil, frames.showBlack() {
        takeInHand(nil, at: now)
        verdicts.showBlack()
      }
    }
    lastRegion = nil
    schedule.filled(new: true, at: now)
  }

  private func mute(_ reason: MuteReason, at now: Int64) {
    if reason == .ineligible { ineligible.note(at: now) } else { ineligible.end() }
    isEmpty = reason != .ineligible
    dropAhead()
    stillness?.interrupt()
    // Silence is for what nobody has seen of the target, too.
    if plan.emptyPolicy == .silent { giveUpFrame() }
    if state.handle(.nothing(reason)).contains(.mute) { emit(.mute(reason)) }
  }

  /// Why it has shown nothing for a while, in words: once, where its pixels are not its own.
  func takeIneligibility(at now: Int64) -> String? {
    ineligible.isDue(at: now) ? crop.ineligibility : nil
  }

  /// Gives the frame in hand up, unless it was told of.
  func giveUpFrame() {
    guard frames.isBusy, !isCommitted else { return }
    isUnseen = !(note?.isRepeat ?? false)
    frames.discard()
    region = nil
  }
}
