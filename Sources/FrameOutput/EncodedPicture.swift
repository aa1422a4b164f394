import CropEngine

/// A picture as the bytes of a file.
@safe public struct EncodedPicture: ~Copyable {
  /// What stands before the payload.
  let header: String
  /// Good as long as this.
  let payload: UnsafeRawBufferPointer
  /// What was encoded.
  public let picture: ConvertedPicture
  // Holds the payload, where the picture does not.
  private let image: PNGImage?

  /// Encodes a picture.
  ///
  /// Throws `fault` where libpng fails.
  public init(
    _ picture: consuming ConvertedPicture, as format: PictureFormat
  ) throws(CaptureError) {
    header = format.header(picture.size, picture.pixelFormat)
    if format == .png {
      let image = try unsafe PNGImage(
        picture.bytes, size: picture.size, pixelFormat: picture.pixelFormat)
      unsafe payload = image.bytes
      self.image = consume image
    } else {
      unsafe payload = picture.bytes
      image = nil
    }
    self.picture = picture
  }
}
