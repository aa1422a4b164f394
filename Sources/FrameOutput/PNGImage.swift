import CPNG
import CropEngine

/// A picture as the bytes of a PNG file, by libpng.
@safe struct PNGImage: ~Copyable {
  private let memory: UnsafeMutableRawBufferPointer
  private let byteCount: Int

  /// The file. Good as long as this.
  var bytes: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: memory[..<byteCount])
  }

  /// Compresses pixels of rgb24, rgba with straight alpha, or gray, rows without gaps, `size` in
  /// px. They are in the file as they are.
  ///
  /// Throws `fault` where libpng fails.
  init(
    _ pixels: UnsafeRawBufferPointer, size: Size, pixelFormat: PixelFormat
  ) throws(CaptureError) {
    var image = unsafe png_image()
    unsafe image.version = png_uint_32(PNG_IMAGE_VERSION)
    unsafe image.width = png_uint_32(size.width)
    unsafe image.height = png_uint_32(size.height)
    unsafe image.format = Self.layout(pixelFormat)
    // A third of the time, for files of windows and text that are not much larger.
    unsafe image.flags = png_uint_32(PNG_IMAGE_FLAG_FAST)
    var count = unsafe cpng_size_max(&image)
    unsafe memory = .allocate(byteCount: count, alignment: 64)
    let isWritten = unsafe png_image_write_to_memory(
      &image, memory.baseAddress, &count, 0, pixels.baseAddress, 0, nil)
    byteCount = count
    guard isWritten != 0 else {
      throw unsafe CaptureError(.fault, "libpng", image.text)
    }
  }

  deinit { unsafe memory.deallocate() }

  private static func layout(_ pixelFormat: PixelFormat) -> png_uint_32 {
    switch pixelFormat {
    case .rgb24: png_uint_32(PNG_FORMAT_FLAG_COLOR)
    case .rgba: png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
    case .gray: png_uint_32(PNG_FORMAT_GRAY)
    default: preconditionFailure("a PNG file holds no \(pixelFormat)")
    }
  }
}
