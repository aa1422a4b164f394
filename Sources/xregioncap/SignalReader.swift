import CLinux
import CropEngine
import Glibc

/// Signals as something to read: blocked from the start, so that none strikes inside a frame.
struct SignalReader: ~Copyable {
  enum Request {
    /// SIGINT, SIGTERM, SIGHUP.
    case stop
    /// SIGUSR1.
    case status
    /// SIGUSR2.
    case pause
  }

  /// Readable when a signal has come.
  let descriptor: Int32

  /// Throws `fault` where there is no descriptor to be had.
  init() throws(CaptureError) {
    clinux_ignore_signal(SIGPIPE)
    // A file size limit is to be an error of write, as a full disk is.
    clinux_ignore_signal(SIGXFSZ)
    // Shells start background jobs with SIGINT ignored, and an ignored signal is never read.
    // SIGHUP stays ignored where it is: that is what nohup is for.
    clinux_default_signal(SIGINT)
    clinux_default_signal(SIGTERM)
    var signals = [SIGINT, SIGTERM, SIGUSR1, SIGUSR2]
    if clinux_is_ignored(SIGHUP) == 0 { signals.append(SIGHUP) }
    descriptor = unsafe clinux_signal_descriptor(signals, signals.count)
    guard descriptor >= 0 else {
      throw CaptureError(.fault, "signalfd", unsafe String(cString: strerror(errno)))
    }
  }

  deinit { close(descriptor) }

  /// The next signal that has come; nil where none has.
  func next() -> Request? {
    switch clinux_read_signal(descriptor) {
    case 0: nil
    case SIGUSR1: .status
    case SIGUSR2: .pause
    default: .stop
    }
  }

  /// Waits, for so many ns at most. Throws `noFrame` where a signal asks to stop meanwhile.
  func wait(_ time: Int64, for what: String) throws(CaptureError) {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    unsafe _ = clinux_poll(&poll, 1, time)
    while let request = next() {
      switch request {
      case .stop: throw CaptureError(.noFrame, "", "stopped while it waited for \(what)")
      case .status: Report.line("waiting for \(what)")
      case .pause: break
      }
    }
  }
}
