import CropEngine
import Testing

@Suite("The canvas")
struct CanvasTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let canvas: Size
    let picture: Size
    let destination: Rect

    init(_ canvas: (Int, Int), _ picture: (Int, Int), _ destination: (Int, Int, Int, Int)) {
      self.canvas = Size(width: canvas.0, height: canvas.1)
      self.picture = Size(width: picture.0, height: picture.1)
      self.destination = Rect(
        x: destination.0, y: destination.1, width: destination.2, height: destination.3)
    }

    var testDescription: String { "\(picture) on \(canvas)" }
  }

  private func place(_ picture: Size, on canvas: Size, _ policy: ResizePolicy)
    -> Canvas.Placement?
  {
    Canvas(size: canvas, firstPicture: picture, policy: policy).place(picture)
  }

  @Test(
    "Without a size asked for, it has that of the first picture", arguments: ResizePolicy.allCases)
  func ofFirstPicture(_ policy: ResizePolicy) {
    let size = Size(width: 101, height: 79)
    let canvas = Canvas(size: nil, firstPicture: size, policy: policy)
    #expect(canvas.size == size)
    let placement = canvas.place(size)
    #expect(placement == Canvas.Placement(source: size.bounds, destination: size.bounds))
    #expect(placement?.isScaled == false)
  }

  @Test("A size asked for is kept whatever comes", arguments: ResizePolicy.allCases)
  func ofSizeAskedFor(_ policy: ResizePolicy) {
    let size = Size(width: 64, height: 48)
    let canvas = Canvas(size: size, firstPicture: Size(width: 3, height: 900), policy: policy)
    #expect(canvas.size == size)
  }

  @Test(
    "A6: fit scales down, never up, and centres",
    arguments: [
      Row((400, 300), (400, 300), (0, 0, 400, 300)),
      Row((400, 300), (100, 80), (150, 110, 100, 80)),
      Row((400, 300), (800, 600), (0, 0, 400, 300)),
      Row((400, 300), (800, 300), (0, 75, 400, 150)),
      Row((400, 300), (400, 600), (100, 0, 200, 300)),
      Row((400, 300), (401, 300), (0, 0, 400, 299)),
      Row((400, 300), (400, 301), (0, 0, 399, 300)),
      Row((400, 300), (399, 299), (0, 0, 399, 299)),
      Row((400, 300), (397, 297), (1, 1, 397, 297)),
      Row((101, 101), (1, 1), (50, 50, 1, 1)),
      Row((1, 1), (4000, 3000), (0, 0, 1, 1)),
      Row((33, 21), (100, 7), (0, 9, 33, 2)),
      Row((33, 21), (100, 8), (0, 9, 33, 3)),
    ])
  func fit(_ row: Row) {
    let placement = place(row.picture, on: row.canvas, .fit)
    #expect(
      placement == Canvas.Placement(source: row.picture.bounds, destination: row.destination))
    #expect(placement?.isScaled == (row.picture != row.destination.size))
  }

  @Test(
    "A picture of extreme shape keeps at least one pixel each way",
    arguments: [
      Row((100, 100), (32767, 1), (0, 49, 100, 1)),
      Row((100, 100), (1, 32767), (49, 0, 1, 100)),
      Row((32767, 1), (1, 32767), (16383, 0, 1, 1)),
      Row((1, 32767), (32767, 1), (0, 16383, 1, 1)),
      Row((2, 2), (32767, 32767), (0, 0, 2, 2)),
    ])
  func extremeShapes(_ row: Row) {
    #expect(
      place(row.picture, on: row.canvas, .fit)
        == Canvas.Placement(source: row.picture.bounds, destination: row.destination))
  }

  @Test("Fit never leaves the canvas, and never enlarges")
  func fitStaysInside() {
    let sides = [1, 2, 3, 5, 99, 100, 101, 1920, 32767]
    for width in sides {
      for height in sides {
        for canvasWidth in [1, 2, 7, 100, 641] {
          let canvas = Size(width: canvasWidth, height: 100)
          let picture = Size(width: width, height: height)
          let destination = place(picture, on: canvas, .fit)!.destination
          #expect(destination.intersection(canvas.bounds) == destination)
          #expect(!destination.isEmpty)
          #expect(destination.width <= width && destination.height <= height)
        }
      }
    }
  }

  @Test(
    "Crop puts the picture at the left top, 1:1, and cuts what is too much",
    arguments: [
      Row((400, 300), (400, 300), (0, 0, 400, 300)), Row((400, 300), (100, 80), (0, 0, 100, 80)),
      Row((400, 300), (800, 600), (0, 0, 400, 300)), Row((400, 300), (800, 80), (0, 0, 400, 80)),
      Row((400, 300), (100, 600), (0, 0, 100, 300)), Row((1, 1), (9, 9), (0, 0, 1, 1)),
    ])
  func crop(_ row: Row) {
    let placement = place(row.picture, on: row.canvas, .crop)
    #expect(
      placement == Canvas.Placement(source: row.destination, destination: row.destination))
    #expect(placement?.isScaled == false)
  }

  @Test(
    "Stretch fills the canvas from any picture, also a smaller one",
    arguments: [(100, 80), (800, 300), (1, 1), (32767, 1), (400, 300)])
  func stretch(_ width: Int, _ height: Int) {
    let picture = Size(width: width, height: height)
    let canvas = Size(width: 400, height: 300)
    let placement = place(picture, on: canvas, .stretch)
    #expect(
      placement == Canvas.Placement(source: picture.bounds, destination: canvas.bounds))
    #expect(placement?.isScaled == (picture != canvas))
  }

  @Test("End goes on while the picture has its first size, and ends with any other")
  func end() {
    let first = Size(width: 100, height: 80)
    let canvas = Canvas(size: nil, firstPicture: first, policy: .end)
    #expect(canvas.place(Size(width: 101, height: 80)) == nil)
    #expect(canvas.place(Size(width: 100, height: 79)) == nil)
    #expect(
      canvas.place(first) == Canvas.Placement(source: first.bounds, destination: first.bounds))
  }

  @Test("Native has a canvas of its own for each size; the others hold pictures of any size")
  func native() {
    let (first, other) = (Size(width: 100, height: 80), Size(width: 100, height: 79))
    for policy in ResizePolicy.allCases {
      let canvas = Canvas(size: nil, firstPicture: first, policy: policy)
      #expect(canvas.holds(first))
      #expect(canvas.holds(other) == (policy != .native))
    }
  }

  @Test("End fits the first size into the canvas that was asked for")
  func endOnAnotherCanvas() {
    let first = Size(width: 800, height: 300)
    let canvas = Canvas(size: Size(width: 400, height: 300), firstPicture: first, policy: .end)
    #expect(
      canvas.place(first)
        == Canvas.Placement(
          source: first.bounds, destination: Rect(x: 0, y: 75, width: 400, height: 150)))
    // The canvas's own size is another size than the first picture's.
    #expect(canvas.place(canvas.size) == nil)
  }

  @Test(
    "Canvases up to the limits can be had",
    arguments: [(1, 1), (32767, 1), (1, 32767), (16384, 16384), (32767, 8192), (8192, 32767)])
  func withinLimits(_ width: Int, _ height: Int) throws {
    let size = try Size(parsing: "\(width)x\(height)", subject: "--size")
    #expect(size == Size(width: width, height: height))
  }

  @Test(
    "Larger ones are overconstrained",
    arguments: [
      (32768, 1), (1, 32768), (16385, 16384), (32767, 8193), (32767, 32767), (99999, 99999),
    ])
  func beyondLimits(_ width: Int, _ height: Int) {
    let error = #expect(throws: CaptureError.self) {
      try Size(parsing: "\(width)x\(height)", subject: "--size")
    }
    #expect(
      error
        == CaptureError(
          .overconstrained, "--size",
          "'\(width)x\(height)' is too large: at most 32767 px a side and 268435456 in all"))
  }
}
