import CLinux
import Glibc
import ScreenSource

/// Waits for what a capture waits for: the server, a signal, room in the output, or a time.
@safe struct Poller: ~Copyable {
  private let descriptors: UnsafeMutablePointer<pollfd>

  init() {
    unsafe descriptors = .allocate(capacity: 3)
  }

  deinit {
    unsafe descriptors.deallocate()
  }

  /// Returns whether the server has sent something. Where `output` is nil, or `connection`, they
  /// are not waited for; `time` is in ns, `.max` for no bound.
  func wait(
    until time: Int64, connection: Connection?, signals: borrowing SignalReader, output: Int32?
  ) -> Bool {
    // poll passes over descriptors below 0.
    unsafe descriptors[0] = pollfd(
      fd: connection?.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
    unsafe descriptors[1] = pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)
    unsafe descriptors[2] = pollfd(fd: output ?? -1, events: Int16(POLLOUT), revents: 0)
    unsafe _ = clinux_poll(descriptors, 3, time == .max ? -1 : max(0, time - Clock.now))
    return unsafe descriptors[0].revents != 0
  }
}
