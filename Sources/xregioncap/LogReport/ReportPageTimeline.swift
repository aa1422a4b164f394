import CropEngine

/// Charts over the time of the log.
struct ReportPageTimeline {
  private static let width = 960.0
  private static let left = 52.0
  private static let right = 948.0
  /// Most bars in a chart.
  private static let mostBars: Int64 = 200

  private let statistics: LogReportStatistics
  private let bars: [LogReportBins.Bar]
  private let time: ReportPageAxis

  init(_ statistics: LogReportStatistics) {
    self.statistics = statistics
    let duration = max(1, statistics.duration)
    // A bar of a few slots would show how they fall into bars, and nothing else.
    let fine = max(duration / 40, 4 * (statistics.period ?? LogReportStatistics.slot))
    bars = statistics.bins.bars(
      of: duration, least: max(duration / Self.mostBars, min(Clock.second, fine)))
    time = .time(duration, ends: (Self.left, Self.right))
  }

  /// How long a bar is.
  var barLength: String { bars.first.map { ReportPageTime.milliseconds(Double($0.length)) } ?? "" }

  private func rate(_ count: Int, in bar: LogReportBins.Bar) -> Double {
    Double(count) * Double(Clock.second) / Double(bar.length)
  }

  private func clock(_ time: Int64) -> String {
    ReportPageTime.clock(time, step: statistics.duration / 1000)
  }

  private func span(_ bar: LogReportBins.Bar) -> String {
    "\(clock(bar.start)) to \(clock(bar.start + bar.length)) s"
  }

  /// Frames a second, repeats on top of new ones, with what happened to the stream.
  var rates: String {
    let (top, bottom) = (64.0, 264.0)
    var drawing = ReportPageDrawing(
      "rates", width: Self.width, height: bottom + 26, title: "Frames a second over time",
      description: rateDescription)
    let wanted = statistics.stream?.rate.hertz
    let most = bars.map { rate($0.bin.new + $0.bin.repeats, in: $0) }.max() ?? 0
    let axis = ReportPageAxis.count(to: max(most, wanted ?? 0), ends: (bottom, top))
    drawing.draw(left: axis, from: Self.left, to: Self.right)
    drawing.draw(below: time, top: top, bottom: bottom)
    drawing.text("label", "frames/s", x: 0, y: top - 10)
    drawMutes(in: &drawing, bottom: bottom)
    for bar in bars {
      let (new, repeats) = (rate(bar.bin.new, in: bar), rate(bar.bin.repeats, in: bar))
      let hint =
        "\(span(bar)): \(new.short) new and \(repeats.short) repeated frames a second"
      let (base, middle, end) = (
        axis.place(0), axis.place(new), axis.place(new + repeats)
      )
      draw(bar, "new", from: base, to: middle, hint: hint, in: &drawing)
      draw(bar, "again", from: middle, to: end, hint: hint, in: &drawing)
    }
    if let wanted {
      let y = axis.place(wanted)
      drawing.line("wanted", x1: Self.left, y1: y, x2: Self.right, y2: y, hint: "as asked for")
    }
    drawVersions(in: &drawing, bottom: bottom)
    return drawing.markup
  }

  private var rateDescription: String {
    let rates = bars.map { rate($0.bin.new + $0.bin.repeats, in: $0) }
    return "From \((rates.min() ?? 0).short) to \((rates.max() ?? 0).short) frames a second, in "
      + "bars of \(barLength). \(statistics.mutes.count.of("mute")), "
      + "\(statistics.versions.of("version change")) and "
      + "\(statistics.changes.of("configuration change")) are marked; the events are listed below."
  }

  private func draw(
    _ bar: LogReportBins.Bar, _ kind: String, from low: Double, to high: Double, hint: String,
    in drawing: inout ReportPageDrawing
  ) {
    guard low - high >= 0.05 else { return }
    let x = time.place(Double(bar.start))
    let width = time.place(Double(bar.start + bar.length)) - x
    drawing.rect(
      kind, x: x, y: high, width: max(0.5, width - (width > 6 ? 1 : 0)), height: low - high,
      hint: hint)
  }

