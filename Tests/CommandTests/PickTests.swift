import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Choosing a window by a click") struct PickTests {
    static let askForWindow = "xregioncap: --window: click the window to capture; Escape cancels"
    static let askForPart =
      "xregioncap: --crop-to: click the part of it to follow; Escape cancels"

    private let stage: Stage
    private var scene: Scene { stage.scene }

    init() throws { stage = try Stage() }

    /// Starts the command, and waits until it asks for a click.
    private func start(_ arguments: [String]) throws -> Command {
      let command = try stage.start(arguments + ["-f", "raw"])
      try command.waitForError("click the")
      return command
    }

    @Test(
      "A click chooses the surface, and nothing of the choosing is in the picture",
      arguments: [
        ("pick", 110, 110, Picture.ofTop), ("pick", 165, 165, Picture.ofTop),
        ("pick:child", 155, 155, Picture.ofTAlone),
      ])
    func surface(_ selector: String, _ x: Int, _ y: Int, _ picture: Picture) throws {
      let command = try start(["--window", selector, "-n", "1"])
      try scene.xdotool("mousemove \(x) \(y) click 1")
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(pictures(result.output, picture.size) == [picture])
      #expect(result.errors.lines == [Self.askForWindow[...]])
    }

    @Test("A click beside all windows chooses the root")
    func root() throws {
      let command = try start(["--window", "pick", "-n", "1"])
      try scene.xdotool("mousemove 600 450 click 1")
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.output.count == 640 * 480 * 4)
    }

    @Test("Where surface and target are to be clicked, it says which it asks for")
    func both() throws {
      let command = try stage.start(
        ["--window", "pick", "--crop-to", "pick:child", "-n", "1", "-f", "raw", "--verbose"])
      #expect(try command.nextError() == Self.askForWindow)
      try scene.xdotool("mousemove 110 110 click 1")
      #expect(try command.nextError() == "xregioncap: --window: window \(hexadecimal(scene.top))")
      #expect(try command.nextError() == Self.askForPart)
      try scene.xdotool("mousemove 155 155 click 3")
      #expect(try command.nextError() == "xregioncap: --crop-to: window \(hexadecimal(scene.t))")
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(pictures(result.output) == [Picture.ofT])
    }

    @Test("A target is clicked inside the surface; outside is not allowed, and not waited for")
    func target() throws {
      let inside = try start(["-w", hexadecimal(scene.top), "--crop-to", "pick", "-n", "1"])
      try scene.xdotool("mousemove 165 165 click 1")
      #expect(pictures(try inside.finish().output) == [Picture.ofT], "the child, not the deepest")
      let outside = try start(
        ["-w", hexadecimal(scene.top), "--crop-to", "pick", "--wait", "100"])
      try scene.xdotool("mousemove 5 5 click 1")
      let result = try outside.finish()
      #expect(result.status == 5)
      #expect(result.output.isEmpty)
      #expect(
        result.errors.lines == [
          Self.askForPart[...],
          "xregioncap: --crop-to: it is no target inside the surface",
        ])
    }

    @Test("Escape: status 1, nothing written, one line more; under --quiet that line alone")
    func escape() throws {
      let folder = try TemporaryFolder()
      let command = try start(["--window", "pick", "-o", folder.path + "/x.raw"])
      try scene.xdotool("key Escape")
      let result = try command.finish()
      #expect(result.status == 1)
      #expect(result.output.isEmpty)
      #expect(folder.names == [])
      let said = "xregioncap: --window: cancelled: no window was clicked"
      #expect(result.errors.lines == [Self.askForWindow[...], said[...]])

      let quiet = try stage.start(["--window", "pick", "--quiet", "-f", "raw"])
      try quiet.waitUntilSignalsAreRead()
      // Nothing tells when the keyboard is grabbed: press until it has heard.
      while !quiet.hasEnded(within: 0.05) { try scene.xdotool("key Escape") }
      let quietResult = try quiet.finish()
      #expect(quietResult.status == 1)
      #expect(quietResult.errors.lines == [said[...]])
    }

    @Test("The pointer is a crosshair meanwhile")
    func crosshair() throws {
      let screen = ["--screen", "-n", "1", "-f", "raw"]
      try scene.xdotool("mousemove 300 300")
      let before = try stage.run(screen).output
      let command = try start(["--window", "pick"])
      let meanwhile = try stage.run(screen).output
      let withoutCursor = try stage.run(screen + ["--cursor", "never"]).output
      try scene.xdotool("key Escape")
      _ = try command.finish()
      #expect(before == withoutCursor, "the scene's own cursor has no pixels")
      #expect(meanwhile != withoutCursor)
      #expect(try stage.run(screen).output == before)
    }

    @Test("The mouse is free again while the capture runs")
    func released() throws {
      scene.watchButtons(of: scene.top)
      let command = try start(["--window", "pick"])
      try scene.xdotool("mousemove 110 110 click 1")
      _ = try command.read(400 * 300 * 4)
      #expect(scene.buttonEvents() == 0)
      try scene.xdotool("click 1")
      #expect(scene.buttonEvents() == 2)
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
    }

    @Test("A pointer that another program keeps is waited for for a moment, and is an error then")
    func pointerIsTaken() throws {
      #expect(scene.grabPointer())
      let refused = try stage.run(["--window", "pick", "-f", "raw"])
      #expect(refused.status == 6)
      #expect(refused.output.isEmpty)
      #expect(
        refused.errors.lines == [
          "xregioncap: --window: another program has grabbed the mouse: close its menu or end it, "
            + "and try again"
        ])
      let patient = try stage.start(["--window", "pick", "-n", "1", "-f", "raw"])
      try patient.waitUntilSignalsAreRead()
      patient.signal(SIGUSR1)
      try patient.waitForError("waiting for the mouse\n")
      scene.ungrabPointer()
      try patient.waitForError("click the")
      try scene.xdotool("mousemove 110 110 click 1")
      #expect(pictures(try patient.finish().output, Stage.sizeOfTop) == [Picture.ofTop])
    }

    @Test("Where the keyboard is another program's, a click chooses all the same")
    func keyboardIsTaken() throws {
      #expect(scene.grabKeyboard())
      let command = try start(["--window", "pick", "-n", "1"])
      try scene.xdotool("key Escape mousemove 110 110 click 1")
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.errors == "xregioncap: --window: click the window to capture\n")
    }

    @Test("A signal ends the wait within 1 s", arguments: [SIGINT, SIGTERM])
    func signal(_ number: Int32) throws {
      let command = try start(["--window", "pick"])
      command.signal(number)
      let result = try command.finish()
      #expect(result.status == 21)
      #expect(result.seconds < 1)
      #expect(result.output.isEmpty)
      #expect(
        result.errors.lines.last
          == "xregioncap: no frame was written: it was stopped while it waited for a click")
    }

    @Test("A server that dies meanwhile ends the wait")
    func lost() throws {
      let command = try start(["--window", "pick"])
      scene.server.kill()
      #expect(try command.finish().status == 20)
    }

    @Test("It rests while it waits, also where windows change meanwhile")
    func rests() throws {
      let command = try start(["-w", hexadecimal(scene.top), "--crop-to", "pick"])
      // What the surface tells is kept for the capture, and does not wake it again and again.
      scene.move(scene.top, x: 101, y: 101)
      command.signal(SIGUSR1)
      try command.waitForError("waiting for a click\n")
      let before = try processorTime(of: command)
      #expect(!command.hasEnded(within: 1))
      #expect(try processorTime(of: command) - before < 20, "of 100 ticks")
      scene.move(scene.top, x: 100, y: 100)
      command.signal(SIGINT)
      #expect(try command.finish().status == 21)
    }

    /// What the process has used so far, in hundredths of a second.
    private func processorTime(of command: Command) throws -> Int {
      let stat = try Command.run("/bin/cat", ["/proc/\(command.processIdentifier)/stat"]).output
      let fields = String(decoding: stat, as: UTF8.self).split(separator: " ")
      return Int(fields[13])! + Int(fields[14])!
    }

    @Test("--wait looks again for the target, not for another window: it asks once")
    func once() throws {
      let arguments = [
        "--window", "pick", "--crop-to", "name:LATE", "--wait", "100", "-n", "1", "--verbose",
      ]
      let late = try start(arguments)
      try scene.xdotool("mousemove 110 110 click 1")
      try late.waitForError("window \(hexadecimal(scene.top))\n")
      scene.setTitle(scene.t, "LATE")
      let found = try late.finish()
      #expect(pictures(found.output) == [Picture.ofT])
      #expect(found.errors.count(of: "click the") == 1)

      scene.setTitle(scene.t, "T")
      let gone = try start(arguments)
      try scene.xdotool("mousemove 110 110 click 1")
      try gone.waitForError("window \(hexadecimal(scene.top))\n")
      scene.recycle(
        scene.top, as: Rect(x: 100, y: 100, width: 400, height: 300), 0x12_3456)
      let result = try gone.finish()
      #expect(result.status == 21)
      #expect(result.errors.count(of: "click the") == 1)
      #expect(
        result.errors.lines.last == "xregioncap: no frame was written: the window was closed")
    }
  }
}
