import CropEngine
import Glibc
import TestSupport
import Testing

@testable import FrameOutput

@Suite("A stream of pictures")
struct FrameStreamTests {
  private static let red: UInt32 = 0xff_0000
  private static let white: UInt32 = 0xff_ffff

  private func settings(
    _ format: StreamFormat, _ pixelFormat: PixelFormat, size: Size? = nil,
    policy: ResizePolicy = .fit
  ) -> StreamSettings {
    StreamSettings(
      format: format, pixelFormat: pixelFormat, range: .full,
      rate: .perSecond(30000, over: 1001), size: size, policy: policy)
  }

  /// Shows a picture and writes it, the reader taking a little whenever the pipe is full. Returns
  /// what was read meanwhile; nil where the stream is to end instead.
  private func show(_ grab: Grab, on stream: inout FrameStream, _ reader: Reader) throws
    -> [UInt8]?
  {
    try grab.bytes.withUnsafeBytes { pixels throws in
      guard
        stream.show(pixels, stride: grab.stride, size: grab.size, hasAlpha: grab.hasAlpha)
      else { return nil }
      return try finish(&stream, reader)
    }
  }

  private func finish(_ stream: inout FrameStream, _ reader: Reader) throws -> [UInt8] {
    var read: [UInt8] = []
    while try stream.write() == .waiting {
      let more = reader.take(1000)
      guard !more.isEmpty else { throw Failure("the pipe is full and empty at once") }
      read += more
    }
    return read + reader.take()
  }

  private func frame(_ bytes: [UInt8]) -> [UInt8] { Array("FRAME\n".utf8) + bytes }
  private func grey(_ value: UInt8, _ count: Int) -> [UInt8] {
    Array(repeating: value, count: count)
  }

