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

  /// Throws `type` where two streams, or a stream and a log, would be written to one file.
  static func checkFiles(
    of plans: [StreamPlan], subject: String
  ) throws(CaptureError) {
    let standardOutput = "fd:1"
    var names: Set<String> = []
    for plan in plans {
      for name in [plan.outputPath ?? standardOutput, plan.logName].compactMap(\.self)
      where !names.insert(name).inserted {
        let file = name == standardOutput ? "standard output" : "'\(name)'"
        throw CaptureError(.type, subject, "\(file) can take one stream or log, not two")
      }
    }
  }
}
