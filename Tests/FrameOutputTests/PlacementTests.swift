import CropEngine
import TestSupport
import Testing

@testable import FrameOutput

@Suite("Pictures that have not the canvas's size")
struct PlacementTests {
  private static let red: UInt32 = 0xff_0000
  private static let green: UInt32 = 0x00_ff00

  /// What is on the canvas in bgra after pictures were shown on it, one after the other.
  private func shown(_ grabs: [Grab], on size: Size, _ policy: ResizePolicy) throws -> Picture {
    let canvas = Canvas(size: size, firstPicture: grabs[0].size, policy: policy)
    var converter = FrameConverter(format: .bgra, range: .limited, canvas: size)
    var bytes: [UInt8] = []
    for grab in grabs {
      bytes = grab.converted(by: &converter, try #require(canvas.place(grab.size)))
    }
    let alphas = stride(from: 3, to: bytes.count, by: 4).map { bytes[$0] }
    #expect(Set(alphas) == [255])
    return Picture(bytes, size: size)
  }

  private func picture(_ size: Size, _ rect: (Int, Int, Int, Int), _ colour: UInt32) -> Picture {
    Picture(size: size, [(Rect(x: rect.0, y: rect.1, width: rect.2, height: rect.3), colour)])
  }

  private let size = Size(width: 12, height: 9)

  @Test("A smaller picture is centred on black, 1:1")
  func centred() throws {
    #expect(
      try shown([Grab(5, 4, padding: 8, Self.red)], on: size, .fit)
        == picture(size, (3, 2, 5, 4), Self.red))
  }

