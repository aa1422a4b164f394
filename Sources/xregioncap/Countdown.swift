import Glibc

/// Counts the seconds before something begins, on a terminal's last line.
struct Countdown {
  /// How long before the start the line is empty, in ns: the terminal itself may be in the picture,
  /// and needs a moment to draw.
  private static let clearance = 100 * Clock.millisecond

  private let start: Int64
  private var isShowing = false
  /// When to show the next number or none, in ns; `.max` where all is done.
  private(set) var nextTime = Int64.max

  /// Counts from the whole seconds between `now` and `start`, in ns. Shows nothing unless `isShown`,
  /// nor where standard error is no terminal.
  init(to start: Int64, at now: Int64, isShown: Bool) {
    self.start = start
    let seconds = (start - now) / Clock.second
    guard isShown, seconds > 0, isatty(STDERR_FILENO) != 0 else { return }
    nextTime = start - seconds * Clock.second
  }

  /// Shows what is due.
  mutating func tick(at now: Int64) {
    guard now >= nextTime else { return }
    guard now < start - Self.clearance else { return end() }
    // Rounded up: it is late by a little, or by more where there was other work.
    let seconds = (start - now + Clock.second - 1) / Clock.second
    Report.write("\r\(seconds)…\u{1b}[K", to: STDERR_FILENO)
    isShowing = true
    nextTime = seconds > 1 ? start - (seconds - 1) * Clock.second : start - Self.clearance
  }

  /// Leaves the terminal's line to others, for good.
  mutating func end() {
    if isShowing { Report.write("\r\u{1b}[K", to: STDERR_FILENO) }
    isShowing = false
    nextTime = .max
  }
}
