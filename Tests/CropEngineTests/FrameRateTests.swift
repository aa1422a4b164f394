import CropEngine
import Testing

@Suite("The frame rate grammar")
struct FrameRateTests {
  private func rate(_ text: String) throws -> FrameRate {
    try FrameRate(parsing: text, subject: "-r")
  }

  @Test(
    "A rate is a whole number, a fraction or a decimal",
    arguments: [
      ("30", 30, 1), ("1", 1, 1), ("1000", 1000, 1), ("29.97", 2997, 100), ("0.5", 5, 10),
      (".5", 5, 10), ("23.976", 23976, 1000), ("30000/1001", 30000, 1001), ("1/60", 1, 60),
      ("1000/1", 1000, 1), ("60/2", 60, 2), ("1000.0", 10000, 10), ("0.000001", 1, 1_000_000),
      ("99999999/99999999", 99_999_999, 99_999_999),
    ])
  func accepted(_ text: String, _ frames: Int, _ seconds: Int) throws {
    #expect(try rate(text) == .perSecond(frames, over: seconds))
  }

  @Test("max is a word, and only as it is written")
  func maximum() throws {
    #expect(try rate("max") == .max)
    for text in ["Max", "MAX", "max ", "maximum"] {
      #expect(#expect(throws: CaptureError.self) { try rate(text) }?.name == .type, "\(text)")
    }
  }

  @Test(
    "A8: rates of 0 or less are overconstrained",
    arguments: [
      "0", "-1", "-30", "0/1", "1/0", "0/0", "-1/1", "1/-1", "-1/-1", "0.0", "-0.5", "-0",
    ])
  func notAboveZero(_ text: String) {
    let error = #expect(throws: CaptureError.self) { try rate(text) }
    #expect(
      error == CaptureError(.overconstrained, "-r", "'\(text)': a frame rate is more than 0"))
  }

  @Test(
    "More than 1000 Hz is overconstrained, and max is the way out",
    arguments: ["1001", "1000.1", "1001/1", "2001/2", "99999999", "1000.000001"])
  func tooHigh(_ text: String) {
    let error = #expect(throws: CaptureError.self) { try rate(text) }
    #expect(error?.name == .overconstrained)
    #expect(error?.reason.contains("max is as fast as the reader takes them") == true)
  }

  @Test(
    "Anything else is an error of type",
    arguments: [
      "", " ", "abc", "30fps", "30 ", " 30", "30/", "/1001", "/", "30/1/1", "30.", ".", "1.2.3",
      "29,97", "1e3", "0x10", "30/1.5", "inf", "nan", "٣٠", "1.٥", "3 0", "29.-7", "1.0000001",
    ])
  func garbage(_ text: String) {
    let error = #expect(throws: CaptureError.self) { try rate(text) }
    #expect(
      error
        == CaptureError(.type, "-r", "'\(text)' is no frame rate: expected N, N/D or max"))
  }

  @Test(
    "Digits without end do not overflow; the rate cannot be had",
    arguments: [
      "100000000", "999999999", "9223372036854775808", "99999999999999999999999999",
      "99999999999999999999/1",
    ])
  func overflowingDigits(_ text: String) {
    #expect(throws: CaptureError.self) { try rate(text) }
    #expect(#expect(throws: CaptureError.self) { try rate(text) }?.name == .overconstrained)
  }

  @Test("A8: a rate far below 0 is overconstrained too")
  func farBelowZero() {
    #expect(
      #expect(throws: CaptureError.self) { try rate("-100000000") }?.name == .overconstrained)
  }
}
