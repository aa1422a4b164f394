import CropEngine

/// Where the crop was on the surface, from blue to red as time goes on.
struct ReportPagePath {
  private static let mostPlaces = 16
  private static let mostWidth = 960.0
  private static let mostHeight = 430.0
  /// Where it stayed at one place, there is less to see.
  private static let stillHeight = 200.0
  private static let (left, top, margin) = (46.0, 14.0, 14.0)

  private let points: [LogReportPath.Point]
  private let extent: Rect
  private let count: Int
  private let scale: Double
  private let duration: Int64

  /// nil where no frame shows anything.
  init?(_ statistics: LogReportStatistics) {
    points = statistics.path.points
    extent = statistics.path.extent
    count = statistics.path.count
    duration = max(1, statistics.duration)
    guard !points.isEmpty, !extent.isEmpty else { return nil }
    scale = min(
      (Self.mostWidth - Self.left - Self.margin) / Double(extent.width),
      (count > 1 ? Self.mostHeight : Self.stillHeight) / Double(extent.height))
    surface = statistics.stream?.surface
  }

  private let surface: Size?

  private func x(_ value: Double) -> Double { Self.left + (value - Double(extent.x)) * scale }
  private func y(_ value: Double) -> Double { Self.top + (value - Double(extent.y)) * scale }
  private func colour(_ time: Int64) -> String {
    ReportPageColour.at(Double(time) / Double(duration))
  }

  /// What is to be said of it.
  var summary: String {
    guard count > 1 else { return "It stayed at \(points[0].rect.spoken)." }
    let kept = points.count < count ? ", \(points.count.grouped) of them shown" : ""
    return
      "\(count.grouped) places one after the other\(kept); the first \(points[0].rect.spoken), "
      + "the last \(points[points.count - 1].rect.spoken)."
  }

  var markup: String {
    let height = Double(extent.height) * scale
    let right = x(Double(extent.x + extent.width))
    let bottom = Self.top + height
    let legend = count > 1 ? 34.0 : 0
    var drawing = ReportPageDrawing(
      "path", width: Self.mostWidth, height: bottom + 26 + legend,
      title: "The crop's path over the surface", description: summary)
    let across = ReportPageAxis.pixels(
      Double(extent.x)...Double(extent.x + extent.width), ends: (Self.left, right))
    let down = ReportPageAxis.pixels(
      Double(extent.y)...Double(extent.y + extent.height), ends: (Self.top, bottom))
    if let surface {
      drawing.rect(
        "surface", x: x(0), y: y(0), width: Double(surface.width) * scale,
        height: Double(surface.height) * scale, hint: "the surface, \(surface.spoken)")
    }
    drawing.draw(left: down, from: Self.left, to: right)
    drawing.draw(below: across, top: Self.top, bottom: bottom)
    drawing.text("label", "px", x: min(right + 8, Self.mostWidth - 14), y: bottom + 4)
    drawPlaces(in: &drawing)
    if count > 1 { drawLegend(in: &drawing, y: bottom + 34) }
    return drawing.markup
  }

  private func drawPlaces(in drawing: inout ReportPageDrawing) {
    let step = max(1, (points.count + Self.mostPlaces - 1) / Self.mostPlaces)
    for index in stride(from: step, to: points.count - 1, by: step) {
      draw(points[index], "place", in: &drawing)
    }
    for (point, next) in zip(points, points.dropFirst()) {
      drawing.line(
        "way", x1: x(point.rect.middle.x), y1: y(point.rect.middle.y),
        x2: x(next.rect.middle.x), y2: y(next.rect.middle.y), colour: colour(next.time))
    }
    let (first, last) = (points[0], points[points.count - 1])
    for point in count > 1 ? [first, last] : [first] {
      draw(point, "ends", in: &drawing)
      drawing.circle(
        "spot", x: x(point.rect.middle.x), y: y(point.rect.middle.y), radius: 3.5,
        colour: colour(point.time))
    }
    name(first, last, in: &drawing)
  }

  /// Puts names into the corners of the first and the last place: not one upon the other.
  private func name(
    _ first: LogReportPath.Point, _ last: LogReportPath.Point, in drawing: inout ReportPageDrawing
  ) {
    guard count > 1 else { return }
    let isSame = first.rect == last.rect
    let low = Double(extent.y + extent.height)
    drawing.text(
      "strong halo", isSame ? "first and last" : "first",
      x: min(x(Double(first.rect.x)) + 6, Self.mostWidth - 80), y: y(Double(first.rect.y)) + 16)
    guard !isSame else { return }
    let rect = last.rect
    drawing.text(
      "strong halo right", "last", x: max(x(Double(rect.x + rect.width)) - 6, Self.left + 26),
      y: min(y(Double(rect.y + rect.height)), y(low)) - 7)
  }

  private func draw(
    _ point: LogReportPath.Point, _ kind: String, in drawing: inout ReportPageDrawing
  ) {
    let rect = point.rect
    drawing.rect(
      kind, x: x(Double(rect.x)), y: y(Double(rect.y)), width: max(1, Double(rect.width) * scale),
      height: max(1, Double(rect.height) * scale), colour: colour(point.time),
      hint: "\(rect.spoken), from \(ReportPageTime.clock(point.time, step: duration / 1000)) s")
  }

  private func drawLegend(in drawing: inout ReportPageDrawing, y: Double) {
    let (width, parts) = (180.0, 36)
    for part in 0..<parts {
      let share = Double(part) / Double(parts - 1)
      drawing.rect(
        "ramp", x: Self.left + width * Double(part) / Double(parts), y: y,
        width: width / Double(parts) + 0.5, height: 9, colour: ReportPageColour.at(share))
    }
    drawing.text("label", "first frame", x: Self.left, y: y + 23)
    let end = ReportPageTime.length(duration)
    drawing.text("label right", end, x: Self.left + width, y: y + 23)
  }
}

extension Rect {
  fileprivate var middle: (x: Double, y: Double) {
    (Double(x) + Double(width) / 2, Double(y) + Double(height) / 2)
  }
}