  /// Spans without anything to see: named where there is room.
  private func drawMutes(in drawing: inout ReportPageDrawing, bottom: Double) {
    for mute in statistics.mutes.kept {
      let (x, end) = (time.place(Double(mute.start)), time.place(Double(mute.end)))
      let width = max(1.5, end - x)
      let name = mute.reason.rawValue
      let length = ReportPageTime.length(mute.end - mute.start)
      let hint =
        "\(name): " + (mute.isUnmeasured ? "" : "\(length) ") + "from \(clock(mute.start)) s"
        + (mute.isOpen ? " to the end" : "")
      drawing.rect("mute", x: x, y: 44, width: width, height: bottom - 44, hint: hint)
      if width > Double(name.count) * 6.6 + 6 {
        drawing.text("label middle muted", name, x: x + width / 2, y: 58)
      }
    }
  }

  /// Lines for versions, with number and kind where there is room; diamonds for other sizes.
  private func drawVersions(in drawing: inout ReportPageDrawing, bottom: Double) {
    var (free, lastLine, lastLong, lastDiamond) = (0.0, -1.0, -10.0, -10.0)
    for moment in statistics.moments.kept {
      guard let at = moment.time else { continue }
      let x = time.place(Double(at))
      switch moment.event {
      case .version(let version, _, let kind):
        if x - lastLine >= 0.7 {
          drawing.line(
            "version", x1: x, y1: 20, x2: x, y2: 42,
            hint: "version \(version), \(kind.rawValue), from \(clock(at)) s")
          lastLine = x
        }
        if x - lastLong >= 5 {
          drawing.line("since", x1: x, y1: 42, x2: x, y2: bottom)
          lastLong = x
        }
        let (short, long) = ("\(version)", "\(version) \(kind.rawValue)")
        for label in [long, short] {
          let half = Double(label.count) * 3.5 + 3
          let middle = min(max(x, Self.left + half), Self.right - half)
          guard middle - half >= free, label == short || roomIsLeft(behind: x, half) else {
            continue
          }
          drawing.text("label middle version", label, x: middle, y: 14)
          free = middle + half + 8
          break
        }
      case .configurationChange(let region) where x - lastDiamond >= 3:
        drawing.diamond(
          "change", x: x, y: 34, radius: 4.5,
          hint: "\(region.rect.spoken) of \(region.surface.spoken), from \(clock(at)) s")
        lastDiamond = x
      default: break
      }
    }
  }

  /// Whether no other version stands under a label that reaches so far.
  private func roomIsLeft(behind x: Double, _ half: Double) -> Bool {
    !statistics.moments.kept.contains { moment in
      guard case .version = moment.event, let at = moment.time else { return false }
      let other = time.place(Double(at))
      return other > x && other < x + 2 * half
    }
  }

  /// How much of a frame's area differs from the one before; nil where that is told of none.
  var damage: String? {
    let measured = bars.filter { $0.bin.measured > 0 }
    guard !measured.isEmpty else { return nil }
    let (top, bottom) = (12.0, 132.0)
    var drawing = ReportPageDrawing(
      "damage", width: Self.width, height: bottom + 26, title: "Share of the area that changed",
      description: "From \(mean(measured, least: true)) to \(mean(measured, least: false)) a "
        + "frame, in bars of \(barLength).")
    let axis = ReportPageAxis.count(to: 100, ends: (bottom, top), unit: "\u{202F}%")
    drawing.draw(left: axis, from: Self.left, to: Self.right)
    drawing.draw(below: time, top: top, bottom: bottom)
    for bar in measured {
      let share = 100 * bar.bin.changed / Double(bar.bin.measured)
      let most = 100 * bar.bin.mostChanged
      let hint = "\(span(bar)): \(share.short) % a new frame, at most \(most.short) %"
      draw(bar, "most", from: bottom, to: axis.place(most), hint: hint, in: &drawing)
      draw(bar, "new", from: bottom, to: axis.place(share), hint: hint, in: &drawing)
    }
    return drawing.markup
  }

  private func mean(_ bars: [LogReportBins.Bar], least: Bool) -> String {
    let shares = bars.map { 100 * $0.bin.changed / Double($0.bin.measured) }
    return (least ? shares.min()! : shares.max()!).short + " %"
  }
}
