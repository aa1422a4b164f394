import CropEngine

/// One crop of a surface: what its frames are limited to, and what the last grab brought of it.
///
/// A ``SurfaceCapture`` can have several; one grab serves all of them.
public final class Crop {
  /// What the frames are limited to; set by ``SurfaceCapture/setTarget(_:of:subject:)``.
  public internal(set) var target = Target.surface
  /// Whether its frames have only the target's own pixels.
  public internal(set) var isRestricted = false
  /// Whether pixels that are not known to be its own are black, where that lasts; else there is no
  /// frame.
  public var showsPartial = false
  /// Why there is no frame of pixels that are all its own, in words; nil while there is.
  public internal(set) var ineligibility: String?
  /// Whether the target was a window and is destroyed. It stays so until another target is set.
  public internal(set) var isTargetDestroyed = false
  /// Whether pixels that are those of the crop's frame before are no frame.
  public var skipsUnchanged = false
  /// What came of the last grab that it was part of.
  public internal(set) var result = Grab.nothing(.empty)

  /// Whether there was something new to read at the last grab, as far as was known.
  public internal(set) var hadNews = false

  /// Where its pixels are read; or why it can have none.
  var origin = Result<PixelSource, CaptureError>.failure(.init(.fault, "crop", "not set up"))
  /// What is read of it.
  let picture: SourcePicture
  /// What could be seen of the target before the grab in hand.
  var before = Visibility.ended
  /// Whether the grab in hand reads something of it.
  var isRead = false
  /// Whether there is memory for that.
  var hasRoom = true
  /// Whether the grab in hand reads all of it, to see whether everything was told.
  var isChecked = false
  /// When that was done last, in ns.
  var checked: Int64 = 0
  /// Where its frame shown last was; nil where the next one is the first.
  var shownRegion: FrameRegion?
  /// The cursor in that; nil where it was not in it.
  var shownCursor: CursorSource.Drawn?

  init(_ path: GrabPath) { picture = SourcePicture(path) }

  /// Slots of its pictures that are to stay as they are, a bit for each ``Frame/slot``: those that
  /// somebody may still read.
  public var heldSlots: UInt64 {
    get { picture.ring.held }
    set { picture.ring.held = newValue }
  }

  /// The frame shown last was seen by nobody: the next one is new in all.
  public func forgetShown() {
    picture.ring.forgetShown()
    shownRegion = nil
  }

  /// Where its pixels are read; nil where it can have none.
  var source: PixelSource? { if case .success(let source) = origin { source } else { nil } }
}

/// One frame: which part of the surface it is, and its pixels.
@safe public struct Frame {
  /// Where it was grabbed.
  public let region: FrameRegion
  /// Rows from the top, each pixel blue, green, red and a byte that means nothing unless it
  /// ``hasAlpha``. Good until the second next grab of the crop, and while its slot is held.
  public let pixels: UnsafeRawBufferPointer
  /// Bytes from one row to the next.
  public let stride: Int
  /// Whether the fourth byte of a pixel is its alpha, by which its colours are multiplied already;
  /// else all pixels are opaque.
  public let hasAlpha: Bool
  /// What differs from the crop's frame before, in px of the picture; all of it may where nil. Where
  /// it is empty it is that frame once more.
  public let damage: DamageArea?
  /// Which of the crop's memories the pixels are in; nil where they may change at any time.
  public let slot: Int?
}

/// What came of a grab.
public enum Grab {
  /// A new frame.
  case frame(Frame)
  /// The pixels are those of the frame before.
  case unchanged
  /// There is nothing to see.
  case nothing(MuteReason)
  /// The surface is destroyed.
  case ended

  /// nil where there are pixels to be read.
  init?(withoutPixels visibility: Visibility) {
    switch visibility {
    case .visible: return nil
    case .nothing(let reason): self = .nothing(reason)
    case .ended: self = .ended
    }
  }
}
