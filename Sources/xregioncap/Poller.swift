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

  /// Waits for a descriptor to be readable, or the other one where it is not below 0, for so many
  /// ns at most; `.max` for no bound.
  static func wait(for descriptor: Int32, or other: Int32 = -1, atMost time: Int64) {
    var polls = (
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: other, events: Int16(POLLIN), revents: 0)
    )
    unsafe withUnsafeMutablePointer(to: &polls) { polls in
      unsafe polls.withMemoryRebound(to: pollfd.self, capacity: 2) { polls in
        unsafe _ = clinux_poll(polls, 2, time == .max ? -1 : max(0, time))
      }
    }
  }

  /// What has come.
  struct News {
    /// The server has sent something.
    var fromServer: Bool
    /// Nobody will read the output any more.
    var readerGone: Bool
  }

  /// `connection` is not waited for where nil, nor room in the output unless there is something
  /// `toWrite`; `time` is in ns, `.max` for no bound.
  func wait(
    until time: Int64, connection: Connection?, signals: borrowing SignalReader, output: Int32,
    toWrite: Bool
  ) -> News {
    // poll passes over descriptors below 0, and tells of a reader that leaves unasked: POLLERR of
    // a pipe, POLLHUP of a socket.
    unsafe descriptors[0] = pollfd(
      fd: connection?.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
    unsafe descriptors[1] = pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)
    unsafe descriptors[2] = pollfd(fd: output, events: toWrite ? Int16(POLLOUT) : 0, revents: 0)
    let hasReadEvents = connection?.hasReadEvents ?? false
    let longest = time == .max ? -1 : max(0, time - Clock.now)
    unsafe _ = clinux_poll(descriptors, 3, hasReadEvents ? 0 : longest)
    return unsafe News(
      fromServer: hasReadEvents || descriptors[0].revents != 0,
      readerGone: descriptors[2].revents & Int16(POLLERR | POLLHUP) != 0)
  }
}
