import CXClient
import CropEngine

/// A mouse cursor's picture, as a test makes it or as the server tells of it.
public struct CursorPicture: Equatable, Sendable {
  public let size: Size
  public let hotX: Int
  public let hotY: Int
  /// Alpha, red, green, blue, premultiplied, row by row from the top.
  public let pixels: [UInt32]

  public init(size: Size, hotX: Int, hotY: Int, _ pixel: (_ x: Int, _ y: Int) -> UInt32) {
    self.size = size
    self.hotX = hotX
    self.hotY = hotY
    pixels = (0..<size.height).flatMap { y in (0..<size.width).map { x in pixel(x, y) } }
  }

  /// One whose pixels are all different, from clear to opaque.
  public static func motley(_ size: Size, hotX: Int, hotY: Int) -> CursorPicture {
    CursorPicture(size: size, hotX: hotX, hotY: hotY) { x, y in
      let alpha = UInt32(x * 255 / max(1, size.width - 1))
      let red = alpha * UInt32(y + 1) / UInt32(size.height)
      let green = alpha / 2
      let blue = alpha * UInt32(size.height - y) / UInt32(size.height)
      return alpha << 24 | red << 16 | green << 8 | blue
    }
  }
}

extension Picture {
  /// This picture with a cursor over it, its hot spot at a place of it: each channel exactly
  /// what is left of it, rounded, and the cursor's.
  public func under(_ cursor: CursorPicture, x: Int, y: Int) -> Picture {
    Picture(size: size) { column, row in
      let (inX, inY) = (column - x + cursor.hotX, row - y + cursor.hotY)
      let below = self[column, row]
      guard !cursor.size.bounds.intersection(Rect(x: inX, y: inY, width: 1, height: 1)).isEmpty
      else { return below }
      let source = cursor.pixels[inY * cursor.size.width + inX]
      let rest = 255 - Int(source >> 24)
      return [16, 8, 0].reduce(0) { result, shift in
        let dimmed = (Int(below >> UInt32(shift) & 0xff) * rest * 2 + 255) / 510
        return result | UInt32(min(255, Int(source >> UInt32(shift) & 0xff) + dimmed)) << shift
      }
    }
  }
}

extension Scene {
  /// Gives a window, and those in it that have none of their own, this cursor.
  public func setCursor(_ cursor: CursorPicture, of window: Window) {
    let made = client_create_cursor(
      display, Int32(cursor.size.width), Int32(cursor.size.height), Int32(cursor.hotX),
      Int32(cursor.hotY), cursor.pixels.map { UInt($0) })
    change { XDefineCursor(display, window, made) }
    XFreeCursor(display, made)
  }

  /// The cursor that the server shows now (XFixesGetCursorImage).
  public func shownCursor() throws -> CursorPicture {
    var (major, minor): (Int32, Int32) = (5, 0)
    XFixesQueryVersion(display, &major, &minor)
    guard let image = XFixesGetCursorImage(display)?.pointee else { throw Failure("no cursor") }
    let size = Size(width: Int(image.width), height: Int(image.height))
    return CursorPicture(size: size, hotX: Int(image.xhot), hotY: Int(image.yhot)) { x, y in
      UInt32(truncatingIfNeeded: image.pixels[y * size.width + x])
    }
  }

  /// Moves the pointer to a place of the screen (XWarpPointer).
  public func movePointer(x: Int, y: Int) {
    change { XWarpPointer(display, 0, root, 0, 0, 0, 0, Int32(x), Int32(y)) }
  }
}
