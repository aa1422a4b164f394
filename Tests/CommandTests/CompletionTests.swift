import CropEngine
import Glibc
import TestSupport
import Testing

@testable import xregioncap

extension CommandRing {
  @Suite("What shells offer") struct CompletionTests {
    /// The completions, as they are installed.
    private let share: TemporaryFolder

    init() throws {
      share = try TemporaryFolder()
      let script = Self.root + "/Scripts/completions.sh"
      let result = try Command.run(script, [Command.xregioncap, share.path])
      guard result.status == 0, result.errors.isEmpty else { throw Failure(result.errors) }
    }

    @Test("A command that generates nothing is an error")
    func fails() throws {
      let folder = try TemporaryFolder()
      let script = Self.root + "/Scripts/completions.sh"
      #expect(try Command.run(script, ["/bin/false", folder.path]).status == 1)
    }

    private static let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

    /// Runs a script of a shell, where the command is found by its name.
    private func run(
      _ shell: String, _ script: String, _ arguments: [String] = [], display: String? = nil,
      _ environment: [String: String] = [:]
    ) throws -> Command.Result {
      let variables = [
        "PATH": Command.products + ":/usr/bin:/bin", "SHARE": share.path, "HOME": share.path,
        "TERM": "dumb",
      ].merging(environment) { _, new in new }
      return try Command.run(
        shell, ["-c", script] + arguments, display: display, environment: variables,
        directory: Self.root)
    }

