import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("The surface comes, changes and goes") struct SurfaceTests {
    @Test("A9: unmapped, one mute and silence; mapped again, one unmute and frames")
    func unmapped() throws {
      let stage = try Stage()
      let command = try stage.start(stage.top + ["-r", "100", "--verbose"])
      _ = try command.read(400 * 300 * 4)
      stage.scene.unmap(stage.scene.top)
      try command.waitForError("mute: unmapped\n")
      let before = pictures(try command.drain(silence: 0.3), Stage.sizeOfTop)
      #expect(before.allSatisfy { $0 == Picture.ofTop })
      stage.scene.map(stage.scene.top)
      let after = pictures(try command.read(400 * 300 * 4), Stage.sizeOfTop)
      #expect(after == [Picture.ofTop])
      try command.waitForError("unmute\n")
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(
        result.errors.lines == [
          "xregioncap: pixels by shared memory (MIT-SHM)", "xregioncap: frames by vmsplice",
          "xregioncap: mute: unmapped",
          "xregioncap: unmute", "xregioncap: ended: stopped",
        ])
    }

    enum Death: CaseIterable { case alone, withAnotherWindow, withItsIDTaken, byItsParent }

    @Test(
      "A10: destroyed, the stream ends within 1 s and takes no other window",
      arguments: Death.allCases)
    func destroyed(_ death: Death) throws {
      let stage = try Stage()
      let scene = stage.scene
      if death == .byItsParent {
        let frame = scene.window(
          in: scene.root, Rect(x: 100, y: 100, width: 400, height: 300), 0x12_3456)
        scene.reparent(scene.top, to: frame, x: 0, y: 0)
        try check(stage) { scene.destroy(frame) }
        return
      }
      let place = Rect(x: 100, y: 100, width: 400, height: 300)
      try check(stage) {
        switch death {
        case .alone, .byItsParent: scene.destroy(scene.top)
        case .withAnotherWindow:
          scene.atOnce {
            scene.destroy(scene.top)
            _ = scene.window(in: scene.root, place, 0x12_3456)
          }
        case .withItsIDTaken:
          scene.atOnce { scene.recycle(scene.top, as: place, 0x12_3456) }
        }
      }
    }

    private func check(_ stage: Stage, _ destroy: () -> Void) throws {
      let command = try stage.start(stage.top + ["-r", "100", "--verbose"])
      let first = try command.read(400 * 300 * 4)
      destroy()
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.seconds < 1)
      #expect(result.errors.lines.last == "xregioncap: ended: the window was closed")
      let all = pictures(first + result.output, Stage.sizeOfTop)
      #expect(all.allSatisfy { $0 == Picture.ofTop })
    }

    @Test("A10: destroyed while there is nothing to see, too")
    func destroyedWhileMuted() throws {
      let stage = try Stage()
      let command = try stage.start(stage.cropped + ["-r", "100", "--verbose"])
      _ = try command.read(Stage.bytesOfT)
      stage.scene.unmap(stage.scene.t)
      try command.waitForError("mute: empty\n")
      stage.scene.destroy(stage.scene.top)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.seconds < 1)
    }

    @Test("A11: resized, one configurationchange, though it is resized several times at once")
    func resized() throws {
      let stage = try Stage()
      let scene = stage.scene
      let command = try stage.start(
        stage.top + ["-r", "50", "--verbose", "--on-resize", "crop"])
      _ = try command.read(400 * 300 * 4)
      scene.atOnce {
        scene.resize(scene.top, width: 350, height: 250)
        scene.resize(scene.top, width: 200, height: 200)
        scene.resize(scene.top, width: 300, height: 200)
      }
      try command.waitForError("configurationchange: 300x200+0+0 of 300x200\n")
      // Moved is not resized.
      scene.move(scene.top, x: 50, y: 50)
      _ = try command.read(20 * 400 * 300 * 4)
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.errors.count(of: "configurationchange") == 1)
      #expect(result.errors.count(of: "mute") == 0)
    }

    @Test("A11: no configurationchange while muted, and one with the frame that ends it")
    func resizedWhileMuted() throws {
      let stage = try Stage()
      let scene = stage.scene
      let command = try stage.start(stage.top + ["-r", "50", "--verbose"])
      _ = try command.read(400 * 300 * 4)
      scene.unmap(scene.top)
      try command.waitForError("mute: unmapped\n")
      _ = try command.drain(silence: 0.2)
      scene.resize(scene.top, width: 350, height: 250)
      scene.resize(scene.top, width: 300, height: 200)
      #expect(command.isSilent(for: 0.2))
      scene.map(scene.top)
      _ = try command.read(400 * 300 * 4)
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(
        result.errors.lines == [
          "xregioncap: pixels by shared memory (MIT-SHM)", "xregioncap: frames by vmsplice",
          "xregioncap: mute: unmapped",
          "xregioncap: unmute", "xregioncap: configurationchange: 300x200+0+0 of 300x200",
          "xregioncap: ended: stopped",
        ])
    }

    @Test("A13: a window of the same name does not take the surface's place")
    func sameName() throws {
      let stage = try Stage()
      let scene = stage.scene
      let command = try stage.start(["-w", "name:^TOP$", "-f", "raw", "-r", "100"])
      let first = try command.read(400 * 300 * 4)
      let twin = scene.window(in: scene.root, Rect(x: 0, y: 0, width: 400, height: 300), 0x12_3456)
      scene.setTitle(twin, "TOP")
      scene.move(scene.top, x: 200, y: 150)
      scene.raise(scene.top)
      let second = try command.read(20 * 400 * 300 * 4)
      scene.destroy(scene.top)
      let result = try command.finish()
      #expect(result.status == 0)
      let all = pictures(first + second + result.output, Stage.sizeOfTop)
      #expect(all.allSatisfy { !$0.colours.contains(0x12_3456) || $0[399, 299] == Scene.top })
      #expect(all.last == Picture.ofTop)
    }

    @Test("--wait waits for a window that is mapped later")
    func mappedLater() throws {
      let stage = try Stage()
      stage.scene.unmap(stage.scene.top)
      let command = try stage.start(stage.cropped + ["--wait", "30", "-n", "2"])
      try command.waitUntilSignalsAreRead()
      command.signal(SIGUSR1)
      try command.waitForError("xregioncap: waiting for the window\n")
      #expect(command.isSilent(for: 0.1))
      stage.scene.map(stage.scene.top)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(pictures(result.output) == [Picture.ofT, Picture.ofT])
    }

    @Test("--wait waits for a window that is made later, and for the target in it")
    func madeLater() throws {
      let stage = try Stage()
      let scene = stage.scene
      let command = try stage.start([
        "-w", "name:^LATE$", "--crop-to", "child", "--wait", "30", "-f", "raw", "-n", "1",
      ])
      try command.waitUntilSignalsAreRead()
      let late = scene.window(in: scene.root, Rect(x: 500, y: 0, width: 50, height: 50), 0)
      scene.setTitle(late, "LATE")
      command.signal(SIGUSR1)
      try command.waitForError("xregioncap: waiting for the window\n")
      let size = Size(width: 20, height: 10)
      _ = scene.window(in: late, Rect(x: 5, y: 5, width: 20, height: 10), 0x12_3456)
      let result = try command.finish()
      #expect(result.status == 0)
      let picture = Picture(size: size, [(size.bounds, 0x12_3456)])
      #expect(pictures(result.output, size) == [picture])
    }

    @Test("Without --wait an unmapped window is silent until it is mapped, and that is said")
    func unmappedFirst() throws {
      let stage = try Stage()
      stage.scene.unmap(stage.scene.top)
      let command = try stage.start(stage.cropped + ["-n", "2"])
      try command.waitForError("xregioncap: --window: the window is not mapped: ")
      #expect(command.isSilent(for: 0.1))
      stage.scene.map(stage.scene.top)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(pictures(result.output) == [Picture.ofT, Picture.ofT])
    }
  }
}
