import CropEngine
import Testing

@Suite("Errors")
struct CaptureErrorTests {
  @Test(
    "Each name has the exit status that the interface gives it",
    arguments: [
      (.fault, 1), (.type, 2), (.notSupported, 3), (.unknown, 4), (.notAllowed, 5),
      (.invalidState, 6),
      (.dataClone, 7), (.abort, 8), (.overconstrained, 10), (.notFound, 11), (.notReadable, 12),
      (.quotaExceeded, 13), (.security, 14), (.output, 15),
      (.connectionLost, 20), (.noFrame, 21), (.verdict, 22),
    ] as [(CaptureError.Name, Int32)])
  func statuses(_ name: CaptureError.Name, _ status: Int32) {
    #expect(name.rawValue == status)
  }

  @Test(
    "What would move the cursor, end the line or turn its direction is not printed",
    arguments: [
      ("a\u{1b}[2Jb", "a?[2Jb"), ("a\nb\u{2028}c\u{2029}d\u{85}e", "a?b?c?d?e"),
      ("a\u{202e}b\u{2066}c\u{200f}", "a?b?c?"), ("日本 é 👩‍🚀", "日本 é 👩‍🚀"),
    ])
  func printable(_ text: String, _ line: String) {
    #expect(text.printable == line)
  }

  @Test("It reads as what and why")
  func description() {
    #expect("\(CaptureError(.type, "--size", "why"))" == "--size: why")
    #expect("\(CaptureError(.connectionLost, "", "why"))" == "why")
  }
}
