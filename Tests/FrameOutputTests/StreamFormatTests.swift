import CropEngine
import Testing

@testable import FrameOutput

@Suite("Stream and pixel formats")
struct StreamFormatTests {
  private func header(
    _ width: Int, _ height: Int, _ pixelFormat: PixelFormat = .yuv420p,
    _ range: ColorRange = .limited, _ rate: FrameRate = .perSecond(30, over: 1)
  ) -> String {
    StreamFormat.y4m.header(
      canvas: Size(width: width, height: height), pixelFormat: pixelFormat, range: range,
      rate: rate)
  }

  @Test("A Y4M stream begins with one line that says all of it")
  func y4mHeaders() {
    #expect(
      header(640, 480)
        == "YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C420jpeg XCOLORRANGE=LIMITED\n")
    #expect(
      header(640, 480, .yuv444p, .full)
        == "YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C444 XCOLORRANGE=FULL\n")
    #expect(
      header(640, 480, .gray)
        == "YUV4MPEG2 W640 H480 F30:1 Ip A1:1 Cmono XCOLORRANGE=LIMITED\n")
  }

  @Test("The rate stands in the header as it was given, and 0:0 where there is none")
  func rates() {
    #expect(
      header(2, 2, .gray, .full, .perSecond(30000, over: 1001))
        == "YUV4MPEG2 W2 H2 F30000:1001 Ip A1:1 Cmono XCOLORRANGE=FULL\n")
    #expect(
      header(2, 2, .gray, .full, .perSecond(2997, over: 100))
        == "YUV4MPEG2 W2 H2 F2997:100 Ip A1:1 Cmono XCOLORRANGE=FULL\n")
    #expect(
      header(2, 2, .gray, .full, .max)
        == "YUV4MPEG2 W2 H2 F0:0 Ip A1:1 Cmono XCOLORRANGE=FULL\n")
  }

  @Test("Odd canvases are rounded up where chroma is halved, and exact elsewhere")
  func oddSizes() {
    #expect(header(101, 79).hasPrefix("YUV4MPEG2 W102 H80 "))
    #expect(header(1, 1).hasPrefix("YUV4MPEG2 W2 H2 "))
    #expect(header(101, 79, .yuv444p).hasPrefix("YUV4MPEG2 W101 H79 "))
    #expect(header(1, 1, .gray).hasPrefix("YUV4MPEG2 W1 H1 "))
  }

  @Test("Each Y4M frame has a line before it; a raw stream is nothing but frames")
  func frameHeaders() {
    let size = Size(width: 9, height: 9)
    for pixelFormat in PixelFormat.allCases {
      #expect(StreamFormat.y4m.frameHeader(canvas: size, pixelFormat: pixelFormat) == "FRAME\n")
      #expect(StreamFormat.raw.frameHeader(canvas: size, pixelFormat: pixelFormat) == "")
      #expect(
        StreamFormat.raw.header(
          canvas: Size(width: 9, height: 9), pixelFormat: pixelFormat, range: .full, rate: .max)
          == "")
    }
  }

  @Test("A Y4M frame's line can say which frame it is; a black one shows no rectangle")
  func frameParameters() {
    var note = FrameNote(
      seq: 12, version: 3, time: 1, rect: Rect(x: 50, y: 60, width: 100, height: 80),
      isRepeat: false)
    #expect(
      StreamFormat.y4mFrameHeader(note) == "FRAME XSEQ=12 XVER=3 XRECT=100x80+50+60\n")
    note.rect = nil
    #expect(StreamFormat.y4mFrameHeader(note) == "FRAME XSEQ=12 XVER=3\n")
  }

  @Test("A frame's line that says much is still one that ffmpeg reads")
  func longFrameParameters() {
    let most = 65535
    let note = FrameNote(
      seq: 999_999_999_999, version: 9_999_999, time: 1,
      rect: Rect(x: most, y: most, width: most, height: most), isRepeat: false)
    #expect(StreamFormat.y4mFrameHeader(note).utf8.count < 80)
  }

  @Test("Each PAM frame says all of itself, and the stream nothing")
  func pamHeaders() {
    let size = Size(width: 101, height: 79)
    let tuples = [
      (PixelFormat.rgb24, "3\nMAXVAL 255\nTUPLTYPE RGB"),
      (.rgba, "4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA"),
      (.gray, "1\nMAXVAL 255\nTUPLTYPE GRAYSCALE"),
    ]
    for (pixelFormat, tuple) in tuples {
      #expect(
        StreamFormat.pam.frameHeader(canvas: size, pixelFormat: pixelFormat)
          == "P7\nWIDTH 101\nHEIGHT 79\nDEPTH \(tuple)\nENDHDR\n")
      #expect(
        StreamFormat.pam.header(canvas: size, pixelFormat: pixelFormat, range: .full, rate: .max)
          == "")
    }
  }

  @Test("PAM's gray is of full range alone, and its frames may have different sizes")
  func ranges() {
    #expect(StreamFormat.y4m.ranges == [.limited, .full])
    #expect(StreamFormat.raw.ranges == [.limited, .full])
    #expect(StreamFormat.pam.ranges == [.full])
    #expect(StreamFormat.allCases.filter(\.holdsSizes) == [.pam])
  }

  @Test("The pixel formats of a stream format, its default first")
  func pixelFormats() {
    #expect(StreamFormat.y4m.pixelFormats == [.yuv420p, .yuv444p, .gray])
    #expect(StreamFormat.raw.pixelFormats.first == .bgr0)
    #expect(
      StreamFormat.raw.pixelFormats == [.bgr0, .bgra, .rgb24, .nv12, .yuv420p, .yuv444p, .gray])
    #expect(StreamFormat.pam.pixelFormats == [.rgb24, .rgba, .gray])
  }

  @Test("The names are ffmpeg's")
  func names() {
    #expect(
      Set(PixelFormat.allCases.map(\.rawValue))
        == ["yuv420p", "yuv444p", "gray", "bgr0", "bgra", "rgb24", "rgba", "nv12"])
    #expect(Set(StreamFormat.allCases.map(\.rawValue)) == ["y4m", "raw", "pam"])
    #expect(Set(ColorRange.allCases.map(\.rawValue)) == ["limited", "full"])
  }

  struct Bytes: Sendable {
    let format: PixelFormat
    /// Bytes of a frame of 4×2, 3×3 and 1×1.
    let counts: [Int]
    let codedOf3x3: Size
  }

  @Test(
    "A frame has as many bytes as its format needs",
    arguments: [
      Bytes(format: .yuv420p, counts: [12, 24, 6], codedOf3x3: Size(width: 4, height: 4)),
      Bytes(format: .nv12, counts: [12, 24, 6], codedOf3x3: Size(width: 4, height: 4)),
      Bytes(format: .yuv444p, counts: [24, 27, 3], codedOf3x3: Size(width: 3, height: 3)),
      Bytes(format: .rgb24, counts: [24, 27, 3], codedOf3x3: Size(width: 3, height: 3)),
      Bytes(format: .gray, counts: [8, 9, 1], codedOf3x3: Size(width: 3, height: 3)),
      Bytes(format: .bgr0, counts: [32, 36, 4], codedOf3x3: Size(width: 3, height: 3)),
      Bytes(format: .rgba, counts: [32, 36, 4], codedOf3x3: Size(width: 3, height: 3)),
      Bytes(format: .bgra, counts: [32, 36, 4], codedOf3x3: Size(width: 3, height: 3)),
    ])
  func byteCounts(_ bytes: Bytes) {
    let sizes = [(4, 2), (3, 3), (1, 1)].map { Size(width: $0, height: $1) }
    #expect(sizes.map { bytes.format.byteCount(of: $0) } == bytes.counts)
    #expect(bytes.format.codedSize(of: sizes[0]) == sizes[0])
    #expect(bytes.format.codedSize(of: sizes[1]) == bytes.codedOf3x3)
  }
}
