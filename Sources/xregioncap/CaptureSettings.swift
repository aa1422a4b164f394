import CropEngine
import FrameOutput

/// What a capture is to do: the options, understood and checked.
struct CaptureSettings {
  /// What to do once the target is destroyed.
  enum LostPolicy: String, CaseIterable {
    /// Stay, as empty.
    case wait
    /// Finish the stream.
    case end
  }

  var source: SourceSettings
  /// nil for standard output.
  var outputPath: String?
  var stream: StreamSettings
  var timing = Timing.cfr
  var frames: Int?
  /// In ns.
  var duration: Int64?
  /// In ns.
  var delay: Int64 = 0
  var emptyPolicy = EmptyPolicy.silent
  var lostPolicy = LostPolicy.wait
  /// nil where it depends on standard error being a terminal.
  var showsProgress: Bool?
}
