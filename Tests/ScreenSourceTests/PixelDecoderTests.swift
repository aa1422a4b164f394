import CropEngine
import Testing

@testable import ScreenSource

@Suite("Pixels of any layout become blue, green, red")
struct PixelDecoderTests {
  /// How a pixel's colours lie.
  struct Layout: CustomTestStringConvertible {
    let name: String
    let bits: Int
    let red: UInt
    let green: UInt
    let blue: UInt
    var testDescription: String { name }
    var masks: [UInt] { [red, green, blue] }

    func decoder(isBigEndian: Bool) -> PixelDecoder? {
      PixelDecoder(
        bitsPerPixel: bits, isBigEndian: isBigEndian, red: red, green: green, blue: blue)
    }
  }

  static let layouts = [
    Layout(name: "8-8-8", bits: 32, red: 0xff_0000, green: 0xff00, blue: 0xff),
    Layout(name: "8-8-8, blue first", bits: 32, red: 0xff, green: 0xff00, blue: 0xff_0000),
    Layout(
      name: "8-8-8 at the top", bits: 32, red: 0xff00_0000, green: 0xff_0000, blue: 0xff00),
    Layout(name: "8-8-8, green first", bits: 32, red: 0xff00, green: 0xff_0000, blue: 0xff),
    Layout(name: "10-10-10", bits: 32, red: 0x3ff0_0000, green: 0xf_fc00, blue: 0x3ff),
    Layout(
      name: "10-10-10, blue first", bits: 32, red: 0x3ff, green: 0xf_fc00, blue: 0x3ff0_0000),
    Layout(name: "11-11-10", bits: 32, red: 0xffe0_0000, green: 0x1f_fc00, blue: 0x3ff),
    Layout(name: "5-6-5", bits: 16, red: 0xf800, green: 0x7e0, blue: 0x1f),
    Layout(name: "5-6-5, blue first", bits: 16, red: 0x1f, green: 0x7e0, blue: 0xf800),
    Layout(name: "5-5-5", bits: 16, red: 0x7c00, green: 0x3e0, blue: 0x1f),
    Layout(name: "5-5-5, blue first", bits: 16, red: 0x1f, green: 0x3e0, blue: 0x7c00),
    Layout(name: "4-4-4", bits: 16, red: 0xf00, green: 0xf0, blue: 0xf),
    Layout(name: "1-1-1 in 32", bits: 32, red: 4, green: 2, blue: 1),
  ]

  /// What pixels become, `width` in a row; rows are padded by `padding` bytes on both sides.
  private func decode(
    _ pixels: [UInt], _ layout: Layout, isBigEndian: Bool, width: Int, padding: Int = 0
  ) throws -> [UInt32] {
    let decoder = try #require(layout.decoder(isBigEndian: isBigEndian))
    let bytes = layout.bits / 8
    let size = Size(width: width, height: pixels.count / width)
    var source: [UInt8] = []
    for row in 0..<size.height {
      for pixel in pixels[row * width..<(row + 1) * width] {
        let places = isBigEndian ? Array((0..<bytes).reversed()) : Array(0..<bytes)
        source += places.map { UInt8(truncatingIfNeeded: pixel >> UInt($0 * 8)) }
      }
      source += Array(repeating: 0xee, count: padding)
    }
    let stride = (width + padding) * 4
    var result = [UInt32](repeating: 0x5555_5555, count: stride / 4 * size.height)
    result.withUnsafeMutableBytes { result in
      source.withUnsafeBytes {
        decoder.decode(
          $0.baseAddress!, stride: width * bytes + padding, size: size,
          to: result.baseAddress!, newStride: stride)
      }
    }
    for row in 0..<size.height {
      let rest = result[row * stride / 4 + width..<(row + 1) * stride / 4]
      #expect(rest.allSatisfy { $0 == 0x5555_5555 }, "written beyond the row")
    }
    var decoded: [UInt32] = []
    for row in 0..<size.height {
      decoded += result[row * stride / 4..<row * stride / 4 + width].map { $0 & 0xff_ffff }
    }
    return decoded
  }

  /// 255 · value / most, rounded; no layout has a value that lies just between two.
  private func scaled(_ value: UInt, of most: UInt) -> UInt32 {
    UInt32((value * 510 + most) / (2 * most))
  }

  private func colour(_ pixel: UInt, _ layout: Layout) -> UInt32 {
    let channels = layout.masks.map { mask in
      let shift = UInt(mask.trailingZeroBitCount)
      return scaled((pixel & mask) >> shift, of: mask >> shift)
    }
    return channels[0] << 16 | channels[1] << 8 | channels[2]
  }

