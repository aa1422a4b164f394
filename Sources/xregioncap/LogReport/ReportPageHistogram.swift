/// How often something took how long.
struct ReportPageHistogram {
  private static let (width, height) = (470.0, 224.0)
  private static let (left, right, top, bottom) = (58.0, 460.0, 26.0, 176.0)
  private static let mostBars = 48

  private let name: String
  private let title: String
  private let histogram: LogReportHistogram
  private let bars: [LogReportHistogram.Bar]
  /// From the shortest that is shown to the longest, in ns.
  private let range: ClosedRange<Double>
  private let isLogarithmic: Bool

  /// Times that grabs were late by. What is much later than nearly all is not shown.
  static func lateness(_ histogram: LogReportHistogram) -> Self {
    let width = histogram.bars[0].upper
    let most = min(1.3 * histogram.percentile(99), 3 * histogram.percentile(95))
    let end = (most / width).rounded(.up)
    return Self(
      "lateness", "Grabs after their slot", histogram,
      0..<min(histogram.bars.count, max(Self.mostBars / 2, Int(end))), isLogarithmic: false)
  }

  /// Times from one grab to the next.
  static func intervals(_ histogram: LogReportHistogram) -> Self {
    let bars = histogram.bars
    let (low, high) = (histogram.percentile(0.2), histogram.percentile(99.8))
    // A quarter of an octave around is room enough for a clock that keeps its time.
    let first = bars.firstIndex { $0.upper > low / 1.2 } ?? 0
    let last = bars.lastIndex { $0.lower < high * 1.2 } ?? 0
    return Self("intervals", "From grab to grab", histogram, first..<last + 1, isLogarithmic: true)
  }

  private init(
    _ name: String, _ title: String, _ histogram: LogReportHistogram, _ part: Range<Int>,
    isLogarithmic: Bool
  ) {
    self.name = name
    self.title = title
    self.histogram = histogram
    self.isLogarithmic = isLogarithmic
    bars = histogram.part(part, most: Self.mostBars)
    range = bars[0].lower...bars[bars.count - 1].upper
  }

  /// In words: what half of them, nearly all and all took, and what is not shown.
  var summary: String {
    let parts = [(50.0, "half"), (95, "95 %"), (99, "99 %")].map {
      "\($0.1) within \(ReportPageTime.milliseconds(histogram.percentile($0.0)))"
    }
    let out = histogram.count - bars.reduce(0) { $0 + $1.count }
    let beyond = out > 0 ? "; \(out.grouped) beyond the chart" : ""
    return "\(histogram.count.grouped) in all: \(parts.joined(separator: ", "))\(beyond)."
  }

  var markup: String {
    var drawing = ReportPageDrawing(
      name, width: Self.width, height: Self.height, title: title, description: summary)
    let most = bars.map(\.count).max() ?? 0
    let counts = ReportPageAxis.count(to: Double(max(most, 4)), ends: (Self.bottom, Self.top))
    let lengths = ReportPageAxis.lengths(
      range, ends: (Self.left, Self.right), isLogarithmic: isLogarithmic)
    drawing.draw(left: counts, from: Self.left, to: Self.right)
    drawing.draw(below: lengths, top: Self.top, bottom: Self.bottom)
    drawing.text("label", "frames", x: 0, y: 12)
    drawing.text("label right", "ms", x: Self.right, y: Self.bottom + 36)
    for bar in bars where bar.count > 0 {
      let (x, end) = (lengths.place(bar.lower), lengths.place(bar.upper))
      let y = min(counts.place(Double(bar.count)), Self.bottom - 1)
      drawing.rect(
        "new", x: x, y: y, width: max(0.5, end - x - (end - x > 4 ? 1 : 0)),
        height: Self.bottom - y,
        hint: "\(ReportPageTime.milliseconds(bar.lower)) to "
          + "\(ReportPageTime.milliseconds(bar.upper)): \(bar.count.of("frame"))")
    }
    var free = Self.left
    for (share, label) in [(50.0, "50 %"), (95, "95 %"), (99, "99 %")] {
      let value = histogram.percentile(share)
      guard range.contains(value) else { continue }
      let x = lengths.place(value)
      drawing.line("mark", x1: x, y1: Self.top - 6, x2: x, y2: Self.bottom)
      guard x - 18 >= free else { continue }
      drawing.text("label middle", label, x: min(x, Self.right - 10), y: Self.top - 12)
      free = x + 18
    }
    return drawing.markup
  }
}
