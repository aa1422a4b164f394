import Glibc

/// The time in ns since some moment of the past (CLOCK_MONOTONIC).
func monotonicTime() -> Int64 {
  var time = timespec()
  unsafe _ = clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
