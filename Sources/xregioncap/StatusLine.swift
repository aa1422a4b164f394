import CropEngine
import Glibc

/// The line that tells how the capture goes: kept on a terminal's last line, or written out once.
struct StatusLine {
  /// How long one stands on a terminal, in ns.
  static let interval = Clock.second / 2

  /// What it tells.
  struct Figures {
    var frames: Int
    var repeats: Int
    var bytes: Int
    /// nil while there is nothing to see.
    var region: FrameRegion?
    /// Why nothing is written; nil while frames flow.
    var stopped: String?
  }

  private let isShown: Bool
  private let isTerminal = isatty(STDERR_FILENO) != 0
  private let startTime: Int64
  private var lastTime: Int64
  private var lastFrames = 0
  /// When the next is due, in ns.
  private(set) var nextTime: Int64

  /// `shows` is nil where it depends on standard error being a terminal.
  init(shows: Bool?, at now: Int64) {
    isShown = shows ?? isTerminal
    startTime = now
    lastTime = now
    nextTime = isShown ? now + Self.interval : .max
  }

  /// Shows the figures that are due, with the rate since the last ones.
  mutating func tick(at now: Int64, _ figures: Figures) {
    nextTime = now + Self.interval
    let text = Self.text(figures, figures.frames - lastFrames, in: now - lastTime)
    lastFrames = figures.frames
    lastTime = now
    if isTerminal {
      Report.write("\r\(text)\u{1b}[K", to: STDERR_FILENO)
    } else {
      Report.line(text)
    }
  }

  /// Writes the figures on a line of their own, with the rate since the start.
  func print(at now: Int64, _ figures: Figures) {
    clear()
    Report.line(Self.text(figures, figures.frames, in: now - startTime))
  }

  /// Leaves the last figures behind, where any were shown.
  func finish(at now: Int64, _ figures: Figures) {
    if isShown { print(at: now, figures) }
  }

  /// Leaves the terminal's line to others.
  func clear() {
    if isShown, isTerminal { Report.write("\r\u{1b}[K", to: STDERR_FILENO) }
  }

  private static func text(_ figures: Figures, _ frames: Int, in time: Int64) -> String {
    let rate = Double(frames) * 1e9 / Double(max(1, time))
    var text = "\(figures.frames) frames, \(tenths(rate)) fps, \(figures.repeats) repeats, "
    text += size(figures.bytes)
    if let region = figures.region { text += ", \(region.rect) of \(region.surface)" }
    if let stopped = figures.stopped { text += ", \(stopped)" }
    return text
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// Bytes in the largest unit that they fill, of 1000 each.
  private static func size(_ bytes: Int) -> String {
    var (value, unit) = (Double(bytes), "B")
    for larger in ["kB", "MB", "GB", "TB"] where value >= 1000 {
      (value, unit) = (value / 1000, larger)
    }
    return unit == "B" ? "\(bytes) B" : "\(tenths(value)) \(unit)"
  }
}
