import CropEngine
import TestSupport
import Testing

@Suite("Regions")
struct PixelRegionTests {
  /// The pixels of a field that holds all of what is drawn at random, and more.
  static let field = Rect(x: -8, y: -8, width: 32, height: 32)

  static func randomRect(_ random: inout some RandomNumberGenerator) -> Rect {
    Rect(
      x: .random(in: -6..<16, using: &random), y: .random(in: -6..<16, using: &random),
      width: .random(in: -1..<9, using: &random), height: .random(in: -1..<9, using: &random))
  }

  static func randomRects(_ random: inout some RandomNumberGenerator) -> [Rect] {
    (0..<Int.random(in: 0..<7, using: &random)).map { _ in randomRect(&random) }
  }

  @Test("All that is done with pixels gives what it gives pixel by pixel", arguments: 0..<40)
  func pixels(_ seed: UInt64) {
    var random = SeededRandom(seed)
    for _ in 0..<25 {
      let (rects, others) = (Self.randomRects(&random), Self.randomRects(&random))
      let rect = Self.randomRect(&random)
      let (one, other) = (PixelRegion(rects), PixelRegion(others))
      let (pixels, otherPixels) = (Pixels(rects), Pixels(others))
      #expect(one.isWellMade && Pixels(one) == pixels)
      #expect(one.isEmpty == pixels.all.isEmpty)
      #expect(one.contains(rect) == Pixels([rect]).all.isSubset(of: pixels.all))
      for (made, expected) in [
        (one.union(other), pixels.all.union(otherPixels.all)),
        (one.subtracting(other), pixels.all.subtracting(otherPixels.all)),
        (one.intersection(other), pixels.all.intersection(otherPixels.all)),
        (one.intersection(rect), pixels.all.intersection(Pixels([rect]).all)),
      ] {
        #expect(made.isWellMade && Pixels(made).all == expected)
      }
      let moved = one.offsetBy(dx: 3, dy: -2)
      #expect(Pixels(moved) == Pixels(rects.map { $0.offsetBy(dx: 3, dy: -2) }))
    }
  }

  @Test("The bounds are those of all rectangles; there are none of no pixels")
  func bounds() {
    let region = PixelRegion([
      Rect(x: -3, y: 4, width: 2, height: 2), Rect(x: 10, y: -20, width: 5, height: 5),
      Rect(x: 90, y: 90, width: 0, height: 9),
    ])
    #expect(region.bounds == Rect(x: -3, y: -20, width: 18, height: 26))
    #expect(PixelRegion().bounds == nil)
    #expect(PixelRegion(Rect(x: 5, y: 5, width: 0, height: 3)).bounds == nil)
  }

  @Test("A rectangle stays one where nothing is taken from it")
  func whole() {
    let rect = Rect(x: 1, y: 2, width: 30, height: 40)
    var region = PixelRegion(rect)
    region.subtract(PixelRegion(Rect(x: 31, y: 2, width: 5, height: 40)))
    region.formUnion(PixelRegion(Rect(x: 5, y: 5, width: 5, height: 5)))
    #expect(region.rects == [rect])
    #expect(region.contains(rect))
    #expect(!region.contains(Rect(x: 1, y: 2, width: 31, height: 1)))
  }

  @Test("A hole leaves what is around it")
  func hole() {
    var region = PixelRegion(Rect(x: 0, y: 0, width: 10, height: 10))
    region.subtract(PixelRegion(Rect(x: 4, y: 4, width: 2, height: 2)))
    #expect(Pixels(region).all.count == 96)
    #expect(region.bounds == Rect(x: 0, y: 0, width: 10, height: 10))
    #expect(region.intersection(Rect(x: 4, y: 4, width: 2, height: 2)).isEmpty)
  }
}
