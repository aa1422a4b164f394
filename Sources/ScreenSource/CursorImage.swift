import CropEngine

/// A mouse cursor's picture.
struct CursorImage {
  /// In px.
  let size: Size
  /// The pixel that points, from the left top.
  let hotX: Int
  let hotY: Int
  /// Rows from the top, each pixel alpha, red, green, blue from the highest byte, premultiplied.
  let pixels: [UInt32]

  /// Where it is when it points at a place, in px of the same screen.
  func rect(pointingAtX x: Int, y: Int) -> Rect {
    Rect(x: x - hotX, y: y - hotY, width: size.width, height: size.height)
  }

  /// Draws the cursor, pointing at a place, over a picture of BGRX, or of BGRA where that
  /// `hasAlpha`. What falls beside it is cut.
  ///
  /// Place and picture are in px of the same screen; the picture's rows are `stride` bytes apart.
  func draw(
    pointingAtX x: Int, y: Int, on picture: UnsafeMutableRawBufferPointer, of rect: Rect,
    stride: Int, hasAlpha: Bool = false
  ) {
    let mask: UInt32 = hasAlpha ? .max : 0xff_ffff
    let place = self.rect(pointingAtX: x, y: y)
    let part = place.intersection(rect)
    for row in part.y..<part.y + part.height {
      let from = (row - place.y) * size.width - place.x
      let to = (row - rect.y) * stride - rect.x * 4
      for column in part.x..<part.x + part.width {
        let source = pixels[from + column]
        guard source != 0 else { continue }
        let offset = to + column * 4
        let below = unsafe picture.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        unsafe picture.storeBytes(
          of: (Self.blend(source, over: UInt32(littleEndian: below)) & mask).littleEndian,
          toByteOffset: offset, as: UInt32.self)
      }
    }
  }

  /// Porter and Duff's "over" of a premultiplied pixel, each channel rounded to the nearest.
  static func blend(_ source: UInt32, over below: UInt32) -> UInt32 {
    let rest = 255 - source >> 24
    var result: UInt32 = 0
    for shift in [UInt32(0), 8, 16, 24] {
      let product = (below >> shift & 0xff) * rest + 0x80
      let dimmed = (product + product >> 8) >> 8
      result |= min(255, source >> shift & 0xff + dimmed) << shift
    }
    return result
  }
}
