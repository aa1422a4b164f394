import CropEngine
import Glibc
import ScreenSource
import TestSupport

/// What a frame was like when it came.
struct FrameCopy {
  let region: FrameRegion
  let damage: DamageArea?
  /// Row by row from the top; the fourth byte is 0 where it means nothing.
  private let words: [UInt32]

  init(_ frame: Frame) {
    region = frame.region
    damage = frame.damage
    words = pixels(
      frame.pixels, size: frame.region.rect.size, stride: frame.stride,
      bits: frame.hasAlpha ? .max : 0xff_ffff)
  }

  var size: Size { region.rect.size }

  /// Whether both show the same.
  func isSame(as other: FrameCopy) -> Bool {
    size == other.size && Self.areSame(words, other.words)
  }

  /// Whether its damage holds every pixel that differs from the frame before.
  func tellsDamage(since old: FrameCopy) -> Bool {
    guard let damage else { return true }
    guard size == old.size else { return false }
    var patched = old.words
    for index in 0..<damage.count {
      let rect = damage[index]
      guard size.bounds.contains(rect) else { return false }
      for y in rect.y..<rect.y + rect.height {
        let row = y * size.width + rect.x..<y * size.width + rect.x + rect.width
        patched.replaceSubrange(row, with: words[row])
      }
    }
    return Self.areSame(patched, words)
  }

  private static func areSame(_ one: [UInt32], _ other: [UInt32]) -> Bool {
    one.count == other.count && memcmp(one, other, one.count * 4) == 0
  }
}
