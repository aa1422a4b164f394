/// Colours that do not hold their alpha, as they are in files.
enum StraightAlpha {
  /// Divides the colours of pixels by their alphas, the fourth bytes, rounded to the nearest, in
  /// place.
  ///
  /// libyuv's ARGBUnattenuate is up to one value off: by this, pixels multiplied with their alphas
  /// again are what they were.
  static func make(_ pixels: UnsafeMutableRawBufferPointer) {
    var at = 0
    while at < pixels.count {
      let alpha = unsafe Int(pixels[at + 3])
      if alpha != 255 {
        for channel in at..<at + 3 {
          let colour = unsafe Int(pixels[channel])
          // Without alpha there is no colour.
          let straight = alpha == 0 ? 0 : (colour * 255 + alpha / 2) / alpha
          unsafe pixels[channel] = UInt8(min(255, straight))
        }
      }
      at += 4
    }
  }

  /// Multiplies the colours of pixels by their alphas, the fourth bytes, rounded to the nearest, in
  /// place: what ``make(_:)`` has divided is what it was.
  static func multiply(_ pixels: UnsafeMutableRawBufferPointer) {
    for at in stride(from: 0, to: pixels.count, by: 4) {
      let alpha = unsafe Int(pixels[at + 3])
      guard alpha != 255 else { continue }
      for channel in at..<at + 3 {
        unsafe pixels[channel] = UInt8((Int(pixels[channel]) * alpha + 127) / 255)
      }
    }
  }
}
