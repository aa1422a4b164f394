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

  /// An option's value with the option's name, for errors.
  struct Named<Value> {
    let value: Value
    let option: String
  }

  var displayName: String?
  var surface = Named(value: WindowSelector.root, option: "--screen")
  var target: Named<TargetSpecifier>?
  /// How long to wait for display, window and target, in ns.
  var wait: Int64 = 0
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
  var usesSharedMemory = true
  /// nil where it depends on standard error being a terminal.
  var showsProgress: Bool?
  var reportLevel = Report.Level.normal
}
