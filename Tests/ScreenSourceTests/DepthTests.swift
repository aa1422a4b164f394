import CropEngine
import ScreenSource
import TestSupport
import Testing

/// A way that a server gives pixels.
struct ServerKind: CustomTestStringConvertible, Sendable {
  let depth: Int
  let pixels: Pixels
  let hasDamage: Bool

  enum Pixels: String, CaseIterable { case shared, plainByChoice, plainByNeed }

  var testDescription: String {
    "depth \(depth), \(pixels)\(hasDamage ? "" : ", no DAMAGE")"
  }

  static let all = [24, 30, 16, 15, 8].flatMap { depth in
    Pixels.allCases.flatMap { pixels in
      [true, false].map { ServerKind(depth: depth, pixels: pixels, hasDamage: $0) }
    }
  }

  var arguments: [String] {
    (pixels == .plainByNeed ? ["-extension", "MIT-SHM"] : [])
      + (hasDamage ? [] : ["-extension", "DAMAGE"])
  }

  /// The channels' bits of a pixel, from red to blue.
  static func channelWidths(_ depth: Int) -> [UInt] {
    [24: [8, 8, 8], 30: [10, 10, 10], 16: [5, 6, 5], 15: [5, 5, 5]][depth]!
  }

  /// The colour of a pixel value at a depth that has no palette: each channel's share of 255.
  static func colour(_ pixel: UInt, depth: Int) -> UInt32 {
    var (rest, result): (UInt, UInt32) = (pixel, 0)
    for (width, shift) in zip(channelWidths(depth).reversed(), [UInt32(0), 8, 16]) {
      let most = UInt(1) << width - 1
      let share = ((rest & most) * 510 + most) / (2 * most)
      result |= UInt32(share) << shift
      rest >>= width
    }
    return result
  }

  /// Pixel values that hold every value of every channel: all there are where those are few.
  static func everyPixel(_ depth: Int) -> [UInt] {
    guard depth > 16 else { return Array(0..<1 << UInt(depth)) }
    let all = UInt(1) << UInt(depth) - 1
    let width = UInt(depth / 3)
    var pixels: [UInt] = []
    for shift in [0, width, 2 * width] {
      let values = (UInt(0)..<1 << width).map { $0 << shift }
      pixels += values + values.map { $0 ^ all }
    }
    return pixels
  }
}

@Suite("Every depth, by every way")
struct DepthTests {
  private func stage(_ kind: ServerKind) throws -> Stage {
    try Stage(
      sharedMemory: kind.pixels != .plainByChoice, screen: "640x480x\(kind.depth)",
      server: kind.arguments)
  }

