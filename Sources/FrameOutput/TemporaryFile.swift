import CropEngine
import Glibc

/// A new file in the folder of another one, whose place it takes, or none.
struct TemporaryFile: ~Copyable {
  /// For whoever writes, and closes it.
  let descriptor: Int32
  private let path: String
  private var isThere = true

  /// Makes it, open to be written. `mode` is that of a file which is there already; what the user
  /// has set for new files where nil. Throws `output` under the name of the other file.
  init(beside target: String, mode: mode_t?, name: String) throws(CaptureError) {
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    path = Self.folder(of: target) + ".xregioncap-" + random
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let opened = unsafe open(path, flags, mode == nil ? 0o666 : 0o600)
    guard opened >= 0 else { throw OutputFile.failure(name) }
    descriptor = opened
    if let mode { fchmod(descriptor, mode) }
  }

  deinit { if isThere { unsafe unlink(path) } }

  /// Takes the place of the other file, with all that was written to it.
  mutating func replace(_ target: String, name: String) throws(CaptureError) {
    // Some disks say no sooner that they are full.
    guard fsync(descriptor) == 0 else { throw OutputFile.failure(name) }
    guard unsafe rename(path, target) == 0 else {
      let why = unsafe String(cString: strerror(errno))
      throw CaptureError(
        .output, name, "cannot be replaced: \(why); -o - can be redirected into it")
    }
    isThere = false
  }

  /// The folder that a file is in, with the slash behind it; empty for the current one.
  static func folder(of path: String) -> String {
    // Not by characters: a slash and what combines with it are one.
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
  }
}
