/// How frames stand to the clock.
public enum Timing: String, Sendable, CaseIterable {
  /// One frame for each period.
  case cfr
  /// A frame only where something changed, at most one for each period.
  case vfr
}

/// Says when a frame is due, and whether it is to be a new one. Times are in ns of one clock.
///
/// Slot *n* is due at start + *n* periods, reckoned from the start each time, so that nothing
/// drifts. In `cfr` a slot that was missed is filled with the last frame again.
public struct FramePacer: Sendable {
  /// What to do now.
  public enum Step: Equatable, Sendable {
    /// Nothing before this time, in ns.
    case wait(until: Int64)
    /// Take a new frame for the slot.
    case grab
    /// The slot was missed: the last frame once more.
    case repeatLast
  }

  /// A reader that is always too slow would see the same picture for ever longer times while
  /// missed slots are made up for; after this long a new one is taken all the same, in ns.
  static let longestCatchUp: Int64 = 250_000_000

  private let rate: FrameRate
  private let timing: Timing
  private let start: Int64
  private var slot = 0
  private var catchingUpSince: Int64?

  /// Slot 0 is due at `start`, in ns.
  public init(rate: FrameRate, timing: Timing, start: Int64) {
    self.rate = rate
    self.timing = timing
    self.start = start
  }

  private func due(_ slot: Int) -> Int64 {
    guard case .perSecond(let frames, let seconds) = rate else { return start }
    // 128 bits wide: at 30000/1001 Hz, 64 would do for some days only.
    let product = Int64(slot).multipliedFullWidth(by: Int64(seconds) * 1_000_000_000)
    return start + Int64(frames).dividingFullWidth(product).quotient
  }

  /// When the next slot is due, in ns; never, where there are no slots.
  public var nextDue: Int64 { rate == .max ? .max : due(slot) }

  /// Whether a frame is due at `now`, in ns.
  func isDue(at now: Int64) -> Bool { rate == .max || due(slot) <= now }

  /// What to do at `now`, in ns; `hasLast` says whether there is a frame to repeat.
  public mutating func step(at now: Int64, hasLast: Bool) -> Step {
    guard rate != .max else { return .grab }
    let due = due(slot)
    guard due <= now else { return .wait(until: due) }
    guard timing == .cfr, hasLast, self.due(slot + 1) <= now else { return .grab }
    let since = catchingUpSince ?? now
    catchingUpSince = since
    return now - since < Self.longestCatchUp ? .repeatLast : .grab
  }

  /// A slot was filled, with a new frame or with the last one.
  public mutating func filled(new: Bool, at now: Int64) {
    if new { catchingUpSince = nil }
    slot += 1
    if timing == .vfr { skip(to: now) }
  }

  /// No frame is owed for the slots before `now`, in ns.
  public mutating func skip(to now: Int64) {
    catchingUpSince = nil
    guard case .perSecond(let frames, let seconds) = rate, due(slot) < now else { return }
    let product = (now - start).multipliedFullWidth(by: Int64(frames))
    slot = Int((Int64(seconds) * 1_000_000_000).dividingFullWidth(product).quotient)
    while due(slot) < now { slot += 1 }
  }
}
