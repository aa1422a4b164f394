import CropEngine
import FrameOutput

/// What one stream of a capture is to be: its options, understood and checked.
struct StreamPlan {
  /// What to do once the target is destroyed.
  enum LostPolicy: String, CaseIterable {
    /// Stay, as empty.
    case wait
    /// Finish the stream.
    case end
  }

  /// nil for the whole surface.
  var target: SourceSettings.Named<TargetSpecifier>?
  /// nil for standard output.
  var outputPath: String?
  var frames: StreamSettings
  var emptyPolicy = EmptyPolicy.silent
  var lostPolicy = LostPolicy.wait
  /// A file, or `fd:N`; nil for none.
  var logName: String?
  /// Whether the lines before Y4M frames tell which frames they are.
  var hasFrameParameters = false
}
