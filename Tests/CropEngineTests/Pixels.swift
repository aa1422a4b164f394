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

/// Numbers that look random and are the same in each run (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }
}
