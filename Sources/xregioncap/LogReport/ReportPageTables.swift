import CropEngine

/// What the log tells in numbers.
struct ReportPageSummary {
  private let statistics: LogReportStatistics

  init(_ statistics: LogReportStatistics) { self.statistics = statistics }

  var markup: String {
    let tiles = tiles.map { name, value, more in
      "<div><dt>\(name)</dt><dd>\(value.escapedForMarkup)"
        + "<small>\(more.escapedForMarkup)</small></dd></div>\n"
    }
    let rows = rows.map { name, value in
      "<tr><th scope=\"row\">\(name)</th><td>\(value.escapedForMarkup)</td></tr>\n"
    }
    return """
      <dl class="tiles">
      \(tiles.joined())</dl>
      <section>
      <h2>Stream</h2>
      <table><tbody>
      \(rows.joined())</tbody></table>
      </section>

      """
  }

  private var tiles: [(String, String, String)] {
    let (frames, repeats) = (statistics.frames, statistics.repeats)
    let seconds = Double(statistics.duration) / Double(Clock.second)
    func rate(_ count: Int) -> String { seconds > 0 ? (Double(count) / seconds).short : "–" }
    return [
      ("Duration", ReportPageTime.length(statistics.duration), ending),
      ("Frames", frames.grouped, "\((frames - repeats).grouped) new"),
      ("Frames a second", rate(frames), "\(rate(frames - repeats)) new"),
      ("Repeats", repeats.grouped, "\(repeats.share(of: frames)) of all"),
      ("Mutes", statistics.mutes.count.grouped, muteLengths),
      ("Version changes", statistics.versions.grouped, statistics.changes.of("size change")),
    ]
  }

  private var muteLengths: String {
    let unmeasured = statistics.unmeasuredMutes
    var parts: [String] = []
    if statistics.mutes.count > unmeasured || unmeasured == 0 {
      parts.append("\(ReportPageTime.length(statistics.muteTime)) in all")
    }
    if unmeasured > 0 {
      let number = unmeasured == 1 ? "one" : unmeasured.grouped
      parts.append("\(number) to the end, of unknown length")
    }
    return parts.joined(separator: ", and ")
  }

  private var ending: String { statistics.ending ?? "no end was told" }

  private var rows: [(String, String)] {
    var rows: [(String, String)] = []
    if let stream = statistics.stream {
      rows += [
        ("Canvas", "\(stream.canvas.spoken) px"), ("Pixel format", stream.pixelFormat),
        ("Frame rate", stream.rate.spoken),
        ("Surface", stream.surface.map { "\($0.spoken) px" } ?? "not known"),
      ]
    }
    if statistics.blackFrames > 0 { rows.append(("Black frames", statistics.blackFrames.grouped)) }
    rows.append(("Ended", ending))
    return rows
  }
}

/// What happened to the stream, but for its frames.
struct ReportPageEvents {
  private let moments: LogReportEnds<LogReportStatistics.Moment>

  init(_ statistics: LogReportStatistics) { moments = statistics.moments }

  var markup: String {
    let missing =
      moments.missing == 0
      ? ""
      : "<tr class=\"gap\"><td colspan=\"4\">\(moments.missing.of("event")) between</td></tr>\n"
    let kept = moments.kept
    let rows = kept[..<moments.gap].map(row) + [missing] + kept[moments.gap...].map(row)
    return """
      <section class="events">
      <h2>Events</h2>
      <p>\(moments.count.of("event")). A mute stands where the last frame before it does, all else \
      where the next one does.</p>
      <table>
      <thead><tr><th scope="col" class="count">Time, s</th>\
      <th scope="col" class="count">Next frame</th><th scope="col">Event</th>\
      <th scope="col">What</th></tr></thead>
      <tbody>
      \(rows.joined())</tbody>
      </table>
      </section>

      """
  }

  private func row(_ moment: LogReportStatistics.Moment) -> String {
    let time = moment.time.map { ReportPageTime.clock($0, step: 1) } ?? "–"
    let (type, kind, said) = Self.words(moment.event)
    return "<tr><td class=\"count\">\(time)</td>"
      + "<td class=\"count\">\(moment.seq.map(\.grouped) ?? "–")</td>"
      + "<td class=\"kind is-\(kind)\">\(type)</td><td>\(said.escapedForMarkup)</td></tr>\n"
  }

  /// Its name in the log, its look on the page, and what it tells.
  private static func words(_ event: StreamEvent) -> (String, String, String) {
    switch event {
    case .stream(let canvas, let pixelFormat, let rate, let surface):
      let of = surface.map { ", of a surface of \($0.spoken)" } ?? ""
      return ("stream", "stream", "\(canvas.spoken) px, \(pixelFormat), \(rate.spoken)\(of)")
    case .version(let version, let firstSeq, let kind):
      return (
        "version", "version",
        "version \(version), \(kind.rawValue), of frames from \(firstSeq.grouped) on"
      )
    case .mute(let reason): return ("mute", "mute", reason.rawValue)
    case .unmute(let reason): return ("unmute", "mute", "was \(reason.rawValue)")
    case .configurationChange(let region):
      return (
        "configurationchange", "change", "\(region.rect.spoken) of \(region.surface.spoken) px"
      )
    case .ended(let reason): return ("ended", "end", reason)
    case .frame: preconditionFailure("frames are not listed")
    }
  }
}
