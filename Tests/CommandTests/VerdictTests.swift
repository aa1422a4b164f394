import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Verdicts on a stream") struct VerdictTests {
    /// Captures SIB, which is of one colour.
    private func sib(_ stage: Stage, _ more: [String]) -> [String] {
      stage.top + ["--crop-to", hexadecimal(stage.scene.sib), "-r", "50"] + more
    }

    /// The only line that is said.
    private func said(_ result: Command.Result) -> String {
      #expect(result.errors.lines.count == 1)
      return String(result.errors.lines.first ?? "")
    }

    @Test("A blank window is 22 behind a whole stream; one with a picture is 0")
    func blank() throws {
      let stage = try Stage()
      let result = try stage.run(sib(stage, ["-n", "9", "--fail-if-blank"]))
      #expect(result.status == 22)
      #expect(
        said(result) == "xregioncap: --fail-if-blank: all 9 frames were of one colour (#0000ff)")
      #expect(pictures(result.output) == Array(repeating: .ofSib, count: 9))
      for more in [[], ["--no-damage"], ["--timing", "vfr", "-t", "0.3"]] {
        let blank = try stage.run(sib(stage, ["--fail-if-blank", "-n", "3", "-t", "1"] + more))
        #expect(blank.status == 22, "\(more)")
        let shown = try stage.run(stage.cropped + ["--fail-if-blank", "-n", "3", "-t", "1"] + more)
        #expect(shown.status == 0 && shown.errors == "", "\(more)")
      }
    }

    @Test("It is the target that is blank, not the canvas, the alpha or what stands for nothing")
    func source() throws {
      let stage = try Stage()
      for more in [
        ["--size", "200x200"], ["--size", "10x10"], ["-f", "pam", "--pix-fmt", "rgba"],
        ["-f", "y4m"],
      ] {
        let result = try stage.run(sib(stage, ["-n", "3", "--fail-if-blank"] + more))
        #expect(result.status == 22, "\(more)")
      }
    }

    @Test("A window that is painted in one other colour after the other is blank")
    func colours() throws {
      let stage = try Stage()
      let command = try stage.start(sib(stage, ["--fail-if-blank"]))
      _ = try command.read(2 * Stage.bytesOfT)
      stage.scene.paint(stage.scene.sib, 0x11_2233)
      while pictures(try command.read(Stage.bytesOfT))[0].colours != [0x11_2233] {}
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 22)
      #expect(said(result).hasSuffix(" frames were of one colour each (#0000ff the first)"))
    }

    @Test(
      "One frame that is not blank is enough, and one that is another", arguments: [true, false])
    func once(_ usesDamage: Bool) throws {
      let stage = try Stage()
      let command = try stage.start(
        sib(stage, ["--fail-if-blank", "--fail-if-still"] + (usesDamage ? [] : ["--no-damage"])))
      _ = try command.read(2 * Stage.bytesOfT)
      stage.scene.fill(stage.scene.sib, Rect(x: 99, y: 79, width: 1, height: 1), 0xff)
      stage.scene.fill(stage.scene.sib, Rect(x: 99, y: 79, width: 1, height: 1), 0x01)
      while pictures(try command.read(Stage.bytesOfT))[0][99, 79] != 1 {}
      stage.scene.paint(stage.scene.sib, Scene.sib)
      while pictures(try command.read(Stage.bytesOfT))[0] != .ofSib {}
      command.signal(SIGTERM)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.errors == "")
    }

    @Test("A still window is 22, whatever is drawn on it again as it was; one that draws is 0")
    func still() throws {
      let stage = try Stage()
      for more in [[], ["--no-damage"], ["--timing", "vfr"], ["-f", "y4m"]] {
        let result = try stage.run(stage.cropped + ["-t", "0.3", "--fail-if-still"] + more)
        #expect(result.status == 22, "\(more)")
        #expect(
          said(result).hasSuffix(
            more.contains("vfr") ? ": there is one frame alone" : " frames showed the same picture")
        )
      }
      let command = try stage.start(sib(stage, ["--fail-if-still"]))
      _ = try command.read(2 * Stage.bytesOfT)
      for _ in 0..<5 {
        stage.scene.paint(stage.scene.sib, Scene.sib)
        _ = try command.read(2 * Stage.bytesOfT)
      }
      command.signal(SIGINT)
      #expect(try command.finish().status == 22)
    }

    @Test("A time of nothing changes nothing of it, and black frames are another picture")
    func muted() throws {
      for (policy, status) in [("silent", 22), ("hold", 22), ("black", 0)] as [(String, Int32)] {
        let stage = try Stage()
        let command = try stage.start(
          stage.cropped + ["-r", "50", "--fail-if-still", "--on-empty", policy, "--verbose"])
        _ = try command.read(2 * Stage.bytesOfT)
        stage.scene.unmap(stage.scene.t)
        try command.waitForError("mute: empty\n")
        if policy == "black" {
          while pictures(try command.read(Stage.bytesOfT))[0].colours != [0] {}
        }
        stage.scene.map(stage.scene.t)
        if policy == "black" {
          while pictures(try command.read(Stage.bytesOfT))[0] != .ofT {}
        } else {
          try command.waitForError("unmute\n")
        }
        command.signal(SIGINT)
        #expect(try command.finish().status == status, "\(policy)")
      }
    }

    @Test("Another error goes first: no frame at all, and an output that cannot be written")
    func others() throws {
      let stage = try Stage()
      stage.scene.unmap(stage.scene.t)
      let none = Refusal(
        stage.cropped + ["-t", "0.2", "--fail-if-blank", "--fail-if-still"], 21,
        "no frame was written")
      none.check(try stage.run(none.arguments))
      let full = Refusal(
        sib(stage, ["-n", "9", "--fail-if-blank", "-o", "/dev/full"]), 15, "cannot write")
      full.check(try stage.run(full.arguments))
    }

    @Test("The verdict is on the session's own stream, not on others beside it")
    func also() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let sib = "crop-to=\(hexadecimal(stage.scene.sib)),format=raw,output=" + folder["sib"]
      let shown = try stage.run(
        stage.cropped + ["-n", "3", "--fail-if-blank", "--also", sib])
      #expect(shown.status == 0)
      let t = "crop-to=\(hexadecimal(stage.scene.t)),format=raw,output=" + folder["t"]
      let blank = try stage.run(self.sib(stage, ["-n", "3", "--fail-if-blank", "--also", t]))
      #expect(blank.status == 22)
    }
  }

  @Suite("--until-still") struct UntilStillTests {
    private func arguments(_ stage: Stage, _ more: [String]) -> [String] {
      stage.cropped + ["-r", "50", "--verbose"] + more
    }

    @Test(
      "A window that does not change ends the stream, with status 0",
      arguments: [
        [], ["--no-damage"], ["--timing", "vfr"], ["--timing", "vfr", "--no-damage"],
        ["-r", "max"], ["-r", "max", "--no-damage"], ["-r", "2"], ["--on-empty", "hold"],
      ])
    func still(_ more: [String]) throws {
      let stage = try Stage()
      let result = try stage.run(
        arguments(stage, ["-t", "20", "--until-still", "0.4"] + more))
      #expect(result.status == 0)
      #expect(result.errors.hasSuffix("ended: the picture was still\n"))
      #expect(result.seconds >= 0.4 && result.seconds < 10)
      let all = runs(result.output, Stage.sizeOfT)
      #expect(all.map(\.picture) == [.ofT])
      if more.contains("vfr") { #expect(all[0].count == 1) }
    }

    @Test(
      "While it changes it goes on; what is drawn again as it was is no change",
      arguments: [
        [], ["--no-damage"], ["--timing", "vfr"], ["--timing", "vfr", "--no-damage"],
      ])
    func changes(_ more: [String]) throws {
      let stage = try Stage()
      let command = try stage.start(arguments(stage, ["--until-still", "0.5"] + more))
      let start = ContinuousClock.now
      _ = try command.read(Stage.bytesOfT)
      let pixel = Rect(x: 2, y: 2, width: 1, height: 1)
      var colour: UInt = 1
      while .now < start + .seconds(1.2) {
        colour += 1
        stage.scene.fill(stage.scene.t, pixel, colour)
        // No change is further from the next than that is on its way.
        while pictures(try command.read(Stage.bytesOfT))[0][2, 2] != UInt32(colour) {}
      }
      #expect(!command.hasEnded(within: 0))
      // Drawn on without rest, and always the same.
      let end = ContinuousClock.now + .seconds(10)
      while .now < end, !command.hasEnded(within: 0.01) {
        stage.scene.fill(stage.scene.t, pixel, colour)
        _ = try command.drain(silence: 0)
      }
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.errors.hasSuffix("ended: the picture was still\n"))
    }

    @Test("That it is never still is no failure: -t is the bound")
    func bound() throws {
      let stage = try Stage()
      let result = try stage.run(arguments(stage, ["-t", "0.5", "--until-still", "5"]))
      #expect(result.status == 0)
      #expect(result.errors.hasSuffix("ended: complete\n"))
    }

    @Test("A time of nothing, and one in which frames are held back, do not count")
    func muted() throws {
      for policy in ["silent", "hold", "black"] {
        let stage = try Stage()
        let command = try stage.start(
          arguments(stage, ["--until-still", "0.8", "--on-empty", policy]))
        _ = try command.read(Stage.bytesOfT)
        stage.scene.unmap(stage.scene.t)
        try command.waitForError("mute: empty\n")
        if policy == "silent" { _ = try command.drain(silence: 0.1) }
        let start = ContinuousClock.now
        while .now < start + .seconds(1) {
          if policy == "silent" { sched_yield() } else { _ = try command.read(Stage.bytesOfT) }
        }
        #expect(!command.hasEnded(within: 0), "\(policy)")
        stage.scene.map(stage.scene.t)
        let result = try command.finish()
        #expect(result.status == 0)
        #expect(result.seconds > 0.7)
        #expect(result.errors.hasSuffix("ended: the picture was still\n"))
      }
    }

    @Test("It may be held back, and be looked at meanwhile")
    func paused() throws {
      let stage = try Stage()
      let live = try LiveCapture(
        stage, ["--crop-to", hexadecimal(stage.scene.t), "--until-still", "0.5", "-r", "50"])
      let watcher = try live.watcher()
      #expect(try live.client.call("pause").ok)
      #expect(try live.client.call("refresh").ok)
      try watcher.frames(1)
      #expect(!live.command.hasEnded(within: 0.8))
      #expect(try live.client.call("resume").ok)
      #expect(try live.command.finish().status == 0)
    }

    @Test("With another target the time begins anew")
    func target() throws {
      let stage = try Stage()
      let live = try LiveCapture(stage, ["--until-still", "0.8", "-r", "50"])
      let watcher = try live.watcher()
      let start = ContinuousClock.now
      while .now < start + .seconds(1.2) {
        for window in [stage.scene.sib, stage.scene.t] {
          #expect(try live.crop(window).ok)
          try watcher.frames(5)
        }
      }
      #expect(try live.command.finish().status == 0)
    }

    @Test("With verdicts: what never changed has failed when it ends")
    func verdict() throws {
      let stage = try Stage()
      let result = try stage.run(
        stage.cropped + ["-r", "50", "--until-still", "0.2", "--fail-if-still"])
      #expect(result.status == 22)
    }
  }
}
