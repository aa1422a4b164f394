import ArgumentParser
import CropEngine
import ScreenSource

/// `xregioncap mint`: a token for a target.
struct MintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mint",
    abstract: "Print a token for a window or for a rectangle that one publishes.",
    usage: "xregioncap mint crop|restrict T [OPTIONS]",
    discussion: """
      Whoever has the token can capture what it names, wherever that moves: --crop-to takes a crop \
      token, --restrict-to a restriction token. It tells nothing of its target, is the same when \
      the same is minted again, and dies with its window.
      T is one of capture, but GEOM: publish that, and mint rect:NAME.

      xregioncap -w class:Browser --crop-to "$(xregioncap mint crop rect:video)"
      """)

  @Argument(help: "What the token is good for: crop or restrict.")
  var kind: TargetKind

  @Argument(
    help: ArgumentHelp("What it names.", valueName: "t"), completion: Completion.target)
  var target: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The window that T is in; else the whole screen.", valueName: "sel"),
    completion: Completion.window)
  var window: String?

  @Option(help: ArgumentHelp("X display; else $DISPLAY.", valueName: "name"))
  var display: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Wait for the display, the window and the target; 0 by default.", valueName: "seconds"))
  var wait: Double?

  @Option(help: .hidden)
  var tokenFile: String?

  func run() throws {
    guard tokenFile == nil else {
      throw CaptureError(
        .dataClone, "--token-file", "a token is not to be stored: it lives and dies with its window"
      )
    }
    let wait = try Clock.nanoseconds(wait, "--wait") ?? 0
    let surface = try WindowSelector(parsing: window ?? "root", subject: "--window")
    try surface.refuseClick("--window")
    let target = try TargetSpecifier(parsing: target, subject: "mint")
    let signals = try SignalReader()
    do throws(CaptureError) {
      let token = try token(of: target, in: surface, until: Clock.now + wait, signals)
      try StandardOutput.write(token.text + "\n")
    } catch {
      guard error.name == .noFrame else { throw error }
      throw CaptureError(.abort, "no token was minted", error.reason)
    }
  }

  private func token(
    of target: TargetSpecifier, in surface: WindowSelector, until deadline: Int64,
    _ signals: borrowing SignalReader
  ) throws(CaptureError) -> Token {
    let connection = try Opening.waiting(until: deadline, signals) { () throws(CaptureError) in
      try Connection(displayName: display)
    }
    var clicked: [WindowID] = []
    if case .window(let selector) = target, selector.asksForClick {
      clicked = try ClickRequest(option: "mint", what: "what the token is to name")
        .windows(connection, Report(level: .normal), signals)
    }
    let finder = WindowFinder(connection)
    return try Opening.waiting(until: deadline, signals) { () throws(CaptureError) in
      let surface = try finder.surface(surface, subject: "--window")
      let found = try finder.target(
        target, in: surface, kind: kind, clicked: clicked, subject: "mint")
      return try TargetRegistry(connection).mint(kind, found, in: surface, subject: "mint")
    }
  }
}

extension TargetKind: OptionWord {}

extension WindowSelector {
  /// Throws `type` where the user would have to click.
  func refuseClick(_ option: String) throws(CaptureError) {
    guard asksForClick else { return }
    throw CaptureError(.type, option, "no window can be clicked here: name it")
  }
}
