import CropEngine
import Foundation
import FrameOutput
import TestSupport
import Testing

@testable import xregioncap

@Suite("Man page, help and README say the same")
struct PaperTests {
  /// An option as it is documented: its names, and what is said of it.
  private typealias Options = [Set<String>: String]

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  private static func help(_ command: [String]) throws -> String {
    let result = try Command.run(
      Command.xregioncap, command + ["--help"], environment: ["COLUMNS": "80"])
    #expect(result.status == 0)
    #expect(result.errors == "")
    return String(decoding: result.output, as: UTF8.self)
  }

  /// The names among words like `-w, --window <sel>`.
  private static func names(_ words: Substring) -> Set<String> {
    Set(words.matches(of: /(?:^|[\s,\/])(--?[a-z][a-z-]*)/).map { String($0.output.1) })
  }

  private static func folded(_ text: some StringProtocol) -> String {
    text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
  }

  /// Reads the help: options begin behind two spaces, what is said of them stands further right.
  private static func optionsOfHelp(_ command: [String] = []) throws -> Options {
    var options: Options = [:]
    var current: Set<String> = []
    for line in try help(command).split(separator: "\n") {
      if line.hasPrefix("  -") {
        let columns = line.dropFirst(2).split(separator: "  ", maxSplits: 1)
        current = names(columns[0])
        options[current] = columns.count > 1 ? String(columns[1]) : ""
      } else if line.hasPrefix("      ") {
        options[current]? += " " + line
      } else {
        current = []
      }
    }
    return options.mapValues(folded)
  }

