import CropEngine
import Glibc

/// How many durations there are of each length.
struct LogReportHistogram: Equatable {
  struct Bar: Equatable {
    /// In ns.
    let lower: Double
    let upper: Double
    var count: Int
  }

  /// From the shortest on, each beginning where the one before ends.
  let bars: [Bar]
  let count: Int

  init(_ bars: [Bar]) {
    self.bars = bars
    count = bars.reduce(0) { $0 + $1.count }
  }

  /// What so many of a hundred are not longer than, in ns, as finely as the bars tell.
  func percentile(_ share: Double) -> Double {
    var left = max(1, Int((Double(count) * share / 100).rounded(.up)))
    for bar in bars {
      left -= bar.count
      if left <= 0 { return (bar.lower + bar.upper) / 2 }
    }
    return 0
  }

  /// The bars of a part, so many at most, of as many of these each.
  func part(_ range: Range<Int>, most: Int) -> [Bar] {
    let group = max(1, (range.count + most - 1) / most)
    return stride(from: range.lowerBound, to: range.upperBound, by: group).map { start in
      let part = bars[start..<min(start + group, bars.count)]
      return Bar(
        lower: part.first!.lower, upper: part.last!.upper, count: part.reduce(0) { $0 + $1.count })
    }
  }
}

/// Durations of any length: each bar is longer than the one before by the same factor.
struct LogReportDurations {
  /// Bars for each factor of 2: 1.1 % wide each.
  private static let perDoubling = 64.0
  /// Up to 12 days.
  private static let doublings = 40.0
  /// The shortest that is told apart, in ns.
  private static let least = 1000.0

  private var counts = [Int](repeating: 0, count: Int(perDoubling * doublings))
  /// In ns.
  private(set) var longest: Int64 = 0

  mutating func add(_ duration: Int64) {
    longest = max(longest, duration)
    let place = Glibc.log2(max(1, Double(duration) / Self.least)) * Self.perDoubling
    counts[min(counts.count - 1, Int(place))] += 1
  }

  var histogram: LogReportHistogram {
    func edge(_ index: Int) -> Double { Self.least * Glibc.exp2(Double(index) / Self.perDoubling) }
    return LogReportHistogram(
      counts.indices.map { .init(lower: edge($0), upper: edge($0 + 1), count: counts[$0]) })
  }
}

/// How late grabs came after the slots of a clock that is known but for when it began.
struct LogReportLateness {
  private static let parts = 8192

  private let frames: Int
  /// In ns.
  private let span: Int64
  private var counts = [Int](repeating: 0, count: parts)

  /// A clock of so many frames in so many seconds.
  init(frames: Int, over seconds: Int) {
    self.frames = frames
    span = Int64(seconds) * 1_000_000_000
  }

  /// From one slot to the next, in ns.
  var period: Int64 { max(1, span / Int64(frames)) }

  /// Takes in a grab, in ns from any one grab on.
  mutating func add(_ time: Int64) {
    // As exact after days as at once; what is divided is less than the divisor, times 2^64.
    let product = (time % span).multipliedFullWidth(by: Int64(frames))
    let rest = span.dividingFullWidth(product).remainder
    // What is just less than a large span is as large in a Double.
    let part = Int(Double(rest) / Double(span) * Double(Self.parts))
    counts[min(Self.parts - 1, part)] += 1
  }

  /// From the earliest on, which is the one behind the longest time that none fell into.
  var histogram: LogReportHistogram {
    let width = Double(span) / Double(frames) / Double(Self.parts)
    let start = earliest
    return LogReportHistogram(
      counts.indices.map {
        .init(
          lower: Double($0) * width, upper: Double($0 + 1) * width,
          count: counts[(start + $0) % Self.parts])
      })
  }

  private var earliest: Int {
    var (best, longest, run) = (0, 0, 0)
    for place in 0..<2 * Self.parts {
      if counts[place % Self.parts] == 0 {
        run += 1
      } else {
        if run > longest { (best, longest) = (place % Self.parts, run) }
        run = 0
      }
    }
    return best
  }
}
