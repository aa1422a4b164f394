import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("The seconds before a start") struct CountdownTests {
    private static let clear = "\r\u{1b}[K"
    /// What a terminal is shown in a delay of three seconds.
    private static let shown = "\r3…\u{1b}[K\r2…\u{1b}[K\r1…\u{1b}[K" + clear

    private let stage: Stage
    private let terminal: Terminal

    init() throws {
      stage = try Stage()
      terminal = try Terminal()
    }

    private func start(_ arguments: [String]) throws -> Command {
      try stage.start(stage.cropped + arguments, errors: terminal.descriptor)
    }

    @Test("On a terminal they are counted down on one line, which is empty when it begins")
    func capture() throws {
      let command = try start(["--delay", "3", "-n", "2"])
      try terminal.wait(for: "1…")
      #expect(command.isSilent(for: 0), "no frame before its time")
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.seconds > 0.9)
      #expect(pictures(result.output) == [Picture.ofT, Picture.ofT])
      let text = try terminal.text()
      #expect(text.hasPrefix(Self.shown + Self.clear + "xregioncap: 00:0"))
      #expect(text.contains("2/2 frames"))
      #expect(text.count(of: "\r\n") == 1)
    }

    @Test("So they are before a picture; of a delay that is no whole one, the whole seconds")
    func shot() throws {
      let folder = try TemporaryFolder()
      let command = try stage.start(
        ["shot", "-w", hexadecimal(stage.scene.top), "--delay", "3.4", "-o", folder["x.png"]],
        errors: terminal.descriptor)
      #expect(try command.finish().status == 0)
      #expect(try terminal.text() == Self.shown)
    }

    @Test(
      "Nothing is counted where that is not wanted, or takes less than a second",
      arguments: [["-q"], ["--no-progress"], ["--delay", "0.9", "--no-progress"]])
    func unwanted(_ arguments: [String]) throws {
      #expect(
        try start(["--delay", "1.1", "-n", "1"] + arguments).finish().status == 0)
      #expect(try terminal.text() == "")
    }

    @Test("Nothing is counted where standard error is no terminal, though lines are asked for")
    func pipe() throws {
      let result = try stage.run(
        stage.cropped + ["--delay", "1.2", "-n", "1", "--progress"])
      #expect(result.status == 0)
      #expect(result.errors.lines.count == 1)
      #expect(!result.errors.contains("…") && !result.errors.contains("\r"))
    }

    @Test("Who stops it meanwhile reads why on a line of its own", arguments: [true, false])
    func stopped(_ isShot: Bool) throws {
      let folder = try TemporaryFolder()
      let command =
        try isShot
        ? stage.start(
          ["shot", "--delay", "9", "-o", folder["x.png"]], errors: terminal.descriptor)
        : start(["--delay", "9"])
      try terminal.wait(for: "9…\u{1b}[K")
      command.signal(SIGINT)
      #expect(try command.finish().status == 21)
      let text = try terminal.text()
      #expect(text.hasPrefix("\r9…\u{1b}[K" + Self.clear + "xregioncap: no frame was written: "))
      #expect(text.count(of: "\r\n") == 1)
    }
  }
}
