import CropEngine
import TestSupport
import Testing

@testable import FrameOutput

@Suite("A picture and a reference")
struct PictureComparisonTests {
  private static let size = Size(width: 9, height: 5)

  private func converted(
    _ grab: Grab, _ format: PixelFormat = .rgb24, size: Size? = nil
  ) -> ConvertedPicture {
    var picture: ConvertedPicture?
    grab.look {
      picture = ConvertedPicture($0, PictureSettings(pixelFormat: format, size: size))
    }
    return picture.take()!
  }

  private func compare(
    _ grab: Grab, _ reference: Grab, tolerance: Int = 0, _ format: PixelFormat = .rgb24
  ) -> PictureComparison {
    PictureComparison(
      converted(grab, format), reference: converted(reference, format), tolerance: tolerance)
  }

  /// The pixels of a picture in rgb24.
  private func colours(_ picture: borrowing ConvertedPicture) -> [UInt32] {
    let bytes = Array(picture.bytes)
    return stride(from: 0, to: bytes.count, by: 3).map {
      UInt32(bytes[$0]) << 16 | UInt32(bytes[$0 + 1]) << 8 | UInt32(bytes[$0 + 2])
    }
  }

  @Test("The same picture", arguments: [PixelFormat.rgb24, .rgba, .gray])
  func same(_ format: PixelFormat) {
    let grab = Grab(Self.size, padding: 4) { x, y in UInt32(x * 20 << 16 | y * 50) }
    let comparison = compare(grab, grab, format)
    #expect(comparison.isSame)
    #expect(comparison.count == 0 && comparison.largest == 0 && comparison.bounds == nil)
  }

  @Test("How many pixels differ, by how much, and where")
  func differences() {
    let reference = Grab.plain(0x80_8080)
    let grab = Grab(Self.size) { x, y in
      switch (x, y) {
      case (2, 1): 0x80_8085
      case (7, 3): 0x80_4080
      case (4, 2): 0x81_8081
      default: 0x80_8080
      }
    }
    let comparison = compare(grab, reference)
    #expect(!comparison.isSame)
    #expect(comparison.count == 3 && comparison.largest == 0x40)
    #expect(comparison.bounds == Rect(x: 2, y: 1, width: 6, height: 3))
    // One that is tolerated counts for the largest alone.
    let tolerant = compare(grab, reference, tolerance: 1)
    #expect(tolerant.count == 2 && tolerant.largest == 0x40)
    let more = compare(grab, reference, tolerance: 5)
    #expect(more.count == 1 && more.bounds == Rect(x: 7, y: 3, width: 1, height: 1))
    let most = compare(grab, reference, tolerance: 0x40)
    #expect(most.isSame && most.largest == 0x40 && most.bounds == nil)
  }

  @Test("Each pixel and each channel counts")
  func everyPixel() {
    let reference = Grab.plain(0x80_8080)
    for y in 0..<5 {
      for x in 0..<9 {
        for shift in [0, 8, 16] as [UInt32] {
          let rect = Rect(x: x, y: y, width: 1, height: 1)
          let grab = Grab.painted(rect, 0x80_8080 ^ 1 << shift, on: 0x80_8080)
          let comparison = compare(grab, reference)
          #expect(comparison.count == 1 && comparison.largest == 1 && comparison.bounds == rect)
        }
      }
    }
  }

  @Test("Alpha counts where the format has it")
  func alpha() {
    func grab(_ alpha: UInt32) -> Grab {
      Grab(Self.size, hasAlpha: true) { _, _ in alpha << 24 }
    }
    #expect(compare(grab(9), grab(200)).isSame)
    let comparison = compare(grab(9), grab(200), .rgba)
    #expect(comparison.count == 45 && comparison.largest == 191)
  }

  @Test("Another size is another picture, and what lies in one alone is red")
  func sizes() {
    let comparison = compare(.plain(0xff_ffff, 4, 3), .plain(0xff_ffff, 3, 4))
    #expect(!comparison.isSame)
    #expect(comparison.size == Size(width: 4, height: 3))
    #expect(comparison.referenceSize == Size(width: 3, height: 4))
    let painted = comparison.painted(
      converted(.plain(0xff_ffff, 4, 3)), over: converted(.plain(0xff_ffff, 3, 4)))
    #expect(painted.size == Size(width: 4, height: 4))
    let (red, white) = (0xff_0000 as UInt32, 0xff_ffff as UInt32)
    #expect(
      colours(painted)
        == Array(repeating: [white, white, white, red], count: 3).flatMap { $0 }
        + [red, red, red, red])
  }

  @Test("What differs is red on the reference in pale grey", arguments: [PixelFormat.rgb24, .gray])
  func painted(_ format: PixelFormat) {
    let reference = Grab(Self.size) { x, _ in x < 4 ? 0 : 0xff_ffff }
    let grab = Grab(Self.size) { x, y in (x, y) == (3, 2) ? 0xff : x < 4 ? 0 : 0xff_ffff }
    let new = converted(grab, format)
    let old = converted(reference, format)
    let painted = PictureComparison(new, reference: old, tolerance: 0).painted(new, over: old)
    #expect(painted.pixelFormat == .rgb24)
    let expected: [UInt32] = (0..<45).map {
      $0 == 2 * 9 + 3 ? 0xff_0000 : $0 % 9 < 4 ? 0xaa_aaaa : 0xff_ffff
    }
    #expect(colours(painted) == expected)
    // What is tolerated is not red.
    let none = PictureComparison(new, reference: old, tolerance: 255).painted(new, over: old)
    #expect(!colours(none).contains(0xff_0000))
  }
}

