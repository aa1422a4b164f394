import CropEngine
import Testing

@testable import FrameOutput

@Suite("Colours and pixel formats")
struct FrameConverterTests {
  static let greys: [UInt32] = [0x00_0000, 0x80_8080, 0xff_ffff]
  static let colours: [UInt32] = [
    0xff_0000, 0x00_ff00, 0x00_00ff, 0xff_ff00, 0xff_00ff, 0x00_ffff, 0x12_3456, 0xfe_dcba,
  ]
  static let sizes = [(16, 16), (64, 2), (17, 5), (3, 3), (2, 1), (1, 2), (1, 1)]
    .map { Size(width: $0, height: $1) }

  /// The three values of a picture of one colour; fails where a sample differs from the others.
  private func solid(
    _ colour: UInt32, _ size: Size, _ format: PixelFormat, _ range: ColorRange
  ) throws -> YUV {
    let bytes = Grab(size.width, size.height, padding: 12, colour).converted(format, range)
    try #require(bytes.count == format.byteCount(of: size))
    let planes = Planes(bytes, format, canvas: size)
    try #require(Set(planes.y).count == 1 && Set(planes.u).count == 1 && Set(planes.v).count == 1)
    return YUV(y: planes.y[0], u: planes.u[0], v: planes.v[0])
  }

  @Test(
    "Greys are what BT.601 says, to the bit", arguments: greys,
    [PixelFormat.yuv420p, .nv12, .yuv444p])
  func solidGreys(_ colour: UInt32, _ format: PixelFormat) throws {
    for range in ColorRange.allCases {
      for size in Self.sizes {
        #expect(try solid(colour, size, format, range) == YUV(colour, range))
      }
    }
  }

  // libyuv reckons with 8 bits to a coefficient: red is 82 and not 81, green 144 and not 145.
  @Test(
    "Colours are what BT.601 says, or next to it", arguments: colours,
    [PixelFormat.yuv420p, .nv12, .yuv444p])
  func solidColours(_ colour: UInt32, _ format: PixelFormat) throws {
    for range in ColorRange.allCases {
      for size in Self.sizes {
        let (got, wanted) = (try solid(colour, size, format, range), YUV(colour, range))
        #expect(got.distance(to: wanted) <= 1, "\(size), \(range): \(got) is not \(wanted)")
      }
    }
  }

  @Test("Black and white are 16 and 235, or 0 and 255")
  func blackAndWhite() throws {
    let size = Size(width: 4, height: 4)
    #expect(try solid(0, size, .yuv420p, .limited) == YUV(y: 16, u: 128, v: 128))
    #expect(try solid(0xff_ffff, size, .yuv420p, .limited) == YUV(y: 235, u: 128, v: 128))
    #expect(try solid(0, size, .yuv420p, .full) == YUV(y: 0, u: 128, v: 128))
    #expect(try solid(0xff_ffff, size, .yuv420p, .full) == YUV(y: 255, u: 128, v: 128))
  }

