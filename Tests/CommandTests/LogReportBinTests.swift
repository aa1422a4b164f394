import CropEngine
import Testing

@testable import xregioncap

@Suite("What a report holds of a log of any length")
struct LogReportBinTests {
  @Test("Bins become wider, and nothing is lost")
  func bins() {
    var bins = LogReportBins(slot: 10)
    for time in 0..<Int64(100_000) { bins.update(at: time) { $0.new += 1 } }
    #expect(bins.bins.count <= LogReportBins.most)
    #expect(bins.width == 160)
    #expect(bins.bins.map(\.new).reduce(0, +) == 100_000)
    #expect(bins.bins[1].new == 160)
    // The first begins half a slot before the first frame.
    #expect(bins.bins[0].new == 155)
    bins.update(at: 1 << 62) { $0.repeats += 1 }
    #expect(bins.bins.count <= LogReportBins.most)
    #expect(bins.bins[0].new == 100_000)
  }

  @Test("Bars cover the whole of the time, and are as long as they are to be")
  func bars() {
    var bins = LogReportBins(slot: 10)
    for time in stride(from: Int64(0), to: 1000, by: 10) { bins.update(at: time) { $0.new += 1 } }
    let bars = bins.bars(of: 1000, least: 95)
    #expect(bars.map(\.bin.new) == Array(repeating: 10, count: 10))
    #expect(bars.map(\.start) == (0..<10).map { 100 * $0 })
    #expect(bars.allSatisfy { $0.length == 100 })
    let odd = bins.bars(of: 1000, least: 300)
    #expect(odd.map(\.length) == [300, 300, 400])
    #expect(odd.map(\.bin.new) == [30, 30, 40])
    #expect(LogReportBins(slot: 10).bars(of: 0, least: 1).isEmpty)
  }

  @Test("The longest gap is what the earliest grab stands behind")
  func earliest() {
    var lateness = LogReportLateness(frames: 1, over: 1)
    // The first grab is later than some others, by whole slots more or less.
    for late in [500, 498, 503, 499, 500].map({ Int64($0) * 1_000_000 }) {
      lateness.add(late + 7_000_000_000)
    }
    let histogram = lateness.histogram
    #expect(histogram.count == 5)
    #expect(histogram.percentile(1) < 200_000)
    #expect(abs(histogram.percentile(100) - 5_000_000) < 200_000)
  }

  @Test("Lengths of time are told apart by a hundredth, from µs to days")
  func durations() {
    var durations = LogReportDurations()
    for power in [1_000, 1_000_000, 1_000_000_000, 86_400_000_000_000] as [Int64] {
      durations.add(power)
    }
    durations.add(0)
    durations.add(.max)
    let histogram = durations.histogram
    #expect(histogram.count == 6)
    #expect(durations.longest == .max)
    #expect(abs(histogram.percentile(50) / 1e6 - 1) < 0.01)
    #expect(abs(histogram.percentile(66) / 1e9 - 1) < 0.01)
  }

  @Test("Of many things the first and the last are kept", arguments: [0, 3, 4, 7, 8, 9, 100])
  func ends(_ count: Int) {
    var ends = LogReportEnds<Int>(keeping: 4)
    for number in 0..<count { ends.append(number) }
    #expect(ends.count == count && ends.missing == max(0, count - 8))
    #expect(ends.kept == (0..<count).filter { $0 < 4 || $0 >= count - 4 })
    #expect(ends.gap == min(4, count))
  }

  @Test("A path of any length is thinned evenly, and ends where it ends")
  func path() {
    var path = LogReportPath()
    let places = (0..<100_000).map { Rect(x: $0 % 977, y: $0 % 613, width: 5, height: 5) }
    for index in places.indices {
      path.move(to: places[index], at: Int64(index))
      path.move(to: places[index], at: Int64(index))
    }
    #expect(path.count == 100_000)
    let points = path.points
    #expect(points.count <= LogReportPath.most + 1)
    #expect(points.first?.time == 0 && points.last?.time == 99_999)
    let steps = Set(zip(points, points.dropFirst()).dropLast().map { $1.time - $0.time })
    #expect(steps == [256])
    #expect(path.extent == Rect(x: 0, y: 0, width: 981, height: 617))
  }
}
