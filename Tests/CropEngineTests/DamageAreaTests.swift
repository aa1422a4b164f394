import CropEngine
import TestSupport
import Testing

@Suite("Damaged areas")
struct DamageAreaTests {
  private typealias Regions = PixelRegionTests

  private static func pixels(_ area: DamageArea) -> Set<Pixel> {
    Pixels((0..<area.count).map { area[$0] }).all
  }

  /// The rectangle about all of some.
  private static func bounds(_ rects: [Rect]) -> Rect {
    rects.filter { !$0.isEmpty }.reduce(.empty) { $0.isEmpty ? $1 : $0.boundingBox(with: $1) }
  }

  private func dot(_ x: Int) -> Rect { Rect(x: x, y: 0, width: 1, height: 1) }

  @Test("All that was put in is covered, by six rectangles at most", arguments: 0..<20)
  func covers(_ seed: UInt64) {
    var random = SeededRandom(seed)
    for _ in 0..<15 {
      var area = DamageArea()
      var rects: [Rect] = []
      for _ in 0..<Int.random(in: 1..<20, using: &random) {
        rects.append(Regions.randomRect(&random))
        area.insert(rects.last!)
        let covered = Self.pixels(area)
        #expect(area.count <= 6)
        #expect(Pixels(rects).all.isSubset(of: covered))
        #expect(covered.isSubset(of: Pixels([Self.bounds(rects)]).all))
        #expect(area.isEmpty == covered.isEmpty)
        #expect(area.area >= covered.count)
        #expect((0..<area.count).allSatisfy { !area[$0].isEmpty })
      }
      #expect(Self.pixels(DamageArea(rects)) == Self.pixels(area))
    }
  }

  @Test("What is done with pixels leaves none out", arguments: 20..<40)
  func pixels(_ seed: UInt64) {
    var random = SeededRandom(seed)
    for _ in 0..<25 {
      let (one, other) = (
        DamageArea(Regions.randomRects(&random)), DamageArea(Regions.randomRects(&random))
      )
      let (pixels, otherPixels) = (Self.pixels(one), Self.pixels(other))
      let rect = Regions.randomRect(&random)
      let part = Pixels([rect]).all
      let both = one.intersection(rect)
      #expect(pixels.intersection(part).isSubset(of: Self.pixels(both)))
      #expect(Self.pixels(both).isSubset(of: part))
      #expect(one.intersects(rect) == !pixels.isDisjoint(with: part))
      #expect(one.intersects(rect) == !both.isEmpty)
      if one.contains(rect) { #expect(part.isSubset(of: pixels)) }
      for index in 0..<one.count { #expect(one.contains(one[index])) }
      var union = one
      union.formUnion(other)
      #expect(union.count <= 6)
      #expect(pixels.union(otherPixels).isSubset(of: Self.pixels(union)))
      let moved = one.offsetBy(dx: 3, dy: -2)
      #expect(Self.pixels(moved) == Set(pixels.map { Pixel(x: $0.x + 3, y: $0.y - 2) }))
      #expect(moved.offsetBy(dx: -3, dy: 2) == one)
      #expect((moved == one) == one.isEmpty)
    }
  }

  @Test("Six rectangles that lie apart are kept as they are; a seventh goes to the nearest")
  func seventh() {
    let dots = (0..<6).map { dot(10 * $0) }
    var area = DamageArea(dots)
    #expect(area.count == 6)
    #expect((0..<6).map { area[$0] } == dots)
    #expect(area.area == 6)
    area.insert(dot(52))
    #expect(area.count == 6)
    #expect(area.area == 5 + 3)
    #expect(area.contains(Rect(x: 50, y: 0, width: 3, height: 1)))
    #expect((0..<5).allSatisfy { area.contains(dot(10 * $0)) })
    #expect(!area.intersects(Rect(x: 53, y: 0, width: 100, height: 1)))
  }

  @Test("Rectangles are one where that holds no pixel more, and nothing is kept twice")
  func merging() {
    #expect(DamageArea([dot(1), dot(2)]) == DamageArea(Rect(x: 1, y: 0, width: 2, height: 1)))
    #expect(DamageArea([dot(1), dot(3)]).count == 2)
    #expect(
      DamageArea([dot(1), dot(3), dot(2)]) == DamageArea(Rect(x: 1, y: 0, width: 3, height: 1)))
    let large = Rect(x: 0, y: -5, width: 10, height: 10)
    #expect(DamageArea([dot(1), dot(4), dot(8), large]) == DamageArea(large))
    #expect(DamageArea([large, dot(1), dot(4)]) == DamageArea(large))
    // What is left over of rectangles that were merged does not count.
    #expect(DamageArea([dot(20), dot(1), large]) == DamageArea([dot(20), large]))
    #expect(DamageArea([dot(1), dot(3)]) != DamageArea(dot(1)))
    #expect(DamageArea([dot(1), dot(3)]) != DamageArea([dot(1), dot(5)]))
  }

  @Test("Nothing, and everything")
  func extremes() {
    var area = DamageArea([.empty, Rect(x: 4, y: 4, width: 0, height: 3)])
    #expect(area == DamageArea() && area.isEmpty && area.area == 0)
    #expect(!area.intersects(.everywhere) && area.intersection(.everywhere).isEmpty)
    let rect = Rect(x: -3, y: 7, width: 20, height: 9)
    #expect(DamageArea.everywhere.intersection(rect) == DamageArea(rect))
    #expect(DamageArea.everywhere.contains(rect))
    area = .everywhere
    area.insert(rect)
    #expect(area == .everywhere)
    area = DamageArea([dot(1), dot(5)])
    area.formUnion(.everywhere)
    #expect(area == .everywhere)
  }
}
