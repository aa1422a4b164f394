import CropEngine

/// What an operation came to, where it came to something.
enum ControlAnswer: Equatable {
  /// Frames from `firstSeq` on are of this version or a later one.
  case change(version: Int, firstSeq: Int)
  case token(Token)
  case state(StreamReport)
  case capabilities(Capabilities)
  /// The number that the next frame has.
  case seq(Int)
  /// The number of the new stream.
  case clone(Int)
  case done
}

/// What there is to be said of a stream, but for what its target is.
struct StreamReport: Equatable {
  enum Status: String {
    case live, muted, paused, ended
  }

  var status: Status
  var kind: CropState.Kind
  var version: Int
  /// The number that the next frame has.
  var seq: Int
  /// In px of the surface's viewport; nil while there is nothing to see.
  var rect: Rect?
  /// nil before the first frame.
  var canvas: Size?
  /// nil while the surface cannot be seen.
  var surface: Size?
  /// Why there is nothing to see; nil where there is something.
  var reason: MuteReason?
  /// Whether the target's own pixels can be told from others; true where no one asked for that.
  var isEligible: Bool
  var isLocked: Bool
  /// The streams beside this one.
  var clones: [Int]
}

/// What the session can do on this server.
struct Capabilities: Equatable {
  var cropTo: Bool
  var restrictTo: Bool
  var cursor: Bool
  var shm: Bool
  var damage: Bool
  var composite: Bool
  var shape: Bool
  var randr: Bool
  var splice: Bool
}
