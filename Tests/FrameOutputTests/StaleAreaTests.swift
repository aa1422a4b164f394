import CropEngine
import TestSupport
import Testing

@testable import FrameOutput

@Suite("What of a frame is not known")
struct StaleAreaTests {
  private func rects(_ area: StaleArea) -> [Rect] { (0..<area.count).map { area[$0] } }

  @Test("Up to four rectangles are kept as they are, none that another one holds")
  func few() {
    var area = StaleArea.nothing
    #expect(area.isEmpty && !area.isWhole)
    area.add(Rect.empty)
    #expect(area.isEmpty)
    let rects = (0..<4).map { Rect(x: 10 * $0, y: 5, width: 6, height: 6) }
    for rect in rects { area.add(rect) }
    area.add(Rect(x: 11, y: 6, width: 2, height: 5))
    #expect(self.rects(area) == rects)
  }

  @Test("A fifth is joined with the one that grows least")
  func many() {
    var area = StaleArea.nothing
    for index in 0..<4 { area.add(Rect(x: 100 * index, y: 0, width: 10, height: 10)) }
    area.add(Rect(x: 210, y: 0, width: 5, height: 10))
    #expect(area.count == 4)
    #expect(area[2] == Rect(x: 200, y: 0, width: 15, height: 10))
  }

  @Test("All of it stays all of it, and takes in what is added")
  func whole() {
    let size = Size(width: 30, height: 20)
    var area = StaleArea.whole(size)
    area.add(Rect(x: 1, y: 1, width: 2, height: 2))
    #expect(area.isWhole && rects(area) == [size.bounds])
    var other = StaleArea.nothing
    other.add(Rect(x: 3, y: 3, width: 4, height: 4))
    other.add(area)
    #expect(other == area)
    var one = StaleArea.nothing
    one.add(size.bounds)
    #expect(one != area, "it is known what of it is not")
  }

  @Test("Every rectangle that was added lies in it")
  func covers() {
    var random = SeededRandom(1)
    for _ in 0..<500 {
      var (area, all) = (StaleArea.nothing, [Rect]())
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let rect = Rect(
          x: .random(in: 0..<90, using: &random), y: .random(in: 0..<90, using: &random),
          width: .random(in: 0..<20, using: &random), height: .random(in: 0..<20, using: &random))
        area.add(rect)
        all.append(rect)
      }
      let pixels = PixelRegion(rects(area))
      let isCovered = all.allSatisfy { pixels.contains($0) }
      #expect(isCovered)
    }
  }
}
