import CropEngine
import FrameOutput
import TestSupport
import Testing

@testable import xregioncap

@Suite("The page of a frame log")
struct ReportPageTests {
  @Test("What others wrote stays text")
  func escaping() {
    #expect(
      "<a b='c' d=\"e\">&amp;".escapedForMarkup
        == "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;amp;")
    #expect("a\u{0}b\u{1b}c\u{202e}d\u{ffff}é\u{1f600}".escapedForMarkup == "a?b?c?d?é\u{1f600}")
  }

  @Test("Numbers are written for readers")
  func numbers() {
    #expect(1_234_567.grouped == "1\u{202F}234\u{202F}567" && (-12).grouped == "\u{2212}12")
    #expect(0.5.decimal(2) == "0.5" && 1234.005.decimal(1) == "1\u{202F}234")
    #expect((-0.26).decimal(1) == "\u{2212}0.3" && 0.001.decimal(2) == "0")
    #expect(1.of("frame") == "1 frame" && 0.of("frame") == "0 frames")
    #expect(1.share(of: 3) == "33.3\u{202F}%" && 3.share(of: 3) == "100\u{202F}%")
    #expect(1.share(of: 10_000) == "<0.1\u{202F}%" && 0.share(of: 0) == "0\u{202F}%")
    #expect(9_999.share(of: 10_000) == ">99.9\u{202F}%")
    #expect(ReportPageTime.length(16_683_000) == "16.7 ms")
    #expect(ReportPageTime.length(59_990_000_000) == "59.99 s")
    #expect(ReportPageTime.length(7_384_000_000_000) == "2 h 3 min")
    #expect(ReportPageTime.clock(125_250_000_000, step: 1) == "2:05.250")
    #expect(ReportPageTime.clock(3_725_000_000_000, step: 1_000_000_000) == "1:02:05")
    #expect(FrameRate.perSecond(30000, over: 1001).spoken == "29.97 a second (30000/1001)")
  }

  @Test("Ticks are round, and within the axis")
  func ticks() {
    let counts = ReportPageAxis.count(to: 59.8, ends: (100, 0))
    #expect(counts.values == 0...60)
    #expect(counts.ticks.map(\.label) == ["0", "20", "40", "60"])
    #expect(counts.place(60) == 0 && counts.place(0) == 100 && counts.place(15) == 75)
    let time = ReportPageAxis.time(150_000_000_000, ends: (0, 1))
    #expect(time.ticks.map(\.label).suffix(3) == ["2:00", "2:15", "2:30"])
    #expect(time.ticks.count == 11)
    let wide = ReportPageAxis.lengths(8e6...1.2e9, ends: (0, 1), isLogarithmic: true)
    #expect(
      wide.ticks.map(\.label) == ["10", "20", "50", "100", "200", "500", "1\u{202F}000"])
    let narrow = ReportPageAxis.lengths(30e6...42e6, ends: (0, 1), isLogarithmic: true)
    #expect(narrow.ticks.map(\.label) == ["30", "32", "34", "36", "38", "40", "42"])
    #expect(ReportPageAxis.count(to: 0, ends: (0, 1)).ticks.count > 1)
  }

  /// A page of a log of so many seconds at 60 frames a second: other places, sizes and versions.
  private func page(seconds: Int, name: String = "log") throws -> String {
    var reader = LogReportReader(name: name)
    func take(_ event: StreamEvent) throws {
      try reader.take(.whole(Array(EventLine.json(event).utf8)))
    }
    let surface = Size(width: 800, height: 600)
    let canvas = Size(width: 300, height: 200)
    try take(
      .stream(
        canvas: canvas, pixelFormat: "<i>&", rate: .perSecond(60, over: 1), surface: surface))
    for seq in 0..<seconds * 60 {
      let rect = Rect(x: seq % 401, y: seq % 307, width: 300, height: 200)
      if seq % 50 == 17 { try take(.version(seq / 50, firstSeq: seq, kind: .restrict)) }
      if seq % 90 == 40 { try take(.mute(.ineligible)) }
      if seq % 90 == 41 { try take(.unmute(.ineligible)) }
      if seq % 40 == 20 {
        try take(.configurationChange(FrameRegion(onScreen: rect, rect: rect, surface: surface)))
      }
      try take(
        .frame(
          FrameNote(
            seq: seq, version: 0, time: 1_000_000 + Int64(seq) * 1_000_000_000 / 60, rect: rect,
            isRepeat: false, damage: DamageArea(Rect(x: 0, y: 0, width: seq % 300, height: 9)))))
    }
    try take(.ended("</style><script>stop()</script>"))
    try reader.finish([])
    return ReportPage(name: name, statistics: reader.statistics, faults: reader.faults).markup
  }

  @Test("It is well-formed, names its charts, tells what is in them, and runs and loads nothing")
  func form() throws {
    let text = try page(seconds: 3, name: "<b>\"&")
    let page = try MarkupReader(text)
    #expect(page.count("html") == 1 && page.attribute("lang", of: "html") == ["en"])
    #expect(page.texts("title").first == "<b>\"& – frame log")
    #expect(page.texts("h1") == ["<b>\"&"])
    #expect(page.texts("td").contains("</style><script>stop()</script>"))
    let charts = page.attribute("role", of: "svg").count { $0 == "img" }
    #expect(charts == 5)
    #expect(page.attribute("id", of: "desc").count == charts)
    let named = Set(page.attribute("id", of: "title") + page.attribute("id", of: "desc"))
    for names in page.attribute("aria-labelledby", of: "svg") {
      #expect(names.split(separator: " ").allSatisfy { named.contains(String($0)) })
    }
    #expect(page.attribute("scope", of: "th").count == page.count("th"))
    for tag in ["script", "link", "img", "iframe", "object"] { #expect(page.count(tag) == 0) }
    #expect(!text.contains("url(") && !text.contains("@import") && !text.contains("href"))
    #expect(text.count(of: "http") == 1, "the name of XHTML, which nobody asks for")
    #expect(text.contains("prefers-color-scheme: dark") && text.contains("@media print"))
    #expect(!text.contains("nan") && !text.contains("inf\""))
  }

  @Test("It stays small, however long the log is")
  func small() throws {
    let text = try page(seconds: 600)
    #expect(text.utf8.count < 500_000)
    let page = try MarkupReader(text)
    #expect(page.texts("td").contains("1\u{202F}622 events between"))
    #expect(page.attribute("class", of: "tr").filter { $0 == "gap" }.count == 1)
    #expect(page.count("tr") < 830)
  }

  @Test("Of a mute that no frame is behind nobody knows how long it was")
  func mutes() throws {
    let stream = StreamEvent.stream(
      canvas: Size(width: 5, height: 5), pixelFormat: "gray", rate: .max, surface: nil)
    let first = [StreamEvent.mute(.empty), .unmute(.empty), Self.frame(1), .mute(.unmapped)]
    let other = [
      StreamEvent.mute(.empty), Self.frame(1), .unmute(.empty), .mute(.unmapped),
    ]
    for (events, told) in [
      ([], "0 ms in all"), ([.mute(.empty)], "one to the end, of unknown length"),
      (first, "1 s in all, and one to the end, of unknown length"),
      (other, "1 s in all, and one to the end, of unknown length"),
    ] as [([StreamEvent], String)] {
      var reader = LogReportReader(name: "log")
      for event in [stream, Self.frame(0)] + events {
        try reader.take(.whole(Array(EventLine.json(event).utf8)))
      }
      try reader.finish([])
      let page = ReportPage(name: "log", statistics: reader.statistics, faults: reader.faults)
      #expect(try MarkupReader(page.markup).texts("small").contains(told))
      #expect(!page.markup.contains(": 0 ms from"))
    }
  }

  /// A frame of a second.
  private static func frame(_ second: Int) -> StreamEvent {
    .frame(
      FrameNote(
        seq: second, version: 0, time: Int64(second) * 1_000_000_000,
        rect: Rect(x: 0, y: 0, width: 5, height: 5), isRepeat: false, damage: nil))
  }

  @Test("A log without a frame has a page, too")
  func noFrames() throws {
    var reader = LogReportReader(name: "log")
    try reader.take(.whole(Array(#"{"type":"ended","reason":"stopped"}"#.utf8)))
    try reader.finish([])
    let page = try MarkupReader(
      ReportPage(name: "log", statistics: reader.statistics, faults: reader.faults).markup)
    #expect(page.texts("p").contains("No frame was written."))
    #expect(page.count("svg") == 0)
  }
}
