import CropEngine
import FrameOutput
import TestSupport
import Testing

@testable import xregioncap

@Suite("What a frame log tells in all")
struct LogReportTests {
  private static let size = Size(width: 200, height: 100)
  private static let rect = Rect(x: 10, y: 20, width: 100, height: 50)
  /// In ns: 10 frames a second.
  private static let period: Int64 = 100_000_000
  private static let stream = StreamEvent.stream(
    canvas: rect.size, pixelFormat: "gray", rate: .perSecond(10, over: 1), surface: size)

  /// A frame that was grabbed `late` ns after a slot.
  private static func frame(
    _ seq: Int, slot: Int64, late: Int64 = 0, rect: Rect? = rect, isRepeat: Bool = false,
    damage: DamageArea? = nil
  ) -> StreamEvent {
    .frame(
      FrameNote(
        seq: seq, version: 0, time: 5_000_000_000 + slot * period + late, rect: rect,
        isRepeat: isRepeat, damage: damage))
  }

  private static func line(_ event: StreamEvent) -> LineBuffer.Line {
    .whole(Array(EventLine.json(event).utf8))
  }

  /// What is told of a log of these events, as it is written.
  private static func reader(_ events: [StreamEvent]) throws -> LogReportReader {
    var reader = LogReportReader(name: "log")
    for event in events { try reader.take(line(event)) }
    try reader.finish([])
    return reader
  }

