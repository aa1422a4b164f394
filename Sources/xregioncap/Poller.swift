import CLinux
import Glibc

/// Waits for what a capture waits for: the server, a signal, a client, room in the outputs, or a
/// time.
@safe struct Poller: ~Copyable {
  /// What is waited for of a descriptor.
  enum Interest {
    /// Something to read.
    case input
    /// Room to write.
    case output
    /// That nobody is at the other end any more, which poll tells unasked.
    case hangUp

    fileprivate var events: Int16 {
      switch self {
      case .input: Int16(POLLIN)
      case .output: Int16(POLLOUT)
      case .hangUp: 0
      }
    }
  }

  /// Kept from one wait to the next, so that waiting allocates nothing.
  private var descriptors: UnsafeMutableBufferPointer<pollfd>
  /// How many descriptors are waited for.
  private(set) var count = 0

  init() {
    unsafe descriptors = .allocate(capacity: 8)
  }

  deinit {
    unsafe descriptors.deallocate()
  }

  /// Waits for a descriptor, or for the other one to be readable where it is not below 0, for so
  /// many ns at most; `.max` for no bound.
  static func wait(
    for descriptor: Int32, _ interest: Interest = .input, or other: Int32 = -1, atMost time: Int64
  ) {
    var poller = Poller()
    _ = poller.add(descriptor, for: interest)
    _ = poller.add(other, for: .input)
    poller.wait(atMost: time)
  }

  /// Forgets what was waited for.
  mutating func removeAll() { count = 0 }

  /// Waits for a descriptor too; poll passes over those below 0. Returns its place, for
  /// ``isReady(_:)``.
  mutating func add(_ descriptor: Int32, for interest: Interest) -> Int {
    if unsafe count == descriptors.count { grow() }
    unsafe descriptors.initializeElement(
      at: count, to: pollfd(fd: descriptor, events: interest.events, revents: 0))
    count += 1
    return count - 1
  }

  private mutating func grow() {
    let larger = UnsafeMutableBufferPointer<pollfd>.allocate(capacity: 2 * count)
    unsafe _ = larger.moveInitialize(fromContentsOf: descriptors)
    unsafe descriptors.deallocate()
    unsafe descriptors = larger
  }

  /// Waits until a time in ns of the clock; `.max` for no bound.
  mutating func wait(until time: Int64) {
    wait(atMost: time == .max ? .max : time - Clock.now)
  }

  /// Waits for so many ns at most; `.max` for no bound.
  mutating func wait(atMost time: Int64) {
    unsafe _ = clinux_poll(descriptors.baseAddress, count, time == .max ? -1 : max(0, time))
  }

  /// Whether what was waited for has come, or cannot come any more.
  func isReady(_ place: Int) -> Bool { unsafe descriptors[place].revents != 0 }

  /// Whether nobody will read any more: POLLERR of a pipe, POLLHUP of a socket.
  func hasHungUp(_ place: Int) -> Bool {
    unsafe descriptors[place].revents & Int16(POLLERR | POLLHUP) != 0
  }
}
