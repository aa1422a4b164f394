import CropEngine
import TestSupport
import Testing

extension CommandRing {
  @Suite("Which pixels of a window") struct ViewTests {
    private static let asSeen = ": the window is captured as it is seen on the screen"

    private func poor() throws -> Stage { try Stage(server: ["-extension", "Composite"]) }

    @Test("E9: without Composite what needs it is refused by name, and crop works")
    func refused() throws {
      let stage = try poor()
      let t = hexadecimal(stage.scene.t)
      for (options, subject) in [
        (["--logical"], "--logical"), (["--popups", "own"], "--popups own"),
        (["--restrict-to", t], "--restrict-to"),
        (["--visible", "--restrict-to", t], "--restrict-to"),
      ] {
        let row = Refusal(stage.top + options + ["-n", "1"], 3, "Composite")
        let result = try stage.run(row.arguments)
        row.check(result)
        #expect(result.errors.hasPrefix("xregioncap: \(subject): "), "\(result.errors)")
        let shot = Refusal(
          ["shot", "-w", hexadecimal(stage.scene.top), "-o", "-"] + options, 3, "Composite")
        shot.check(try stage.run(shot.arguments))
      }
      let screen = Refusal(["--restrict-to", t, "-n", "1"], 3, "Composite")
      screen.check(try stage.run(screen.arguments))
      let cropped = try stage.run(stage.cropped + ["--visible", "-n", "1"])
      #expect(pictures(cropped.output) == [.ofT])
      #expect(cropped.errors == "")
    }

    @Test("E9: without Composite restrictTo is refused and cropTo works in a session")
    func refusedBySession() throws {
      let live = try LiveCapture(try poor(), ["-r", "50"])
      let target = hexadecimal(live.stage.scene.t)
      #expect(try live.client.call("restrictTo", ["target": target]).error == "NotSupportedError")
      #expect(try live.client.call("restrictTo").version == 1, "C8: it reverts all the same")
      #expect(try live.client.call("cropTo", ["target": target]).version == 2)
      let clone = try live.client.call(
        "clone", ["output": live.folder["x"], "format": "raw", "restrictTo": target])
      #expect(clone.error == "NotSupportedError")
      #expect(try live.state().clones == [])
      _ = try live.stop()
    }

    @Test("A3: without Composite, a window is captured as it is seen, which one note says")
    func fallBack() throws {
      let stage = try poor()
      _ = stage.scene.mapOverlay()
      let window = ["-w", hexadecimal(stage.scene.top), "-f", "raw", "-n", "1"]
      for (options, hasNote) in [
        (window, true), (window + ["--wait", "1"], true), (window + ["--visible"], false),
        (window + ["--quiet"], false), (["--screen", "-f", "raw", "-n", "1"], false),
        (["-w", "root", "-f", "raw", "-n", "1"], false),
        (["--monitor", "primary", "-f", "raw", "-n", "1"], false),
      ] {
        let result = try stage.run(options)
        #expect(result.status == 0)
        let said = result.errors.lines
        #expect(said.count == (hasNote ? 1 : 0), "\(options): \(result.errors)")
        #expect(
          said.allSatisfy { $0.hasPrefix("xregioncap: --window: ") && $0.hasSuffix(Self.asSeen) })
        if options.starts(with: window) {
          #expect(pictures(result.output, Stage.sizeOfTop).first?[20, 20] == Scene.ovl)
        }
      }
      let shot = try stage.run(
        ["shot", "-w", hexadecimal(stage.scene.top), "-o", "-", "-f", "ppm"])
      #expect(shot.status == 0 && shot.errors.count(of: Self.asSeen) == 1)
    }

    @Test("A3: --visible, OVL is seen; with Composite there is nothing to say")
    func visible() throws {
      let stage = try Stage()
      _ = stage.scene.mapOverlay()
      let result = try stage.run(stage.top + ["--visible", "-n", "1"])
      #expect(pictures(result.output, Stage.sizeOfTop).first?[20, 20] == Scene.ovl)
      #expect(result.errors == "")
      #expect(try stage.run(stage.top + ["-n", "1"]).errors == "")
    }

    @Test("The screen, where it is clicked, has no pixels of its own")
    func clickedRoot() throws {
      let stage = try Stage()
      let command = try stage.start(["--window", "pick", "--logical", "-n", "1"])
      try command.waitForError("click the")
      try stage.scene.xdotool("mousemove 600 450 click 1")
      let result = try command.finish()
      #expect(result.status == 3)
      #expect(result.output.isEmpty)
      #expect(
        result.errors.lines.last
          == "xregioncap: --logical: that is the screen, which nothing covers: leave it out")
    }

    @Test("The target of a restriction may be clicked")
    func clicked() throws {
      let stage = try Stage()
      let top = hexadecimal(stage.scene.top)
      let command = try stage.start([
        "-w", top, "--restrict-to", "pick", "-n", "1", "-f", "raw", "--verbose",
      ])
      try command.waitForError(
        "xregioncap: --restrict-to: click the part of it to follow; Escape cancels\n")
      try stage.scene.xdotool("mousemove 165 165 click 1")
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.output.count == Stage.bytesOfT)
      #expect(
        result.errors.contains(
          "xregioncap: --restrict-to: window \(hexadecimal(stage.scene.t))\n"))
    }
  }
}
