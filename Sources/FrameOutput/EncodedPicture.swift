import CropEngine

/// What a picture's file is to be.
public struct PictureSettings: Sendable {
  public var format: PictureFormat
  public var pixelFormat: PixelFormat
  /// In px; nil for that of the picture.
  public var size: Size?
  /// What becomes of a picture of another size.
  public var policy: ResizePolicy

  public init(format: PictureFormat, pixelFormat: PixelFormat, size: Size?, policy: ResizePolicy) {
    self.format = format
    self.pixelFormat = pixelFormat
    self.size = size
    self.policy = policy
  }
}

/// A picture as the bytes of a file.
@safe public struct EncodedPicture: ~Copyable {
  /// What stands before the payload.
  let header: String
  /// Good as long as this, and as the pixels that were given.
  let payload: UnsafeRawBufferPointer
  // Hold the payload.
  private let converter: FrameConverter
  private let image: PNGImage?

  /// Encodes rows of BGRX from the top, `stride` bytes apart, `size` in px; of BGRA, multiplied by
  /// it, where the picture has alpha.
  ///
  /// Throws `fault` where libpng fails.
  public init(
    _ pixels: UnsafeRawBufferPointer, stride: Int, size: Size, hasAlpha: Bool = false,
    _ settings: PictureSettings
  ) throws(CaptureError) {
    let (format, pixelFormat) = (settings.format, settings.pixelFormat)
    let canvas = Canvas(size: settings.size, firstPicture: size, policy: settings.policy)
    var converter = FrameConverter(format: pixelFormat, range: .full, canvas: canvas.size)
    guard let placement = canvas.place(size) else {
      preconditionFailure("the policy has no place for a picture of \(size)")
    }
    let frame = unsafe converter.convert(
      pixels, stride: stride, hasAlpha: hasAlpha, placement: placement)
    header = format.header(canvas.size, pixelFormat)
    if format == .png {
      let image = try unsafe PNGImage(frame, size: canvas.size, pixelFormat: pixelFormat)
      unsafe payload = image.bytes
      self.image = consume image
    } else {
      unsafe payload = frame
      image = nil
    }
    self.converter = converter
  }
}
