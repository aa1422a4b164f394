/// What frames there were over time, in a bounded number of bins: two become one wherever they
/// would become too many, so that a log of any length can be taken in.
struct LogReportBins: Equatable {
  struct Bin: Equatable {
    /// Frames that were grabbed.
    var new = 0
    /// Frames that were the one before once more.
    var repeats = 0
    /// Frames that tell what of them has changed.
    var measured = 0
    /// Shares of their area that have, from 0 to 1: the sum, and the largest.
    var changed = 0.0
    var mostChanged = 0.0

    static func + (left: Bin, right: Bin) -> Bin {
      Bin(
        new: left.new + right.new, repeats: left.repeats + right.repeats,
        measured: left.measured + right.measured, changed: left.changed + right.changed,
        mostChanged: max(left.mostChanged, right.mostChanged))
    }
  }

  /// A bin as it is shown.
  struct Bar: Equatable {
    /// From the first frame on, in ns.
    let start: Int64
    let length: Int64
    let bin: Bin
  }

  static let most = 1024

  /// Of each bin, in ns.
  private(set) var width: Int64
  private(set) var bins: [Bin] = []
  /// How far the first bin begins before the first frame: half a slot, so that frames that are
  /// late by some more or less count for their own slot.
  private let lead: Int64

  /// Begins with bins of one slot, in ns.
  init(slot: Int64) {
    width = max(1, slot)
    lead = slot / 2
  }

  /// Changes the bin of a time, in ns from the first frame on.
  mutating func update(at time: Int64, _ change: (inout Bin) -> Void) {
    while (time + lead) / width >= Int64(Self.most) { halve() }
    let index = Int((time + lead) / width)
    while bins.count <= index { bins.append(Bin()) }
    change(&bins[index])
  }

  private mutating func halve() {
    bins = stride(from: 0, to: bins.count, by: 2).map {
      $0 + 1 < bins.count ? bins[$0] + bins[$0 + 1] : bins[$0]
    }
    width *= 2
  }

  /// Bars of at least `least` ns that cover `duration` ns; the last takes in what is left over.
  func bars(of duration: Int64, least: Int64) -> [Bar] {
    guard !bins.isEmpty else { return [] }
    let group = Int(max(1, (least + width - 1) / width))
    let length = width * Int64(group)
    let count = max(1, Int((duration + length / 2) / length))
    return (0..<count).map { index in
      let isLast = index == count - 1
      let range = (index * group)..<(isLast ? Int.max : (index + 1) * group)
      let start = Int64(index) * length
      return Bar(
        start: start, length: isLast ? max(1, duration - start) : length,
        bin: bins[range.clamped(to: 0..<bins.count)].reduce(Bin(), +))
    }
  }
}
