import CropEngine

/// A picture as it is grabbed: rows of BGRX from the top, or of BGRA, multiplied by its alpha. The
/// pixels are somebody else's.
@safe public struct PictureView {
  static let bytesPerPixel = 4
  /// What of a pixel is its colour.
  static let colourBits: UInt32 = 0xff_ffff

  let pixels: UnsafeRawBufferPointer
  /// Bytes from one row to the next.
  let stride: Int
  /// In px.
  let size: Size
  /// Whether the fourth byte of a pixel means something.
  let hasAlpha: Bool

  /// Rows that are `stride` bytes apart, `size` in px.
  public init(
    _ pixels: UnsafeRawBufferPointer, stride: Int, size: Size, hasAlpha: Bool = false
  ) {
    unsafe self.pixels = pixels
    self.stride = stride
    self.size = size
    self.hasAlpha = hasAlpha
  }

  /// The pixels from one on to the end of its row, and more.
  func row(x: Int, y: Int) -> UnsafePointer<UInt32> {
    unsafe (pixels.baseAddress! + y * stride + x * Self.bytesPerPixel)
      .assumingMemoryBound(to: UInt32.self)
  }

  /// The colour that all pixels have, 0xRRGGBB, as over black; nil where there are several.
  var colour: UInt32? {
    let first = unsafe row(x: 0, y: 0)[0] & Self.colourBits
    return isAll(first, in: size.bounds) ? first : nil
  }

  /// The same, where it is known of the picture before, and `damage` is what differs from that: nil
  /// for all of it.
  func colour(before: UInt32?, damage: DamageArea?) -> UInt32? {
    guard let damage else { return colour }
    if damage.isEmpty { return before }
    if let before {
      var isSame = true
      for index in 0..<damage.count where isSame { isSame = isAll(before, in: damage[index]) }
      if isSame { return before }
    }
    // All of it may be of another colour now.
    return colour
  }

  private func isAll(_ colour: UInt32, in rect: Rect) -> Bool {
    let part = rect.intersection(size.bounds)
    for y in part.y..<part.y + part.height {
      let row = unsafe row(x: part.x, y: y)
      var others: UInt32 = 0
      for x in 0..<part.width { unsafe others |= row[x] ^ colour }
      if others & Self.colourBits != 0 { return false }
    }
    return true
  }
}
