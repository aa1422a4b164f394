import CropEngine
import FrameOutput
import Glibc

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

extension StreamPlan {
  /// Throws `type` where two streams, or a stream and a log, would be written to one file.
  static func checkFiles(of plans: [StreamPlan], subject: String) throws(CaptureError) {
    let standardOutput = "fd:1"
    var files: Set<String> = []
    for plan in plans {
      for name in [plan.outputPath ?? standardOutput, plan.logName].compactMap(\.self) {
        let file = name.realPath
        guard file == "/dev/null" || files.insert(file).inserted else {
          throw CaptureError(
            .type, subject,
            "\(name == standardOutput ? "standard output" : "'\(name)'") "
              + "can take one stream or log, not two")
        }
      }
    }
  }
}

extension String {
  /// The file's one name, where there is the file or its folder.
  fileprivate var realPath: String {
    if let path = Self(realPathOf: self) { return path }
    let name = split(separator: "/").last ?? ""
    let folder = String(dropLast(name.count))
    return Self(realPathOf: folder.isEmpty ? "." : folder).map { "\($0)/\(name)" } ?? self
  }

  private init?(realPathOf path: String) {
    guard let text = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(text) }
    unsafe self.init(cString: text)
  }
}
