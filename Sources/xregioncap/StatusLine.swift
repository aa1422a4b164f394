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
    /// What was written.
    var bytes: Int
    /// nil while there is nothing to see.
    var region: FrameRegion?
    /// Why nothing is written; nil while frames flow.
    var stopped: String?
  }

  /// What it counts up to.
  struct Goal {
    var frames: Int?
    /// In ns.
    var duration: Int64?
  }

  private let isShown: Bool
  private let isTerminal = isatty(STDERR_FILENO) != 0
  private let startTime: Int64
  private let goal: Goal
  private var countdown: Countdown
  private var lastTime: Int64
  private var lastFrames = 0
  private var nextFigures: Int64

  /// Begins at `start`, in ns. `shows` is nil where it depends on standard error being a terminal.
  init(shows: Bool?, from start: Int64, at now: Int64, to goal: Goal) {
    isShown = shows ?? isTerminal
    startTime = start
    self.goal = goal
    countdown = Countdown(to: start, at: now, isShown: isShown)
    lastTime = start
    nextFigures = isShown ? start + Self.interval : .max
  }

  /// When the next is due, in ns.
  var nextTime: Int64 { min(countdown.nextTime, nextFigures) }

  /// Shows what is due: the seconds before the start, or the figures, with the rate since the last
  /// ones.
  mutating func tick(at now: Int64, _ figures: Figures) {
    countdown.tick(at: now)
    guard now >= nextFigures else { return }
    nextFigures = now + Self.interval
    let text = text(figures, figures.frames - lastFrames, since: lastTime, at: now)
    lastFrames = figures.frames
    lastTime = now
    if isTerminal {
      // What goes on in the next line would stay there.
      let columns = TerminalSize.columns(of: STDERR_FILENO) ?? .max
      Report.write("\r\(text.cut(to: columns - 1))\u{1b}[K", to: STDERR_FILENO)
    } else {
      Report.line(text)
    }
  }

  /// Writes the figures on a line of their own, with the rate since the start.
  func print(at now: Int64, _ figures: Figures) {
    clear()
    Report.line(text(figures, figures.frames, since: startTime, at: now))
  }

  /// Leaves the last figures behind, where any were shown and there are frames.
  func finish(at now: Int64, _ figures: Figures) {
    guard isShown else { return }
    if figures.frames > 0 { print(at: now, figures) } else { clear() }
  }

  /// Leaves the terminal's line to others.
  func clear() {
    if isShown, isTerminal { Report.write("\r\u{1b}[K", to: STDERR_FILENO) }
  }

  /// The figures in words, with the rate of so many frames since a time in ns.
  func text(
    _ figures: Figures, _ frames: Int, since time: Int64, at now: Int64
  ) -> String {
    let rate = Double(frames) * 1e9 / Double(max(1, now - time))
    let passed = min(max(0, now - startTime), goal.duration ?? .max)
    var text = Self.time(passed) + (goal.duration.map { "/" + Self.time($0) } ?? "")
    text += " \(figures.frames)" + (goal.frames.map { "/\($0)" } ?? "") + " frames, "
    text += "\(Self.tenths(rate)) fps, \(figures.repeats) repeats, \(Self.size(figures.bytes))"
    if let region = figures.region { text += ", \(region.rect) of \(region.surface)" }
    if let stopped = figures.stopped { text += ", \(stopped)" }
    return text
  }

  /// A time in ns as minutes and seconds, hours in front where it takes any.
  private static func time(_ time: Int64) -> String {
    let tenths = time / (Clock.second / 10)
    let (seconds, minutes) = (tenths / 10, tenths / 600)
    let hours = minutes < 60 ? "" : "\(minutes / 60):"
    return "\(hours)\(twoDigits(minutes % 60)):\(twoDigits(seconds % 60)).\(tenths % 10)"
  }

  private static func twoDigits(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : "\(number)"
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
