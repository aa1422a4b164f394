/// What a stream is limited to, and the number of that state: each accepted change adds one, and a
/// frame bears the number it was grabbed under.
public struct CropState: Sendable {
  /// Crop and restriction share one slot: setting one ends the other.
  public enum Kind: String, Sendable {
    /// The whole surface.
    case none
    /// The surface's pixels inside the target.
    case crop
    /// The target's own pixels.
    case restrict
  }

  /// What it is limited to.
  public private(set) var kind = Kind.none
  /// 0 for the state that a stream starts with.
  public private(set) var version = 0
  /// Whether no change is accepted any more.
  public private(set) var isLocked = false

  /// A stream that starts uncropped, or cropped by what it was started with.
  public init(kind: Kind = .none) {
    self.kind = kind
  }

  /// Accepts a change. Asking for it where it is locked is the caller's mistake.
  public mutating func change(to kind: Kind) {
    precondition(!isLocked, "a locked state is not changed")
    self.kind = kind
    version += 1
  }

  /// Throws `invalidState` where no change is accepted any more.
  public func checkUnlocked() throws(CaptureError) {
    guard !isLocked else {
      throw CaptureError(.invalidState, "the session", "its target is locked")
    }
  }

  /// Accepts no change any more.
  public mutating func lock() { isLocked = true }
}
