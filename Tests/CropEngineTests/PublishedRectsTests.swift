import CropEngine
import Testing

@Suite("The rectangles that a window publishes")
struct PublishedRectsTests {
  private func rect(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Rect {
    Rect(x: x, y: y, width: width, height: height)
  }

  @Test(
    "A line each: name and WxH+X+Y",
    arguments: [
      ("10x20+3+4", Rect(x: 3, y: 4, width: 10, height: 20)),
      ("=10x20+3+4", Rect(x: 3, y: 4, width: 10, height: 20)),
      ("10x20+-3+-4", Rect(x: -3, y: -4, width: 10, height: 20)),
      ("0x20+3+4", Rect(x: 3, y: 4, width: 0, height: 20)),
      ("0x0+0+0", Rect(x: 0, y: 0, width: 0, height: 0)),
      ("640x123456+0+-100000", Rect(x: 0, y: -100_000, width: 640, height: 123_456)),
      ("999999999x1+-999999999+0", Rect(x: -999_999_999, y: 0, width: 999_999_999, height: 1)),
    ])
  func line(_ text: String, _ expected: Rect) {
    let rects = PublishedRects(parsing: "video \(text)\n")
    #expect(rects["video"] == expected)
    #expect(rects.fault == nil)
  }

  @Test(
    "What is no rectangle is passed over",
    arguments: [
      "10x20", "10x20+3", "10x20-3+4", "10x20+3-4", "-10x20+3+4", "3,4 10x20", "10x20+3+4x",
      "1000000000x1+0+0", "", "a b",
    ])
  func noRectangle(_ text: String) {
    let rects = PublishedRects(parsing: "a 1x1+0+0\nvideo \(text)\nb 2x2+0+0")
    #expect(rects["video"] == nil)
    #expect(rects.entries.map(\.name) == ["a", "b"])
    let fault = "line 2 of _XREGIONCAP_RECTS is no 'name WxH+X+Y': 'video \(text)'"
    #expect(rects.fault == fault)
  }

  @Test("Names are plain; of several faults the first is told, fit for one line, and shortened")
  func fault() {
    for name in ["a/b", "ä", "..", String(repeating: "x", count: 65), "my video"] {
      let rects = PublishedRects(parsing: "\(name) 1x1+0+0")
      #expect(rects.entries.isEmpty)
      #expect(rects.fault?.hasPrefix("line 1 of ") == true)
    }
    let long = "\u{1b}[2J\r" + String(repeating: "y", count: 100)
    #expect(
      PublishedRects(parsing: "\n\nok 1x1+0+0\n\(long)\nfoo\n").fault
        == "line 4 of _XREGIONCAP_RECTS is no 'name WxH+X+Y': '?[2J?"
        + String(repeating: "y", count: 35) + "…'")
    #expect(PublishedRects(parsing: "").fault == nil)
    #expect(PublishedRects(parsing: "\n \n").fault != nil, "a blank is not nothing")
  }

  @Test("Of one name the first line counts; words behind a rectangle do not")
  func firstWins() {
    let rects = PublishedRects(parsing: "a 1x1+0+0\nb 2x2+0+0 since 2026\na 3x3+0+0\n")
    #expect(rects["a"] == rect(0, 0, 1, 1))
    #expect(rects["b"] == rect(0, 0, 2, 2))
    #expect(rects["c"] == nil)
    #expect(rects.entries.map(\.name) == ["a", "b"])
    #expect(rects.fault == nil)
  }

  @Test("Text that was cut off is a fault, where there is no other")
  func cut() {
    let rects = PublishedRects(parsing: "a 1x1+0+0", isCut: true)
    #expect(rects.entries.map(\.name) == ["a"])
    #expect(rects.fault == "_XREGIONCAP_RECTS is too long: its end is not read")
    #expect(PublishedRects(parsing: "b", isCut: true).fault?.hasPrefix("line 1 of ") == true)
  }

  @Test("A name is set in its place, or at the end, and taken away; all else stays")
  func edit() {
    var rects = PublishedRects(parsing: "a 1x1+0+0 old\r\n# not\u{e9} ours\nb 2x2+0+0\na 9x9+0+0")
    rects.set(PublishedRects.Entry(name: "a", rect: rect(-1, -2, 3, 4)))
    rects.set(PublishedRects.Entry(name: "c", rect: rect(5, 6, 0, 8)))
    #expect(rects.text == "a 3x4+-1+-2\n# not\u{e9} ours\nb 2x2+0+0\nc 0x8+5+6\n")
    #expect(rects == PublishedRects(parsing: rects.text))
    let removals = [rects.remove("b"), rects.remove("b")]
    #expect(removals == [true, false])
    #expect(rects.text == "a 3x4+-1+-2\n# not\u{e9} ours\nc 0x8+5+6\n")
    var twice = PublishedRects(parsing: "a 1x1+0+0\na 2x2+0+0\n")
    twice.remove("a")
    #expect(twice.text == "", "the second does not come to light")
  }

  @Test("On a command line, slurp's style too, and edges that move along are refused")
  func parsed() throws {
    #expect(try Rect(parsing: "10x0+-3+4", subject: "publish") == rect(-3, 4, 10, 0))
    #expect(try Rect(parsing: "-3,4 10x20", subject: "publish") == rect(-3, 4, 10, 20))
    for text in ["10x20-3+4", "10x20", "", "-1x2+0+0", "0,0 1x-2", "video"] {
      let error = #expect(throws: CaptureError.self) {
        _ = try Rect(parsing: text, subject: "publish")
      }
      #expect(error?.name == .type)
      #expect(error?.reason.hasPrefix("'\(text)' is no rectangle") == true)
    }
  }
}
