import ArgumentParser
import CropEngine
import Glibc
import ScreenSource

/// `xregioncap list`: what there is to capture.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the windows, monitors or targets that can be captured.",
    subcommands: [Windows.self, Monitors.self, Targets.self])

  func run() throws {
    throw CaptureError(.type, "list", "say what: windows, monitors or targets")
  }

  /// `xregioncap list windows`.
  struct Windows: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "windows",
      abstract: "List the windows of a screen, each with what is inside it.",
      discussion: """
        Windows of one parent come in stacking order, the lowest first, as child:N counts them; \
        that counts tiny helpers too, which --all shows. * marks the one that 'focused' selects. \
        Geometry is that of a window's inside, in pixels of the screen. On a terminal, lines are \
        cut to its width.
        """)

    @OptionGroup var options: ListOptions

    @Flag(
      help: "Every window: the root, frames, InputOnly and unmapped ones, and tiny helpers too.")
    var all = false

    func run() throws {
      let connection = try Connection(displayName: options.display)
      let windows = try WindowList.windows(all ? .all : .usual, of: connection)
      let listing = WindowListing(windows: windows, listsAll: all)
      try options.write(listing.lines, listing.objects)
    }
  }

  /// `xregioncap list monitors`.
  struct Monitors: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "monitors",
      abstract: "List the monitors of a screen, * before the primary one.")

    @OptionGroup var options: ListOptions

    func run() throws {
      let connection = try Connection(displayName: options.display)
      let listing = MonitorListing(monitors: try MonitorInfo.all(connection))
      try options.write(listing.lines, listing.objects)
    }
  }

  /// `xregioncap list targets`.
  struct Targets: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "targets",
      abstract: "List the rectangles that windows publish, and the windows that were minted.",
      discussion: """
        Geometry is in pixels of the window's inside. Of tokens it is told that there are some, \
        and of which kind, but never which.
        """)

    @OptionGroup var options: ListOptions

    @Option(
      name: [.short, .long],
      help: ArgumentHelp(
        "A window, with what is inside it; else the whole screen.", valueName: "sel"),
      completion: Completion.window)
    var window: String?

    func run() throws {
      let selector = try WindowSelector(parsing: window ?? "root", subject: "--window")
      try selector.refuseClick("--window")
      let connection = try Connection(displayName: options.display)
      let surface = try WindowFinder(connection).surface(selector, subject: "--window")
      let listing = TargetListing(targets: try ListedTarget.targets(in: surface, of: connection))
      try options.write(listing.lines, listing.objects)
    }
  }
}

/// Of which display, and in what form.
struct ListOptions: ParsableArguments {
  @Option(help: ArgumentHelp("X display; else $DISPLAY.", valueName: "name"))
  var display: String?

  @Flag(help: "JSON, for programs.")
  var json = false

  /// Writes lines that fit the terminal, or the objects as JSON.
  func write(
    _ lines: (Int?) -> [String], _ objects: @autoclosure () -> some Encodable
  ) throws(CaptureError) {
    if json {
      try StandardOutput.write(JSONText.encode(objects()))
    } else {
      try StandardOutput.write(
        lines(TerminalSize.columns(of: STDOUT_FILENO)).map { $0 + "\n" }.joined())
    }
  }
}
