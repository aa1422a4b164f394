/// A time in which a target's pixels are not known to be its own: when to look again, and when to
/// say so. Times are in ns.
struct IneligiblePeriod {
  /// How often to look again: that they are shows only when they are read.
  static let interval = Clock.second / 100
  /// After how long it is said; a window that is asked to draw itself anew is quicker.
  static let patience = Clock.second

  private var start: Int64?
  private var isSaid = false
  /// When to look again.
  private(set) var nextTry = Int64.min

  /// It was so at `now`.
  mutating func note(at now: Int64) {
    if start == nil { start = now }
  }

  /// Nothing was shown at `now`, so that it is not to be looked again at once.
  mutating func rest(at now: Int64) { nextTry = now + Self.interval }

  /// It is over, or there is another reason.
  mutating func end() { self = IneligiblePeriod() }

  /// Whether it is to be said: once, when it has lasted.
  mutating func isDue(at now: Int64) -> Bool {
    guard let start, !isSaid, now >= start + Self.patience else { return false }
    isSaid = true
    return true
  }
}
