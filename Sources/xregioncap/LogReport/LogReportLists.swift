import CropEngine

/// The first and the last of many things; those between are counted.
struct LogReportEnds<Element> {
  private let half: Int
  private var first: [Element] = []
  /// The oldest is at `start`.
  private var last: [Element] = []
  private var start = 0
  private(set) var count = 0

  /// Keeps so many at each end.
  init(keeping half: Int) { self.half = half }

  mutating func append(_ element: Element) {
    count += 1
    if first.count < half {
      first.append(element)
    } else if last.count < half {
      last.append(element)
    } else {
      last[start] = element
      start = (start + 1) % half
    }
  }

  /// Those that are kept, in their order.
  var kept: [Element] { first + last[start...] + last[..<start] }
  /// Where in ``kept`` those are missing that are not.
  var gap: Int { first.count }
  var missing: Int { count - first.count - last.count }
}

/// Where the crop was: a point for each change, of any number of them a bounded number that is
/// spread over all.
struct LogReportPath {
  struct Point: Equatable {
    /// In ns from the first frame on.
    let time: Int64
    /// In px of the surface.
    let rect: Rect
  }

  static let most = 512

  private var kept: [Point] = []
  /// Of so many changes one is kept.
  private var step = 1
  private(set) var last: Point?
  /// How many different places followed one another.
  private(set) var count = 0
  /// All surfaces and places, in px.
  private(set) var extent = Rect.empty

  mutating func move(to rect: Rect, at time: Int64) {
    guard rect != last?.rect else { return }
    let point = Point(time: time, rect: rect)
    if count.isMultiple(of: step) { kept.append(point) }
    if kept.count == Self.most {
      kept = stride(from: 0, to: kept.count, by: 2).map { kept[$0] }
      step *= 2
    }
    last = point
    count += 1
    show(rect)
  }

  /// Says that this part of the surface is to be seen, too.
  mutating func show(_ rect: Rect) {
    extent = extent.isEmpty ? rect : extent.boundingBox(with: rect)
  }

  /// In their order; the first and the last are among them.
  var points: [Point] { kept.last == last ? kept : kept + [last].compactMap { $0 } }
}
