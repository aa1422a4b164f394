import CropEngine
import TestSupport
import Testing

@testable import FrameOutput

@Suite("Pictures as the bytes of a file")
struct EncodedPictureTests {
  static let sizes = [(64, 48), (17, 5), (1, 3), (1, 1)].map { Size(width: $0, height: $1) }

  /// A colour of its own for each pixel.
  private static func grab(_ size: Size) -> Grab {
    Grab(size, padding: 8) { x, y in UInt32(x * 3) << 16 | UInt32(y * 5) << 8 | UInt32(x ^ y) }
  }

  private func encoded(
    _ grab: Grab, _ format: PictureFormat, _ pixelFormat: PixelFormat, size: Size? = nil,
    policy: ResizePolicy = .fit
  ) throws -> [UInt8] {
    let settings = PictureSettings(pixelFormat: pixelFormat, size: size, policy: policy)
    return try grab.bytes.withUnsafeBytes { pixels throws in
      let view = PictureView(
        pixels, stride: grab.stride, size: grab.size, hasAlpha: grab.hasAlpha)
      let picture = try EncodedPicture(ConvertedPicture(view, settings), as: format)
      return Array(picture.header.utf8) + Array(picture.payload)
    }
  }

  /// What a program of netpbm makes of a file.
  private func read(_ bytes: [UInt8], _ program: String, _ arguments: [String] = []) throws
    -> [UInt8]
  {
    let folder = try TemporaryFolder()
    try folder.write(bytes, to: "picture")
    let result = try Command.run("/usr/bin/" + program, arguments + [folder["picture"]])
    #expect(result.errors == "")
    return result.output
  }

