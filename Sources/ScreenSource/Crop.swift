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

  /// Where its pixels are read; or why it can have none.
  var origin = Result<PixelSource, CaptureError>.failure(.init(.fault, "crop", "not set up"))
  /// What could be seen of the target before the grab in hand.
  var before = Visibility.ended
  /// Whether the image read last holds a frame of it that is to be shown.
  var isNew = false
  /// Whether its pixels are in the image read last, though it is not due.
  var isBeside = false
  /// Where its pixels lie in the image that is kept, in px of the source; nil where they do not.
  var kept: Rect?

  init() {}

  /// Where its pixels are read; nil where it can have none.
  var source: PixelSource? { if case .success(let source) = origin { source } else { nil } }
}

/// One frame: which part of the surface it is, and its pixels.
@safe public struct Frame {
  /// Where it was grabbed.
  public let region: FrameRegion
  /// Rows from the top, each pixel blue, green, red and a byte that means nothing unless it
  /// ``hasAlpha``. Good until the second next grab, of whichever crop.
  public let pixels: UnsafeRawBufferPointer
  /// Bytes from one row to the next.
  public let stride: Int
  /// Whether the fourth byte of a pixel is its alpha, by which its colours are multiplied already;
  /// else all pixels are opaque.
  public let hasAlpha: Bool
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