    /// What bash offers at the end of a line, with the words of it cut as bash does.
    private func offered(
      _ line: String, display: String? = nil, _ environment: [String: String] = [:],
      at location: SourceLocation = #_sourceLocation
    ) throws -> [Substring] {
      var words = line.matches(of: #/[:=]|[^\s:=]+/#).map { String($0.output) }
      if line.hasSuffix(" ") { words.append("") }
      let script = #"""
        . "$SHARE/bash-completion/completions/xregioncap"
        COMP_LINE=$1 COMP_POINT=${#1}
        shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        current=${COMP_WORDS[COMP_CWORD]}
        [[ $current != [:=] ]] || current=
        registered=$(complete -p xregioncap)
        ${registered//*-F / } "$current" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
        """#
      let result = try run(
        "/bin/bash", script, ["bash", line] + words, display: display, environment)
      #expect(result.status == 0, sourceLocation: location)
      #expect(result.errors == "", sourceLocation: location)
      return String(decoding: result.output, as: UTF8.self).lines
    }

    @Test("bash: commands, options and words, with capture where no command is named")
    func words() throws {
      // One after the other: the scripts are generated once for all of them.
      for (line, expected) in [
        ("xregioncap --win", ["--window"]),
        ("xregioncap -w root --crop", ["--crop-to"]),
        ("xregioncap capture --crop", ["--crop-to"]),
        ("xregioncap sho", ["shot"]),
        ("xregioncap shot --del", ["--delay"]),
        ("xregioncap --on-resize ", ["fit", "crop", "stretch", "native", "end"]),
        ("xregioncap --on-resize=n", ["native"]),
        ("xregioncap --on-resize=", ["fit", "crop", "stretch", "native", "end"]),
        ("xregioncap shot -f p", ["png", "ppm", "pgm", "pam"]),
        ("xregioncap -w pic", ["pick", "pick:child"]),
        ("xregioncap -w pick:", ["", "child"]),
        ("xregioncap --crop-to child", ["child", "child:"]),
        ("xregioncap list m", ["monitors"]),
        ("xregioncap mint ", ["crop", "restrict"]),
        ("xregioncap mint restrict re", ["rect:"]),
        ("xregioncap ctl -s a crop", ["crop-to"]),
        ("xregioncap ctl -s a mint ", ["crop", "restrict"]),
        ("xregioncap -w class:XTerm --mon", ["--monitor"]),
        ("xregioncap -o Makef", ["Makefile"]),
        ("xregioncap --frame-log Package.sw", ["Package.swift"]),
        ("xregioncap shot --output Tests/xst", ["Tests/xstorm"]),
        ("xregioncap --monitor ", ["primary"]),
      ] {
        #expect(try offered(line) == expected.filter { !$0.isEmpty }.map { $0[...] }, "\(line)")
      }
    }

    @Test("bash: windows, monitors, rectangles and sessions that there are")
    func names() throws {
      let stage = try Stage()
      stage.scene.setClass(stage.scene.top, instance: "top", class: "Top.Window")
      stage.scene.setClass(stage.scene.other, instance: "other", class: "two words; rm")
      #expect(try offered("xregioncap -w class:", display: stage.display) == ["Top.Window"])
      #expect(
        try offered("xregioncap --display \(stage.display) --window=T").isEmpty,
        "a class alone is no window")
      #expect(
        try offered("xregioncap --window=class:T", display: stage.display) == ["Top.Window"])
      #expect(
        try offered("xregioncap shot --monitor ", display: stage.display) == ["primary", "screen"])
      let published = try stage.run(
        ["publish", "-w", hexadecimal(stage.scene.top), "video=20x10+5+5"])
      #expect(published.status == 0)
      #expect(
        try offered("xregioncap --crop-to rect:v", display: stage.display) == ["video"])

      let folder = try TemporaryFolder()
      let environment = ["XDG_RUNTIME_DIR": folder.path]
      let command = try stage.start(
        stage.cropped + ["--session", "desk"], environment: environment)
      _ = try command.read(Stage.bytesOfT)
      #expect(try offered("xregioncap ctl -s ", environment) == ["desk"])
      command.signal(SIGINT)
      _ = try command.finish()
      #expect(try offered("xregioncap ctl --session ", environment).isEmpty)
    }

    @Test("The display is named in a word of its own, or in the option's")
    func display() {
      for (line, display) in [
        (["-w", "a"], nil), (["--display", ":5", "-w"], ":5"), (["--display"], nil),
        (["shot", "--display=:5", "-w", ""], ":5"), (["--display=", "-w"], ""),
        (["--displays=:5", "--display=host:1.0"], "host:1.0"),
      ] as [([String], String?)] {
        #expect(Completion.display(in: line) == display, "\(line)")
      }
    }

    @Test("A display that does not answer keeps nobody waiting, and nothing is said of it")
    func silent() throws {
      let stage = try Stage()
      try stage.scene.server.whileSilent {
        let start = ContinuousClock.now
        let words = try offered("xregioncap -w fo", display: stage.display)
        #expect(words.isEmpty)
        #expect(ContinuousClock.now - start < .seconds(10))
      }
      #expect(try offered("xregioncap -w fo", display: ":9999") == ["focused"])
    }

    @Test("Every option for a file is completed by files")
    func files() throws {
      for command in ["capture", "run", "shot", "report", "ctl clone"] {
        let help = try Command.run(
          Command.xregioncap, command.split(separator: " ").map(String.init) + ["--help"])
        let options = String(decoding: help.output, as: UTF8.self)
          .matches(of: #/(--[a-z-]+) <file>/#).map { String($0.output.1) }
        #expect(!options.isEmpty)
        for option in options {
          #expect(
            try offered("xregioncap \(command) \(option) Makef") == ["Makefile"],
            "\(command) \(option)")
        }
      }
    }

    @Test("fish, where it is installed", .enabled(if: access("/usr/bin/fish", X_OK) == 0))
    func fish() throws {
      let script = #"""
        source $SHARE/fish/vendor_completions.d/xregioncap.fish
        for line in 'xregioncap --win' 'xregioncap --on-resize n' 'xregioncap -w fo' \
            'xregioncap shot --format pp' 'xregioncap sho' 'xregioncap -o Makef'
          complete -C $line | string split -f 1 \t
        end
        """#
      let result = try run("/usr/bin/fish", script)
      #expect(result.errors == "")
      #expect(
        String(decoding: result.output, as: UTF8.self).lines
          == ["--window", "native", "focused", "ppm", "shot", "Makefile"])
    }

    @Test("zsh, where it is installed", .enabled(if: access("/usr/bin/zsh", X_OK) == 0))
    func zsh() throws {
      // A shell inside a shell, which shows its line when Control-X is pressed.
      let script = #"""
        zmodload zsh/zpty
        zpty shell zsh -f -i
        expect() { zpty -r shell text "*${(b)1}*" && print -r -- "${1}" }
        zpty -w shell 'fpath=("$SHARE/zsh/site-functions" $fpath)
          autoload -U compinit && compinit -D -u
          show() { zle -I; print -r -- "<$BUFFER>"; BUFFER= }
          zle -N show; bindkey "^X" show; print REA""DY'
        expect READY
        type() { zpty -w -n shell "$1"$'\t\x18'; expect "<$2>" }
        type 'xregioncap --win' 'xregioncap --window '
        type 'xregioncap --on-resize n' 'xregioncap --on-resize native '
        type 'xregioncap -w na' 'xregioncap -w name:'
        type 'xregioncap -w foc' 'xregioncap -w focused '
        type 'xregioncap shot -f pp' 'xregioncap shot -f ppm '
        type 'xregioncap -o Makef' 'xregioncap -o Makefile '
        zpty -d shell
        """#
      let result = try run("/usr/bin/zsh", script)
      #expect(result.errors == "")
      #expect(String(decoding: result.output, as: UTF8.self).lines.count == 7)
    }
  }
}
