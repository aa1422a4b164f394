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

  /// Of a stream beside the session's own: that one's goes with the surface.
  var target = TargetSettings()
  /// nil for standard output.
  var outputPath: String?
  var frames: StreamSettings
  /// How ffmpeg makes the output of the frames; nil where they are written as they are.
  var video: VideoSettings?
  var emptyPolicy = EmptyPolicy.silent
  var lostPolicy = LostPolicy.wait
  /// A file, or `fd:N`; nil for none.
  var logName: String?
  /// Whether the lines before Y4M frames tell which frames they are.
  var hasFrameParameters = false
  /// Whether it is a failure that each frame is of one colour, and that all show the same picture.
  var (failsIfBlank, failsIfStill) = (false, false)
  /// How long, in ns, the picture has not to change for the stream to end; nil where that is no
  /// reason.
  var stillTime: Int64?
}

extension StreamPlan {
  /// Throws `type` where two streams, or a stream and a log, would be written to one file.
  static func checkFiles(of plans: [StreamPlan], subject: String) throws(CaptureError) {
    let standardOutput = "fd:1"
    var files: Set<String> = []
    for plan in plans {
      for name in [plan.outputPath ?? standardOutput, plan.logName].compactMap(\.self) {
        guard let file = identity(of: name), !files.insert(file).inserted else { continue }
        throw CaptureError(
          .type, subject,
          "\(name == standardOutput ? "standard output" : "'\(name)'") "
            + "can take one stream or log, not two")
      }
    }
  }

  /// What is the same for all names of one file; nil where several may write to it: /dev/null, say.
  static func identity(of name: String) -> String? {
    var status = stat()
    let descriptor = name.hasPrefix("fd:") ? Int32(name.dropFirst("fd:".count)) : nil
    let isThere =
      if let descriptor { unsafe fstat(descriptor, &status) == 0 } else {
        unsafe stat(name, &status) == 0
      }
    guard isThere else { return name.pathByFolder }
    guard status.st_mode & S_IFMT != S_IFCHR else { return nil }
    return "\(status.st_dev):\(status.st_ino)"
  }
}

extension String {
  /// The path of a file that is not there yet, by its folder's one name where there is that.
  fileprivate var pathByFolder: String {
    let name = split(separator: "/").last ?? ""
    let folder = dropLast(name.count)
    guard let path = unsafe realpath(folder.isEmpty ? "." : String(folder), nil) else {
      return self
    }
    defer { unsafe free(path) }
    return unsafe String(cString: path) + "/" + name
  }
}