  @Test("PPM, PGM and PAM are a header and the pixels", arguments: sizes)
  func netpbm(_ size: Size) throws {
    let grab = Self.grab(size)
    let measures = "\(size.width) \(size.height)\n255\n"
    let (rgb, gray) = (grab.converted(.rgb24), grab.converted(.gray, .full))
    #expect(try encoded(grab, .ppm, .rgb24) == Array("P6\n\(measures)".utf8) + rgb)
    #expect(try encoded(grab, .ppm, .gray) == Array("P5\n\(measures)".utf8) + gray)
    #expect(try encoded(grab, .pgm, .gray) == Array("P5\n\(measures)".utf8) + gray)
    for pixelFormat in PictureFormat.pam.pixelFormats {
      let header = StreamFormat.pam.frameHeader(canvas: size, pixelFormat: pixelFormat)
      #expect(
        try encoded(grab, .pam, pixelFormat)
          == Array(header.utf8) + grab.converted(pixelFormat, .full))
    }
  }

  @Test("A PNG file holds the pixels to the bit", arguments: sizes)
  func png(_ size: Size) throws {
    let grab = Self.grab(size)
    for pixelFormat in [PixelFormat.rgb24, .gray] {
      let read = try read(try encoded(grab, .png, pixelFormat), "pngtopnm")
      #expect(read == (try encoded(grab, .ppm, pixelFormat)))
    }
    let file = try encoded(grab, .png, .rgba)
    #expect(try read(file, "pngtopnm") == (try encoded(grab, .ppm, .rgb24)))
    let alphas = [UInt8](repeating: 255, count: size.width * size.height)
    #expect(try read(file, "pngtopnm", ["-alpha"]).suffix(alphas.count) == alphas[...])
  }

  @Test("A PNG file keeps straight alphas and their colours as they are")
  func alphas() throws {
    let pixels: [UInt8] = [255, 128, 1, 128, 9, 8, 7, 1, 0, 0, 0, 0, 1, 2, 3, 255]
    let bytes = try pixels.withUnsafeBytes { pixels throws in
      let image = try PNGImage(pixels, size: Size(width: 2, height: 2), pixelFormat: .rgba)
      return Array(image.bytes)
    }
    #expect(
      try read(bytes, "pngtopnm").suffix(12) == [255, 128, 1, 9, 8, 7, 0, 0, 0, 1, 2, 3])
    #expect(try read(bytes, "pngtopnm", ["-alpha"]).suffix(4) == [128, 1, 0, 255])
  }

  @Test("E3: what is grabbed with alpha keeps it in rgba, straight, and is over black in others")
  func grabbedWithAlpha() throws {
    let grab = Grab(Size(width: 3, height: 1), padding: 4, hasAlpha: true) { x, _ in
      [0x8080_4000, 0xff01_0203, 0][x]
    }
    let straight: [UInt8] = [255, 128, 0, 128, 1, 2, 3, 255, 0, 0, 0, 0]
    #expect(try encoded(grab, .pam, .rgba).suffix(12) == straight[...])
    let file = try encoded(grab, .png, .rgba)
    #expect(try read(file, "pngtopnm").suffix(9) == [255, 128, 0, 1, 2, 3, 0, 0, 0])
    #expect(try read(file, "pngtopnm", ["-alpha"]).suffix(3) == [128, 255, 0])
    let blended: [UInt8] = [128, 64, 0, 1, 2, 3, 0, 0, 0]
    #expect(try encoded(grab, .ppm, .rgb24).suffix(9) == blended[...])
    #expect(try read(try encoded(grab, .png, .rgb24), "pngtopnm").suffix(9) == blended[...])
  }

  @Test("A PNG file says nothing of a gamma that would change its colours")
  func gamma() throws {
    let bytes = try encoded(Self.grab(Size(width: 9, height: 9)), .png, .rgb24)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("IHDR") && text.contains("IDAT") && text.contains("sRGB"))
    #expect(!text.contains("gAMA") && !text.contains("iCCP"))
  }

  @Test("A picture of noise, which cannot be compressed, is held too")
  func noise() throws {
    var state: UInt32 = 1
    let grab = Grab(Size(width: 500, height: 300)) { _, _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return state >> 8
    }
    let bytes = try encoded(grab, .png, .rgb24)
    #expect(bytes.count > 450_000)
    #expect(try read(bytes, "pngtopnm") == (try encoded(grab, .ppm, .rgb24)))
  }

  @Test("A size asked for is that of the file")
  func size() throws {
    let size = Size(width: 6, height: 4)
    let (red, black): ([UInt8], [UInt8]) = ([255, 0, 0], [0, 0, 0])
    let header = Array("P6\n6 4\n255\n".utf8)
    let grab = Grab(2, 2, 0xff_0000)
    let row = black + black + red + red + black + black
    let blackRow = Array(repeating: black, count: 6).flatMap { $0 }
    #expect(
      try encoded(grab, .ppm, .rgb24, size: size) == header + blackRow + row + row + blackRow)
    let cropped = red + red + black + black + black + black
    #expect(
      try encoded(grab, .ppm, .rgb24, size: size, policy: .crop)
        == header + cropped + cropped + blackRow + blackRow)
    #expect(
      try encoded(Grab(12, 8, 0xff_0000), .ppm, .rgb24, size: size, policy: .stretch)
        == header + Array(repeating: red, count: 24).flatMap { $0 })
  }

  @Test("Straight colours are the nearest there are, and come to the same with their alphas")
  func straightAlpha() {
    for alpha in 1...255 {
      for colour in 0...alpha {
        var pixel = [UInt8(colour), 0, UInt8(alpha), UInt8(alpha)]
        pixel.withUnsafeMutableBytes { StraightAlpha.make($0) }
        let exact = Double(colour) * 255 / Double(alpha)
        #expect(abs(Double(pixel[0]) - exact) <= 0.5)
        #expect((Int(pixel[0]) * alpha + 127) / 255 == colour)
        #expect(pixel[1...] == [0, 255, UInt8(alpha)])
      }
    }
    // No pixel of a server's is brighter than its alpha lets it be; one that is stays white.
    var wrong: [UInt8] = [200, 100, 0, 100, 9, 9, 9, 0]
    wrong.withUnsafeMutableBytes { StraightAlpha.make($0) }
    #expect(wrong == [255, 255, 0, 100, 0, 0, 0, 0])
  }
}
