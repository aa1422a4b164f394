import CropEngine
import Glibc

/// A copy of a picture, to tell whether another one is the same.
///
/// Memory is kept: a picture no larger than one that came before takes none.
@safe struct PictureMemory: ~Copyable {
  private var pixels = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var size = Size(width: 0, height: 0)
  private var hasAlpha = false

  deinit { unsafe pixels.deallocate() }

  /// The picture that was kept; it has no pixel before the first.
  var view: PictureView {
    unsafe PictureView(
      UnsafeRawBufferPointer(pixels), stride: size.width * PictureView.bytesPerPixel, size: size,
      hasAlpha: hasAlpha)
  }

  /// Whether another picture differs from it in an area, in px; in all of it where nil. One of
  /// another size does.
  func differs(from picture: PictureView, in area: DamageArea?) -> Bool {
    guard picture.size == size else { return true }
    guard let area else { return differs(from: picture, within: size.bounds) }
    for index in 0..<area.count where differs(from: picture, within: area[index]) { return true }
    return false
  }

  private func differs(from picture: PictureView, within rect: Rect) -> Bool {
    let kept = view
    let part = rect.intersection(size.bounds)
    let bits = picture.hasAlpha || hasAlpha ? .max : PictureView.colourBits
    for y in part.y..<part.y + part.height {
      let (old, new) = unsafe (kept.row(x: part.x, y: y), picture.row(x: part.x, y: y))
      if unsafe memcmp(old, new, part.width * PictureView.bytesPerPixel) == 0 { continue }
      // Bytes that mean nothing may differ, too.
      var differences: UInt32 = 0
      for x in 0..<part.width { unsafe differences |= old[x] ^ new[x] }
      if differences & bits != 0 { return true }
    }
    return false
  }

  /// Keeps another picture, of which this one differs in an area, in px; in all of it where nil.
  mutating func keep(_ picture: PictureView, in area: DamageArea? = nil) {
    hasAlpha = picture.hasAlpha
    guard let area, picture.size == size else {
      size = picture.size
      unsafe pixels.reserve(size.width * size.height * PictureView.bytesPerPixel)
      return copy(picture, size.bounds)
    }
    for index in 0..<area.count { copy(picture, area[index]) }
  }

  private func copy(_ picture: PictureView, _ rect: Rect) {
    let part = rect.intersection(size.bounds)
    for y in part.y..<part.y + part.height {
      unsafe memcpy(
        pixels.baseAddress! + (y * size.width + part.x) * PictureView.bytesPerPixel,
        picture.row(x: part.x, y: y), part.width * PictureView.bytesPerPixel)
    }
  }
}