  @Test(
    "Every value of every channel is its share of 255, rounded, in either byte order",
    arguments: layouts, [false, true])
  func everyValue(_ layout: Layout, isBigEndian: Bool) throws {
    let used = layout.masks.reduce(0, |)
    let unused = (1 << UInt(layout.bits) - 1) & ~used
    for mask in layout.masks {
      let shift = UInt(mask.trailingZeroBitCount)
      let values = Array(0...mask >> shift)
      // Alone, and with all other bits set: those that mean nothing, too.
      let alone = values.map { $0 << shift }
      let among = alone.map { $0 | (used & ~mask) | unused }
      for pixels in [alone, among] {
        #expect(
          try decode(pixels, layout, isBigEndian: isBigEndian, width: pixels.count)
            == pixels.map { colour($0, layout) })
      }
    }
  }

  @Test("Known colours of known layouts")
  func knownColours() throws {
    func check(_ pixel: UInt, _ name: String, _ colour: UInt32) throws {
      let layout = try #require(Self.layouts.first { $0.name == name })
      #expect(try decode([pixel], layout, isBigEndian: false, width: 1) == [colour])
    }
    try check(0x12_3456, "8-8-8", 0x12_3456)
    try check(0x12_3456, "8-8-8, blue first", 0x56_3412)
    try check(0xffff, "5-6-5", 0xff_ffff)
    try check(0x8410, "5-6-5", 0x84_8284)
    try check(0x0821, "5-6-5", 0x08_0408)
    try check(0x4210, "5-5-5", 0x84_8484)
    try check(0x3fff_ffff, "10-10-10", 0xff_ffff)
    try check(0x2008_0200, "10-10-10", 0x80_8080)
    try check(0x1ff7_fdff, "10-10-10", 0x7f_7f7f)
    try check(0x0020_0802, "10-10-10", 0x00_0000)
    try check(0x0030_0c03, "10-10-10", 0x01_0101)
  }

  @Test(
    "Rows that are longer than the picture is wide are read from their beginning",
    arguments: layouts, [2, 4, 6, 36])
  func paddedRows(_ layout: Layout, padding: Int) throws {
    guard padding % (layout.bits / 8) == 0 else { return }
    let used = layout.masks.reduce(0, |)
    for isBigEndian in [false, true] {
      let pixels = (0..<7 * 5).map { UInt($0) &* 2_654_435_761 & used }
      #expect(
        try decode(pixels, layout, isBigEndian: isBigEndian, width: 7, padding: padding)
          == pixels.map { colour($0, layout) })
    }
  }

  @Test("Only blue, green, red and a byte need no work")
  func identity() throws {
    for layout in Self.layouts {
      for isBigEndian in [false, true] {
        let decoder = try #require(layout.decoder(isBigEndian: isBigEndian))
        #expect(decoder.isIdentity == (layout.name == "8-8-8" && !isBigEndian))
      }
    }
    #expect(!PixelDecoder(palette: []).isIdentity)
  }

  private func decode(_ pixels: [UInt8], palette: [UInt32]) -> [UInt32] {
    var result = [UInt32](repeating: 0x5555_5555, count: pixels.count)
    result.withUnsafeMutableBytes { result in
      pixels.withUnsafeBytes {
        PixelDecoder(palette: palette).decode(
          $0.baseAddress!, stride: pixels.count, size: Size(width: pixels.count, height: 1),
          to: result.baseAddress!, newStride: pixels.count * 4)
      }
    }
    return result.map { $0 & 0xff_ffff }
  }

  @Test("Places in a palette are its colours, and those beyond its end are black")
  func palettes() {
    let places = (0...255).map { UInt8($0) }
    let colours = (0..<256).map { UInt32($0 * 0x01_0307 & 0xff_ffff) }
    for count in [0, 1, 2, 16, 255, 256] {
      #expect(
        decode(places, palette: Array(colours[..<count]))
          == colours.enumerated().map { $0 < count ? $1 : 0 })
    }
  }

  @Test(
    "What is not read is refused",
    arguments: [
      (24, 0xff_0000, 0xff00, 0xff), (8, 0xe0, 0x1c, 3), (1, 1, 1, 1),
      (64, 0xff_0000, 0xff00, 0xff),
      (0, 0xff_0000, 0xff00, 0xff),
      // Nothing, gaps, too many bits, beyond 32 bits.
      (32, 0, 0xff00, 0xff), (32, 0xff_0000, 0, 0xff), (32, 0xff_0000, 0xff00, 0),
      (32, 0xf7_0000, 0xff00, 0xff), (32, 0xff_0000, 0x8100, 0xff), (16, 0xf800, 0x7e0, 0x15),
      (32, 0xfff0_0000, 0xff00, 0xff), (32, 0xff00_0000, 0xfff000, 0xff),
      (32, 0xff_0000_0000, 0xff00, 0xff),
    ] as [(Int, UInt, UInt, UInt)])
  func refused(_ bits: Int, _ red: UInt, _ green: UInt, _ blue: UInt) {
    for isBigEndian in [false, true] {
      #expect(
        PixelDecoder(
          bitsPerPixel: bits, isBigEndian: isBigEndian, red: red, green: green, blue: blue) == nil)
    }
  }
}