  /// Reads the man page: an option is the line after `.TP`, what is said of it the lines up to
  /// the next macro that begins something else.
  private static func optionsOfManPage(_ section: String = "OPTIONS") throws -> Options {
    var options: Options = [:]
    let page = try text("man/xregioncap.1")
    let rest = page[page.range(of: ".SH \(section)\n")!.upperBound...]
    let part = rest[..<rest.range(of: "\n.SH ")!.lowerBound]
    for entry in part.components(separatedBy: "\n.TP\n").dropFirst() {
      let lines = entry.split(separator: "\n")
      let plain = lines.map { line in
        line.replacing(/\\f[BIR]/, with: "").replacing("\\-", with: "-").replacing("\"", with: "")
          .replacing(#/^\.(BR|BI|B|RI|I|IR) /#, with: "").replacing(" ,", with: ",")
      }
      let said = plain.dropFirst().prefix { !$0.hasPrefix(".SS") && $0 != ".PP" }.joined(
        separator: " ")
      options[names(Substring(plain[0].replacing(" , ", with: ", ")))] = folded(said)
    }
    return options
  }

  @Test("The man page has the options of the help, no others, and says the same of each")
  func manPage() throws {
    let help = try Self.optionsOfHelp()
    let page = try Self.optionsOfManPage()
    #expect(help.count > 25, "the help was read")
    #expect(Set(help.keys) == Set(page.keys))
    Self.check(help, page)
  }

  @Test(
    "So it does for the other commands, of the options that are theirs alone",
    arguments: [
      (["shot"], "SHOT", 15), (["run"], "RUN", 40), (["list", "windows"], "LIST", 3),
      (["list", "monitors"], "LIST", 2),
      (["doctor"], "DOCTOR", 2), (["ctl"], "CTL", 3), (["report"], "REPORT", 3),
    ])
  func otherCommands(_ command: [String], _ section: String, _ least: Int) throws {
    let help = try Self.optionsOfHelp(command)
    #expect(help.count > least, "the help was read")
    let own = try Self.optionsOfManPage(section)
    // The lists share a section, and each has some options of its own.
    let shown = Set(own.keys).subtracting(
      command[0] == "list" ? [["--all"], ["-w", "--window"]] : [])
    #expect(shown.isSubset(of: help.keys))
    let shared = try Self.optionsOfManPage().merging(Self.optionsOfManPage("LIST")) { of, _ in of }
    let page = shared.merging(own) { _, own in own }
    #expect(Set(help.keys).isSubset(of: page.keys))
    Self.check(help, page)
  }

  @Test("The man page says what each operation of ctl does, and each request of its socket")
  func operations() throws {
    let help = try Self.help(["ctl"])
    let list = help[help.range(of: "SUBCOMMANDS:")!.upperBound...]
    let names = list.matches(of: #/\n {2}([a-z-]+) /#).map { String($0.output.1) }
    #expect(names.count == 13)
    let page = try Self.text("man/xregioncap.1")
    for name in names {
      #expect(page.contains("\n.IP \"\\fB\(name.replacing("-", with: "\\-"))\\fR"), "\(name)")
    }
    for name in ControlRequest.Name.allCases {
      #expect(page.contains("\n.IP \"\\fB\(name.rawValue)\\fR"), "\(name)")
    }
  }

  @Test("The man page says what each event of the frame log is, and names all that it tells")
  func events() throws {
    let size = Size(width: 100, height: 80)
    let region = FrameRegion(onScreen: size.bounds, rect: size.bounds, surface: size)
    let events: [StreamEvent] = [
      .stream(canvas: size, pixelFormat: "gray", rate: .max, surface: size),
      .frame(FrameNote(seq: 1, version: 1, time: 1, rect: region.rect, isRepeat: false)),
      .version(1, firstSeq: 1, kind: .crop), .mute(.empty), .unmute(.empty),
      .configurationChange(region), .ended("stopped"),
    ]
    let page = try Self.text("man/xregioncap.1")
    let rest = page[page.range(of: ".SH FRAME LOG\n")!.upperBound...]
    let section = rest[..<rest.range(of: "\n.SH ")!.lowerBound]
    for event in events {
      let line = EventLine.json(event)
      let type = line.firstMatch(of: #/"type":"([a-z]+)"/#)!.output.1
      #expect(section.contains("\n.IP \"\\fB\(type)\\fR\""), "\(line)")
      for name in line.matches(of: #/"([a-zA-Z]+)":/#).map(\.output.1) {
        #expect(section.contains(try Regex("\\b\(name)\\b")), "\(line)")
      }
    }
  }

  private static func check(_ help: Options, _ page: Options) {
    for (names, said) in help {
      let written = page[names] ?? ""
      let abstract = said.replacing(#/ ?\((values|default): .*\)$/#, with: "")
      #expect(written.hasPrefix(abstract), "\(names.sorted())")
      if let standard = said.firstMatch(of: /default: ([^)]*)\)$/)?.output.1 {
        #expect(written.contains("default is \(standard)"), "\(names.sorted())")
      }
      if let values = said.firstMatch(of: /values: ([^;)]*)/)?.output.1 {
        for value in values.split(separator: ", ") {
          #expect(written.contains(value), "\(names.sorted())")
        }
      }
    }
  }

  @Test("The man page has no warnings, and lists each exit status that errors have")
  func manPageForm() throws {
    let page = try Self.text("man/xregioncap.1")
    let statuses = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 20, 21, 22]
    for status in statuses { #expect(page.contains("\n.TP\n\(status)\n"), "\(status)") }
  }

  @Test("The help names each other command, and the README's links lead somewhere")
  func commands() throws {
    let help = try Self.folded(Self.help([]))
    for command in Xregioncap.configuration.subcommands where command != CaptureCommand.self {
      #expect(help.contains(" \(command._commandName) "), "\(command._commandName)")
    }
    for link in try Self.text("README.md").matches(of: #/\]\(([^):]+)\)/#).map(\.output.1) {
      #expect(access(Self.root.appendingPathComponent(String(link)).path, R_OK) == 0, "\(link)")
    }
  }

  @Test("Each option in the README's commands is one of the help")
  func readme() throws {
    let commands = try Self.text("README.md").split(separator: "\n")
      .filter { $0.hasPrefix("xregioncap ") }
    #expect(commands.count == 16)
    var known: [String: Set<String>] = [:]
    for command in commands {
      let own = command.split(separator: "|")[0].split(separator: "#")[0]
      let words = own.components(separatedBy: " -- ")[0].split(separator: " ").map(String.init)
      let name = words[1].hasPrefix("-") ? "capture" : words[1]
      if known[name] == nil {
        known[name] = try Self.optionsOfHelp([name]).keys.reduce(into: []) { $0.formUnion($1) }
      }
      #expect(
        Self.names(Substring(words.joined(separator: " "))).isSubset(of: known[name]!), "\(command)"
      )
    }
  }

  @Test("--version names program and version, those of man page and changelog")
  func version() throws {
    let result = try Command.run(Command.xregioncap, ["--version"])
    #expect(result.status == 0)
    let form = #/xregioncap ([0-9]+\.[0-9]+\.[0-9]+)(?: \([0-9a-f]{7,}(?:-dirty)?\))?\n/#
    let text = String(decoding: result.output, as: UTF8.self)
    let version = try #require(try form.wholeMatch(in: text)?.output.1, "\(text)")
    #expect(try Self.text("man/xregioncap.1").contains("\"xregioncap \(version)\""))
  }
}
