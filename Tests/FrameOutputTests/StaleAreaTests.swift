import CropEngine
import TestSupport
import Testing

@testable import FrameOutput

@Suite("What of a frame is not known")
struct StaleAreaTests {
  private func rects(_ area: StaleArea) -> [Rect] { (0..<area.count).map { area[$0] } }

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
}
