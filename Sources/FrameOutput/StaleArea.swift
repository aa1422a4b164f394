import CropEngine

/// What of a frame is not what it should be: a few rectangles, in px of the canvas, that hold all of
/// it. They may overlap. It takes no memory of the heap.
struct StaleArea: Equatable {
  private static let mostRects = 4

  /// Whether nothing of the frame is known.
  private(set) var isWhole = false
  private(set) var count = 0
  private var rects = InlineArray<4, Rect>(repeating: .empty)

  /// A frame as it should be.
  static let nothing = StaleArea()

  /// All of a frame.
  static func whole(_ size: Size) -> StaleArea {
    var area = StaleArea()
    area.add(size.bounds)
    area.isWhole = true
    return area
  }

  var isEmpty: Bool { count == 0 }

  subscript(index: Int) -> Rect { rects[index] }

  static func == (one: StaleArea, other: StaleArea) -> Bool {
    guard one.isWhole == other.isWhole, one.count == other.count else { return false }
    for index in 0..<one.count where one[index] != other[index] { return false }
    return true
  }

  /// Takes a rectangle in. Where there are too many, it is joined with the one that grows least.
  mutating func add(_ rect: Rect) {
    guard !isWhole, !rect.isEmpty else { return }
    var (nearest, least) = (0, Int.max)
    for index in 0..<count {
      let both = rects[index].boundingBox(with: rect)
      let growth = both.area - rects[index].area
      if growth < least { (nearest, least) = (index, growth) }
    }
    // One that holds it takes it in as it is.
    if least == 0 { return }
    if count < Self.mostRects {
      rects[count] = rect
      count += 1
    } else {
      rects[nearest] = rects[nearest].boundingBox(with: rect)
    }
  }

  /// Takes all of another one in.
  mutating func add(_ other: StaleArea) {
    if other.isWhole {
      self = other
    } else {
      for index in 0..<other.count { add(other[index]) }
    }
  }
}

extension Rect {
  fileprivate var area: Int { width * height }
}
