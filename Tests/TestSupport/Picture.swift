import CropEngine

/// A frame in BGRX, to be asked for its colours.
public struct Picture: Equatable, Sendable, CustomStringConvertible {
  public let size: Size
  /// Row by row from the top, 0xRRGGBB.
  public let pixels: [UInt32]

  /// From bytes in BGRX or BGRA, rows `stride` bytes apart.
  public init(_ bytes: some Collection<UInt8>, size: Size, stride: Int? = nil) {
    let bytes = Array(bytes)
    let stride = stride ?? size.width * 4
    self.size = size
    pixels = (0..<size.height).flatMap { y in
      (0..<size.width).map { x in
        let at = y * stride + x * 4
        return UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16
      }
    }
  }

  /// A picture painted with rectangles, one over the other.
  public init(size: Size, _ rects: [(Rect, UInt32)]) {
    self.size = size
    var pixels = [UInt32](repeating: 0, count: size.width * size.height)
    for (rect, colour) in rects {
      let part = rect.intersection(size.bounds)
      for y in part.y..<part.y + part.height {
        for x in part.x..<part.x + part.width { pixels[y * size.width + x] = colour }
      }
    }
    self.pixels = pixels
  }

  /// A picture whose pixels are told one by one.
  public init(size: Size, _ colour: (_ x: Int, _ y: Int) -> UInt32) {
    self.size = size
    pixels = (0..<size.height).flatMap { y in (0..<size.width).map { x in colour(x, y) } }
  }

  public subscript(x: Int, y: Int) -> UInt32 { pixels[y * size.width + x] }

  /// The colours that occur.
  public var colours: Set<UInt32> { Set(pixels) }

  public var description: String {
    let colours = colours.map { String($0, radix: 16) }.sorted().prefix(8)
    return "\(size) of \(colours.joined(separator: " "))"
  }
}
