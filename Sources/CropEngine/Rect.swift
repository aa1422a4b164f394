/// A width and a height, in px.
public struct Size: Equatable, Hashable, Sendable {
  /// In px.
  public var width: Int
  /// In px.
  public var height: Int

  /// A size in px.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Whether no pixel fits in it.
  public var isEmpty: Bool { width <= 0 || height <= 0 }

  /// The rectangle of this size at the origin.
  public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }
}

extension Size: CustomStringConvertible {
  /// `WxH`.
  public var description: String { "\(width)x\(height)" }
}

/// A rectangle of whole pixels: left top corner and size, in px of whatever frame it is said for.
public struct Rect: Equatable, Hashable, Sendable {
  /// Left edge, in px from the origin.
  public var x: Int
  /// Top edge, in px from the origin, downwards.
  public var y: Int
  /// In px.
  public var width: Int
  /// In px.
  public var height: Int

  /// A rectangle in px: its left top corner, and its size.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// One without a pixel, at the origin.
  public static let empty = Rect(x: 0, y: 0, width: 0, height: 0)

  /// One that holds all that X has coordinates for.
  public static let everywhere = Rect(
    x: -1_000_000, y: -1_000_000, width: 2_000_000, height: 2_000_000)

  /// Its width and height, in px.
  public var size: Size { Size(width: width, height: height) }

  /// Whether no pixel lies in it.
  public var isEmpty: Bool { width <= 0 || height <= 0 }

  /// How many pixels it has.
  public var area: Int { isEmpty ? 0 : width * height }

  /// The pixels that lie in both; of width and height 0 where there are none.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    let right = min(x + width, other.x + other.width)
    let bottom = min(y + height, other.y + other.height)
    return Rect(x: left, y: top, width: max(0, right - left), height: max(0, bottom - top))
  }

  /// Whether all pixels of the other one lie in it.
  public func contains(_ other: Rect) -> Bool { intersection(other) == other }

  /// The smallest one that holds both.
  public func boundingBox(with other: Rect) -> Rect {
    let left = min(x, other.x)
    let top = min(y, other.y)
    return Rect(
      x: left, y: top, width: max(x + width, other.x + other.width) - left,
      height: max(y + height, other.y + other.height) - top)
  }

  /// The same pixels, counted from an origin that lies at (−dx, −dy) of this one's.
  public func offsetBy(dx: Int, dy: Int) -> Rect {
    Rect(x: x + dx, y: y + dy, width: width, height: height)
  }
}

extension Rect: CustomStringConvertible {
  /// `WxH+X+Y`, the form that X11 programs take.
  public var description: String {
    "\(width)x\(height)+\(x)+\(y)"
  }
}
