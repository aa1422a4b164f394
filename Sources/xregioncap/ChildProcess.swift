import CLinux
import CropEngine
import Glibc

/// A program that was started: told of its end by a descriptor, signalled and waited for.
///
/// It is killed where it is given up before it has ended.
final class ChildProcess {
  /// How it ended.
  enum Exit: Equatable {
    case status(Int32)
    case signal(Int32)

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
    /// Variables that differ from ours; nil for those that it is not to have.
    var environment: [String: String?] = [:]
    var input: Int32
    var output: Int32
    var errors: Int32
    /// A descriptor that it gets under the same number.
    var handedOn: Int32?
    /// What it is sent when we are killed; nil for nothing.
    var deathSignal: Int32?
    /// Whether the terminal's signals are not for it.
    var hasOwnSession = true
  }

  let id: pid_t
  /// Readable once it has ended (pidfd_open).
  let descriptor: Int32
  private var known: Exit?

  /// Starts it. From the thread that lives as long as the process: that one's end is what
  /// ``Settings/deathSignal`` tells of.
  ///
  /// Throws the system's reason where it cannot be started.
  init(_ settings: Settings) throws(Failure) {
    let environment = CStringList(changing: settings.environment)
    id = unsafe CStringList(settings.arguments).withPointers { arguments in
      unsafe environment.withPointers { environment in
        var program = unsafe clinux_program(
          arguments: arguments, environment: environment, input: settings.input,
          output: settings.output, errors: settings.errors, handed_on: settings.handedOn ?? -1,
          death_signal: settings.deathSignal ?? 0, has_own_session: settings.hasOwnSession)
        return unsafe clinux_start(&program)
      }
    }
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
    end()
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
      let number = status & 0x7f
      known = number == 0 ? .status(status >> 8 & 0xff) : .signal(number)
      return
    }
  }

  /// Sends it a signal, unless it has ended.
  func signal(_ number: Int32) {
    guard known == nil else { return }
    kill(id, number)
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

/// Strings as C takes a list of them: NULL stands behind the last.
@safe private struct CStringList: ~Copyable {
  private var strings: [UnsafeMutablePointer<CChar>?]

  init(_ texts: [String]) {
    unsafe strings = texts.map { unsafe strdup($0) } + [nil]
  }

  /// Our own variables with changes; nil for those that are left out. Their bytes stay as they are.
  init(changing changes: [String: String?]) {
    self.init(changes.compactMap { name, value in value.map { "\(name)=\($0)" } })
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      let name = unsafe String(cString: entry).prefix { $0 != "=" }
      if changes[String(name)] == nil { unsafe strings.insert(strdup(entry), at: 0) }
      unsafe next += 1
    }
  }

  func withPointers<Result>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    unsafe strings.withUnsafeBytes {
      unsafe body($0.baseAddress!.assumingMemoryBound(to: UnsafePointer<CChar>?.self))
    }
  }

  deinit {
    for index in unsafe strings.indices { unsafe free(strings[index]) }
  }
}
