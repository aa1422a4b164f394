import CropEngine
import Glibc

/// Signals as something to read, in the order in which they came.
struct SignalReader: ~Copyable {
  enum Request: UInt8 {
    /// SIGINT, SIGTERM, SIGHUP.
    case stop
    /// SIGUSR1.
    case status
    /// SIGUSR2.
    case pause
  }

  /// Readable when a signal has come.
  let descriptor: Int32
  private let watch: SignalWatch

  /// Begins to watch. Before any other thread is started.
  ///
  /// Throws `fault` where the system has no means to.
  init() throws(CaptureError) {
    watch = try SignalWatch()
    descriptor = watch.forwarded
  }

  /// The next signal that has come; nil where none has.
  func next() -> Request? {
    var byte: UInt8 = 0
    return unsafe read(descriptor, &byte, 1) == 1 ? Request(rawValue: byte) : nil
  }

  /// Says with which status to end where there is no time to ask.
  func setStatus(_ status: Int32) { watch.setStatus(status) }

  /// Waits, for so many ns at most, `.max` for no bound, or until the other descriptor is readable.
  /// Throws `noFrame` where a signal asks to stop meanwhile.
  func wait(
    _ time: Int64, or other: Int32 = -1, for what: String
  ) throws(CaptureError) {
    Poller.wait(for: descriptor, or: other, atMost: time)
    while let request = next() {
      switch request {
      case .stop:
        throw CaptureError(
          .noFrame, "no frame was written", "it was stopped while it waited for \(what)")
      case .status: Report.line("waiting for \(what)")
      case .pause: break
      }
    }
  }
}
