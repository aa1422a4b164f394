/// A set of pixels, held as rectangles that have none in common.
///
/// How the pixels are cut into rectangles is nobody's promise: `==` compares the cut, so that it
/// tells two regions of the same pixels apart.
public struct PixelRegion: Equatable, Sendable {
  /// Rectangles with pixels in them, no pixel in two, in no order.
  public private(set) var rects: [Rect] = []

  /// No pixels.
  public init() {}

  /// The pixels of a rectangle.
  public init(_ rect: Rect) {
    if !rect.isEmpty { rects.append(rect) }
  }

  /// The pixels of rectangles that may overlap.
  public init(_ rects: [Rect]) {
    for index in rects.indices { formUnion(PixelRegion(rects[index])) }
  }

  /// Whether no pixel lies in it.
  public var isEmpty: Bool { rects.isEmpty }

  /// The smallest rectangle that holds all of it; nil where it is empty.
  public var bounds: Rect? {
    guard var bounds = rects.first else { return nil }
    for index in rects.indices { bounds = bounds.boundingBox(with: rects[index]) }
    return bounds
  }

  /// Whether all pixels of the rectangle lie in it.
  public func contains(_ rect: Rect) -> Bool {
    PixelRegion(rect).subtracting(self).isEmpty
  }

  /// Takes the other one's pixels in.
  public mutating func formUnion(_ other: PixelRegion) {
    rects += other.subtracting(self).rects
  }

  /// Takes the other one's pixels out.
  public mutating func subtract(_ other: PixelRegion) {
    for index in other.rects.indices { subtract(other.rects[index]) }
  }

  /// The pixels that lie in the rectangle, too.
  public func intersection(_ rect: Rect) -> PixelRegion {
    var both = PixelRegion()
    for index in rects.indices { both.append(rects[index].intersection(rect)) }
    return both
  }

  /// The pixels that lie in both.
  public func intersection(_ other: PixelRegion) -> PixelRegion {
    var both = PixelRegion()
    for index in other.rects.indices { both.rects += intersection(other.rects[index]).rects }
    return both
  }

  /// The pixels that do not lie in the other one.
  public func subtracting(_ other: PixelRegion) -> PixelRegion {
    var rest = self
    rest.subtract(other)
    return rest
  }

  /// The pixels that lie in one of them.
  public func union(_ other: PixelRegion) -> PixelRegion {
    var either = self
    either.formUnion(other)
    return either
  }

  /// The same pixels, counted from an origin that lies at (−dx, −dy) of this one's.
  public func offsetBy(dx: Int, dy: Int) -> PixelRegion {
    var moved = self
    for index in rects.indices { moved.rects[index] = rects[index].offsetBy(dx: dx, dy: dy) }
    return moved
  }

  /// Takes in a rectangle that shares no pixel with the region.
  private mutating func append(_ rect: Rect) {
    if !rect.isEmpty { rects.append(rect) }
  }

  /// Each rectangle that has a part of the hole keeps what lies above it and below it, in its full
  /// width, and what lies at its left and at its right.
  private mutating func subtract(_ rect: Rect) {
    guard rects.contains(where: { !$0.intersection(rect).isEmpty }) else { return }
    let whole = rects
    rects = []
    for index in whole.indices {
      let old = whole[index]
      let hole = old.intersection(rect)
      guard !hole.isEmpty else {
        rects.append(old)
        continue
      }
      let right = hole.x + hole.width
      let bottom = hole.y + hole.height
      append(Rect(x: old.x, y: old.y, width: old.width, height: hole.y - old.y))
      append(Rect(x: old.x, y: hole.y, width: hole.x - old.x, height: hole.height))
      append(Rect(x: right, y: hole.y, width: old.x + old.width - right, height: hole.height))
      append(
        Rect(x: old.x, y: bottom, width: old.width, height: old.y + old.height - bottom))
    }
  }
}
