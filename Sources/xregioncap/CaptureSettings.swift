import CropEngine
import Glibc

/// What a capture is to do: the options, understood and checked.
struct CaptureSettings {
  var source: SourceSettings
  var main: StreamPlan
  /// Further streams from the same grabs.
  var also: [StreamPlan] = []
  var timing = Timing.cfr
  var frames: Int?
  /// In ns.
  var duration: Int64?
  /// In ns.
  var delay: Int64 = 0
  /// Whether nothing is written before a target is named or frames are asked for.
  var startsPaused = false
  /// The name of the control socket; nil for none.
  var session: String?
  /// nil where it depends on standard error being a terminal.
  var showsProgress: Bool?

  /// Whether frames or a log go to standard output.
  var takesStandardOutput: Bool {
    ([main] + also).contains { $0.outputPath == nil || $0.logName == "fd:\(STDOUT_FILENO)" }
  }

  var rate: FrameRate { main.frames.rate }

  /// The pace of a stream that begins at `start`, in ns.
  func schedule(from start: Int64, _ plan: StreamPlan) -> CaptureSchedule {
    CaptureSchedule(
      rate: rate, timing: timing, start: start, duration: duration, frames: frames,
      emptyPolicy: plan.emptyPolicy)
  }
}
