import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("shot --compare") struct ShotCompareTests {
    private func t(_ stage: Stage, _ more: [String]) -> [String] {
      ["shot", "-w", hexadecimal(stage.scene.top), "--crop-to", hexadecimal(stage.scene.t)] + more
    }

    /// The colours of a PNG file as ImageMagick reads them.
    private func picture(_ path: String, _ size: Size) throws -> Picture {
      let result = try Command.run("/usr/bin/convert-im6", [path, "-depth", "8", "bgra:-"])
      #expect(result.errors == "")
      try #require(result.output.count == size.width * size.height * 4)
      return Picture(result.output, size: size)
    }

    @Test(
      "A picture that is as its reference is 0, and nothing is written",
      arguments: ["rgb24", "rgba", "gray"])
    func same(_ format: String) throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let reference = folder["ref.png"]
      #expect(try stage.run(t(stage, ["-o", reference, "--pix-fmt", format])).status == 0)
      try folder.write("stale".utf8, to: "diff.png")
      let result = try stage.run(
        t(stage, ["--compare", reference, "--diff", folder["diff.png"], "--pix-fmt", format]))
      #expect(result.status == 0)
      #expect(result.errors == "" && result.output.isEmpty)
      #expect(folder.names == ["ref.png"], "what was there before is gone")
    }

    @Test("One that differs is 22, and says what differs; the picture of that shows where")
    func different() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let reference = folder["ref.png"]
      #expect(try stage.run(t(stage, ["-o", reference])).status == 0)
      let part = Rect(x: 3, y: 50, width: 4, height: 5)
      stage.scene.fill(stage.scene.t, part, 0xfe_0000)
      stage.scene.fill(stage.scene.t, Rect(x: 40, y: 3, width: 1, height: 1), 0xff_0203)
      let words =
        "xregioncap: --compare: 21 of 8000 pixels differ from the reference, by up to 3, "
        + "in 38x52+3+3"
      let bare = try stage.run(t(stage, ["--compare", reference]))
      #expect(bare.status == 22)
      #expect(bare.errors == words + "\n")
      let diff = folder["diff.png"]
      let result = try stage.run(
        t(stage, ["--compare", reference, "--diff", diff, "-o", folder["now.ppm"]]))
      #expect(result.status == 22)
      #expect(result.errors == words + ": see '\(diff)'\n")
      #expect(folder.names == ["diff.png", "now.ppm", "ref.png"])
      let shown = try picture(diff, Stage.sizeOfT)
      for y in 0..<80 {
        for x in 0..<100 {
          let differs = part.contains(Rect(x: x, y: y, width: 1, height: 1)) || (x, y) == (40, 3)
          let isRed = shown[x, y] == 0xff_0000
          if isRed != differs { Issue.record("\(x), \(y)") }
        }
      }
      #expect(try picture(folder["now.ppm"], Stage.sizeOfT)[40, 3] == 0xff_0203)

      for (tolerance, status) in [(0, 22), (1, 22), (2, 22), (3, 0), (255, 0)] as [(Int, Int32)] {
        let tolerant = try stage.run(
          t(stage, ["--compare", reference, "--tolerance", "\(tolerance)", "--diff", diff]))
        #expect(tolerant.status == status, "\(tolerance)")
        #expect(folder.names.contains("diff.png") == (status == 22), "\(tolerance)")
        if tolerance == 1 { #expect(tolerant.errors.contains(": 1 of 8000 pixels differs from ")) }
      }
    }

    @Test("A picture of another size differs, unless it is asked for in the reference's")
    func size() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let reference = folder["ref.png"]
      #expect(try stage.run(t(stage, ["-o", reference, "--size", "90x90"])).status == 0)
      let result = try stage.run(
        t(stage, ["--compare", reference, "--diff", folder["diff.png"]]))
      #expect(result.status == 22)
      #expect(
        result.errors == "xregioncap: --compare: size 100x80 differs from the reference 90x90"
          + ": see '\(folder["diff.png"])'\n")
      #expect(try picture(folder["diff.png"], Size(width: 100, height: 90))[99, 89] == 0xff_0000)
      let same = try stage.run(t(stage, ["--compare", reference, "--size", "90x90"]))
      #expect(same.status == 0)
    }

    @Test("The picture goes to standard output as ever, also where it differs")
    func output() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      #expect(try stage.run(t(stage, ["-o", folder["ref.png"]])).status == 0)
      let arguments = t(stage, ["--compare", folder["ref.png"], "-o", "-", "-f", "ppm"])
      let same = try stage.run(arguments)
      #expect(same.status == 0)
      stage.scene.unmap(stage.scene.sib)
      let other = try stage.run(arguments)
      #expect(other.status == 22)
      #expect(same.output.count == other.output.count && same.output != other.output)
    }

    @Test("The picture is written first: it is there though what differs cannot be shown")
    func diffFails() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      #expect(try stage.run(t(stage, ["-o", folder["ref.png"]])).status == 0)
      stage.scene.unmap(stage.scene.sib)
      let result = try stage.run(
        t(
          stage,
          ["--compare", folder["ref.png"], "--diff", "/dev/full", "-o", folder["now.ppm"]]))
      #expect(result.status == 15)
      #expect(result.errors.hasPrefix("xregioncap: /dev/full: "))
      #expect(folder.names == ["now.ppm", "ref.png"])
    }

    @Test("What cannot be compared is said before anything is waited for")
    func refused() throws {
      let folder = try TemporaryFolder()
      try folder.write("no picture".utf8, to: "x.png")
      try folder.write("stale".utf8, to: "z.png")
      let reference = folder["x.png"]
      for (more, status, word) in [
        (["--compare", folder["none.png"]], 11, "--compare: there is no '"),
        (["--compare", reference], 2, "--compare: '\(reference)' is no PNG file: "),
        (["--compare", reference, "--tolerance", "256"], 2, "--tolerance: 256 is not one of 0"),
        (["--compare", reference, "--tolerance", "-1"], 2, "--tolerance: -1 is not one of 0"),
        (["-o", reference, "--tolerance", "1"], 2, "--tolerance: there is nothing to compare"),
        (["-o", reference, "--diff", "y.png"], 2, "--diff: there is nothing to compare with"),
        (["--compare", reference, "--diff", "-"], 2, "--diff: it goes to a file of its own"),
        (["--compare", reference, "--diff", reference], 2, "is the file of --compare, too"),
        (["--compare", reference, "-o", reference], 2, "is the file of --compare, too"),
        (
          ["--compare", reference, "-o", folder["y.png"], "--diff", folder["y.png"]], 2,
          "is the file of --diff, too"
        ),
        (
          ["-o", "y.png", "--wait", "2", "--when-still", "2"], 2, "--when-still: the picture cannot"
        ),
        (["-o", "y.png", "--when-still", "-1"], 2, "--when-still: -1.0 is no time"),
        (["--compare", reference, "--diff", folder["no/y.png"]], 15, "cannot write: "),
        (["--compare", folder["none.png"], "--diff", reference], 11, "--compare: there is no '"),
        (["--compare", reference, "--diff", folder["z.png"]], 2, "' is no PNG file: "),
      ] as [([String], Int32, String)] {
        let row = Refusal(["shot", "--display", ":9999"] + more, status, word)
        row.check(try Command.run(Command.xregioncap, row.arguments))
      }
      #expect(folder.names == ["x.png", "z.png"])
    }
  }

  @Suite("shot --when-still") struct WhenStillTests {
    private func t(_ stage: Stage, _ more: [String]) -> [String] {
      ["shot", "-w", hexadecimal(stage.scene.top), "--crop-to", hexadecimal(stage.scene.t)] + more
    }

    @Test("It is taken when it has not changed for so long", arguments: [[], ["--no-damage"]])
    func still(_ more: [String]) throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let command = try stage.start(
        t(stage, ["--when-still", "0.5", "-f", "ppm", "-o", folder["x"]] + more))
      try command.waitUntilSignalsAreRead()
      command.signal(SIGUSR1)
      try command.waitForError("waiting for a picture that is still\n")
      let pixel = Rect(x: 0, y: 0, width: 1, height: 1)
      var colour: UInt = 0
      let start = ContinuousClock.now
      while .now < start + .seconds(1.2) {
        colour += 1
        stage.scene.fill(stage.scene.t, pixel, colour)
      }
      #expect(folder.names == [])
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.seconds > 0.4 && result.seconds < 10)
      let bytes = try folder.read("x").dropFirst("P6\n100 80\n255\n".utf8.count).prefix(3)
      #expect(bytes.reduce(0) { $0 << 8 | UInt($1) } == colour)
    }

    @Test("What is drawn again as it was is still")
    func drawn() throws {
      let stage = try Stage()
      let command = try stage.start(
        t(stage, ["--when-still", "0.5", "-o", "/dev/null", "-f", "png"]))
      let end = ContinuousClock.now + .seconds(10)
      while .now < end, !command.hasEnded(within: 0) {
        stage.scene.paint(stage.scene.t, Scene.t)
      }
      #expect(try command.finish().status == 0)
    }

    @Test("--wait is the bound of it, and a signal")
    func bound() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let command = try stage.start(
        t(stage, ["--when-still", "0.6", "--wait", "1", "-o", folder["x.png"]]))
      let pixel = Rect(x: 0, y: 0, width: 1, height: 1)
      var colour: UInt = 0
      let end = ContinuousClock.now + .seconds(10)
      while .now < end, !command.hasEnded(within: 0) {
        colour += 1
        stage.scene.fill(stage.scene.t, pixel, colour)
      }
      let result = try command.finish()
      #expect(result.status == 21)
      #expect(
        result.errors == "xregioncap: no frame was written: the picture was not still for as long "
          + "as --when-still says\n")

      let stopped = try stage.start(t(stage, ["--when-still", "60", "-o", folder["x.png"]]))
      try stopped.waitUntilSignalsAreRead()
      stopped.signal(SIGUSR1)
      try stopped.waitForError("waiting for a picture that is still\n")
      stopped.signal(SIGTERM)
      let stop = try stopped.finish()
      #expect(stop.status == 21 && stop.seconds < 1.5)
      #expect(folder.names == [])
    }

    @Test("With --compare, what is still is compared")
    func compared() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      #expect(try stage.run(t(stage, ["-o", folder["ref.png"]])).status == 0)
      let arguments = t(stage, ["--when-still", "0.3", "--compare", folder["ref.png"]])
      #expect(try stage.run(arguments).status == 0)
      stage.scene.unmap(stage.scene.sib)
      #expect(try stage.run(arguments).status == 22)
    }
  }
}