  @Test("All planar formats give a colour the same values", arguments: colours)
  func formatsAgree(_ colour: UInt32) throws {
    for range in ColorRange.allCases {
      let size = Size(width: 32, height: 8)
      let planar = try solid(colour, size, .yuv420p, range)
      #expect(try solid(colour, size, .nv12, range) == planar)
      #expect(try solid(colour, size, .yuv444p, range) == planar)
      #expect(
        Grab(32, 8, colour).converted(.gray, range) == Array(repeating: planar.y, count: 256))
    }
  }

  /// Colours that differ from pixel to pixel, so that one that is mixed with another shows.
  private static func mixed(_ x: Int, _ y: Int) -> UInt32 {
    (greys + colours)[(x * 7 + y * 5 + x * y) % 11]
  }

  @Test("yuv444p: each pixel has its own chroma in either range", arguments: ColorRange.allCases)
  func fullSizeChroma(_ range: ColorRange) throws {
    for size in Self.sizes + [Size(width: 333, height: 7)] {
      let grab = Grab(size, padding: 8, Self.mixed)
      let planes = Planes(grab.converted(.yuv444p, range), .yuv444p, canvas: size)
      for y in 0..<size.height {
        for x in 0..<size.width {
          let alone = try solid(Self.mixed(x, y), Size(width: 1, height: 1), .yuv444p, range)
          #expect(planes.luma(x, y) == alone.y)
          #expect(planes.chroma(x, y) == [alone.u, alone.v], "\(x),\(y) of \(size)")
        }
      }
    }
  }

  @Test("A frame as wide as may be is converted", arguments: [PixelFormat.yuv444p, .yuv420p])
  func widest(_ format: PixelFormat) throws {
    let size = Size(width: Canvas.longestSide, height: 1)
    let value = try solid(0x12_3456, size, format, .full)
    #expect(value.distance(to: YUV(0x12_3456, .full)) <= 1)
  }

  @Test("Halved chroma is the mean of two by two pixels", arguments: ColorRange.allCases)
  func halvedChroma(_ range: ColorRange) throws {
    // One colour a block, and a block of two: red over blue.
    let size = Size(width: 4, height: 4)
    let grab = Grab(size) { x, y in
      switch (x / 2, y / 2) {
      case (0, 0): 0xff_0000
      case (1, 0): 0x00_ff00
      case (0, 1): 0x00_00ff
      default: y == 2 ? 0xff_0000 : 0x00_00ff
      }
    }
    let one = Size(width: 2, height: 2)
    for format in [PixelFormat.yuv420p, .nv12] {
      let planes = Planes(grab.converted(format, range), format, canvas: size)
      let red = try solid(0xff_0000, one, format, range)
      let green = try solid(0x00_ff00, one, format, range)
      let blue = try solid(0x00_00ff, one, format, range)
      #expect(planes.chroma(0, 0) == [red.u, red.v])
      #expect(planes.chroma(1, 0) == [green.u, green.v])
      #expect(planes.chroma(0, 1) == [blue.u, blue.v])
      let mean = YUV(0x80_0080, range)
      let both = planes.chroma(1, 1)
      #expect(YUV(y: mean.y, u: both[0], v: both[1]).distance(to: mean) <= 1)
      #expect(
        planes.y
          == (0..<16).map {
            let colour =
              grab.bytes[$0 * 4] == 0xff ? blue : grab.bytes[$0 * 4 + 1] == 0xff ? green : red
            return colour.y
          })
    }
  }

  @Test(
    "Odd sizes: the added row and column repeat the edge",
    arguments: [PixelFormat.yuv420p, .nv12], [(3, 3), (1, 1), (5, 2), (2, 5), (65, 33), (1, 4)])
  func oddSizes(_ format: PixelFormat, _ side: (Int, Int)) throws {
    let size = Size(width: side.0, height: side.1)
    let coded = Size(width: (side.0 + 1) / 2 * 2, height: (side.1 + 1) / 2 * 2)
    // What the user would get who repeated the edge beforehand.
    let repeated = Grab(coded) { Self.mixed(min($0, size.width - 1), min($1, size.height - 1)) }
    let grab = Grab(size, padding: 4, Self.mixed)
    for range in ColorRange.allCases {
      #expect(grab.converted(format, range) == repeated.converted(format, range))
    }
  }

  @Test("gray is the Y plane alone, of the exact size", arguments: ColorRange.allCases)
  func gray(_ range: ColorRange) throws {
    let size = Size(width: 17, height: 5)
    let grab = Grab(size, padding: 4, Self.mixed)
    #expect(
      grab.converted(.gray, range)
        == Planes(grab.converted(.yuv444p, range), .yuv444p, canvas: size).y)
  }

  @Test("rgb24, rgba, bgra and bgr0 hold the pixels to the bit, in their order", arguments: sizes)
  func packed(_ size: Size) {
    let grab = Grab(size, Self.mixed)
    let pixels = (0..<size.height).flatMap { y in
      (0..<size.width).map { x -> (UInt8, UInt8, UInt8) in
        let colour = Self.mixed(x, y)
        return (UInt8(colour >> 16), UInt8(colour >> 8 & 0xff), UInt8(colour & 0xff))
      }
    }
    for range in ColorRange.allCases {
      #expect(grab.converted(.rgb24, range) == pixels.flatMap { [$0.0, $0.1, $0.2] })
      #expect(grab.converted(.rgba, range) == pixels.flatMap { [$0.0, $0.1, $0.2, 255] })
      #expect(grab.converted(.bgra, range) == pixels.flatMap { [$0.2, $0.1, $0.0, 255] })
      #expect(grab.converted(.bgr0, range) == pixels.flatMap { [$0.2, $0.1, $0.0, Grab.junk] })
    }
  }

  @Test("Rows that lie further apart than they are wide are read as such")
  func paddedRows() {
    let size = Size(width: 17, height: 5)
    let (tight, padded) = (Grab(size, Self.mixed), Grab(size, padding: 28, Self.mixed))
    for format in PixelFormat.allCases {
      #expect(padded.converted(format) == tight.converted(format), "\(format)")
    }
  }

  @Test("Of another canvas, frames are what a new converter makes", arguments: PixelFormat.allCases)
  func resized(_ format: PixelFormat) {
    var converter = FrameConverter(format: format, range: .full, canvas: Self.sizes[0])
    for size in Self.sizes + Self.sizes.reversed() {
      converter.resize(to: size, slotCount: 1)
      var fresh = FrameConverter(format: format, range: .full, canvas: size)
      let grab = Grab(size, padding: 4, Self.mixed)
      let whole = Canvas.Placement(source: size.bounds, destination: size.bounds)
      #expect(grab.converted(by: &converter, whole) == grab.converted(format, .full))
      // A picture of one pixel in the canvas's corner, and black around it.
      let one = Rect(x: 0, y: 0, width: 1, height: 1)
      let corner = Canvas.Placement(source: one, destination: one)
      #expect(grab.converted(by: &converter, corner) == grab.converted(by: &fresh, corner))
      #expect(Array(converter.black()) == Array(fresh.black()))
    }
  }

  @Test("A canvas no larger than one before takes no memory")
  func keptMemory() {
    let sizes = [(16, 16), (3, 3), (16, 16), (1, 255)].map { Size(width: $0, height: $1) }
    var converter = FrameConverter(format: .rgb24, range: .full, canvas: sizes[0])
    let places = sizes.map { size -> UnsafeRawPointer? in
      converter.resize(to: size, slotCount: 1)
      return converter.black().baseAddress
    }
    #expect(Set(places).count == 1)
  }

  @Test("Only bgr0 of the canvas's size is a frame as it is", arguments: PixelFormat.allCases)
  func passesOn(_ format: PixelFormat) {
    let size = Size(width: 8, height: 8)
    let converter = FrameConverter(format: format, range: .limited, canvas: size)
    let whole = Canvas.Placement(source: size.bounds, destination: size.bounds)
    #expect(converter.passesOn(stride: 32, placement: whole) == (format == .bgr0))
    #expect(converter.passesOn(stride: 36, placement: whole) == false)
    let half = Rect(x: 0, y: 0, width: 8, height: 4)
    let placement = Canvas.Placement(source: half, destination: half)
    #expect(converter.passesOn(stride: 32, placement: placement) == false)
  }

  @Test("A black frame is black in every format", arguments: PixelFormat.allCases)
  func black(_ format: PixelFormat) {
    for range in ColorRange.allCases {
      for size in Self.sizes {
        var converter = FrameConverter(format: format, range: range, canvas: size)
        let frame = Array(converter.black())
        #expect(frame.count == format.byteCount(of: size))
        switch format {
        case .bgr0:
          // The fourth byte means nothing.
          #expect(frame.enumerated().allSatisfy { $0.offset % 4 == 3 || $0.element == 0 })
        default:
          #expect(frame == Grab(size.width, size.height, 0).converted(format, range))
        }
      }
    }
  }
}
