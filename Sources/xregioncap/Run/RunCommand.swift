import ArgumentParser
import CropEngine
import Glibc

/// `xregioncap run`: film what a COMMAND shows, on a display of its own.
struct RunCommand: ParsableCommand, CaptureOptions {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a COMMAND on an X server of its own, and capture its window until it ends.",
    usage: "xregioncap run [OPTIONS] [-o FILE] -- COMMAND [ARG…]",
    discussion: """
      The first window that COMMAND, or what it starts, shows is captured; --window takes another \
      one, --screen all of the screen. --display names a display to use in place of an own one; \
      $DISPLAY does not. The exit status is COMMAND's (128+N for signal N), or the \
      capture's where COMMAND succeeds and the capture fails. A signal that asks to stop goes to \
      COMMAND, and the film ends with it. Where the film is complete before (-t, -n), COMMAND is \
      ended. What COMMAND leaves running is ended with it.

      xregioncap run -o test.mp4 -- pytest tests/ui

      The other options are those of capture.
      """)

  @OptionGroup(title: "Display") var display: StageOptions
  @OptionGroup(title: "Surface") var surface: SurfaceOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Frames") var frames: FrameOptions
  @OptionGroup(title: "When there is nothing to see") var empty: EmptyOptions
  @OptionGroup(title: "Pace and length") var pace: PaceOptions
  @OptionGroup(title: "Verdicts") var verdicts: VerdictOptions
  @OptionGroup(title: "While it runs") var live: LiveOptions
  @OptionGroup(title: "Told of frames") var log: LogOptions
  @OptionGroup(title: "Reports") var report: ReportOptions
  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("What to run, and its arguments.", valueName: "command"),
    completion: .file())
  var command: [String] = []

  /// How long the first signal to stop leaves COMMAND, the film and the server to end, in ns.
  private static let longestStop = 20 * Clock.second

  /// Whether COMMAND cannot be told from what is ours.
  static func lacksSeparator(_ arguments: [String]) -> Bool {
    arguments.dropFirst().first == configuration.commandName && !arguments.contains("--")
  }

  func run() throws {
    let settings = try self.settings(defaultCursor: .never)
    let screen = try display.settings()
    guard !command.isEmpty else {
      throw CaptureError(.type, "COMMAND", "none is named: xregioncap run [OPTIONS] -- COMMAND")
    }
    let signals = try SignalReader()
    signals.extendPatience(to: Self.longestStop)
    let report = Report(level: self.report.level)
    var capture = try Capture(settings, report)
    let stage = try Stage(
      display: settings.source.displayName,
      until: Clock.now + (settings.source.givenWait ?? 0), screen, signals)
    defer { stage.end() }
    if let line = display.wm { try stage.start(windowManager: line, signals) }
    let command = try start(on: stage, asidePictures: settings.takesStandardOutput)
    // What is left where there is no time to ask: it is killed.
    signals.setStatus(ChildProcess.Exit.signal(SIGKILL).code)
    let failure = film(&capture, command, report, signals)
    if stage.isServerLost { report.note("the X server has ended, and took its programs along") }
    if failure?.name == .noFrame, !settings.source.isSurfaceNamed { noteLeft(command, report) }
    try conclude(command, failure)
  }

  /// Captures what COMMAND shows, and sees COMMAND to its end where nobody wants it to end with the
  /// film. Returns what went wrong with the film, which is said already.
  private func film(
    _ capture: inout Capture, _ command: RunningCommand, _ report: Report,
    _ signals: borrowing SignalReader
  ) -> CaptureError? {
    do throws(CaptureError) {
      try capture.run(signals, command)
      if !capture.isDone { sendOff(command, report, signals) }
      return nil
    } catch {
      Report.error(error)
      // Without its display it ends in a moment, or cannot go on.
      if error.name == .connectionLost {
        try? command.wait(until: Clock.now + Clock.second, for: command.name, signals)
      } else if !capture.isDone, error.name != .notFound {
        sendOff(command, report, signals)
      }
      return error
    }
  }

  private func sendOff(
    _ command: RunningCommand, _ report: Report, _ signals: borrowing SignalReader
  ) {
    // A COMMAND that ends with its window goes on for a moment, too.
    try? command.wait(until: Clock.now + Clock.second, for: command.name, signals)
    if !command.hasEnded, command.deadline == .max {
      report.note("\(command.name) goes on, without a film (--screen films all that it shows)")
    }
    try? command.wait(until: .max, for: command.name, signals)
  }

  /// Throws `CommandExit` where it cannot be started: the statuses are those of shells.
  private func start(on stage: Stage, asidePictures: Bool) throws -> RunningCommand {
    do throws(ChildProcess.Failure) {
      return try RunningCommand(
        ChildProcess.Settings(
          arguments: command, input: STDIN_FILENO,
          output: asidePictures ? STDERR_FILENO : STDOUT_FILENO, errors: STDERR_FILENO,
          deathSignal: SIGKILL,
          // On a terminal it is one of the group that has it; elsewhere signals to the group are for
          // us, who hand them on.
          hasOwnSession: !Self.hasTerminal, getsNoOthers: false),
        on: stage)
    } catch {
      let isMissing = error.number == ENOENT && !Self.isThere(command[0])
      let why = error.number == ENOENT ? "its interpreter is not there" : error.reason
      Report.line(
        "'\(command[0])': \(isMissing ? "not found" : "cannot be run: \(why)")".printable)
      throw CommandExit(code: isMissing ? 127 : 126)
    }
  }

  private static var hasTerminal: Bool {
    let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
    if terminal >= 0 { close(terminal) }
    return terminal >= 0
  }

  private static func isThere(_ command: String) -> Bool {
    command.contains("/")
      ? unsafe access(command, F_OK) == 0 : ProgramPath.find(command) != nil
  }

  /// Says where the window may have gone.
  private func noteLeft(_ command: RunningCommand, _ report: Report) {
    guard command.leftRunning > 0 else { return }
    report.note(
      "\(command.name): what it left running was ended with it: keep the program that shows the "
        + "window in the foreground")
  }

  /// Ends COMMAND where it still runs. Throws what the status is to be, where that is not 0.
  private func conclude(_ command: RunningCommand, _ failure: CaptureError?) throws {
    // Where it is ended for us, its status says nothing.
    let hasOwnStatus = command.hasEnded || command.deadline < .max
    command.end()
    if hasOwnStatus, let code = command.exit?.code, code != 0 { throw CommandExit(code: code) }
    if let failure { throw CommandExit(code: failure.name.rawValue) }
  }
}

/// The display that a COMMAND gets.
struct StageOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The screen of its X server; 1280x720x24 by default. With --display, no server is started.",
      valueName: "wxh[xdepth]"))
  var screenSize: String?

  @Option(
    help: ArgumentHelp(
      "Start this window manager first, and wait until it is at work.", valueName: "command"))
  var wm: String?

  /// Throws `type` or `overconstrained` where there is no such screen.
  func settings() throws(CaptureError) -> ScreenSize {
    guard let screenSize else { return .usual }
    return try ScreenSize(parsing: screenSize, subject: "--screen-size")
  }
}

/// The status of a run. All is said already.
struct CommandExit: Error {
  let code: Int32
}
