import Glibc

/// Where values stand along one side of a chart, and which of them are named.
struct ReportPageAxis {
  struct Tick: Equatable {
    let value: Double
    let label: String
  }

  /// The values at its ends.
  let values: ClosedRange<Double>
  /// Where its ends are, in px of the drawing; the first may be the larger one.
  let ends: (Double, Double)
  /// Whether equal factors are equally long, in place of equal differences.
  var isLogarithmic = false
  private(set) var ticks: [Tick] = []

  /// Where a value stands, in px of the drawing.
  func place(_ value: Double) -> Double {
    let (low, high) = (scaled(values.lowerBound), scaled(values.upperBound))
    let share = high > low ? (scaled(value) - low) / (high - low) : 0
    return ends.0 + min(1, max(0, share)) * (ends.1 - ends.0)
  }

  private func scaled(_ value: Double) -> Double {
    isLogarithmic ? Glibc.log(max(value, .leastNormalMagnitude)) : value
  }

  /// From 0 to a round number above `most`, with some ticks.
  static func count(to most: Double, ends: (Double, Double), unit: String = "") -> Self {
    let step = roundStep(most / 4)
    let top = max(1, (most / step - 0.001).rounded(.up)) * step
    var axis = Self(values: 0...top, ends: ends)
    axis.ticks = axis.multiples(of: step) { $0.decimal(3) + unit }
    return axis
  }

  /// From the first frame on, in ns.
  static func time(_ duration: Int64, ends: (Double, Double)) -> Self {
    let steps: [Double] = [
      0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600,
      900, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
    ].map { $0 * 1e9 }
    let wanted = Double(duration) / 10
    let step = steps.first { $0 >= wanted } ?? roundStep(wanted)
    var axis = Self(values: 0...Double(max(1, duration)), ends: ends)
    axis.ticks = axis.multiples(of: step) {
      ReportPageTime.clock(Int64($0), step: Int64(step)) + ($0 < 60e9 ? " s" : "")
    }
    return axis
  }

  /// Lengths of time, in ns, named in ms; lengths of very different order are told apart where
  /// factors are what counts.
  static func lengths(
    _ values: ClosedRange<Double>, ends: (Double, Double), isLogarithmic: Bool
  ) -> Self {
    var axis = Self(values: values, ends: ends, isLogarithmic: isLogarithmic)
    let ratio = values.upperBound / max(values.lowerBound, .leastNormalMagnitude)
    if isLogarithmic, ratio > 6 {
      var power = pow(10, Glibc.log10(values.lowerBound).rounded(.down))
      let factors: [Double] = ratio > 1000 ? [1] : [1, 2, 5]
      while power <= values.upperBound {
        for factor in factors where values.contains(power * factor) {
          axis.ticks.append(Tick(value: power * factor, label: (power * factor / 1e6).decimal(3)))
        }
        power *= 10
      }
    } else {
      let step = roundStep((values.upperBound - values.lowerBound) / 6)
      axis.ticks = axis.multiples(of: step) { ($0 / 1e6).decimal(4) }
    }
    return axis
  }

  /// Px of a side of the surface.
  static func pixels(_ range: ClosedRange<Double>, ends: (Double, Double)) -> Self {
    var axis = Self(values: range, ends: ends)
    let count = max(2, (ends.1 - ends.0).magnitude / 90)
    let step = max(1, roundStep((range.upperBound - range.lowerBound) / count))
    axis.ticks = axis.multiples(of: step) { $0.decimal(0) }
    return axis
  }

  private func multiples(of step: Double, label: (Double) -> String) -> [Tick] {
    guard step > 0, (values.upperBound - values.lowerBound) / step < 100 else { return [] }
    var ticks: [Tick] = []
    var index = (values.lowerBound / step - 1e-9).rounded(.up)
    while index * step <= values.upperBound * (1 + 1e-9) {
      ticks.append(Tick(value: index * step, label: label(index * step)))
      index += 1
    }
    return ticks
  }

  /// The smallest of 1, 2 and 5 times a power of ten that is not less.
  static func roundStep(_ least: Double) -> Double {
    guard least > 0, least.isFinite else { return 1 }
    let power = pow(10, Glibc.log10(least).rounded(.down))
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * (1 - 1e-9) } ?? 10 * power
  }
}
