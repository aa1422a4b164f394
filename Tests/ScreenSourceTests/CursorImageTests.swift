import CropEngine
import TestSupport
import Testing

@testable import ScreenSource

@Suite("A cursor drawn over a picture")
struct CursorImageTests {
  @Test("A14: each channel is what is left of it, rounded, and the cursor's, for all alphas")
  func blend() {
    for alpha in UInt32(0)...255 {
      for source in Set([0, 1, alpha / 2, alpha]) where source <= alpha {
        for below in stride(from: UInt32(0), through: 255, by: 1) {
          // 255 is odd: no quotient lies just between two numbers.
          let left = (below * (255 - alpha) * 2 + 255) / 510
          let expected = source + left
          let pixel = alpha << 24 | source << 16 | source << 8 | source
          let result = CursorImage.blend(pixel, over: below << 16 | below << 8 | below)
          #expect(result & 0xff_ffff == expected << 16 | expected << 8 | expected)
        }
      }
    }
  }

  @Test("A14: the channels are told apart, and one that is not premultiplied does not run over")
  func channels() {
    #expect(CursorImage.blend(0x80_40_20_10, over: 0xff_8040) & 0xff_ffff == 0xbf_6030)
    #expect(CursorImage.blend(0xff_12_34_56, over: 0xab_cdef) & 0xff_ffff == 0x12_3456)
    #expect(CursorImage.blend(0x00_00_00_00, over: 0xab_cdef) & 0xff_ffff == 0xab_cdef)
    #expect(CursorImage.blend(0x01_ff_ff_ff, over: 0xff_ff80) & 0xff_ffff == 0xff_ffff)
  }

  /// Draws over a picture of a plain colour, whose rows are padded, and compares with the same
  /// done by hand.
  private func check(
    _ cursor: CursorPicture, atX x: Int, y: Int, of rect: Rect,
    at location: SourceLocation = #_sourceLocation
  ) {
    let below = Picture(size: rect.size) { x, y in UInt32(x * 0x03_0100 + y * 0x01_0005) }
    let stride = rect.width * 4 + 12
    var bytes = [UInt8](repeating: 0xee, count: stride * rect.height)
    for row in 0..<rect.height {
      for column in 0..<rect.width {
        for byte in 0..<3 {
          bytes[row * stride + column * 4 + byte] =
            UInt8(truncatingIfNeeded: below[column, row] >> UInt32(byte * 8))
        }
      }
    }
    let image = CursorImage(
      size: cursor.size, hotX: cursor.hotX, hotY: cursor.hotY, pixels: cursor.pixels)
    bytes.withUnsafeMutableBytes {
      image.draw(pointingAtX: x, y: y, on: $0, of: rect, stride: stride)
    }
    #expect(
      Picture(bytes, size: rect.size, stride: stride)
        == below.under(cursor, x: x - rect.x, y: y - rect.y),
      "at \(x),\(y)", sourceLocation: location)
    for row in 0..<rect.height {
      let rest = bytes[row * stride + rect.width * 4..<(row + 1) * stride]
      #expect(rest.allSatisfy { $0 == 0xee }, "drawn beyond the row", sourceLocation: location)
    }
  }

  /// Of the screen.
  private let rect = Rect(x: 100, y: 200, width: 20, height: 15)
  private let cursor = CursorPicture.motley(Size(width: 6, height: 5), hotX: 2, hotY: 1)

  @Test("A14: the hot spot is where the pointer is")
  func hotSpot() {
    for (hotX, hotY) in [(0, 0), (2, 1), (5, 4), (0, 4)] {
      check(.motley(Size(width: 6, height: 5), hotX: hotX, hotY: hotY), atX: 110, y: 207, of: rect)
    }
  }

  @Test("A14: clipped at every edge and corner, and wholly outside")
  func everyPlace() {
    for y in stride(from: 190, through: 225, by: 1) {
      for x in stride(from: 90, through: 130, by: 1) { check(cursor, atX: x, y: y, of: rect) }
    }
    for (x, y) in [(0, 0), (5000, 207), (110, 5000), (-1, -1), (110, 0), (0, 207)] {
      check(cursor, atX: x, y: y, of: rect)
    }
  }

  @Test("A14: larger than the picture, in one direction or both")
  func larger() {
    for size in [
      Size(width: 64, height: 5), Size(width: 6, height: 64), Size(width: 64, height: 64),
    ] {
      for (x, y) in [(100, 200), (110, 207), (119, 214), (90, 190)] {
        check(.motley(size, hotX: 3, hotY: 3), atX: x, y: y, of: rect)
      }
    }
    check(
      .motley(Size(width: 64, height: 64), hotX: 30, hotY: 30), atX: 5, y: 5,
      of: Rect(x: 4, y: 6, width: 1, height: 1))
  }
}