  @Test("A larger picture of another shape is scaled, with black on two sides")
  func scaled() throws {
    #expect(
      try shown([Grab(48, 12, padding: 8, Self.red)], on: size, .fit)
        == picture(size, (0, 3, 12, 3), Self.red))
    #expect(
      try shown([Grab(9, 27, Self.red)], on: size, .fit)
        == picture(size, (4, 0, 3, 9), Self.red))
  }

  @Test("A picture of the canvas's shape fills it when scaled, however large")
  func filled() throws {
    for factor in [2, 3, 10] {
      #expect(
        try shown([Grab(12 * factor, 9 * factor, Self.red)], on: size, .fit)
          == picture(size, (0, 0, 12, 9), Self.red))
    }
  }

  @Test("Scaled down by whole numbers, each pixel is the mean of those it stands for")
  func mean() throws {
    let grab = Grab(Size(width: 48, height: 36)) { x, y in (x + y) % 2 == 0 ? 0xff_ffff : 0 }
    let picture = try shown([grab], on: size, .fit)
    #expect(picture.colours.isSubset(of: [0x7f_7f7f, 0x80_8080]))
  }

  @Test("Each pixel counts where many become one", arguments: 2...8)
  func eachPixelCounts(_ factor: Int) throws {
    for phase in 0..<factor {
      let grab = Grab(Size(width: 12 * factor, height: 9 * factor)) { x, _ in
        x % factor == phase ? 0xff_ffff : 0
      }
      let colours = try shown([grab], on: size, .fit).colours
      let mean = 255 / factor
      #expect(colours.allSatisfy { abs(Int($0 & 0xff) - mean) <= 2 }, "column \(phase)")
    }
  }

  @Test("A boundary on a canvas pixel's edge stays sharp")
  func sharpBoundary() throws {
    let grab = Grab(Size(width: 48, height: 36)) { x, _ in x < 24 ? Self.red : Self.green }
    let picture = try shown([grab], on: size, .fit)
    #expect(
      picture
        == Picture(
          size: size,
          [
            (Rect(x: 0, y: 0, width: 6, height: 9), Self.red),
            (Rect(x: 6, y: 0, width: 6, height: 9), Self.green),
          ]))
  }

  @Test("Crop keeps the left top, 1:1")
  func cropped() throws {
    let grab = Grab(Size(width: 20, height: 20), padding: 4) { x, y in UInt32(x << 8 | y) }
    let picture = try shown([grab], on: size, .crop)
    #expect(
      picture.pixels == (0..<9).flatMap { y in (0..<12).map { x in UInt32(x << 8 | y) } })
  }

  @Test("Crop pads with black at the right and bottom")
  func padded() throws {
    #expect(
      try shown([Grab(5, 4, Self.red)], on: size, .crop)
        == picture(size, (0, 0, 5, 4), Self.red))
    #expect(
      try shown([Grab(30, 4, Self.red)], on: size, .crop)
        == picture(size, (0, 0, 12, 4), Self.red))
  }

  @Test("Stretch fills the canvas", arguments: [(24, 18), (48, 36), (24, 36), (48, 18)])
  func stretched(_ width: Int, _ height: Int) throws {
    #expect(
      try shown([Grab(width, height, Self.red)], on: size, .stretch)
        == picture(size, (0, 0, 12, 9), Self.red))
  }

  // libyuv's bilinear filter weighs with 7 bits, so that 255 becomes 253.
  @Test(
    "Stretch fills the canvas with one colour, also where it has to mix pixels",
    arguments: [(5, 4), (48, 12), (1, 1), (12, 1), (1, 900), (13, 10)])
  func stretchedByMixing(_ width: Int, _ height: Int) throws {
    let colours = try shown([Grab(width, height, Self.red)], on: size, .stretch).colours
    #expect(colours.count == 1)
    #expect(colours.isSubset(of: [0xff_0000, 0xfe_0000, 0xfd_0000]))
  }

  @Test("White stays white where a picture is scaled by less than two")
  func whiteStaysWhite() throws {
    let colours = try shown([Grab(16, 12, 0xff_ffff)], on: size, .fit).colours
    #expect(colours == [0xff_ffff])
  }

  @Test("Nothing of a picture shows around a smaller one that follows it")
  func followedBySmaller() throws {
    for policy in [ResizePolicy.fit, .crop] {
      let left = policy == .fit ? (3, 2, 5, 4) : (0, 0, 5, 4)
      #expect(
        try shown([Grab(11, 8, Self.green), Grab(5, 4, Self.red)], on: size, policy)
          == picture(size, left, Self.red))
    }
  }

  @Test("Nothing of a picture shows after one of the canvas's own size came between")
  func afterWholeCanvas() throws {
    #expect(
      try shown(
        [Grab(5, 4, Self.green), Grab(12, 9, Self.green), Grab(5, 4, Self.red)], on: size, .fit)
        == picture(size, (3, 2, 5, 4), Self.red))
  }

  @Test("A black frame between two pictures leaves nothing of either behind")
  func blackBetween() {
    var converter = FrameConverter(format: .rgb24, range: .limited, canvas: size)
    let placement = Canvas.Placement(
      source: Rect(x: 0, y: 0, width: 5, height: 4),
      destination: Rect(x: 3, y: 2, width: 5, height: 4))
    let before = Grab(5, 4, Self.red).converted(by: &converter, placement)
    #expect(Array(converter.black()) == Array(repeating: 0, count: 12 * 9 * 3))
    #expect(Grab(5, 4, Self.red).converted(by: &converter, placement) == before)
    #expect(before.filter { $0 == 255 }.count == 20)
  }

  @Test("Black around a picture is black in Y, U and V", arguments: ColorRange.allCases)
  func blackInYUV(_ range: ColorRange) {
    let canvas = Size(width: 8, height: 8)
    var converter = FrameConverter(format: .yuv420p, range: range, canvas: canvas)
    let bytes = Grab(2, 2, 0xff_ffff).converted(
      by: &converter,
      Canvas.Placement(
        source: Rect(x: 0, y: 0, width: 2, height: 2),
        destination: Rect(x: 2, y: 4, width: 2, height: 2)))
    let (black, white): (UInt8, UInt8) = range == .limited ? (16, 235) : (0, 255)
    var luma = [UInt8](repeating: black, count: 64)
    for place in [34, 35, 42, 43] { luma[place] = white }
    #expect(Array(bytes.prefix(64)) == luma)
    #expect(Set(bytes.dropFirst(64)) == [128])
  }

  @Test("A part of a picture is taken from its place", arguments: PixelFormat.allCases)
  func partOfPicture(_ format: PixelFormat) {
    let grab = Grab(Size(width: 9, height: 7), padding: 16) { x, y in
      (2..<6).contains(x) && (3..<5).contains(y) ? Self.red : Self.green
    }
    var converter = FrameConverter(
      format: format, range: .limited, canvas: Size(width: 4, height: 2))
    let bytes = grab.converted(
      by: &converter,
      Canvas.Placement(
        source: Rect(x: 2, y: 3, width: 4, height: 2),
        destination: Rect(x: 0, y: 0, width: 4, height: 2)))
    #expect(bytes == Grab(4, 2, Self.red).converted(format))
  }
}