@Suite("The picture of a PNG file")
struct ReferencePictureTests {
  private static let grab = Grab(Size(width: 9, height: 5)) { x, y in
    UInt32(x * 28) << 16 | UInt32(y * 60) << 8 | UInt32(x ^ y)
  }

  private func file(_ grab: Grab, _ format: PixelFormat) throws -> [UInt8] {
    let settings = PictureSettings(pixelFormat: format)
    return try grab.look { view throws in
      let picture = try EncodedPicture(ConvertedPicture(view, settings), as: .png)
      return Array(picture.payload)
    }
  }

  /// Its pixels as it would have been grabbed.
  private func pixels(_ path: String) throws -> [UInt8] {
    let reference = try ReferencePicture(path: path, subject: "--compare")
    return Array(reference.view.pixels.prefix(4 * reference.view.size.bounds.area))
  }

  /// Those of a picture, with alpha.
  private func opaque(_ grab: Grab) -> [UInt8] {
    var bytes = grab.bytes
    for at in stride(from: 3, to: bytes.count, by: 4) { bytes[at] = 255 }
    return bytes
  }

  @Test("What was written is read as it was grabbed")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    try folder.write(try file(Self.grab, .rgb24), to: "rgb.png")
    #expect(try pixels(folder["rgb.png"]) == opaque(Self.grab))
    // All alphas, and colours that are multiplied by them.
    let grab = Grab(Size(width: 256, height: 16), hasAlpha: true) { x, y in
      let alpha = UInt32(x)
      let colour = alpha * UInt32(y) / 15
      return alpha << 24 | colour << 16 | (alpha - colour) << 8 | colour / 2
    }
    try folder.write(try file(grab, .rgba), to: "rgba.png")
    let isSame = try pixels(folder["rgba.png"]) == grab.bytes
    #expect(isSame)
  }

  @Test(
    "Palettes, grey, 16 bits and interlaced files",
    arguments: [
      ["-colors", "256", "png8:"], ["-depth", "16", "png48:"], ["-interlace", "PNG", "png24:"],
      ["-alpha", "set", "png32:"], ["-strip", "png24:"], ["-depth", "16", "-strip", "png48:"],
    ])
  func kinds(_ options: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write(try file(Self.grab, .rgb24), to: "in.png")
    let result = try Command.run(
      "/usr/bin/convert-im6",
      [folder["in.png"]] + options.dropLast() + [options.last! + folder["out.png"]])
    #expect(result.errors == "")
    #expect(try pixels(folder["out.png"]) == opaque(Self.grab))
  }

  @Test("Grey")
  func grey() throws {
    let folder = try TemporaryFolder()
    let grey = Grab(Size(width: 4, height: 1)) { x, _ in UInt32(x * 85) * 0x01_0101 }
    try folder.write(try file(grey, .gray), to: "8.png")
    #expect(try pixels(folder["8.png"]) == opaque(grey))
    let result = try Command.run(
      "/usr/bin/convert-im6", [folder["8.png"], "-depth", "2", "png:" + folder["2.png"]])
    #expect(result.errors == "")
    #expect(try pixels(folder["2.png"]) == opaque(grey))
  }

  @Test("What is not there, no file, no PNG, or not whole")
  func bad() throws {
    let folder = try TemporaryFolder()
    let bytes = try file(Self.grab, .rgb24)
    try folder.write(bytes.dropLast(20), to: "cut.png")
    try folder.write(bytes.prefix(20), to: "start.png")
    try folder.write("P6 1 1".utf8, to: "other.png")
    try folder.write([], to: "empty.png")
    // The size in the header, and its checksum.
    var large = bytes
    large.replaceSubrange(16..<24, with: [0, 0, 0x80, 0, 0, 0, 0x80, 0])
    large.replaceSubrange(29..<33, with: [0x4b, 0x1e, 0x34, 0x28])
    try folder.write(large, to: "large.png")
    for (name, status, word) in [
      ("none.png", .notFound, "there is no '"), ("none/x.png", .notFound, "there is no '"),
      ("cut.png", .type, "' cannot be read: "), ("start.png", .type, "' is no PNG file: "),
      ("other.png", .type, "' is no PNG file: "), ("empty.png", .type, "' is no PNG file: "),
      (".", .type, "' is no PNG file: "), ("large.png", .type, "' is "),
    ] as [(String, CaptureError.Name, String)] {
      do {
        _ = try ReferencePicture(path: folder[name], subject: "--compare")
        Issue.record("\(name) was read")
      } catch {
        #expect(error.name == status, "\(name)")
        #expect(error.subject == "--compare" && error.reason.contains(word), "\(error)")
      }
    }
  }
}
