import CropEngine
import TestSupport
import Testing

@testable import FrameOutput

@Suite("Pictures with alpha")
struct AlphaTests {
  /// Colours as they are grabbed, multiplied by their alphas: 0xAARRGGBB.
  private static let grabbed: [UInt32] = [
    0xffff_0080, 0x8040_8000, 0x8080_0000, 0x0100_0100, 0x0000_0000, 0x7f7f_3f01,
  ]
  /// The same as files have them: red, green, blue, alpha.
  private static let straight: [[UInt8]] = [
    [255, 0, 128, 255], [128, 255, 0, 128], [255, 0, 0, 128], [0, 255, 0, 1], [0, 0, 0, 0],
    [255, 126, 2, 127],
  ]

  private static let size = Size(width: 3, height: 2)

  private static func grab(padding: Int = 0, hasAlpha: Bool = true) -> Grab {
    Grab(size, padding: padding, hasAlpha: hasAlpha) { x, y in
      grabbed[y * 3 + x] & (hasAlpha ? .max : 0xff_ffff)
    }
  }

  /// A picture of one colour, 0xAARRGGBB.
  private static func plain(_ width: Int, _ height: Int, _ colour: UInt32) -> Grab {
    Grab(Size(width: width, height: height), hasAlpha: true) { _, _ in colour }
  }

  @Test("E3: rgba and bgra hold it, their colours straight", arguments: [0, 12])
  func kept(_ padding: Int) {
    let grab = Self.grab(padding: padding)
    #expect(grab.converted(.rgba) == Self.straight.flatMap(\.self))
    #expect(grab.converted(.bgra) == Self.straight.flatMap { [$0[2], $0[1], $0[0], $0[3]] })
  }

  @Test(
    "E3: in formats without alpha the picture is as if over black",
    arguments: PixelFormat.allCases.filter { ![.rgba, .bgra, .bgr0].contains($0) })
  func dropped(_ format: PixelFormat) {
    for range in ColorRange.allCases {
      #expect(
        Self.grab().converted(format, range)
          == Self.grab(hasAlpha: false).converted(format, range))
    }
  }

  @Test("E3: bgr0 is as if over black too")
  func blendedByItself() {
    let grab = Self.grab()
    let (frame, opaque) = (grab.converted(.bgr0), Self.grab(hasAlpha: false).converted(.bgr0))
    for at in frame.indices where at % 4 != 3 { #expect(frame[at] == opaque[at]) }
  }

  @Test("Scaled, alphas are means as colours are, and colours do not grow darker by it")
  func scaled() throws {
    let canvas = Canvas(size: Self.size, firstPicture: Self.size, policy: .fit)
    var converter = FrameConverter(format: .rgba, range: .full, canvas: Self.size)
    func shown(_ grab: Grab) throws -> [UInt8] {
      grab.converted(by: &converter, try #require(canvas.place(grab.size)))
    }
    let one: [UInt8] = [255, 128, 0, 128]
    #expect(
      try shown(Self.plain(12, 8, 0x8080_4000))
        == Array(repeating: one, count: 6).joined()
        .map(\.self))
    // Every other column is not there: half of it is white.
    let columns = Grab(Size(width: 12, height: 8), hasAlpha: true) { x, _ in
      x % 2 == 0 ? 0xffff_ffff : 0
    }
    let mixed = try shown(columns)
    for at in stride(from: 0, to: mixed.count, by: 4) {
      #expect(mixed[at..<at + 3].allSatisfy { $0 == 255 })
      #expect([127, 128].contains(mixed[at + 3]))
    }
  }

  @Test("Around a picture with alpha nothing is there, around one without it is black")
  func padding() throws {
    let size = Size(width: 4, height: 1)
    let canvas = Canvas(size: size, firstPicture: size, policy: .fit)
    var converter = FrameConverter(format: .rgba, range: .full, canvas: size)
    func shown(_ grab: Grab) throws -> [UInt8] {
      grab.converted(by: &converter, try #require(canvas.place(grab.size)))
    }
    let (nothing, black, red): ([UInt8], [UInt8], [UInt8]) = (
      [0, 0, 0, 0], [0, 0, 0, 255], [255, 0, 0, 255]
    )
    let translucent = nothing + [255, 0, 0, 128] + [255, 0, 0, 128] + nothing
    #expect(try shown(Self.plain(2, 1, 0x8080_0000)) == translucent)
    #expect(try shown(Grab(2, 1, 0xff_0000)) == black + red + red + black)
    #expect(try shown(Self.plain(2, 1, 0x8080_0000)) == translucent)
    #expect(Array(converter.black()) == black + black + black + black)
    #expect(try shown(Self.plain(2, 1, 0)) == Array(repeating: 0, count: 16))
  }

  @Test("A stream shows it again as it was", arguments: [nil, 5])
  func shownAgain(_ slot: Int?) throws {
    let reader = try Reader()
    let settings = StreamSettings(
      format: .raw, pixelFormat: .bgra, range: .full, rate: .max, size: nil, policy: .fit)
    var stream = FrameStream(try .opened(reader.path), settings)
    let expected = Self.straight.flatMap { [$0[2], $0[1], $0[0], $0[3]] }
    let grab = Self.grab(padding: 4)
    var pixels = grab.bytes
    pixels.withUnsafeMutableBytes { pixels in
      let isShown = stream.show(
        UnsafeRawBufferPointer(pixels), stride: grab.stride, size: grab.size, hasAlpha: true,
        slot: slot)
      #expect(isShown)
      // Formats that are converted are the stream's own from there on.
      pixels.initializeMemory(as: UInt8.self, repeating: 0x77)
    }
    for _ in 0..<2 {
      #expect(try stream.write() == .whole)
      #expect(reader.take() == expected)
      stream.showLast()
    }
    stream.discard()
    #expect(stream.showBlack() == true)
    #expect(try stream.write() == .whole)
    #expect(reader.take() == Array(repeating: [0, 0, 0, 255], count: 6).flatMap(\.self))
  }
}
