import CropEngine
import Testing

@Suite("Rectangles and sizes")
struct RectTests {
  struct Pair: Sendable {
    let first: Rect
    let second: Rect
    let both: Rect
  }

  @Test(
    "The intersection holds the pixels of both",
    arguments: [
      Pair(
        first: Rect(x: 0, y: 0, width: 10, height: 10),
        second: Rect(x: 4, y: 6, width: 10, height: 10),
        both: Rect(x: 4, y: 6, width: 6, height: 4)),
      Pair(
        first: Rect(x: -5, y: -7, width: 10, height: 10),
        second: Rect(x: 0, y: 0, width: 100, height: 100),
        both: Rect(x: 0, y: 0, width: 5, height: 3)),
      Pair(
        first: Rect(x: 0, y: 0, width: 100, height: 100),
        second: Rect(x: 20, y: 30, width: 1, height: 1),
        both: Rect(x: 20, y: 30, width: 1, height: 1)),
      Pair(
        first: Rect(x: -10, y: -10, width: 5, height: 20),
        second: Rect(x: -8, y: -20, width: 20, height: 20),
        both: Rect(x: -8, y: -10, width: 3, height: 10)),
    ])
  func intersection(_ pair: Pair) {
    #expect(pair.first.intersection(pair.second) == pair.both)
    #expect(pair.second.intersection(pair.first) == pair.both)
  }

  @Test(
    "Rectangles that share no pixel have an empty intersection, of no negative size",
    arguments: [
      Rect(x: 10, y: 0, width: 5, height: 5),  // touches the right edge
      Rect(x: 0, y: 10, width: 5, height: 5),  // touches the bottom edge
      Rect(x: -5, y: 0, width: 5, height: 5),  // touches the left edge
      Rect(x: 0, y: -5, width: 5, height: 5),  // touches the top edge
      Rect(x: 1000, y: 1000, width: 5, height: 5),
      Rect(x: 5, y: 5, width: 0, height: 5),
    ])
  func disjoint(_ other: Rect) {
    let both = Rect(x: 0, y: 0, width: 10, height: 10).intersection(other)
    #expect(both.isEmpty)
    #expect(both.width >= 0 && both.height >= 0)
  }

  @Test("An intersection without pixels is 0 on the sides that do not meet")
  func disjointSides() {
    let beside = Rect(x: 0, y: 0, width: 10, height: 10)
      .intersection(Rect(x: 20, y: 2, width: 5, height: 5))
    #expect(beside.size == Size(width: 0, height: 5))
    let below = Rect(x: 0, y: 0, width: 10, height: 10)
      .intersection(Rect(x: 2, y: 20, width: 5, height: 5))
    #expect(below.size == Size(width: 5, height: 0))
  }

  @Test("Moving the origin changes the place and not the size")
  func offset() {
    let rect = Rect(x: 3, y: -4, width: 10, height: 20).offsetBy(dx: -5, dy: 7)
    #expect(rect == Rect(x: -2, y: 3, width: 10, height: 20))
    #expect(rect.size == Size(width: 10, height: 20))
  }

  @Test(
    "A side of 0 or less holds no pixel",
    arguments: [(0, 5), (5, 0), (0, 0), (-1, 5), (5, -1)])
  func empty(_ width: Int, _ height: Int) {
    #expect(Size(width: width, height: height).isEmpty)
    #expect(Rect(x: 1, y: 1, width: width, height: height).isEmpty)
  }

  @Test("One pixel is not empty")
  func onePixel() {
    #expect(!Size(width: 1, height: 1).isEmpty)
    #expect(!Rect(x: -9, y: -9, width: 1, height: 1).isEmpty)
  }

  @Test("A size's rectangle lies at the origin")
  func bounds() {
    #expect(Size(width: 7, height: 9).bounds == Rect(x: 0, y: 0, width: 7, height: 9))
  }

  @Test("They are written as X11 programs take them, an offset below 0 behind a plus")
  func description() {
    #expect("\(Size(width: 7, height: 9))" == "7x9")
    #expect("\(Rect(x: 1, y: 2, width: 3, height: 4))" == "3x4+1+2")
    #expect("\(Rect(x: -1, y: -2, width: 3, height: 4))" == "3x4+-1+-2")
  }

  @Test("What is written for a rectangle is read as the same one")
  func roundTrip() throws {
    let rect = Rect(x: -1, y: 2, width: 3, height: 4)
    let region = try RegionGeometry(parsing: rect.description, subject: "-g")
    #expect(region.rect(in: Size(width: 100, height: 100)) == rect)
  }
}