  @Test("The scene in exact colours", arguments: ServerKind.all)
  func scene(_ kind: ServerKind) throws {
    let stage = try stage(kind)
    let scene = stage.scene
    let (expected, place): (Picture, Rect)
    if kind.depth == 8 {
      // Colours of the palette, also one that is black in it.
      let colours: [UInt32] = [0xff_0000, 0x00_ff00, 0x12_3456, 0, 0xff_ffff, 0x80_8080]
      let pixels = try colours.map { try scene.pixel(of: $0) }
      // An odd width: the rows are padded.
      place = Rect(x: 11, y: 13, width: 37, height: 30)
      let values = (0..<37 * 30).map { $0 % 6 }
      _ = scene.window(
        in: scene.top, x: place.x, y: place.y, pixels: values.map { pixels[$0] }, width: 37)
      expected = Picture(size: place.size) { colours[values[$1 * 37 + $0]] }
    } else {
      let pixels = ServerKind.everyPixel(kind.depth).mixed
      let width = 251
      let rows = min(280, (pixels.count + width - 1) / width)
      place = Rect(x: 11, y: 13, width: width, height: rows)
      let filled = (0..<width * rows).map { pixels[$0 % pixels.count] }
      _ = scene.window(in: scene.top, x: place.x, y: place.y, pixels: filled, width: width)
      expected = Picture(size: place.size) {
        ServerKind.colour(filled[$1 * width + $0], depth: kind.depth)
      }
    }
    for _ in 0..<2 {
      try stage.capture.setTarget(
        .region(RegionGeometry(size: place.size, x: .start(place.x), y: .start(place.y))))
      #expect(try stage.frame().picture == expected)
      // And as a part of something larger, of another width.
      try stage.capture.setTarget(.surface)
      let whole = try stage.frame().picture
      #expect(
        Picture(size: place.size) { whole[place.x + $0, place.y + $1] } == expected)
    }
    switch kind.pixels {
    case .shared: #expect(stage.capture.plainReason == nil)
    case .plainByChoice: #expect(stage.capture.plainReason == "a test of the plain path")
    case .plainByNeed:
      #expect(stage.capture.plainReason == "the server has no MIT-SHM extension")
    }
  }

  @Test(
    "Any width at 16, 15 and 8 bits, though rows are padded", arguments: [16, 15, 8], [true, false])
  func widths(_ depth: Int, sharedMemory: Bool) throws {
    let stage = try Stage(sharedMemory: sharedMemory, screen: "640x480x\(depth)")
    let (red, black) = (try stage.scene.pixel(of: 0xff_0000), try stage.scene.pixel(of: 0))
    for width in 1...17 {
      // A slope: what is shifted from row to row is seen.
      let window = stage.scene.window(
        in: stage.scene.top, x: 0, y: 0,
        pixels: (0..<width * 9).map { $0 % width == $0 / width % width ? red : black },
        width: width)
      try stage.capture.setTarget(.window(window))
      #expect(
        try stage.frame().picture
          == Picture(size: Size(width: width, height: 9)) { $0 == $1 % width ? 0xff_0000 : 0 })
    }
  }

  @Test("A palette that changes is followed, and so is another palette", arguments: [true, false])
  func palette(sharedMemory: Bool) throws {
    let stage = try Stage(sharedMemory: sharedMemory, screen: "640x480x8")
    let scene = stage.scene
    let pixel = try scene.changeablePixel(0x12_3456)
    let window = scene.window(
      in: scene.top, Rect(x: 0, y: 0, width: 5, height: 3), UInt32(pixel))
    try stage.capture.setTarget(.window(window))
    #expect(try stage.frame().picture.colours == [0x12_3456])
    for colour: UInt32 in [0xff_ffff, 0, 0x01_0203, 0xfe_dcba] {
      scene.store(colour, at: pixel)
      #expect(try stage.frame().picture.colours == [colour])
    }
    guard case .unchanged = try stage.capture.grab(skippingUnchanged: true) else {
      Issue.record("the same palette was a change")
      return
    }
    scene.store(0x00_0001, at: pixel)
    guard case .frame = try stage.capture.grab(skippingUnchanged: true) else {
      Issue.record("another colour was no change")
      return
    }
    let colours = (0..<256).map { UInt32($0 * 0x01_0101) ^ 0x55_aa0f }
    scene.installPalette(colours)
    #expect(try stage.frame().picture.colours == [colours[Int(pixel)]])
  }

  @Test(
    "A window of depth 32 is seen as it is on the screen, its alpha is not",
    arguments: [true, false])
  func translucent(sharedMemory: Bool) throws {
    let stage = try Stage(sharedMemory: sharedMemory)
    let window = try #require(
      stage.scene.translucentWindow(
        in: stage.scene.root, Rect(x: 520, y: 20, width: 30, height: 20), 0x8040_2010))
    let capture = try SurfaceCapture(
      stage.connection, surface: window,
      noSharedMemory: sharedMemory ? nil : "a test of the plain path")
    guard case .frame(let frame) = try capture.grab() else { throw Failure("no frame") }
    #expect(frame.region.onScreen == Rect(x: 520, y: 20, width: 30, height: 20))
    #expect(
      Picture(frame.pixels, size: frame.region.rect.size, stride: frame.stride).colours
        == [0x40_2010])
  }

  @Test("A3: visible, OVL is seen", arguments: [24, 16])
  func overlay(_ depth: Int) throws {
    let stage = try Stage(screen: "640x480x\(depth)")
    _ = stage.scene.mapOverlay()
    let picture = try stage.frame().picture
    // OVL is at 20,20 of TOP, 60×60.
    #expect(
      (0..<60).allSatisfy { picture[20 + $0, 20] == 0xff_ffff && picture[79, 20 + $0] == 0xff_ffff }
    )
    #expect(picture[19, 19] != 0xff_ffff && picture[80, 80] != 0xff_ffff)
  }
}

extension [UInt] {
  /// The same values in another order, always the same one.
  fileprivate var mixed: [UInt] { indices.map { self[$0 * 7919 % count] } }
}
