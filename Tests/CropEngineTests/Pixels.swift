import CropEngine

/// One pixel.
struct Pixel: Hashable {
  let x: Int
  let y: Int
}

/// Pixels one by one: what rectangles and regions are held against.
struct Pixels: Equatable {
  private(set) var all: Set<Pixel> = []

  init(_ rects: [Rect]) {
    for rect in rects where !rect.isEmpty {
      for y in rect.y..<rect.y + rect.height {
        for x in rect.x..<rect.x + rect.width { all.insert(Pixel(x: x, y: y)) }
      }
    }
  }

  init(_ region: PixelRegion) {
    self.init(region.rects)
  }
}

extension PixelRegion {
  /// Whether each rectangle has pixels and no pixel is in two.
  var isWellMade: Bool {
    rects.allSatisfy { !$0.isEmpty }
      && rects.reduce(0) { $0 + $1.width * $1.height } == Pixels(self).all.count
  }
}

extension Rect {
  func contains(_ pixel: Pixel) -> Bool {
    pixel.x >= x && pixel.x < x + width && pixel.y >= y && pixel.y < y + height
  }
}
