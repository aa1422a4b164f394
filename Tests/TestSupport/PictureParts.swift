import CropEngine

extension Picture {
  /// T as it is in the scene without what covers it.
  public static let ofTAlone = Picture(
    size: Size(width: 100, height: 80),
    [
      (Rect(x: 0, y: 0, width: 100, height: 80), Scene.t),
      (Rect(x: 10, y: 10, width: 20, height: 20), Scene.tc),
    ])

  /// One of one colour.
  public static func plain(_ size: Size, _ colour: UInt32) -> Picture {
    Picture(size: size, [(size.bounds, colour)])
  }

  /// A part of this picture.
  public func part(_ rect: Rect) -> Picture {
    Picture(size: rect.size) { self[rect.x + $0, rect.y + $1] }
  }

  /// This picture with rectangles painted over it, one over the other.
  public func painted(_ rects: [(Rect, UInt32)]) -> Picture {
    // No colour of a picture has more than 24 bits.
    let over = Picture(size: size, [(size.bounds, .max)] + rects)
    return Picture(size: size) { over[$0, $1] == .max ? self[$0, $1] : over[$0, $1] }
  }
}
