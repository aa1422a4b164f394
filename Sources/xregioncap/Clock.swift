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
}
