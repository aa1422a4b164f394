import CropEngine

/// What stands before the pixels of a picture in netpbm's formats.
enum NetpbmHeader {
  /// PPM's, and of gray pixels PGM's.
  static func pnm(_ size: Size, _ pixelFormat: PixelFormat) -> String {
    "\(pixelFormat == .gray ? "P5" : "P6")\n\(size.width) \(size.height)\n255\n"
  }

  /// PAM's.
  static func pam(_ size: Size, _ pixelFormat: PixelFormat) -> String {
    let (depth, tuple) =
      switch pixelFormat {
      case .gray: (1, "GRAYSCALE")
      case .rgba: (4, "RGB_ALPHA")
      default: (3, "RGB")
      }
    return """
      P7
      WIDTH \(size.width)
      HEIGHT \(size.height)
      DEPTH \(depth)
      MAXVAL 255
      TUPLTYPE \(tuple)
      ENDHDR

      """
  }
}