  @Test("Y4M: one header, written whole, and frames of one size")
  func y4m() throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.y4m, .gray))
    #expect(stream.hasLast == false)
    #expect(reader.take() == [])
    let header = "YUV4MPEG2 W4 H2 F30000:1001 Ip A1:1 Cmono XCOLORRANGE=FULL\n"
    #expect(
      try show(Grab(4, 2, Self.white), on: &stream, reader)
        == Array(header.utf8) + frame(grey(255, 8)))
    #expect(stream.hasLast == true)
    #expect(try show(Grab(4, 2, 0), on: &stream, reader) == frame(grey(0, 8)))
    // A larger picture is made to fit: 8×2 becomes 4×1, on the first of two rows.
    #expect(
      try show(Grab(8, 2, Self.white), on: &stream, reader)
        == frame(grey(255, 4) + grey(0, 4)))
    // A smaller one is centred.
    #expect(
      try show(Grab(2, 2, Self.white), on: &stream, reader)
        == frame([0, 255, 255, 0, 0, 255, 255, 0]))
    #expect(stream.frames == 4)
    #expect(stream.byteCount == header.utf8.count + 4 * (6 + 8))
  }

  @Test("Raw: nothing but frames")
  func raw() throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.raw, .rgb24))
    #expect(try show(Grab(2, 1, Self.red), on: &stream, reader) == [255, 0, 0, 255, 0, 0])
    #expect(try show(Grab(2, 1, 0x01_0203), on: &stream, reader) == [1, 2, 3, 1, 2, 3])
    #expect(stream.byteCount == 12)
  }

  @Test(
    "A slow reader with a small pipe gets every byte", arguments: PixelFormat.allCases)
  func slowReader(_ format: PixelFormat) throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.raw, format))
    try reader.narrow()
    for seed in 1...3 {
      let grab = Grab(Size(width: 101, height: 67)) { x, y in UInt32(x * y * seed) & 0xff_ffff }
      #expect(try show(grab, on: &stream, reader) == grab.converted(format, .full))
    }
    #expect(stream.frames == 3)
  }

  @Test("The last frame is shown again as it was, a black one too", arguments: PixelFormat.allCases)
  func showLast(_ format: PixelFormat) throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.raw, format))
    let grab = Grab(5, 3, 0x12_3456)
    try grab.bytes.withUnsafeBytes { pixels throws in
      #expect(stream.show(pixels, stride: grab.stride, size: grab.size) == true)
      let first = try finish(&stream, reader)
      #expect(first == grab.converted(format, .full))
      for _ in 0..<3 {
        stream.showLast()
        #expect(stream.isBusy == true)
        #expect(try finish(&stream, reader) == first)
      }
      #expect(stream.showBlack() == true)
      let black = try finish(&stream, reader)
      #expect(black != first)
      stream.showLast()
      #expect(try finish(&stream, reader) == black)
    }
    #expect(stream.frames == 6)
  }

  @Test("What is not damaged is as it was shown before, unless that is not known to the stream")
  func damage() throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.raw, .bgr0))
    func show(_ colour: UInt32, _ damage: DamageArea?, slot: Int? = nil) throws -> [UInt8] {
      try Grab(4, 1, colour).bytes.withUnsafeBytes { pixels throws in
        #expect(
          stream.show(
            pixels, stride: 16, size: Size(width: 4, height: 1), damage: damage, slot: slot)
            == true)
        let bytes = try finish(&stream, reader)
        return stride(from: 0, to: 16, by: 4).map { bytes[$0] }
      }
    }
    let second = DamageArea(Rect(x: 1, y: 0, width: 1, height: 1))
    #expect(try show(1, second) == [1, 1, 1, 1], "there was none before")
    #expect(try show(2, second) == [1, 2, 1, 1])
    #expect(try show(3, DamageArea()) == [1, 2, 1, 1])
    #expect(try show(4, second, slot: 0) == [4, 4, 4, 4], "the pixels themselves")
    #expect(try show(5, second) == [5, 5, 5, 5])
    #expect(try show(6, second) == [5, 6, 5, 5])
    #expect(stream.showBlack() == true)
    #expect(try finish(&stream, reader).allSatisfy { $0 == 0 } == true)
    #expect(try show(7, second) == [7, 7, 7, 7])
  }

  @Test("Without a frame in hand there is nothing to write, not even the header")
  func nothingInHand() throws {
    let folder = try TemporaryFolder()
    do {
      var stream = FrameStream(try .opened(folder.file()), settings(.y4m, .gray))
      #expect(try stream.write() == .whole)
      #expect(stream.isBusy == false)
      #expect(stream.frames == 0)
      #expect(folder.content() == [])
    }
    #expect(folder.names == [])
  }

  @Test("Black needs a size: that of the first picture, or the one asked for")
  func black() throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.raw, .gray))
    #expect(stream.showBlack() == false)
    #expect(stream.isBusy == false)
    #expect(stream.hasLast == false)
    _ = try show(Grab(3, 1, Self.white), on: &stream, reader)
    #expect(stream.showBlack() == true)
    #expect(try finish(&stream, reader) == [0, 0, 0])
  }

  @Test("Black may come first where the size was asked for, and later pictures go on its canvas")
  func blackFirst() throws {
    let reader = try Reader()
    let size = Size(width: 4, height: 2)
    var stream = FrameStream(try .opened(reader.path), settings(.raw, .gray, size: size))
    #expect(stream.showBlack() == true)
    #expect(try finish(&stream, reader) == grey(0, 8))
    #expect(stream.hasLast == true)
    #expect(
      try show(Grab(2, 2, Self.white), on: &stream, reader) == [0, 255, 255, 0, 0, 255, 255, 0])
  }

  @Test("End: a picture of another size is not taken, and the stream is as it was")
  func end() throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.raw, .gray, policy: .end))
    #expect(try show(Grab(2, 1, Self.white), on: &stream, reader) == [255, 255])
    #expect(try show(Grab(2, 2, Self.white), on: &stream, reader) == nil)
    #expect(stream.isBusy == false)
    #expect(stream.frames == 1)
    #expect(stream.byteCount == 2)
    #expect(reader.take() == [])
  }

  @Test("End: a black frame before the first picture does not stand for a picture's size")
  func endAfterBlack() throws {
    let reader = try Reader()
    let size = Size(width: 4, height: 2)
    var stream = FrameStream(
      try .opened(reader.path), settings(.raw, .gray, size: size, policy: .end))
    #expect(stream.showBlack() == true)
    _ = try finish(&stream, reader)
    let shown = try show(Grab(2, 2, Self.white), on: &stream, reader)
    #expect(shown == [0, 255, 255, 0, 0, 255, 255, 0])
  }

  private func pam(_ width: Int, _ height: Int, _ bytes: [UInt8]) -> [UInt8] {
    let header = StreamFormat.pam.frameHeader(
      canvas: Size(width: width, height: height), pixelFormat: .gray)
    return Array(header.utf8) + bytes
  }

  @Test("Native: each frame has its picture's size, and says so")
  func native() throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.pam, .gray, policy: .native))
    // Black frames have the last frame's size: there is none yet.
    #expect(stream.showBlack() == false)
    #expect(try show(Grab(2, 1, Self.white), on: &stream, reader) == pam(2, 1, [255, 255]))
    let large = pam(3, 2, grey(255, 6))
    #expect(try show(Grab(3, 2, padding: 4, Self.white), on: &stream, reader) == large)
    stream.showLast()
    #expect(try finish(&stream, reader) == large)
    #expect(stream.showBlack() == true)
    #expect(try finish(&stream, reader) == pam(3, 2, grey(0, 6)))
    #expect(try show(Grab(1, 1, Self.white), on: &stream, reader) == pam(1, 1, [255]))
    #expect(stream.showBlack() == true)
    #expect(try finish(&stream, reader) == pam(1, 1, [0]))
    #expect(try show(Grab(3, 2, Self.white), on: &stream, reader) == large)
    #expect(stream.frames == 7)
  }

  @Test("PAM on a canvas: each frame has the same header")
  func pamOnCanvas() throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.pam, .gray))
    #expect(try show(Grab(2, 1, Self.white), on: &stream, reader) == pam(2, 1, [255, 255]))
    #expect(try show(Grab(1, 1, Self.white), on: &stream, reader) == pam(2, 1, [255, 0]))
    #expect(stream.showBlack() == true)
    #expect(try finish(&stream, reader) == pam(2, 1, [0, 0]))
  }

  @Test("A reader that is gone is a quiet stop")
  func readerGone() throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.raw, .gray))
    _ = try show(Grab(2, 1, 0), on: &stream, reader)
    reader.leave()
    stream.showLast()
    try withoutSignal(SIGPIPE) { () throws in #expect(try stream.write() == .readerGone) }
    #expect(stream.frames == 1)
  }

  @Test("A full disk is an error")
  func fullDisk() throws {
    var stream = FrameStream(
      try .opened("/dev/full"), settings(.raw, .gray, size: Size(width: 2, height: 2)))
    #expect(stream.showBlack() == true)
    var caught: CaptureError?
    do { _ = try stream.write() } catch { caught = error }
    #expect(
      caught == CaptureError(.output, "/dev/full", "cannot write: No space left on device"))
    #expect(stream.frames == 0)
  }

  @Test("A file's content goes with the first frame")
  func file() throws {
    let folder = try TemporaryFolder()
    try folder.put("what was there, longer than the frames")
    var stream = FrameStream(
      try .opened(folder.file()), settings(.raw, .gray, size: Size(width: 2, height: 1)))
    #expect(stream.showBlack() == true)
    #expect(folder.content() == Array("what was there, longer than the frames".utf8))
    #expect(try stream.write() == .whole)
    #expect(folder.content() == [0, 0])
  }
}
