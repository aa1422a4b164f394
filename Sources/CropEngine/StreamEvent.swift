/// What a stream tells of itself: a line of the frame log, or an event on a control socket.
public enum StreamEvent: Equatable, Sendable {
  /// Frames of this size begin: before the first of them. The surface is not known where they are
  /// black.
  case stream(canvas: Size, pixelFormat: String, rate: FrameRate, surface: Size?)
  /// A frame is about to be written.
  case frame(FrameNote)
  /// A change was accepted: frames from `firstSeq` on are of this version or a later one.
  case version(Int, firstSeq: Int, kind: CropState.Kind)
  /// No frame comes from now on.
  case mute(MuteReason)
  /// Frames come again, beginning with the next; what it was that kept them away.
  case unmute(MuteReason)
  /// The next frame, or the surface, has another size.
  case configurationChange(FrameRegion)
  /// No frame comes any more; why, in words.
  case ended(String)
}

/// What is said of one frame.
public struct FrameNote: Equatable, Sendable {
  /// Its number in the stream, from 0.
  public var seq: Int
  /// The version that it was grabbed under.
  public var version: Int
  /// When it was grabbed, in ns of CLOCK_MONOTONIC.
  public var time: Int64
  /// In px of the surface's viewport; nil for a black frame.
  public var rect: Rect?
  /// Whether it is the frame before once more.
  public var isRepeat: Bool
  /// What differs from the frame before, in px of the picture; nil where all of it may.
  public var damage: DamageArea?

  /// A note of one frame; `time` is in ns.
  public init(
    seq: Int, version: Int, time: Int64, rect: Rect?, isRepeat: Bool, damage: DamageArea? = nil
  ) {
    self.seq = seq
    self.version = version
    self.time = time
    self.rect = rect
    self.isRepeat = isRepeat
    self.damage = damage
  }

  /// What differs from the frame before, in px of the surface's viewport.
  public var damagedRects: [Rect] {
    guard let rect, !isRepeat else { return [] }
    guard let damage else { return [rect] }
    return (0..<damage.count).map { damage[$0].offsetBy(dx: rect.x, dy: rect.y) }
  }
}
