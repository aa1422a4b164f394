import CropEngine

/// A chart as SVG inside the page. Lengths are in px of its own; what it looks like is the style
/// sheet's, by class.
struct ReportPageDrawing {
  let width: Double
  let height: Double
  private let name: String
  private let title: String
  private let description: String
  private var content = ""

  /// `name` is one of the page's own; title and description are read out in place of the drawing.
  init(_ name: String, width: Double, height: Double, title: String, description: String) {
    self.name = name
    self.width = width
    self.height = height
    self.title = title
    self.description = description
  }

  /// The element, whole.
  var markup: String {
    """
    <svg viewBox="0 0 \(number(width)) \(number(height))" role="img" \
    aria-labelledby="\(name)-title \(name)-desc">
    <title id="\(name)-title">\(title.escapedForMarkup)</title>
    <desc id="\(name)-desc">\(description.escapedForMarkup)</desc>
    \(content)</svg>

    """
  }

  /// `colour` is for what the style sheet cannot know; `hint` is shown where one points at it.
  mutating func rect(
    _ kind: String, x: Double, y: Double, width: Double, height: Double, colour: String? = nil,
    hint: String? = nil
  ) {
    element(
      "rect", kind, [("x", x), ("y", y), ("width", width), ("height", height)], colour, hint)
  }

  mutating func line(
    _ kind: String, x1: Double, y1: Double, x2: Double, y2: Double, colour: String? = nil,
    hint: String? = nil
  ) {
    element("line", kind, [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)], colour, hint)
  }

  mutating func circle(_ kind: String, x: Double, y: Double, radius: Double, colour: String) {
    element("circle", kind, [("cx", x), ("cy", y), ("r", radius)], colour, nil)
  }

  /// A mark of a height and width of twice `radius` that stands on its tip.
  mutating func diamond(_ kind: String, x: Double, y: Double, radius: Double, hint: String) {
    let corners = [(0, -radius), (radius, 0), (0, radius), (-radius, 0)]
    let points = corners.map { "\(number(x + $0.0)),\(number(y + $0.1))" }.joined(separator: " ")
    content += "<polygon class=\"\(kind)\" points=\"\(points)\">"
    content += "<title>\(hint.escapedForMarkup)</title></polygon>\n"
  }

  mutating func text(_ kind: String, _ text: String, x: Double, y: Double) {
    content += "<text class=\"\(kind)\" x=\"\(number(x))\" y=\"\(number(y))\">"
    content += "\(text.escapedForMarkup)</text>\n"
  }

  /// Ticks, labels and the grid of an axis below a plot that reaches up to `top`.
  mutating func draw(below axis: ReportPageAxis, top: Double, bottom: Double) {
    line("axis", x1: axis.ends.0, y1: bottom, x2: axis.ends.1, y2: bottom)
    for tick in axis.ticks {
      let x = axis.place(tick.value)
      line("grid", x1: x, y1: top, x2: x, y2: bottom)
      line("axis", x1: x, y1: bottom, x2: x, y2: bottom + 4)
      let isAtEnd = x > width - 22
      text(
        "label \(isAtEnd ? "right" : "middle")", tick.label, x: isAtEnd ? width : x, y: bottom + 17)
    }
  }

  /// The same of one on the left of a plot that reaches to `right`.
  mutating func draw(left axis: ReportPageAxis, from left: Double, to right: Double) {
    for tick in axis.ticks {
      let y = axis.place(tick.value)
      line("grid", x1: left, y1: y, x2: right, y2: y)
      text("label right", tick.label, x: left - 7, y: y + 4)
    }
  }

  private mutating func element(
    _ tag: String, _ kind: String, _ lengths: [(String, Double)], _ colour: String?, _ hint: String?
  ) {
    content += "<\(tag) class=\"\(kind)\""
    for (name, value) in lengths { content += " \(name)=\"\(number(value))\"" }
    if let colour { content += " style=\"--c:\(colour)\"" }
    if let hint {
      content += "><title>\(hint.escapedForMarkup)</title></\(tag)>\n"
    } else {
      content += "/>\n"
    }
  }

  /// As SVG reads it.
  private func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
  }
}

/// What a place of a path is coloured by: blue for the first, red for the last.
enum ReportPageColour {
  private static let stops: [(Double, Double, Double)] = [
    (47, 111, 222), (150, 80, 200), (216, 66, 110), (236, 120, 40),
  ]

  /// `share` goes from 0 to 1.
  static func at(_ share: Double) -> String {
    let place = min(1, max(0, share)) * Double(stops.count - 1)
    let index = min(stops.count - 2, Int(place))
    let (from, to, part) = (stops[index], stops[index + 1], place - Double(index))
    let parts = [(from.0, to.0), (from.1, to.1), (from.2, to.2)].map {
      String(Int(($0.0 + ($0.1 - $0.0) * part).rounded()))
    }
    return "rgb(\(parts.joined(separator: ",")))"
  }
}
