import CLinux
import CropEngine
import Glibc

/// The COMMAND that `run` was given, and all that it starts.
///
/// A process of ours keeps it (`clinux_keep`): when COMMAND ends, or somebody kills one of us, the
/// keeper ends what is left of COMMAND.
final class RunningCommand {
  /// How long a COMMAND that was asked to end is waited for, in ns.
  static let patience = 5 * Clock.second

  /// As errors name it.
  let name: String
  /// Readable once it has ended.
  let descriptor: Int32
  private let stage: Stage
  private let keeper: pid_t
  private let process: Int32
  /// How it ended; nil while it runs.
  private(set) var exit: ChildProcess.Exit?
  /// How many processes it left running when it ended.
  private(set) var leftRunning = 0
  /// When it has had time enough to end, in ns; `.max` while it was not asked to.
  private(set) var deadline = Int64.max
  private var isGone = false

  /// Throws the system's reason where it cannot be started.
  init(_ settings: ChildProcess.Settings, on stage: Stage) throws(ChildProcess.Failure) {
    self.stage = stage
    name = settings.arguments[0]
    var kept = clinux_kept()
    let error = unsafe settings.withProgram { unsafe clinux_keep($0, &kept) }
    guard error == 0 else { throw ChildProcess.Failure(number: error) }
    keeper = kept.keeper
    descriptor = kept.end
    // One that has ended already cannot be had, and needs no signal.
    process = clinux_process_descriptor(kept.program)
  }

  deinit {
    end(until: Clock.now)
    close(descriptor)
    if process >= 0 { close(process) }
  }

  /// Whether it has ended, by now.
  var hasEnded: Bool {
    if exit == nil { look() }
    return exit != nil
  }

  private func look() {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard unsafe clinux_poll(&poll, 1, 0) > 0 else { return }
    var end = clinux_kept_end()
    let size = MemoryLayout<clinux_kept_end>.size
    let isTold = unsafe read(descriptor, &end, size) == size
    // A keeper that says nothing was killed, and COMMAND with it.
    exit = isTold ? ChildProcess.Exit(waitStatus: end.status) : .signal(SIGKILL)
    leftRunning = Int(end.left_running)
  }

  /// Hands a signal on that asks us to stop, unless COMMAND has got it as well.
  func stop(_ signal: SignalReader.StopSignal) {
    guard !hasEnded else { return }
    if !signal.isFromTerminal { _ = clinux_signal_process(process, signal.number) }
    deadline = min(deadline, Clock.now + Self.patience)
  }

  /// Ends it and what it has started, by SIGTERM, and by SIGKILL at a time in ns. Returns how it
  /// ended.
  @discardableResult
  func end(until time: Int64) -> ChildProcess.Exit? {
    if !hasEnded, deadline == .max { _ = clinux_signal_process(process, SIGTERM) }
    while !hasEnded {
      let rest = min(deadline, time) - Clock.now
      if rest <= 0 { _ = clinux_signal_process(process, SIGKILL) }
      Poller.wait(for: descriptor, atMost: rest > 0 ? rest : Clock.second)
    }
    guard !isGone else { return exit }
    isGone = true
    // It ends when nothing is left.
    waitpid(keeper, nil, 0)
    return exit
  }

  /// Waits for its end, until a time in ns, at most for as long as it has to end. Signals that ask us
  /// to stop are handed on.
  ///
  /// Throws `noFrame` where it has not ended though it was told to.
  func wait(
    until time: Int64, for what: String, _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    while !hasEnded {
      let now = Clock.now
      guard now < deadline else {
        throw CaptureError(
          .noFrame, "no frame was written", "it was stopped while it waited for \(what)")
      }
      guard now < time else { return }
      Poller.wait(
        for: signals.descriptor, or: descriptor, atMost: min(time, deadline) - now)
      while let request = signals.next() {
        switch request {
        case .stop(let signal): stop(signal)
        case .status: Report.line("waiting for \(what)")
        case .pause: break
        }
      }
    }
  }

  /// Whether a window of this process may be COMMAND's; nil where nobody knows the process.
  func mayOwn(_ process: Int?) -> Bool {
    if let process, ProcessTree.isInside(process, Int(keeper)) { return true }
    return stage.isAlone(process)
  }
}
