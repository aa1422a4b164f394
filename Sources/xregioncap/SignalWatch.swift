import CLinux
import CropEngine
import Glibc
import Synchronization

/// A thread that receives all signals and hands them on, and that keeps the promise of a quick end
/// where the other thread cannot: while Xlib waits for a server that does not answer, say.
final class SignalWatch: Sendable {
  /// How long the first signal to stop leaves to finish in order, in ns, where nobody else has to.
  static let usualStop = Clock.second * 95 / 100
  /// The signal to stop that leaves no time at all.
  private static let impatience = 3

  private let longestStop: Int64
  /// Where requests are read, a byte each.
  let forwarded: Int32
  private let forwarding: Int32
  private let signals: Int32
  private let status = Atomic<Int32>(CaptureError.Name.noFrame.rawValue)

  /// `longestStop` is how long the first signal to stop leaves to finish in order, in ns.
  init(longestStop: Int64) throws(CaptureError) {
    self.longestStop = longestStop
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

  private func run() -> Never {
    var stops = 0
    var deadline = Int64.max
    while true {
      Poller.wait(for: signals, atMost: deadline == .max ? .max : deadline - Clock.now)
      while let request = next() {
        if case .stop = request {
          stops += 1
          if stops == 1 { deadline = Clock.now + longestStop }
        }
        var byte = request.byte
        _ = unsafe write(forwarding, &byte, 1)
      }
      if stops >= Self.impatience || Clock.now >= deadline {
        _exit(status.load(ordering: .relaxed))
      }
    }
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
