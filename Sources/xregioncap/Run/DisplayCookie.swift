import CropEngine
import Glibc

/// What an X server lets in whoever knows it: MIT-MAGIC-COOKIE-1, as Xauthority files hold it.
enum DisplayCookie {
  /// A file with a new one, good for a display of any number.
  ///
  /// Throws `fault` where it cannot be written.
  static func file() throws(CaptureError) -> MemoryFile {
    let file = try MemoryFile("Xauthority")
    var random = SystemRandomNumberGenerator()
    let entry = entry((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    guard unsafe write(file.descriptor, entry, entry.count) == entry.count else {
      throw CaptureError(.fault, "the cookie", unsafe String(cString: strerror(errno)))
    }
    return file
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
