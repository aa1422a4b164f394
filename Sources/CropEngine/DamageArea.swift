/// Pixels that may have changed: a few rectangles that cover them, and perhaps some more.
///
/// One is kept for each picture, and grows with each change: it takes no memory of its own.
public struct DamageArea: Equatable, Sendable {
  /// Most rectangles. More than these are merged, where that takes the fewest pixels in.
  static let mostRects = 6

  private var rects = InlineArray<6, Rect>(repeating: .empty)
  /// How many rectangles there are. They may overlap.
  public private(set) var count = 0

  /// No pixels.
  public init() {}

  /// The pixels of a rectangle.
  public init(_ rect: Rect) { insert(rect) }

  /// The pixels of rectangles that may overlap.
  public init(_ rects: [Rect]) { for index in rects.indices { insert(rects[index]) } }

  /// All pixels there are.
  public static let everywhere = DamageArea(.everywhere)

  /// Whether no pixel lies in it.
  public var isEmpty: Bool { count == 0 }

  /// One of the rectangles, from 0.
  public subscript(index: Int) -> Rect {
    precondition(index < count, "there are fewer rectangles")
    return rects[index]
  }

  /// Takes the pixels of a rectangle in.
  public mutating func insert(_ rect: Rect) {
    guard !rect.isEmpty else { return }
    var new = rect
    var index = 0
    while index < count {
      if rects[index].contains(new) { return }
      let both = rects[index].boundingBox(with: new)
      guard new.contains(rects[index]) || both.area <= rects[index].area + new.area else {
        index += 1
        continue
      }
      // One that is as good as both; it may hold others, too.
      new = both
      remove(at: index)
      index = 0
    }
    guard count == Self.mostRects else {
      rects[count] = new
      count += 1
      return
    }
    let nearest = nearest(to: new)
    let both = rects[nearest].boundingBox(with: new)
    remove(at: nearest)
    insert(both)
  }

  /// Takes the other one's pixels in.
  public mutating func formUnion(_ other: DamageArea) {
    for index in 0..<other.count { insert(other.rects[index]) }
  }

  /// What of it lies in the rectangle.
  public func intersection(_ rect: Rect) -> DamageArea {
    var both = DamageArea()
    for index in 0..<count { both.insert(rects[index].intersection(rect)) }
    return both
  }

  /// Whether a pixel of it lies in the rectangle.
  public func intersects(_ rect: Rect) -> Bool {
    for index in 0..<count where !rects[index].intersection(rect).isEmpty { return true }
    return false
  }

  /// Whether all pixels of the rectangle lie in one of its rectangles.
  public func contains(_ rect: Rect) -> Bool {
    for index in 0..<count where rects[index].contains(rect) { return true }
    return false
  }

  /// How many pixels it has at most.
  public var area: Int {
    var sum = 0
    for index in 0..<count { sum += rects[index].area }
    return sum
  }

  /// The same pixels, counted from an origin that lies at (−dx, −dy) of this one's.
  public func offsetBy(dx: Int, dy: Int) -> DamageArea {
    var moved = self
    for index in 0..<count { moved.rects[index] = rects[index].offsetBy(dx: dx, dy: dy) }
    return moved
  }

  private func nearest(to rect: Rect) -> Int {
    var (best, least) = (0, Int.max)
    for index in 0..<count {
      let growth = rects[index].boundingBox(with: rect).area - rects[index].area
      if growth < least { (best, least) = (index, growth) }
    }
    return best
  }

  /// Whether both consist of the same rectangles in the same order.
  public static func == (one: DamageArea, other: DamageArea) -> Bool {
    guard one.count == other.count else { return false }
    for index in 0..<one.count where one[index] != other[index] { return false }
    return true
  }

  private mutating func remove(at index: Int) {
    count -= 1
    rects[index] = rects[count]
  }
}
