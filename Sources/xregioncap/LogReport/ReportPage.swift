import CropEngine

/// A frame log as a page for a browser or for paper, with all that it needs inside. It is XML, too.
struct ReportPage {
  let name: String
  let statistics: LogReportStatistics
  let faults: LogReportReader.Faults

  var markup: String {
    """
    <!DOCTYPE html>
    <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="generator" content="xregioncap \(Version.number)"/>
    <title>\(name.escapedForMarkup) – frame log</title>
    <style>
    \(ReportPageStyle.text)
    </style>
    </head>
    <body>
    <header>
    <h1>\(name.escapedForMarkup)</h1>
    <p>What the frame log of this capture tells</p>
    </header>
    <main>
    \(notes.map { "<p class=\"note\">\($0.escapedForMarkup)</p>\n" }.joined())\
    \(ReportPageSummary(statistics).markup)\
    \(charts)\
    \(ReportPageEvents(statistics).markup)\
    </main>
    <footer><p>Made by xregioncap report. Times count from the first frame.</p></footer>
    </body>
    </html>

    """
  }

  /// What is to be known of the log itself, and is said on standard error, too.
  var notes: [String] {
    var notes: [String] = []
    if faults.isCut { notes.append("the log ends within a line, as after a kill") }
    if let line = faults.firstLine {
      notes.append(
        "not understood and passed over: \(faults.lines.of("line")), the first of them line \(line)"
      )
    }
    if statistics.unknownTypes > 0 {
      notes.append("passed over: \(statistics.unknownTypes.of("event")) of unknown type")
    }
    if statistics.otherStreams > 0 {
      notes.append("passed over: \(statistics.otherStreams.of("event")) of clones")
    }
    if statistics.ending == nil, !faults.isCut {
      notes.append("the log has no end: the capture runs still, or was killed")
    }
    return notes
  }

  private var charts: String {
    guard statistics.frames > 0 else {
      return Self.section("Frames", "No frame was written.", "")
    }
    let timeline = ReportPageTimeline(statistics)
    var text = Self.section(
      "Timeline",
      "Frames a second by the time of their grab, in bars of \(timeline.barLength); a "
        + "repeat stands a slot behind the frame before it.\(unmarked)",
      wide(timeline.rates) + legend)
    if let path = ReportPagePath(statistics) {
      text += Self.section("The crop on its surface", path.summary, wide(path.markup))
    }
    let histograms = histograms
    if !histograms.isEmpty { text += "<div class=\"sides\">\n\(histograms)</div>\n" }
    if let damage = timeline.damage {
      text += Self.section(
        "What changed",
        "Share of a new frame's area that differs from the frame before: the mean "
          + "of each bar, and paler its largest.", wide(damage))
    }
    return text
  }

  /// A chart that is to be scrolled where it would become too small to be read.
  private func wide(_ chart: String) -> String { "<div class=\"wide\">\n\(chart)</div>\n" }

  private var histograms: String {
    var text = ""
    if let late = statistics.lateness?.histogram, late.count > 0 {
      let chart = ReportPageHistogram.lateness(late)
      text += Self.section(
        "Lateness",
        "From a slot of the clock to its grab, for frames a slot behind the one before. "
          + "The log tells grabs, not slots: these are put where the earliest grab stands. "
          + chart.summary, chart.markup)
    }
    let intervals = statistics.intervals.histogram
    if intervals.count > 0 {
      let chart = ReportPageHistogram.intervals(intervals)
      let longest = ReportPageTime.milliseconds(Double(statistics.intervals.longest))
      text += Self.section(
        "Intervals",
        "From one new frame's grab to the next, but not across mutes. Long ones may be "
          + "rests in which nothing changed. \(chart.summary) The longest: \(longest).",
        chart.markup)
    }
    return text
  }

  private var unmarked: String {
    let missing = statistics.moments.missing
    return missing == 0 ? "" : " \(missing.of("event")) in the middle are not marked."
  }

  private var legend: String {
    var keys = [("new", "new frames")]
    if statistics.repeats > 0 {
      keys.append(("again", "repeats: nothing new was to be seen, or a slot was missed"))
    }
    if statistics.mutes.count > 0 { keys.append(("mute", "mute: nothing of the target to see")) }
    var markup = keys.map { kind, text in
      Self.key("<rect class=\"\(kind)\" x=\"0.5\" y=\"0.5\" width=\"15\" height=\"11\"/>", text)
    }
    if statistics.versions > 0 {
      markup.append(
        Self.key("<line class=\"version\" x1=\"8\" y1=\"0\" x2=\"8\" y2=\"12\"/>", "version"))
    }
    if statistics.changes > 0 {
      markup.append(
        Self.key("<polygon class=\"change\" points=\"8,1 13,6 8,11 3,6\"/>", "change of size"))
    }
    if let rate = statistics.stream?.rate, rate.hertz != nil {
      markup.append(
        Self.key(
          "<line class=\"wanted\" x1=\"0\" y1=\"6\" x2=\"16\" y2=\"6\"/>",
          "asked for: \(rate.spoken)"))
    }
    return "<ul class=\"legend\">\n\(markup.joined())</ul>\n"
  }

  private static func key(_ symbol: String, _ text: String) -> String {
    "<li><svg viewBox=\"0 0 16 12\" aria-hidden=\"true\">\(symbol)</svg>"
      + "\(text.escapedForMarkup)</li>\n"
  }

  /// A part of the page: `content` is markup.
  static func section(_ title: String, _ said: String, _ content: String) -> String {
    """
    <section>
    <h2>\(title.escapedForMarkup)</h2>
    <p>\(said.escapedForMarkup)</p>
    \(content)</section>

    """
  }
}
