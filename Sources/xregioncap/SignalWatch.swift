import CLinux
import CropEngine
import Glibc
import Synchronization

/// A thread that receives all signals and hands them on, and that keeps the promise of a quick end
/// where the other thread cannot: while Xlib waits for a server that does not answer, say.
final class SignalWatch: Sendable {
  /// How long the first signal to stop leaves to finish in order, in ns, unless more is asked for.
  private static let longestStop = Clock.second * 95 / 100
  /// The signal to stop that leaves no time at all.
  private static let impatience = 3

  /// Where requests are read, a byte each.
  let forwarded: Int32
  private let forwarding: Int32
  private let signals: Int32
  private let status = Atomic<Int32>(CaptureError.Name.noFrame.rawValue)
  private let patience = Atomic<Int64>(SignalWatch.longestStop)

  init() throws(CaptureError) {
    clinux_ignore_signal(SIGPIPE)
    // A file size limit is to be an error of write, as a full disk is.
    clinux_ignore_signal(SIGXFSZ)
    // Shells start background jobs with SIGINT ignored, and an ignored signal is never read.
    // SIGHUP stays ignored where it is: that is what nohup is for.
    clinux_default_signal(SIGINT)
    clinux_default_signal(SIGTERM)
    var wanted = [SIGINT, SIGTERM, SIGUSR1, SIGUSR2]
    if clinux_is_ignored(SIGHUP) == 0 { wanted.append(SIGHUP) }
    signals = unsafe clinux_signal_descriptor(wanted, wanted.count)
    var ends: [Int32] = [-1, -1]
    guard signals >= 0, unsafe clinux_pipe(&ends) == 0 else { throw Self.failure("signalfd") }
    (forwarded, forwarding) = (ends[0], ends[1])

    // The thread runs as long as the process.
    let watch = unsafe Unmanaged.passRetained(self)
    var thread = pthread_t()
    let result = unsafe pthread_create(&thread, nil, Self.main, watch.toOpaque())
    guard result == 0 else {
      unsafe watch.release()
      throw Self.failure("pthread_create")
    }
  }

  private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
    unsafe Unmanaged<SignalWatch>.fromOpaque($0!).takeUnretainedValue().run()
  }

  /// Says with which status to end where there is no time to ask.
  func setStatus(_ new: Int32) { status.store(new, ordering: .relaxed) }

  /// Has the first signal to stop leave so long at least, in ns; also when it has come.
  func extendPatience(to time: Int64) { patience.max(time, ordering: .relaxed) }

  private func run() -> Never {
    var stops = 0
    var firstStop: Int64?
    while true {
      Poller.wait(for: signals, atMost: rest(from: firstStop))
      while let request = next() {
        if case .stop = request {
          stops += 1
          if stops == 1 { firstStop = Clock.now }
        }
        var byte = request.byte
        _ = unsafe write(forwarding, &byte, 1)
      }
      if stops >= Self.impatience || rest(from: firstStop) <= 0 {
        _exit(status.load(ordering: .relaxed))
      }
    }
  }

  /// How much is left of the time from the first signal to stop on, in ns; `.max` before it. What
  /// was asked for meanwhile shows when the time before is over.
  private func rest(from firstStop: Int64?) -> Int64 {
    guard let firstStop else { return .max }
    return firstStop + patience.load(ordering: .relaxed) - Clock.now
  }

  private func next() -> SignalReader.Request? {
    var isFromTerminal = false
    let number = unsafe clinux_read_signal(signals, &isFromTerminal)
    return SignalReader.Request(number, isFromTerminal: isFromTerminal)
  }

  private static func failure(_ what: String) -> CaptureError {
    CaptureError(.fault, what, unsafe String(cString: strerror(errno)))
  }
}
