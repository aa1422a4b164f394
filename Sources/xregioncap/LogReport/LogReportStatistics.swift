import CropEngine

/// What a frame log tells in all: taken in line by line, so that what is held does not grow with
/// the log. Times are in ns from the first frame on.
struct LogReportStatistics {
  /// What frames are like.
  struct Stream: Equatable {
    let canvas: Size
    let pixelFormat: String
    let rate: FrameRate
    /// nil where it was not known.
    let surface: Size?
  }

  /// An event and where it stands among the frames.
  struct Moment {
    let event: StreamEvent
    /// nil where no frame came before it, or after it where it speaks of those.
    var time: Int64?
    /// Of the next frame; nil where none came.
    var seq: Int?
  }

  /// From the last frame before there was nothing to see to the first one after.
  struct Mute: Equatable {
    let reason: MuteReason
    let start: Int64
    let end: Int64
    /// Whether the log ends in it.
    var isOpen = false

    /// Whether no frame tells how long it was.
    var isUnmeasured: Bool { isOpen && start == end }
  }

  /// Slots of this length where the log tells of none, in ns.
  static let slot: Int64 = 10_000_000
  /// A place that no frame is later than, in ns: a century and more.
  private static let latest: Int64 = 1 << 62
  private static let keptAtEachEnd = 400

  private(set) var stream: Stream?
  private(set) var frames = 0
  private(set) var repeats = 0
  /// Frames of none of the surface's pixels.
  private(set) var blackFrames = 0
  private(set) var bins = LogReportBins(slot: slot)
  private(set) var intervals = LogReportDurations()
  /// nil where frames have no slots.
  private(set) var lateness: LogReportLateness?
  private(set) var path = LogReportPath()
  private(set) var moments = LogReportEnds<Moment>(keeping: keptAtEachEnd)
  private(set) var mutes = LogReportEnds<Mute>(keeping: keptAtEachEnd)
  private(set) var muteTime: Int64 = 0
  /// Those of no known length, to the end.
  private(set) var unmeasuredMutes = 0
  private(set) var versions = 0
  private(set) var changes = 0
  private(set) var ending: String?
  /// Lines of types that are not known, and of other streams.
  var unknownTypes = 0
  var otherStreams = 0

  /// When the first frame was grabbed, in ns of the log's clock.
  private var origin: Int64?
  /// When the last new one was.
  private var lastGrab: Int64 = 0
  /// Where the last frame stands: repeats stand a slot behind the one before, whose time they bear.
  private var place: Int64?
  private var lastSeq = -1
  /// Events since the last frame.
  private var pending: [Moment] = []
  private var openMute: (reason: MuteReason, start: Int64)?
  private var wasMuted = false

  /// Takes an event in. Returns whether it can be: numbers and times rise.
  mutating func take(_ event: StreamEvent) -> Bool {
    guard ending == nil else { return false }
    switch event {
    case .frame(let note): return take(note)
    case .stream(let canvas, let pixelFormat, let rate, let surface):
      if stream == nil { begin(rate) }
      stream = Stream(
        canvas: canvas, pixelFormat: pixelFormat, rate: rate, surface: surface ?? stream?.surface)
      if let surface { path.show(surface.bounds) }
    case .version: versions += 1
    case .mute: wasMuted = true
    case .unmute: break
    case .configurationChange(let region):
      changes += 1
      path.show(region.surface.bounds)
    case .ended(let reason): ending = reason
    }
    append(event)
    return true
  }

  /// No line comes any more.
  mutating func finish() {
    flush(at: place, before: nil, isLast: true)
    closeMute(at: place, isOpen: true)
  }

  private mutating func begin(_ rate: FrameRate) {
    guard case .perSecond(let frames, let seconds) = rate else { return }
    lateness = LogReportLateness(frames: frames, over: seconds)
    guard self.frames == 0 else { return }
    bins = LogReportBins(slot: period ?? Self.slot)
  }

  /// From one slot to the next, in ns; nil where there are none.
  var period: Int64? { lateness?.period }

  /// From the first frame to the end of the last one's slot, in ns.
  var duration: Int64 { place.map { $0 + (period ?? 0) } ?? 0 }

  private mutating func take(_ note: FrameNote) -> Bool {
    guard note.seq > lastSeq, note.time >= lastGrab else { return false }
    lastSeq = note.seq
    let grab = note.time - (origin ?? note.time)
    if origin == nil { origin = note.time }
    let isRepeat = note.isRepeat && place != nil
    let now = isRepeat ? min(place! + (period ?? 0), Self.latest) : max(grab, place ?? 0)
    flush(at: now, before: note.seq)
    frames += 1
    if note.rect == nil { blackFrames += 1 }
    if isRepeat {
      repeats += 1
      bins.update(at: now) { $0.repeats += 1 }
    } else {
      takeNew(note, grab)
    }
    place = now
    if let rect = note.rect { path.move(to: rect, at: now) }
    return true
  }

  private mutating func takeNew(_ note: FrameNote, _ grab: Int64) {
    if let place, !wasMuted {
      intervals.add(note.time - lastGrab)
      // Behind a rest it comes when there is something new, which is not late.
      if let period, grab - place < period + period / 2 { lateness?.add(grab) }
    }
    wasMuted = openMute != nil
    lastGrab = note.time
    let share = note.changedShare
    bins.update(at: grab) { bin in
      bin.new += 1
      guard let share else { return }
      bin.measured += 1
      bin.changed += share
      bin.mostChanged = max(bin.mostChanged, share)
    }
  }

  private mutating func append(_ event: StreamEvent) {
    // What is never followed by a frame is not held for ever.
    if pending.count == 2 * Self.keptAtEachEnd { flush(at: place, before: nil) }
    let isOfLastFrame = if case .mute = event { true } else { false }
    pending.append(Moment(event: event, time: isOfLastFrame ? place : nil))
  }

  /// Events since the last frame belong to the next one.
  private mutating func flush(at time: Int64?, before seq: Int?, isLast: Bool = false) {
    guard !pending.isEmpty else { return }
    // Of mutes between the same two frames, the first takes all of the time.
    var start = place
    for var moment in pending {
      switch moment.event {
      case .mute(let reason) where openMute == nil: openMute = (reason, start ?? time ?? 0)
      case .unmute:
        closeMute(at: time, isOpen: isLast)
        start = time
      default: break
      }
      if moment.time == nil { moment.time = time }
      moment.seq = seq
      moments.append(moment)
    }
    pending.removeAll(keepingCapacity: true)
  }

  private mutating func closeMute(at time: Int64?, isOpen: Bool) {
    guard let open = openMute else { return }
    openMute = nil
    let mute = Mute(
      reason: open.reason, start: open.start, end: time ?? open.start, isOpen: isOpen)
    muteTime += mute.end - mute.start
    if mute.isUnmeasured { unmeasuredMutes += 1 }
    mutes.append(mute)
  }
}

extension FrameNote {
  /// How much of it differs from the frame before, from 0 to 1; nil where that is not told.
  fileprivate var changedShare: Double? {
    guard let rect, let damage, rect.area > 0 else { return nil }
    let area = (0..<damage.count).reduce(0) { $0 + damage[$1].intersection(rect.size.bounds).area }
    // Rectangles may overlap.
    return min(1, Double(area) / Double(rect.area))
  }
}
