import CropEngine

/// The COMMAND that `run` was given.
final class RunningCommand {
  /// How long a COMMAND that was asked to end is waited for, in ns.
  private static let patience = 5 * Clock.second

  /// As errors name it.
  let name: String
  private let program: KeptProgram
  private let stage: Stage
  /// When it has had time enough to end, in ns; `.max` while it was not asked to.
  private(set) var deadline = Int64.max

  /// Throws the system's reason where it cannot be started.
  init(_ settings: ChildProcess.Settings, on stage: Stage) throws(ChildProcess.Failure) {
    self.stage = stage
    name = settings.arguments[0]
    program = try KeptProgram(settings)
  }

  /// Readable once it has ended.
  var descriptor: Int32 { program.descriptor }
  /// Whether it has ended, by now.
  var hasEnded: Bool { program.hasEnded }
  /// How it ended; nil while it runs.
  var exit: ChildProcess.Exit? { program.exit }
  /// How many processes it left running when it ended.
  var leftRunning: Int { program.leftRunning }

  /// Hands a signal on that asks us to stop, unless COMMAND has got it as well.
  func stop(_ signal: SignalReader.StopSignal) {
    guard !hasEnded else { return }
    if !signal.isForGroup { program.signal(signal.number) }
    deadline = min(deadline, Clock.now + Self.patience)
  }

  /// Ends it and what it has started: where it was not asked to end yet, it has some time for that.
  func end() { program.end(patience: deadline == .max ? Self.patience : 0) }

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
    if let process, ProcessTree.isInside(process, Int(program.keeper)) { return true }
    return stage.isAlone(process)
  }
}
