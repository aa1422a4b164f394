import ArgumentParser
import CropEngine
import Glibc

/// `xregioncap ctl`: talk to a running session.
struct ControlCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ctl",
    abstract: "Talk to a running capture, by the name of its session.",
    usage: "xregioncap ctl -s NAME OP [ARG]",
    discussion: """
      Prints the session's answer, a JSON object, and ends with the status of its error. A change \
      is answered when no frame of the state before is written any more: frames from firstSeq on \
      are of the version that the answer names, or of a later one.

      xregioncap -w class:XTerm --session rec -o out.y4m &
      xregioncap ctl -s rec crop-to child
      """,
    subcommands: [
      CropTo.self, RestrictTo.self, Uncrop.self, Mint.self, State.self, Capabilities.self,
      Pause.self, Resume.self, Refresh.self, Stop.self, Clone.self, Lock.self,
      ControlWatch.self,
    ])

  @OptionGroup var options: ControlOptions

  func run() throws {
    throw CaptureError(.type, "ctl", "say what: crop-to, state, stop … (see xregioncap ctl --help)")
  }

  private static let target = ArgumentHelp(
    "A token, a window inside the surface, child, rect:NAME or GEOM; '' for the whole surface.",
    valueName: "t")

  struct CropTo: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "crop-to", abstract: "Follow a part of the surface, from now on.")

    @OptionGroup var options: ControlOptions
    @Argument(help: ControlCommand.target, completion: Completion.target) var target: String

    func run() throws { try options.call(.cropTo, ["target": .text(target)]) }
  }

  struct RestrictTo: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "restrict-to",
      abstract: "Show a part's own pixels alone, without what covers it, from now on.")

    @OptionGroup var options: ControlOptions
    @Argument(help: ControlCommand.target, completion: Completion.target) var target: String

    func run() throws { try options.call(.restrictTo, ["target": .text(target)]) }
  }

  struct Mint: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "mint", abstract: "Make a token, which names a part of the surface to others.")

    @OptionGroup var options: ControlOptions
    @Argument(
      help: ArgumentHelp("What it is for: crop or restrict.", valueName: "kind"),
      completion: .list(TargetKind.allValueStrings))
    var kind: String
    @Argument(
      help: ArgumentHelp("A window inside the surface, child or rect:NAME.", valueName: "t"),
      completion: Completion.target)
    var target: String

    func run() throws {
      try options.call(.mint, ["kind": .text(kind), "target": .text(target)])
    }
  }

  struct Clone: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "clone",
      abstract: "Begin a second stream of the same surface, uncropped; its number is answered.",
      usage: "xregioncap ctl -s NAME clone -o FILE [OPTIONS]")

    @OptionGroup var options: ControlOptions
    @Option(
      name: [.short, .long],
      help: ArgumentHelp("Write to FILE, which the session opens.", valueName: "file"),
      completion: .file())
    var output: String
    @Argument(
      parsing: .allUnrecognized,
      help: ArgumentHelp(
        """
        What it is like: --crop-to or --restrict-to, --partial, --format, --pix-fmt, \
        --color-range, --size, --on-resize, --on-empty, --on-lost, --frame-log, --ffmpeg-args \
        with their values, and --frame-params, as those of a capture.
        """,
        valueName: "options"))
    var frames: [String] = []

    func run() throws {
      var members = try Self.members(frames)
      members["output"] = .text(try Self.absolute(output))
      if case .text(let log) = members["frameLog"], !log.hasPrefix("fd:") {
        members["frameLog"] = .text(try Self.absolute(log))
      }
      try options.call(.clone, members)
    }

    /// The path as the session understands it, which may run in another folder.
    private static func absolute(_ path: String) throws(CaptureError) -> String {
      guard !path.isEmpty, path != "-", !path.hasPrefix("/") else { return path }
      guard let folder = unsafe getcwd(nil, 0) else {
        throw CaptureError(.output, path, unsafe String(cString: strerror(errno)))
      }
      defer { unsafe free(folder) }
      return unsafe String(cString: folder) + "/" + path
    }

    /// Options with their values, as members of the request.
    static func members(
      _ words: [String]
    ) throws(CaptureError) -> [String: ControlOptions.Argument] {
      var members: [String: ControlOptions.Argument] = [:]
      var rest = words[...]
      while let word = rest.popFirst() {
        guard word.hasPrefix("--"), word.count > 2 else {
          throw CaptureError(.type, "clone", "'\(word)' is no long option: expected --NAME [VALUE]")
        }
        let parts = word.dropFirst(2).split(
          separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? String(parts[1]) : nil
        if value == nil, let next = rest.first, !next.hasPrefix("--") {
          value = rest.removeFirst()
        }
        members[String(parts[0]).memberName] = value.map { .text($0) } ?? .flag
      }
      return members
    }
  }
}

/// An operation that takes no argument.
protocol PlainOperation: ParsableCommand {
  static var operation: ControlRequest.Name { get }
  var options: ControlOptions { get }
}

extension PlainOperation {
  func run() throws { try options.call(Self.operation) }
}

extension ControlCommand {
  struct Uncrop: PlainOperation {
    static let configuration = CommandConfiguration(
      commandName: "uncrop", abstract: "Show the whole surface, from now on.")
    static let operation = ControlRequest.Name.cropTo
    @OptionGroup var options: ControlOptions
  }

  struct State: PlainOperation {
    static let configuration = CommandConfiguration(
      commandName: "state", abstract: "Say what is captured now, and how.")
    static let operation = ControlRequest.Name.state
    @OptionGroup var options: ControlOptions
  }

  struct Capabilities: PlainOperation {
    static let configuration = CommandConfiguration(
      commandName: "capabilities", abstract: "Say what the session can do on its display.")
    static let operation = ControlRequest.Name.capabilities
    @OptionGroup var options: ControlOptions
  }

  struct Pause: PlainOperation {
    static let configuration = CommandConfiguration(
      commandName: "pause", abstract: "Write no frame, until resume.")
    static let operation = ControlRequest.Name.pause
    @OptionGroup var options: ControlOptions
  }

  struct Resume: PlainOperation {
    static let configuration = CommandConfiguration(
      commandName: "resume", abstract: "Write frames again, beginning with one of now.")
    static let operation = ControlRequest.Name.resume
    @OptionGroup var options: ControlOptions
  }

  struct Refresh: PlainOperation {
    static let configuration = CommandConfiguration(
      commandName: "refresh", abstract: "Write one frame, though nothing has changed.")
    static let operation = ControlRequest.Name.refresh
    @OptionGroup var options: ControlOptions
  }

  struct Stop: PlainOperation {
    static let configuration = CommandConfiguration(
      commandName: "stop", abstract: "Finish the frame in hand, and end the stream.")
    static let operation = ControlRequest.Name.stop
    @OptionGroup var options: ControlOptions
  }

  struct Lock: PlainOperation {
    static let configuration = CommandConfiguration(
      commandName: "lock", abstract: "Accept no crop-to, restrict-to and uncrop any more.")
    static let operation = ControlRequest.Name.lock
    @OptionGroup var options: ControlOptions
  }
}
