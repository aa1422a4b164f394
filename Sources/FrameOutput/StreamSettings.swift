import CropEngine

/// What a stream of frames is to be.
public struct StreamSettings: Sendable {
  /// How frames follow one another.
  public var format: StreamFormat
  /// How the pixels of a frame lie.
  public var pixelFormat: PixelFormat
  /// Of Y, U and V.
  public var range: ColorRange
  /// What the header says of the rate.
  public var rate: FrameRate
  /// Size of the canvas, in px; nil for that of the first frame, or of each one.
  public var size: Size?
  /// What becomes of a picture of another size.
  public var policy: ResizePolicy
  /// Why frames are written though they could be spliced; nil where they are to be spliced.
  public var spliceRefusal: String?

  public init(
    format: StreamFormat, pixelFormat: PixelFormat, range: ColorRange, rate: FrameRate,
    size: Size?, policy: ResizePolicy, spliceRefusal: String? = nil
  ) {
    self.format = format
    self.pixelFormat = pixelFormat
    self.range = range
    self.rate = rate
    self.size = size
    self.policy = policy
    self.spliceRefusal = spliceRefusal
  }
}
