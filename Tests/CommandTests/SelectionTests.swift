import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("What slop and slurp print is taken as it is") struct SelectionTests {
    private let stage: Stage
    private let folder: TemporaryFolder

    init() throws {
      stage = try Stage()
      folder = try TemporaryFolder()
    }

    /// The part of the screen that lies there, as a capture of the whole screen shows it.
    private func part(_ rect: Rect) throws -> Picture {
      let screen = try stage.run(["--screen", "-n", "1", "-f", "raw"])
      return pictures(screen.output, Size(width: 640, height: 480))[0].part(rect)
    }

    @Test(
      "A rectangle of the screen, also one that reaches beyond it",
      arguments: [
        ("301x201+50+60", Rect(x: 50, y: 60, width: 301, height: 201)),
        ("126x136+-5+10", Rect(x: 0, y: 10, width: 121, height: 136)),
        ("126x136+-50+-30", Rect(x: 0, y: 0, width: 76, height: 106)),
        ("640x480+0+0", Rect(x: 0, y: 0, width: 640, height: 480)),
        ("50,60 301x201", Rect(x: 50, y: 60, width: 301, height: 201)),
        ("-5,10 126x136", Rect(x: 0, y: 10, width: 121, height: 136)),
      ])
    func rectangle(_ selection: String, _ rect: Rect) throws {
      let expected = try part(rect)
      for surface in [[], ["--screen"], ["-w", "root"]] {
        let result = try stage.run(surface + ["-g", selection, "-n", "1", "-f", "raw"])
        #expect(result.status == 0)
        #expect(result.errors == "")
        #expect(pictures(result.output, rect.size) == [expected])
      }
    }

    @Test("A window by its number in decimals; that of the root is the screen")
    func window() throws {
      let arguments = ["-n", "1", "-f", "raw"]
      let top = try stage.run(["-w", "\(stage.scene.top)"] + arguments)
      #expect(pictures(top.output, Stage.sizeOfTop) == [Picture.ofTop])
      let root = try stage.run(["-w", "\(stage.scene.root)"] + arguments)
      #expect(root.status == 0)
      #expect(root.errors == "")
      let screen = try stage.run(["--screen"] + arguments)
      #expect(root.output == screen.output)
    }

    @Test(
      "slop itself, where it is installed: a click on a window, and one that is cancelled",
      .enabled(if: access("/usr/bin/slop", X_OK) == 0),
      arguments: ["-g \"$(slop -q)\"", "-w \"$(slop -q -f %i)\"", "$(slop -q -f '-i %i')"])
    func slop(_ option: String) throws {
      let line = "\"$XREGIONCAP\" \(option) -n 1 -f raw"
      let selects = try Command(
        "/bin/bash", ["-c", line], display: stage.display,
        environment: ["XREGIONCAP": Command.xregioncap])
      // Nothing tells when it has the mouse: click until it has heard.
      while !selects.hasEnded(within: 0.1) {
        try stage.scene.xdotool("mousemove 110 110 mousedown 1 sleep 0.05 mouseup 1")
      }
      let selected = try selects.finish()
      #expect(selected.status == 0)
      #expect(selected.errors == "")
      #expect(pictures(selected.output, Stage.sizeOfTop) == [Picture.ofTop])
      guard option.hasPrefix("-g") || option.hasPrefix("-w") else { return }

      let cancels = try Command(
        "/bin/bash", ["-c", line], display: stage.display,
        environment: ["XREGIONCAP": Command.xregioncap])
      while !cancels.hasEnded(within: 0.1) { try stage.scene.xdotool("key Escape") }
      let cancelled = try cancels.finish()
      #expect(cancelled.status == 2)
      #expect(cancelled.errors.hasSuffix(": it is empty: was the selection cancelled?\n"))
    }
  }
}
