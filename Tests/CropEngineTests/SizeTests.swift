import CropEngine
import Testing

@Suite("The size grammar")
struct SizeTests {
  @Test(
    "A size is a width and a height",
    arguments: [
      ("1x1", 1, 1), ("640x480", 640, 480), ("32767x1", 32767, 1), ("010x020", 10, 20),
    ])
  func accepted(_ text: String, _ width: Int, _ height: Int) throws {
    #expect(
      try Size(parsing: text, subject: "--size") == Size(width: width, height: height))
  }

  @Test(
    "A8: sizes of 0 or less are overconstrained",
    arguments: ["0x480", "640x0", "0x0", "-640x480", "640x-480", "-1x-1", "-0x5"])
  func notAboveZero(_ text: String) {
    let error = #expect(throws: CaptureError.self) { try Size(parsing: text, subject: "--size") }
    #expect(error == CaptureError(.overconstrained, "--size", "'\(text)' holds no pixel"))
  }

  @Test(
    "Anything else is an error of type",
    arguments: [
      "", "x", "640", "640x", "x480", "640X480", "640x480 ", " 640x480", "640 x480", "640x480+0+0",
      "640x480x1", "640,480", "+640x480", "--1x2", "6.4x4.8", "axb", "0x1e0x2", "640x480\n",
    ])
  func garbage(_ text: String) {
    let error = #expect(throws: CaptureError.self) { try Size(parsing: text, subject: "--size") }
    #expect(error == CaptureError(.type, "--size", "'\(text)' is no size: expected WxH"))
  }

  @Test(
    "A size with too many digits is refused and not cut off",
    arguments: ["100000x80", "80x100000", "99999999999999999999x1"])
  func tooManyDigits(_ text: String) {
    #expect(throws: CaptureError.self) { try Size(parsing: text, subject: "--size") }
    let error = #expect(throws: CaptureError.self) {
      try Size(parsing: text, subject: "--size")
    }
    #expect(error?.name == .overconstrained)
  }
}
