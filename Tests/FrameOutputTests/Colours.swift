import CropEngine
import FrameOutput

/// A picture in BGRX as it is grabbed: rows apart by a stride, and junk where nothing is to be read.
/// With alpha it is BGRA, multiplied by it.
struct Grab {
  /// Stands in the fourth byte of a pixel and between rows.
  static let junk: UInt8 = 0x5a

  let size: Size
  let stride: Int
  let bytes: [UInt8]
  let hasAlpha: Bool

  /// A picture of 0xRRGGBB colours, or 0xAARRGGBB, row by row, its rows padded by so many bytes.
  init(
    _ size: Size, padding: Int = 0, hasAlpha: Bool = false,
    _ colour: (_ x: Int, _ y: Int) -> UInt32
  ) {
    self.size = size
    self.hasAlpha = hasAlpha
    stride = size.width * 4 + padding
    bytes = (0..<size.height).flatMap { y in
      (0..<size.width).flatMap { x -> [UInt8] in
        let colour = colour(x, y)
        let fourth = hasAlpha ? UInt8(colour >> 24) : Self.junk
        return [0, 8, 16].map { UInt8(colour >> $0 & 0xff) } + [fourth]
      } + Array(repeating: Self.junk, count: padding)
    }
  }

  init(_ width: Int, _ height: Int, padding: Int = 0, _ colour: UInt32) {
    self.init(Size(width: width, height: height), padding: padding) { _, _ in colour }
  }

  /// As it lies in a frame of a pixel format, on a canvas of its own size.
  func converted(_ format: PixelFormat, _ range: ColorRange = .limited) -> [UInt8] {
    var converter = FrameConverter(format: format, range: range, canvas: size)
    return converted(
      by: &converter, Canvas.Placement(source: size.bounds, destination: size.bounds))
  }

  func converted(by converter: inout FrameConverter, _ placement: Canvas.Placement) -> [UInt8] {
    bytes.withUnsafeBytes {
      Array(
        converter.convert($0, stride: stride, hasAlpha: hasAlpha, placement: placement))
    }
  }
}

/// A colour in Y, U and V.
struct YUV: Equatable, CustomStringConvertible {
  var y: UInt8
  var u: UInt8
  var v: UInt8

  init(y: UInt8, u: UInt8, v: UInt8) {
    (self.y, self.u, self.v) = (y, u, v)
  }

  /// By the formulas of BT.601, of 0xRRGGBB, rounded to the nearest.
  init(_ colour: UInt32, _ range: ColorRange) {
    let red = Double(colour >> 16 & 0xff) / 255
    let green = Double(colour >> 8 & 0xff) / 255
    let blue = Double(colour & 0xff) / 255
    let luma = 0.299 * red + 0.587 * green + 0.114 * blue
    let (blueness, redness) = ((blue - luma) / 1.772, (red - luma) / 1.402)
    let (lumaScale, lumaOffset, chromaScale): (Double, Double, Double) =
      range == .limited ? (219, 16, 224) : (255, 0, 255)
    func byte(_ value: Double) -> UInt8 { UInt8(min(255, max(0, value.rounded()))) }
    self.init(
      y: byte(lumaOffset + lumaScale * luma), u: byte(128 + chromaScale * blueness),
      v: byte(128 + chromaScale * redness))
  }

  /// The largest difference of a part.
  func distance(to other: YUV) -> Int {
    max(
      abs(Int(y) - Int(other.y)), abs(Int(u) - Int(other.u)), abs(Int(v) - Int(other.v)))
  }

  var description: String { "(\(y), \(u), \(v))" }
}

/// A frame in Y, U and V as it is written, to be asked for its samples.
struct Planes {
  let coded: Size
  let y: [UInt8]
  let u: [UInt8]
  let v: [UInt8]
  private let chromaWidth: Int

  init(_ bytes: [UInt8], _ format: PixelFormat, canvas: Size) {
    coded = format.codedSize(of: canvas)
    let luma = coded.width * coded.height
    y = Array(bytes.prefix(luma))
    let chroma = Array(bytes.dropFirst(luma))
    chromaWidth = format == .yuv444p ? coded.width : coded.width / 2
    if format == .nv12 {
      u = stride(from: 0, to: chroma.count, by: 2).map { chroma[$0] }
      v = stride(from: 1, to: chroma.count, by: 2).map { chroma[$0] }
    } else {
      u = Array(chroma.prefix(chroma.count / 2))
      v = Array(chroma.suffix(chroma.count / 2))
    }
  }

  /// The chroma sample of a column and row of its planes, and the luma of a pixel.
  func luma(_ x: Int, _ row: Int) -> UInt8 { y[row * coded.width + x] }
  func chroma(_ x: Int, _ row: Int) -> [UInt8] {
    [u[row * chromaWidth + x], v[row * chromaWidth + x]]
  }
}
