import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("A page of a capture's log") struct ReportTests {
    private static let stream =
      #"{"type":"stream","canvas":{"width":4,"height":2},"pixFmt":"gray","framerate":"30/1","#
      + #""surface":null}"# + "\n"

    private func run(
      _ arguments: [String], in folder: TemporaryFolder
    ) throws -> Command.Result {
      try Command.run(Command.xregioncap, ["report"] + arguments, directory: folder.path)
    }

    @Test("A capture that moves, mutes, changes and is resized: all of it is on the page")
    func capture() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let live = try LiveCapture(
        stage,
        ["--crop-to", hexadecimal(stage.scene.t), "-r", "100", "--frame-log", folder["log.jsonl"]],
        in: folder)
      let watcher = try live.watcher()
      try watcher.frames(3)
      stage.scene.move(stage.scene.t, x: 60, y: 70)
      try watcher.events { $0.type == "frame" && $0.rect()?.x == 60 }
      #expect(try live.crop(stage.scene.sib).version == 1)
      try watcher.frames(3)
      stage.scene.unmap(stage.scene.sib)
      try watcher.events { $0.type == "mute" }
      stage.scene.map(stage.scene.sib)
      try watcher.events { $0.type == "unmute" }
      stage.scene.resize(stage.scene.sib, width: 60, height: 40)
      try watcher.events { $0.type == "configurationchange" }
      try watcher.frames(3)
      _ = try live.stop()

      let result = try run(["log.jsonl", "-o", "page.html"], in: folder)
      #expect(result.status == 0 && result.output.isEmpty && result.errors == "")
      let page = try MarkupReader(String(decoding: try folder.read("page.html"), as: UTF8.self))
      #expect(page.texts("h1") == ["log.jsonl"])
      let cells = page.texts("td")
      for said in ["version 1, crop, of frames from", "60 × 40 at 100, 80 of 400 × 300 px"] {
        #expect(cells.contains { $0.hasPrefix(said) }, "\(said)")
      }
      for said in ["empty", "was empty", "stopped", "100 × 80 px", "400 × 300 px"] {
        #expect(cells.contains(said), "\(said)")
      }
      let frames = try logLines(try folder.read("log.jsonl")).filter { $0.type == "frame" }
      #expect(page.texts("dd").contains("\(frames.count)"))
      #expect(page.texts("dd").contains("\(frames.count { $0.isRepeat == true })"))
      #expect(page.attribute("role", of: "svg").count >= 4)
      #expect(page.attribute("class", of: "rect").count { $0 == "mute" } == 2, "and in the legend")
      #expect(page.attribute("class", of: "polygon").count { $0 == "change" } >= 2)
      // The same by pipes.
      let piped = try Command.shell(
        "cat log.jsonl | $XREGIONCAP report - -o - | cat", directory: folder.path)
      #expect(piped.status == 0)
      let other = try MarkupReader(String(decoding: piped.output, as: UTF8.self))
      #expect(other.texts("h1") == ["Standard input"] && other.texts("td") == cells)
    }

    @Test("A log that is cut off is read as far as it goes, and that is said")
    func cut() throws {
      let folder = try TemporaryFolder()
      let frame = #"{"type":"frame","seq":0,"version":0,"t":5,"rect":null,"repeat":false}"# + "\n"
      try folder.write((Self.stream + frame + frame.prefix(30)).utf8, to: "log")
      let result = try run(["log", "-o", "page"], in: folder)
      #expect(result.status == 0)
      #expect(result.errors == "xregioncap: log: the log ends within a line, as after a kill\n")
      let page = try MarkupReader(String(decoding: try folder.read("page"), as: UTF8.self))
      #expect(page.texts("p").contains("the log ends within a line, as after a kill"))
      #expect(try run(["-q", "log", "-o", "page"], in: folder).errors == "")
    }

    @Test("What is no frame log is named, and the page stays as it was")
    func errors() throws {
      let folder = try TemporaryFolder()
      try folder.write("before".utf8, to: "page")
      try folder.write("".utf8, to: "empty")
      try folder.write("\n\nFRAME\n".utf8, to: "film")
      try folder.write((Self.stream + #"{"type":"ended","reason":"stopped"}"#).utf8, to: "log")
      let wanted = "expected a file that --frame-log has written"
      let cases: [([String], Int32, String)] = [
        (["film", "-o", "page"], 2, "film: line 3 is no event of a frame log: \(wanted)"),
        (["empty", "-o", "page"], 2, "empty: it is empty: \(wanted)"),
        (["none", "-o", "page"], 11, "none: cannot read: No such file or directory"),
        ([".", "-o", "page"], 12, ".: cannot read: Is a directory"),
        (["log", "-o", "no/page"], 15, "no/page: cannot write: No such file or directory"),
        (["log", "-o", "/dev/full"], 15, "/dev/full: cannot write: No space left on device"),
        (["log"], 2, "--output: no file is named: use -o FILE, or -o - for standard output"),
      ]
      for (arguments, status, said) in cases {
        let result = try run(arguments, in: folder)
        #expect(result.status == status && result.output.isEmpty, "\(arguments)")
        #expect(result.errors == "xregioncap: \(said)\n")
      }
      #expect(try run([], in: folder).status == 2)
      #expect(try folder.read("page") == Array("before".utf8))
      #expect(folder.names == ["empty", "film", "log", "page"])
    }

    @Test("The log itself is not written over", arguments: ["log", "./log", "link"])
    func logItself(_ path: String) throws {
      let folder = try TemporaryFolder()
      try folder.write(Self.stream.utf8, to: "log")
      symlink("log", folder["link"])
      let result = try run(["log", "-o", path], in: folder)
      #expect(result.status == 2)
      #expect(
        result.errors == "xregioncap: --output: it is the log itself, which would be lost\n")
      #expect(try folder.read("log") == Array(Self.stream.utf8))
    }

    @Test("A reader that goes away is a quiet end; a terminal is refused, as it is for pictures")
    func readers() throws {
      let folder = try TemporaryFolder()
      try folder.write(Self.stream.utf8, to: "log")
      let gone = try Command.shell(
        "$XREGIONCAP report log -o - | true; echo ${PIPESTATUS[0]}", directory: folder.path)
      #expect(gone.output == Array("0\n".utf8) && gone.errors.hasSuffix("or was killed\n"))
      let shown = try Command.shell(
        "script -qec '$XREGIONCAP report log -o -' /dev/null", directory: folder.path)
      #expect(shown.status == 2)
      #expect(String(decoding: shown.output, as: UTF8.self).contains("it is a terminal"))
    }
  }
}
