import CropEngine

/// What a picture is converted to.
public struct PictureSettings: Sendable {
  public var pixelFormat: PixelFormat
  /// In px; nil for that of the picture.
  public var size: Size?
  /// What becomes of a picture of another size.
  public var policy: ResizePolicy

  /// By default of the picture's size.
  public init(pixelFormat: PixelFormat, size: Size? = nil, policy: ResizePolicy = .fit) {
    self.pixelFormat = pixelFormat
    self.size = size
    self.policy = policy
  }
}

/// A picture on its canvas, in a pixel format.
@safe public struct ConvertedPicture: ~Copyable {
  /// In px.
  let size: Size
  public let pixelFormat: PixelFormat
  /// Rows from the top, without gaps. Good as long as this.
  let bytes: UnsafeRawBufferPointer
  // Holds the bytes.
  private let converter: FrameConverter

  /// Converts rows of BGRX, or of BGRA, multiplied by it, where the picture has alpha.
  public init(_ picture: PictureView, _ settings: PictureSettings) {
    let canvas = Canvas(size: settings.size, firstPicture: picture.size, policy: settings.policy)
    var converter = FrameConverter(
      format: settings.pixelFormat, range: .full, canvas: canvas.size)
    guard let placement = canvas.place(picture.size) else {
      preconditionFailure("the policy has no place for a picture of \(picture.size)")
    }
    unsafe bytes = converter.convert(
      picture.pixels, stride: picture.stride, hasAlpha: picture.hasAlpha, placement: placement)
    size = canvas.size
    pixelFormat = settings.pixelFormat
    self.converter = converter
  }

  /// Bytes of a pixel, one for each channel.
  var channels: Int { pixelFormat.byteCount(of: Size(width: 1, height: 1)) }

  /// The bytes of a row.
  func row(_ y: Int) -> UnsafePointer<UInt8> {
    unsafe bytes.bytes(at: y * size.width * channels)
  }
}
