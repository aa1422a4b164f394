import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Pause, resume, refresh, lock") struct PauseTests {
    /// T of another colour, as it is seen.
    private func painted(_ colour: UInt32) -> Picture {
      Picture(size: Stage.sizeOfT) { x, y in
        Picture.ofT[x, y] == Scene.t ? colour : Picture.ofT[x, y]
      }
    }

    private func captureT(_ stage: Stage, _ more: [String]) throws -> LiveCapture {
      try LiveCapture(stage, ["--crop-to", hexadecimal(stage.scene.t), "-o", "-"] + more)
    }

    /// Reads frames until one is this picture; how many others there were.
    private func readUntil(_ picture: Picture, _ command: Command) throws -> Int {
      for others in 0..<500
      where Picture(try command.read(Stage.bytesOfT), size: Stage.sizeOfT) == picture {
        return others
      }
      throw Failure("it does not come")
    }

    @Test(
      "F4: paused, no frame though things change; resumed, one of now", arguments: ["cfr", "vfr"])
    func pause(_ timing: String) throws {
      let stage = try Stage()
      let live = try captureT(stage, ["-r", "50", "--timing", timing])
      _ = try live.command.read(Stage.bytesOfT)
      let paused = try live.client.call("pause")
      #expect(paused.ok && paused.seq != nil)
      _ = try live.command.drain(silence: 0.1)
      let seq = try live.state().seq
      #expect(try live.state().status == "paused")
      for colour: UInt32 in [0x11_1111, 0x22_2222, 0x33_3333] {
        stage.scene.paint(stage.scene.t, colour)
        #expect(live.command.isSilent(for: 0.06))
      }
      #expect(try live.client.call("pause").ok, "once more is no error")
      #expect(try live.state().seq == seq)
      #expect(try live.client.call("resume").seq == seq)
      #expect(try live.state().status == "live")
      let first = Picture(try live.command.read(Stage.bytesOfT), size: Stage.sizeOfT)
      #expect(first == painted(0x33_3333), "none of those before")
      if timing == "vfr" { #expect(live.command.isSilent(for: 0.15)) }
      #expect(try live.client.call("resume").ok, "once more is no error, and brings no frame")
      if timing == "vfr" { #expect(live.command.isSilent(for: 0.15)) }
      stage.scene.paint(stage.scene.t, 0x44_4444)
      #expect(try readUntil(painted(0x44_4444), live.command) < 20)
      _ = try live.stop()
    }

    @Test("F4: vfr: refresh brings one frame though nothing changed, also while paused")
    func refresh() throws {
      let stage = try Stage()
      let live = try captureT(stage, ["-r", "50", "--timing", "vfr"])
      _ = try live.command.read(Stage.bytesOfT)
      #expect(live.command.isSilent(for: 0.1))
      for _ in 1...2 {
        #expect(try live.client.call("refresh").ok)
        #expect(Picture(try live.command.read(Stage.bytesOfT), size: Stage.sizeOfT) == .ofT)
        #expect(live.command.isSilent(for: 0.1))
      }
      #expect(try live.client.call("pause").seq == 3)
      stage.scene.paint(stage.scene.t, 0x55_5555)
      #expect(live.command.isSilent(for: 0.1))
      #expect(try live.client.call("refresh").seq == 3)
      let frame = Picture(try live.command.read(Stage.bytesOfT), size: Stage.sizeOfT)
      #expect(frame == painted(0x55_5555))
      #expect(live.command.isSilent(for: 0.1))
      #expect(try live.state().status == "paused")
      #expect(try live.client.call("resume").ok)
      #expect(Picture(try live.command.read(Stage.bytesOfT), size: Stage.sizeOfT) == frame)
      #expect(try live.stop().output == [])
    }

    @Test("F4: cfr: refresh while paused is one frame; while frames flow none more")
    func refreshSteady() throws {
      let stage = try Stage()
      let live = try captureT(stage, ["-r", "20", "-t", "1"])
      var frames = 0
      while !live.command.hasEnded(within: 0), frames < 15 {
        _ = try live.command.read(Stage.bytesOfT)
        frames += 1
        #expect(try live.client.call("refresh").ok)
      }
      let result = try live.command.finish()
      #expect(frames + result.output.count / Stage.bytesOfT == 20)

      let paused = try captureT(stage, ["-r", "50"])
      #expect(try paused.client.call("pause").ok)
      _ = try paused.command.drain(silence: 0.15)
      #expect(try paused.client.call("refresh").ok)
      _ = try paused.command.read(Stage.bytesOfT)
      #expect(paused.command.isSilent(for: 0.15))
      _ = try paused.stop()

      let waiting = try captureT(stage, ["-r", "50", "--start-paused"])
      #expect(try waiting.client.call("refresh").ok)
      #expect(waiting.command.isSilent(for: 0.15), "nothing before the first target or resume")
      #expect(try waiting.client.call("resume").ok)
      _ = try waiting.command.read(Stage.bytesOfT)
      _ = try waiting.stop()
    }

    @Test("F4: nothing to see: refresh waits for it")
    func refreshEmpty() throws {
      let stage = try Stage()
      let live = try captureT(stage, ["-r", "50", "--timing", "vfr"])
      _ = try live.command.read(Stage.bytesOfT)
      #expect(try live.client.call("pause").ok)
      stage.scene.unmap(stage.scene.t)
      #expect(try live.client.call("refresh").ok)
      #expect(live.command.isSilent(for: 0.1))
      stage.scene.map(stage.scene.t)
      _ = try live.command.read(Stage.bytesOfT)
      #expect(live.command.isSilent(for: 0.1))
      _ = try live.stop()
    }

    @Test("A clone that is refreshed gets one frame")
    func refreshClone() throws {
      let stage = try Stage()
      let live = try captureT(stage, ["-r", "50", "--timing", "vfr"])
      let watcher = try live.watcher()
      let number = try live.clone("a")
      _ = try live.command.drain(silence: 0.2)
      let clone = try live.state(clone: number).seq ?? 0
      #expect(try live.client.call("refresh", ["clone": number]).ok)
      try watcher.events { $0.type == "frame" && $0.clone == number && $0.seq == clone }
      _ = try live.command.drain(silence: 0.2)
      #expect(try live.state(clone: number).seq == clone + 1)
      _ = try live.stop()
    }

    @Test("F4: SIGUSR2 and the socket pause and resume the same thing")
    func signal() throws {
      let stage = try Stage()
      let live = try captureT(stage, ["-r", "50"])
      let watcher = try live.watcher()
      let number = try live.clone("a")
      try watcher.frames(2, of: number)
      func waitUntil(_ status: String, clone: Int = 0) throws {
        let end = ContinuousClock.now + .seconds(5)
        while try live.state(clone: clone).status != status {
          guard .now < end else { throw Failure("it is not \(status)") }
        }
      }
      live.command.signal(SIGUSR2)
      try waitUntil("paused")
      try waitUntil("paused", clone: number)
      _ = try live.command.drain(silence: 0.1)
      #expect(try live.client.call("resume").ok)
      _ = try live.command.read(Stage.bytesOfT)
      #expect(try live.state(clone: number).status == "paused", "it was the session's own alone")
      #expect(try live.client.call("pause").ok)
      live.command.signal(SIGUSR2)
      try waitUntil("live")
      try waitUntil("live", clone: number)
      _ = try live.command.read(2 * Stage.bytesOfT)
      _ = try live.stop()
    }

    @Test("--start-paused: no byte before the first crop or resume", arguments: ["crop", "resume"])
    func startPaused(_ how: String) throws {
      let stage = try Stage()
      let live = try LiveCapture(
        stage, ["--start-paused", "-r", "50", "-f", "y4m", "--pix-fmt", "gray", "-o", "-"])
      let state = try live.state()
      #expect(state.status == "paused" && state.seq == 0 && state.size("canvas") == nil)
      stage.scene.paint(stage.scene.top, 0x12_3456)
      #expect(live.command.isSilent(for: 0.15))
      #expect(try live.crop(7).error == "NotAllowedError", "a failure starts nothing")
      #expect(live.command.isSilent(for: 0.1))
      let size = how == "crop" ? "W100 H80" : "W400 H300"
      if how == "crop" {
        #expect(try live.crop(stage.scene.t).firstSeq == 0)
      } else {
        #expect(try live.client.call("resume").ok)
      }
      let header = "YUV4MPEG2 \(size) F50:1 Ip A1:1 Cmono XCOLORRANGE=LIMITED\n"
      #expect(try live.command.read(header.utf8.count) == Array(header.utf8))
      _ = try live.command.read(6 + 8000)
      #expect(try live.state().status == "live")
      _ = try live.stop()
    }

    @Test("--start-paused without a session is resumed by SIGUSR2")
    func startPausedAlone() throws {
      let stage = try Stage()
      let command = try stage.start(stage.cropped + ["--start-paused", "-n", "3"])
      try command.waitUntilSignalsAreRead()
      #expect(command.isSilent(for: 0.3))
      stage.scene.paint(stage.scene.t, 0x66_6666)
      command.signal(SIGUSR2)
      let result = try command.finish()
      #expect(result.status == 0)
      let all = runs(result.output, Stage.sizeOfT)
      #expect(all.map(\.picture) == [painted(0x66_6666)] && all.first?.count == 3)
      let never = try stage.run(stage.cropped + ["--start-paused", "-t", "0.2"])
      #expect(never.status == 21 && never.output == [])
    }

    @Test("Locked, the target stays, and all else goes on; clones are no way around it")
    func lock() throws {
      let stage = try Stage()
      let live = try captureT(stage, ["-r", "50"])
      let watcher = try live.watcher()
      let number = try live.clone("a")
      let other = try live.clone("b")
      #expect(try live.client.call("lock", ["clone": number]).ok)
      #expect(try live.state(clone: number).isLocked == true)
      #expect(try live.state().isLocked == false)
      #expect(try live.crop(stage.scene.sib, clone: other).version == 1)
      #expect(try live.client.call("lock").ok)
      #expect(try live.client.call("lock").ok, "once more is no error")
      for target in [hexadecimal(stage.scene.sib), "", "0x7", hexadecimal(stage.scene.t)] {
        for operation in ["cropTo", "restrictTo"] {
          let answer = try live.client.call(operation, ["target": target])
          #expect(answer.error == "InvalidStateError", "\(operation) \(target)")
          #expect(answer.message?.contains("locked") == true)
        }
      }
      let state = try live.state()
      #expect(state.isLocked == true && state.version == 0 && state.kind == "crop")
      for clone in [number, other] {
        let answer = try live.client.call("cropTo", ["clone": clone])
        #expect(answer.error == "InvalidStateError")
      }
      #expect(try live.client.call("clone", ["output": "/dev/null"]).error == "InvalidStateError")
      for operation in ["pause", "resume", "refresh", "capabilities"] {
        #expect(try live.client.call(operation).ok)
      }
      // The target is followed as before.
      stage.scene.move(stage.scene.t, x: 20, y: 30)
      try watcher.events { $0.rect() == Rect(x: 20, y: 30, width: 100, height: 80) }
      _ = try live.stop()
    }
  }
}
