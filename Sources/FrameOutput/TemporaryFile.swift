import CLinux
import CropEngine
import Glibc

/// A new file in the folder of another one, whose place it takes, or none.
///
/// It has no name before it is whole, where the disk can do that: nothing is left behind then,
/// however the process ends.
struct TemporaryFile: ~Copyable {
  /// For whoever writes, and closes it.
  let descriptor: Int32
  private let path: String
  private var isNamed: Bool

  /// Makes it, open to be written. `mode` is that of a file which is there already; what the user
  /// has set for new files where nil. Throws `output` under the name of the other file.
  init(beside target: String, mode: mode_t?, name: String) throws(CaptureError) {
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    path = Self.folder(of: target) + ".xregioncap-" + random
    let creationMode: mode_t = mode == nil ? 0o666 : 0o600
    let folder = Self.folder(of: target)
    let unnamed = unsafe clinux_open_unnamed(folder.isEmpty ? "." : folder, creationMode)
    isNamed = unnamed < 0
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    descriptor = isNamed ? unsafe open(path, flags, creationMode) : unnamed
    guard descriptor >= 0 else {
      isNamed = false
      throw OutputFile.failure(name)
    }
    if let mode { fchmod(descriptor, mode) }
  }

  deinit { if isNamed { unsafe unlink(path) } }

  /// Takes the place of the other file, with all that was written to it.
  mutating func replace(_ target: String, name: String) throws(CaptureError) {
    // Some disks say no sooner that they are full.
    guard fsync(descriptor) == 0 else { throw OutputFile.failure(name) }
    isNamed = unsafe isNamed || clinux_name(descriptor, path) == 0
    guard isNamed, unsafe rename(path, target) == 0 else {
      let why = unsafe String(cString: strerror(errno))
      throw CaptureError(
        .output, name, "cannot be replaced: \(why); -o - can be redirected into it")
    }
    isNamed = false
  }

  /// The folder that a file is in, with the slash behind it; empty for the current one.
  static func folder(of path: String) -> String {
    // Not by characters: a slash and what combines with it are one.
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
  }
}
