import CPNG
import CropEngine
import Glibc

/// The picture of a PNG file, by libpng, as if it had been grabbed: in BGRA, multiplied by its
/// alpha.
@safe public struct ReferencePicture: ~Copyable {
  private var pixels = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var size = Size(width: 0, height: 0)

  /// Good as long as this.
  public var view: PictureView {
    unsafe PictureView(
      UnsafeRawBufferPointer(pixels), stride: size.width * PictureView.bytesPerPixel, size: size,
      hasAlpha: true)
  }

  /// Reads a file of any depth and colour type; what it does not say of its colours is sRGB.
  ///
  /// `subject` is what errors call it. Throws `notFound` where there is no such file, `type` where
  /// it cannot be read, is no PNG file, or is larger than a canvas can be.
  public init(path: String, subject: String) throws(CaptureError) {
    guard unsafe access(path, R_OK) == 0 else {
      guard errno != ENOENT else {
        throw CaptureError(
          .notFound, subject, "there is no '\(path)': 'xregioncap shot -o \(path)' makes it")
      }
      throw CaptureError(
        .type, subject, "'\(path)' cannot be read: \(unsafe String(cString: strerror(errno)))")
    }
    var image = unsafe png_image()
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    guard unsafe png_image_begin_read_from_file(&image, path) != 0 else {
      throw unsafe CaptureError(.type, subject, "'\(path)' is no PNG file: \(image.text)")
    }
    defer { unsafe png_image_free(&image) }
    size = unsafe Size(width: Int(image.width), height: Int(image.height))
    guard Canvas.canHave(size) else {
      throw CaptureError(.type, subject, "'\(path)' is \(size), which is too large")
    }
    unsafe image.format = png_uint_32(
      PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA | PNG_FORMAT_FLAG_BGR)
    unsafe image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
    unsafe pixels.reserve(size.width * size.height * PictureView.bytesPerPixel)
    guard unsafe png_image_finish_read(&image, nil, pixels.baseAddress, 0, nil) != 0 else {
      throw unsafe CaptureError(.type, subject, "'\(path)' cannot be read: \(image.text)")
    }
    unsafe StraightAlpha.multiply(pixels)
  }

  deinit { unsafe pixels.deallocate() }
}

extension png_image {
  /// What libpng has to say.
  var text: String {
    unsafe withUnsafeBytes(of: message) { text in
      unsafe String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
