import CropEngine
import Glibc

/// Signals as something to read, in the order in which they came.
struct SignalReader: ~Copyable {
  enum Request: Equatable {
    /// SIGINT, SIGTERM, SIGHUP.
    case stop(StopSignal)
    /// SIGUSR1.
    case status
    /// SIGUSR2.
    case pause
  }

  /// Which signal asks to stop.
  struct StopSignal: Equatable {
    let number: Int32
    /// Whether a terminal has sent it to all programs of the group: Control-C.
    let isForGroup: Bool
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
    return unsafe read(descriptor, &byte, 1) == 1 ? Request(byte: byte) : nil
  }

  /// Says with which status to end where there is no time to ask.
  func setStatus(_ status: Int32) { watch.setStatus(status) }

  /// Has the first signal to stop leave so long at least to finish in order, in ns; also when it has
  /// come.
  func extendPatience(to time: Int64) { watch.extendPatience(to: time) }

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

extension SignalReader.Request {
  /// nil for a signal that asks for nothing.
  init?(_ number: Int32, isFromTerminal: Bool) {
    switch number {
    case SIGUSR1: self = .status
    case SIGUSR2: self = .pause
    case SIGINT, SIGTERM, SIGHUP:
      // A terminal that is closed tells the leader of its session alone.
      self = .stop(
        SignalReader.StopSignal(number: number, isForGroup: isFromTerminal && number == SIGINT))
    default: return nil
    }
  }

  /// As it goes from one thread to the other.
  var byte: UInt8 {
    switch self {
    case .status: UInt8(SIGUSR1)
    case .pause: UInt8(SIGUSR2)
    case .stop(let signal): UInt8(signal.number) | (signal.isForGroup ? 0x80 : 0)
    }
  }

  fileprivate init?(byte: UInt8) {
    self.init(Int32(byte & 0x7f), isFromTerminal: byte & 0x80 != 0)
  }
}
