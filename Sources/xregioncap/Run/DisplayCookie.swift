import CLinux
import CropEngine
import Glibc

/// What an X server lets in whoever knows it (MIT-MAGIC-COOKIE-1), in an Xauthority file that nobody
/// else can read, and that goes with us.
final class DisplayCookie {
  /// As `$XAUTHORITY` has it.
  let path: String
  /// Who removes the file when we are gone, and what tells him.
  private var remover: pid_t = -1
  private var holding: Int32 = -1

  /// Makes one that is good for a display of any number.
  ///
  /// Throws `fault` where the file cannot be written.
  init() throws(CaptureError) {
    var (file, path): (Int32, String) = (-1, "")
    let runtime = unsafe getenv("XDG_RUNTIME_DIR").map { unsafe String(cString: $0) }
    // A container may have it named, and not have it.
    for folder in [runtime, "/tmp"] where file < 0 {
      guard let folder else { continue }
      var template = Array("\(folder)/xregioncap-XXXXXX".utf8CString)
      file = unsafe mkstemp(&template)
      path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    self.path = path
    guard file >= 0 else { throw failure() }
    defer { close(file) }
    holding = unsafe clinux_remove_at_end(path, &remover)
    var random = SystemRandomNumberGenerator()
    let entry = Self.entry((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    guard holding >= 0, unsafe write(file, entry, entry.count) == entry.count else {
      throw failure()
    }
  }

  deinit { remove() }

  /// Removes the file.
  func remove() {
    if holding >= 0 {
      close(holding)
      waitpid(remover, nil, 0)
    }
    holding = -1
    // Where the remover was killed, or could not be had.
    unsafe unlink(path)
  }

  private func failure() -> CaptureError {
    CaptureError(.fault, "the cookie \(path)", unsafe String(cString: strerror(errno)))
  }

  /// One entry: lengths are two bytes, the larger one first.
  static func entry(_ cookie: [UInt8]) -> [UInt8] {
    let anyHost: [UInt8] = [0xff, 0xff]
    let (address, number): ([UInt8], [UInt8]) = ([], [])
    return [address, number, Array("MIT-MAGIC-COOKIE-1".utf8), cookie].reduce(into: anyHost) {
      $0 += [UInt8($1.count >> 8), UInt8($1.count & 0xff)] + $1
    }
  }
}
