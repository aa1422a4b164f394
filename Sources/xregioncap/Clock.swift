import CropEngine
import Glibc

/// Time of CLOCK_MONOTONIC, in ns.
enum Clock {
  static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * second + Int64(time.tv_nsec)
  }

  static let second: Int64 = 1_000_000_000
  static let millisecond: Int64 = 1_000_000

  /// What an option says in seconds, in ns. Throws `type` where it is no time.
  static func nanoseconds(_ seconds: Double?, _ option: String) throws(CaptureError) -> Int64? {
    guard let seconds else { return nil }
    // A century is as good as for ever, and far from overflow.
    guard seconds >= 0, seconds < 3e9 else {
      throw CaptureError(.type, option, "\(seconds) is no time: expected seconds from 0 on")
    }
    return Int64(seconds * 1e9)
  }
}
