/// What to do while there is nothing to see.
public enum EmptyPolicy: String, Sendable, CaseIterable {
  /// Write nothing.
  case silent
  /// The last frame again.
  case hold
  /// A black frame.
  case black
}

/// Decides what a capture does next: from the clock, how much was asked for, and whether there is
/// something to see. Times are in ns of one clock.
public struct CaptureSchedule: Sendable {
  /// What to do now.
  public enum Step: Equatable, Sendable {
    /// Nothing before this time, in ns, unless something happens.
    case wait(until: Int64)
    /// Take a new frame.
    case grab
    /// Write the last frame once more.
    case showLast
    /// All that was asked for is written.
    case complete
  }

  /// How much longer than asked for a capture goes on to fill the slots that are still owed: a
  /// reader that is too slow does not make it longer than that, in ns.
  static let longestOvertime: Int64 = 1_000_000_000

  /// Whether frames are held back until told otherwise.
  public private(set) var isPaused = false

  /// Whether a new frame is wanted, though none is due or nothing changed.
  public private(set) var isRefreshing = false

  private var pacer: FramePacer
  private let timing: Timing
  private let start: Int64
  private let end: Int64?
  private let frames: Int?
  private let emptyPolicy: EmptyPolicy

  /// A capture from `start` on, in ns; for so many frames, and for `duration`, in ns, where those
  /// are given.
  public init(
    rate: FrameRate, timing: Timing, start: Int64, duration: Int64? = nil, frames: Int? = nil,
    emptyPolicy: EmptyPolicy = .silent
  ) {
    pacer = FramePacer(rate: rate, timing: timing, start: start)
    self.timing = timing
    self.start = start
    end = duration.map { start + $0 }
    self.frames = frames
    self.emptyPolicy = emptyPolicy
  }

  /// What to do at `now`, in ns, with so many frames `written`; `hasLast` says whether there is a
  /// frame to repeat, `isEmpty` whether there is nothing to see.
  public mutating func step(
    at now: Int64, written: Int, hasLast: Bool, isEmpty: Bool
  ) -> Step {
    guard now >= start else { return .wait(until: start) }
    if let frames, written >= frames { return .complete }
    let isSilent = isEmpty && emptyPolicy == .silent
    // Only an event can end these.
    let isIdle = isPaused || isSilent
    if let end, now >= end,
      isIdle || timing == .vfr && hasLast || pacer.nextDue >= end
        || now >= end + Self.longestOvertime
    {
      return .complete
    }
    if isRefreshing, !isSilent, isPaused || timing == .vfr { return .grab }
    guard !isIdle else { return .wait(until: end ?? .max) }
    return switch pacer.step(at: now, hasLast: hasLast && !isRefreshing) {
    case .wait(let time): .wait(until: min(time, end ?? .max))
    case .repeatLast: .showLast
    case .grab: .grab
    }
  }

  /// Whether another frame is due already at `now`, in ns, when so many are `written`: it may be
  /// taken though the one before is not out yet.
  public func isNextDue(at now: Int64, written: Int) -> Bool {
    guard !isPaused, !isRefreshing, now >= start, frames.map({ written < $0 }) ?? true else {
      return false
    }
    return end.map { now < $0 } ?? true && pacer.isDue(at: now)
  }

  /// A time in ns until which nothing new is to be seen, but for the end of the capture.
  public func rest(until time: Int64) -> Int64 { min(time, end ?? .max) }

  /// What was due is done, with a new frame or with the last one; `now` is in ns.
  public mutating func filled(new: Bool, at now: Int64) {
    if new, isRefreshing {
      isRefreshing = false
      // One that was not due stands in for no other.
      guard !isPaused, pacer.nextDue <= now else { return }
    }
    pacer.filled(new: new, at: now)
  }

  /// There is something to see again: no frame is owed for the time before `now`, in ns.
  public mutating func cameBack(at now: Int64) {
    if emptyPolicy == .silent { pacer.skip(to: now) }
  }

  /// No frame is owed for the time before `now`, in ns: the stream begins in the middle.
  public mutating func join(at now: Int64) { pacer.skip(to: now) }

  /// Holds frames back.
  public mutating func pause() { isPaused = true }

  /// Lets frames come again, at `now`, in ns, beginning with a new one.
  public mutating func resume(at now: Int64) {
    guard isPaused else { return }
    isPaused = false
    isRefreshing = true
    pacer.skip(to: now)
  }

  /// Asks for one new frame, at once or, in `cfr`, for the next slot; also while frames are held
  /// back.
  public mutating func refresh() { isRefreshing = true }
}
