import CLinux
import CropEngine
import Glibc

/// A program that was started: told of its end by a descriptor, signalled and waited for.
///
/// It is killed where it is given up before it has ended; one without a death signal goes on.
final class ChildProcess {
  /// How it ended.
  enum Exit: Equatable {
    case status(Int32)
    case signal(Int32)

    /// As waitpid tells it.
    init(waitStatus status: Int32) {
      let number = status & 0x7f
      self = number == 0 ? .status(status >> 8 & 0xff) : .signal(number)
    }

    /// As shells say it: 128 and the signal's number.
    var code: Int32 {
      switch self {
      case .status(let status): status
      case .signal(let number): 128 + number
      }
    }
  }

  /// What a program is given.
  struct Settings {
    /// The first is looked for in PATH.
    var arguments: [String]
    var input: Int32
    var output: Int32
    var errors: Int32
    /// A descriptor that it gets under the same number.
    var handedOn: Int32?
    /// What it is sent when we are killed; nil for nothing.
    var deathSignal: Int32?
    /// Whether the terminal's signals are not for it.
    var hasOwnSession = true

    /// Whether it gets no descriptors besides: those that we were given ourselves are for COMMAND.
    var getsNoOthers = true

    /// As the shim takes it, for as long as the body runs.
    func withProgram<Result>(_ body: (UnsafePointer<clinux_program>) -> Result) -> Result {
      unsafe CStringList(arguments).withPointers { arguments in
        var program = unsafe clinux_program(
          arguments: arguments, input: input, output: output, errors: errors,
          handed_on: handedOn ?? -1, gets_no_others: getsNoOthers,
          death_signal: deathSignal ?? 0, has_own_session: hasOwnSession)
        return unsafe body(&program)
      }
    }
  }

  let id: pid_t
  /// Readable once it has ended (pidfd_open).
  let descriptor: Int32
  private let endsWithUs: Bool
  /// How it had ended when that was looked at last; nil while it ran.
  private(set) var known: Exit?

  /// Starts it. From the thread that lives as long as the process: that one's end is what
  /// ``Settings/deathSignal`` tells of.
  ///
  /// Throws the system's reason where it cannot be started.
  init(_ settings: Settings) throws(Failure) {
    endsWithUs = settings.deathSignal != nil
    id = unsafe settings.withProgram { unsafe clinux_start($0) }
    guard id > 0 else { throw Failure(number: -id) }
    descriptor = clinux_process_descriptor(id)
    guard descriptor >= 0 else {
      let failure = Failure(number: errno)
      end()
      throw failure
    }
  }

  /// Why a program could not be started.
  struct Failure: Error {
    /// The number of the system's error.
    let number: Int32

    var reason: String { unsafe String(cString: strerror(number)) }
  }

  deinit {
    if endsWithUs { end() }
    if descriptor >= 0 { close(descriptor) }
  }

  private func end() {
    guard exit == nil else { return }
    signal(SIGKILL)
    wait(0)
  }

  /// How it ended; nil while it runs.
  var exit: Exit? {
    wait(WNOHANG)
    return known
  }

  private func wait(_ options: Int32) {
    guard known == nil else { return }
    var status: Int32 = 0
    while true {
      let result = unsafe waitpid(id, &status, options)
      if result < 0, errno == EINTR { continue }
      guard result == id else { return }
      known = Exit(waitStatus: status)
      return
    }
  }

  /// Sends it a signal, unless it has ended.
  func signal(_ number: Int32) {
    guard known == nil else { return }
    kill(id, number)
  }

  /// Ends it by SIGTERM, and by SIGKILL where it has not ended after so many ns.
  func end(patience: Int64) {
    signal(SIGTERM)
    if wait(until: Clock.now + patience) { return }
    signal(SIGKILL)
    wait(until: .max)
  }

  /// Waits for its end, until a time in ns of the clock. Returns whether it has ended.
  @discardableResult
  func wait(until time: Int64) -> Bool {
    while exit == nil {
      let rest = time == .max ? Int64.max : time - Clock.now
      guard rest > 0 else { return false }
      Poller.wait(for: descriptor, atMost: rest)
    }
    return true
  }
}