  @Test("Frames, repeats, mutes, versions and changes of a small log are counted and placed")
  func statistics() throws {
    let moved = Rect(x: 60, y: 20, width: 40, height: 50)
    let half = DamageArea(Rect(x: 0, y: 0, width: 50, height: 50))
    let log: [StreamEvent] = [
      Self.stream, Self.frame(0, slot: 0, late: 1_000_000), Self.frame(1, slot: 1, damage: half),
      Self.frame(2, slot: 1, isRepeat: true), Self.frame(3, slot: 1, isRepeat: true),
      .version(1, firstSeq: 4, kind: .crop), Self.frame(4, slot: 4, late: 3_000_000),
      .mute(.unmapped), .unmute(.unmapped),
      .configurationChange(FrameRegion(onScreen: moved, rect: moved, surface: Self.size)),
      Self.frame(5, slot: 12, rect: moved), .mute(.empty), .ended("stopped"),
    ]
    let told = try Self.reader(log)
    #expect(told.faults == LogReportReader.Faults())
    let statistics = told.statistics
    #expect(statistics.frames == 6 && statistics.repeats == 2)
    #expect(statistics.versions == 1 && statistics.changes == 1)
    #expect(statistics.ending == "stopped")
    #expect(
      statistics.stream
        == .init(
          canvas: Self.rect.size, pixelFormat: "gray", rate: .perSecond(10, over: 1),
          surface: Self.size))
    // The first frame was late by 1 ms, and times count from it.
    let last = 12 * Self.period - 1_000_000
    #expect(statistics.duration == last + Self.period)
    #expect(
      statistics.mutes.kept == [
        .init(reason: .unmapped, start: 4 * Self.period + 2_000_000, end: last),
        .init(reason: .empty, start: last, end: last, isOpen: true),
      ])
    #expect(statistics.muteTime == 8 * Self.period - 3_000_000)
    let times = statistics.moments.kept.map(\.time)
    let four = 4 * Self.period + 2_000_000
    #expect(times == [0, four, four, last, last, last, last])
    #expect(statistics.moments.kept.map(\.seq) == [0, 4, 5, 5, 5, nil, nil])
    #expect(statistics.path.points.map(\.rect) == [Self.rect, moved])
    #expect(statistics.path.extent == Self.size.bounds)
    let bars = statistics.bins.bars(of: statistics.duration, least: Self.period)
    #expect(bars.map(\.bin.new) == [1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1])
    #expect(bars.map(\.bin.repeats) == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(bars[1].bin.measured == 1 && bars[1].bin.changed == 0.5)
    // Neither the first is late by anything, nor the one behind the mute.
    let late = try #require(statistics.lateness).histogram
    #expect(late.count == 2)
    #expect(abs(late.percentile(100) - 3_000_000) < 20_000)
    #expect(statistics.intervals.histogram.count == 2)
    #expect(statistics.intervals.longest == 3 * Self.period + 3_000_000)
  }

  @Test("The slots of a rate that is no whole number are as exact after a day")
  func slots() {
    var lateness = LogReportLateness(frames: 30000, over: 1001)
    for second in stride(from: 0, to: 86_400, by: 3) {
      let slot = Int64(second) * 30000 / 1001
      lateness.add(slot * 1_001_000_000_000 / 30000 + Int64(second % 7) * 1_000_000 + 100_000)
    }
    let histogram = lateness.histogram
    #expect(histogram.count == 28_800)
    #expect(abs(histogram.percentile(100) - 6_000_000) < 20_000)
    #expect(lateness.period == 33_366_666)
  }

  @Test("Numbers that no clock and no screen has are neither believed nor a trap")
  func impossible() throws {
    var reader = LogReportReader(name: "log")
    try reader.take(Self.line(Self.stream))
    try reader.take(Self.line(Self.frame(3, slot: 3)))
    let refused = [
      #"{"type":"frame","seq":2,"version":0,"t":6000000000,"rect":null,"repeat":false}"#,
      #"{"type":"frame","seq":4,"version":0,"t":4000000000,"rect":null,"repeat":false}"#,
      #"{"type":"frame","seq":4,"version":0,"t":-1,"rect":null,"repeat":false}"#,
      #"{"type":"frame","seq":4,"version":0,"t":9e99,"rect":null,"repeat":false}"#,
      #"{"type":"frame","seq":4,"version":0,"t":1.5e9,"repeat":"no"}"#,
      #"{"type":"configurationchange","rect":null,"surface":null}"#,
      #"{"type":"mute","reason":"bored"}"#, "[]", "7", #"{"type":7}"#, "{", "\u{0}",
      #"{"type":"stream","canvas":{"width":0,"height":5},"pixFmt":"","framerate":"max"}"#,
    ]
    for line in refused { try reader.take(.whole(Array(line.utf8))) }
    try reader.take(.tooLong)
    try reader.take(.whole([0xff]))
    #expect(reader.faults == .init(lines: refused.count + 2, firstLine: 3, isCut: false))
    // As late and as slow as can be written.
    let end = (1 << 60) - 1
    for seq in 4..<12 {
      let line =
        #"{"type":"frame","seq":\#(seq),"version":0,"t":\#(end),"rect":{"x":-1000000,"#
        + #""y":0,"width":1000000,"height":1},"repeat":\#(seq > 4),"damage":[]}"#
      try reader.take(.whole(Array(line.utf8)))
    }
    try reader.finish([])
    #expect(reader.statistics.frames == 9 && reader.statistics.repeats == 7)
    #expect(reader.statistics.bins.bins.count <= LogReportBins.most)
    let page = ReportPage(name: "log", statistics: reader.statistics, faults: reader.faults)
    _ = try MarkupReader(page.markup)
  }

  @Test("Mutes are counted where they are told of, and the time between two frames once")
  func mutes() throws {
    func mutes(_ events: [StreamEvent]) throws -> LogReportStatistics {
      try Self.reader([Self.stream] + events).statistics
    }
    let bare = try mutes([.mute(.empty), .ended("stopped")])
    #expect(bare.mutes.kept == [.init(reason: .empty, start: 0, end: 0, isOpen: true)])
    #expect(bare.unmeasuredMutes == 1 && bare.muteTime == 0)

    let over = try mutes([.mute(.empty), .unmute(.empty), Self.frame(0, slot: 0)])
    #expect(over.mutes.kept == [.init(reason: .empty, start: 0, end: 0)])
    #expect(over.unmeasuredMutes == 0)

    let (first, second) = (2 * Self.period, 5 * Self.period)
    let several = try mutes([
      Self.frame(0, slot: 0), Self.frame(1, slot: 2), .mute(.empty), .unmute(.empty),
      .mute(.unmapped), .unmute(.unmapped), .mute(.ineligible), Self.frame(2, slot: 5, rect: nil),
      Self.frame(3, slot: 6, rect: nil), .unmute(.ineligible), Self.frame(4, slot: 7),
      .mute(.empty), .unmute(.empty), .mute(.ineligible), .ended("stopped"),
    ])
    let last = 7 * Self.period
    #expect(
      several.mutes.kept == [
        .init(reason: .empty, start: first, end: second),
        .init(reason: .unmapped, start: second, end: second),
        .init(reason: .ineligible, start: second, end: last),
        .init(reason: .empty, start: last, end: last, isOpen: true),
        .init(reason: .ineligible, start: last, end: last, isOpen: true),
      ])
    #expect(several.muteTime == 5 * Self.period && several.unmeasuredMutes == 2)
  }

  @Test("A clock of a frame in decades has a last part, too")
  func slow() throws {
    var reader = LogReportReader(name: "log")
    try reader.take(
      Self.line(
        .stream(
          canvas: Self.rect.size, pixelFormat: "gray",
          rate: .perSecond(1, over: 1_000_000_000), surface: Self.size)))
    for (seq, time) in [0, 999_999_999_999_999_999].enumerated() {
      let line =
        #"{"type":"frame","seq":\#(seq),"version":0,"t":\#(time),"rect":null,"repeat":false}"#
      try reader.take(.whole(Array(line.utf8)))
    }
    try reader.finish([])
    #expect(reader.faults == .init(lines: 0, firstLine: nil, isCut: false))
    #expect(reader.statistics.lateness?.histogram.count == 1)
    let page = ReportPage(name: "log", statistics: reader.statistics, faults: reader.faults)
    _ = try MarkupReader(page.markup)
  }

  @Test("Unknown events and those of clones are counted; what is cut off is told of")
  func passedOver() throws {
    var reader = LogReportReader(name: "log")
    try reader.take(.whole([]))
    try reader.take(Self.line(Self.stream))
    try reader.take(.whole(Array(#"{"type":"moon","phase":0.5}"#.utf8)))
    try reader.take(.whole(Array(EventLine.json(Self.frame(7, slot: 1), clone: 3).utf8)))
    try reader.take(Self.line(Self.frame(0, slot: 0)))
    try reader.finish(Array(EventLine.json(Self.frame(1, slot: 1)).utf8.dropLast(9)))
    #expect(reader.statistics.unknownTypes == 1 && reader.statistics.otherStreams == 1)
    #expect(reader.statistics.frames == 1)
    #expect(reader.faults == .init(lines: 0, firstLine: nil, isCut: true))
  }

  @Test(
    "What begins otherwise is no frame log", arguments: ["", "\n", "P6\n", "{\"type\":\"x\"}\n"])
  func noLog(_ text: String) throws {
    var reader = LogReportReader(name: "log")
    let error = #expect(throws: CaptureError.self) {
      for line in text.split(separator: "\n") { try reader.take(.whole(Array(line.utf8))) }
      try reader.finish([])
    }
    #expect(error?.name == .type && error?.subject == "log")
  }
}
