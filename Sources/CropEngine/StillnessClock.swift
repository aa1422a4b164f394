/// Says when what is seen has not changed for so long. Times are in ns of one clock.
///
/// Only time counts in which something is seen: it begins anew with the first picture, and with the
/// first one after an interruption.
public struct StillnessClock: Sendable {
  private let span: Int64
  /// When it changed last, in ns; nil while nothing is seen.
  private var since: Int64?

  /// For as long as `span`, in ns.
  public init(span: Int64) { self.span = span }

  /// Takes in that something was seen at `now`, in ns, and whether it differs from what was before.
  public mutating func see(changed: Bool, at now: Int64) {
    if changed || since == nil { since = now }
  }

  /// Nothing is seen until the next picture.
  public mutating func interrupt() { since = nil }

  /// When it will have been still for so long, in ns, unless something changes; never, while nothing
  /// is seen.
  public var end: Int64 { since.map { $0 + span } ?? .max }
}
