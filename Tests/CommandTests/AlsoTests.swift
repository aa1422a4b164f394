import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Several streams from the same grabs") struct AlsoTests {
    @Test(
      "One grab serves all: frames of one time show one moment",
      arguments: [[], ["--no-damage"]])
    func moment(_ options: [String]) throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let command = try stage.start(
        stage.cropped + options + [
          "-r", "250", "-n", "250", "-o", folder["main"], "--frame-log", folder["main.log"],
          "--also",
          "crop-to=\(stage.scene.sib),format=raw,output=\(folder["also"]),"
            + "frame-log=\(folder["also.log"])",
        ])
      var colour: UInt32 = 0x10_1010
      while !command.hasEnded(within: 0) {
        colour += 1
        stage.scene.atOnce {
          stage.scene.paint(stage.scene.t, colour)
          stage.scene.paint(stage.scene.sib, colour)
        }
      }
      #expect(try command.finish().status == 0)
      /// The colour of each frame that is no repeat, by its time.
      func colours(_ name: String, x: Int, y: Int) throws -> [Int: UInt32] {
        let frames = try logLines(try folder.read(name + ".log")).filter { $0.type == "frame" }
        let bytes = try folder.read(name)
        #expect(bytes.count == 250 * Stage.bytesOfT && frames.count == 250)
        var colours: [Int: UInt32] = [:]
        for (number, frame) in frames.enumerated() where frame.isRepeat == false {
          let at = number * Stage.bytesOfT + (y * 100 + x) * 4
          guard let time = frame.time else { throw Failure("no time: \(frame.text)") }
          colours[time] =
            UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8
            | UInt32(bytes[at + 2]) << 16
        }
        return colours
      }
      let main = try colours("main", x: 40, y: 5)
      let also = try colours("also", x: 90, y: 70)
      let times = Set(main.keys).intersection(also.keys)
      #expect(times.count > 100, "\(main.count), \(also.count)")
      #expect(Set(main.values).count > 20)
      let torn = times.filter { main[$0] != also[$0] }
      #expect(torn.isEmpty)
    }

    @Test("-n is the number of frames of each; each has its target, size and format")
    func each() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let result = try stage.run(
        stage.cropped + [
          "-n", "4", "--also", "output=\(folder["a.pam"]),crop-to=10,20 30x40",
          "--also", "output=\(folder["b.raw"])",
          "--also", "crop-to=child:3,size=20x16,output=\(folder["c.y4m"]),frame-params",
        ])
      #expect(result.status == 0 && result.errors == "")
      #expect(runs(result.output, Stage.sizeOfT).map(\.picture) == [.ofT])
      #expect(result.output.count == 4 * Stage.bytesOfT)
      let a = try pamPictures(try folder.read("a.pam"))
      let size = Size(width: 30, height: 40)
      let grey = Picture(size: size, [(size.bounds, Scene.top)])
      #expect(a == [grey, grey, grey, grey])
      let b = runs(try folder.read("b.raw"), Stage.sizeOfTop)
      #expect(b.map(\.picture) == [.ofTop] && b.map(\.count) == [4])
      let c = try folder.read("c.y4m")
      #expect(String(decoding: c.prefix { $0 != 10 }, as: UTF8.self).contains(" W20 H16 "))
      #expect(String(decoding: c, as: UTF8.self).count(of: "FRAME XSEQ=") == 4)
    }

    @Test("A stream onto a full disk ends alone, the others go on")
    func fullDisk() throws {
      let stage = try Stage()
      let result = try stage.run(
        stage.cropped + ["-n", "4", "--also", "output=/dev/full,format=raw"])
      #expect(result.status == 0)
      #expect(
        result.errors
          == "xregioncap: stream 1: /dev/full: cannot write: No space left on device\n")
      #expect(result.output.count == 4 * Stage.bytesOfT)
    }

    @Test("A stream that cannot be opened, or a target that is none, is refused at the start")
    func refused() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let other = hexadecimal(stage.scene.other)
      let refusals = [
        Refusal(["--also", "output=/nowhere/x"], 15, "/nowhere/x: cannot write"),
        Refusal(["--also", "output=\(folder["x"]),crop-to=0x7"], 5, "--also: it is no target"),
        Refusal(
          ["--also", "output=\(folder["x"]),crop-to=\(other)"], 5, "--also: it is no target"),
        Refusal(["--also", "output=\(folder["x"]),frame-log=fd:9"], 2, "no such descriptor"),
        Refusal(
          ["-o", folder["x"], "--also", "output=\(folder["./x"])"], 2, "can take one stream"),
        Refusal(["-o", folder["x"], "--frame-log", folder["./x"]], 2, "can take one stream"),
        Refusal(
          ["--also", "output=\(folder["x"])", "--also", "output=\(folder["./x"])"], 2,
          "can take one stream"),
      ]
      for refusal in refusals {
        refusal.check(try stage.run(stage.cropped + ["-n", "1"] + refusal.arguments))
        #expect(folder.names == [])
      }
    }

    @Test(
      "Before anything is asked of X",
      arguments: [
        Refusal(["--also", "output=/x,size"], 2, "--also: "),
        Refusal(["-o", "/x", "--also", "output=/x"], 2, "'/x' can take one stream or log"),
        Refusal(["-o", "/x", "--also", "output=//x"], 2, "'//x' can take one stream or log"),
        Refusal(["-o", "/etc/x", "--also", "output=/usr/../etc/x"], 2, "can take one stream"),
        Refusal(["--also", "output=/x", "--also", "output=/x"], 2, "'/x' can take one stream"),
        Refusal(["--frame-log", "/x", "--also", "output=/x"], 2, "'/x' can take one stream"),
        Refusal(["-o", "/x", "--frame-log", "/x"], 2, "'/x' can take one stream or log"),
        Refusal(["--also", "output=-"], 2, "output=FILE is missing"),
        Refusal(["--frame-log", "fd:1"], 2, "standard output can take one stream or log"),
        Refusal(["--also", "output=/x,frame-log=fd:1"], 2, "standard output can take one"),
        Refusal(["--frame-log", ""], 2, "--frame-log"),
        Refusal(["--frame-log", "fd:9"], 2, "--frame-log: 'fd:9': no such descriptor is open"),
        Refusal(["-f", "raw", "--frame-params"], 2, "--frame-params"),
        Refusal(["-f", "raw", "--on-resize", "native"], 2, "--on-resize native: raw frames say"),
      ])
    func refusedBeforeX(_ refusal: Refusal) throws {
      refusal.check(
        try Command.run(Command.xregioncap, refusal.arguments, display: ":9999"))
      #expect(access("/x", F_OK) != 0)
    }

    @Test("A frame that is half written stays as it was when others grab on")
    func halfWritten() throws {
      let stage = try Stage()
      let live = try LiveCapture(stage, ["-r", "50", "-o", "-"])
      // Nobody reads: the pipe holds two frames and a part of the third.
      let watcher = try live.watcher()
      var seq = -1
      while let now = try live.state().seq, now != seq {
        seq = now
        #expect(!live.command.hasEnded(within: 0.1))
      }
      let number = try live.clone("a")
      try watcher.frames(2, of: number)
      stage.scene.paint(stage.scene.top, 0x12_3456)
      try watcher.frames(10, of: number)
      #expect(try live.state().seq == seq)
      let first = try live.command.read((seq + 1) * 400 * 300 * 4)
      let begun = runs(first, Stage.sizeOfTop)
      #expect(begun.first?.picture == .ofTop)
      // What comes after it was written was grabbed before or after the change, never both.
      _ = try live.command.read(3 * 400 * 300 * 4)
      #expect(try live.client.call("stop").ok)
      let result = try live.command.finish()
      let painted = Picture(size: Stage.sizeOfTop) { x, y in
        let colour = Picture.ofTop[x, y]
        return colour == Scene.top ? 0x12_3456 : colour
      }
      #expect(begun.count == 1)
      let rest = runs(result.output, Stage.sizeOfTop).map(\.picture)
      #expect(rest.allSatisfy { $0 == .ofTop || $0 == painted } && rest.count <= 2)
      let also = runs(try live.folder.read("a"), Stage.sizeOfTop)
      #expect(also.map(\.picture) == [.ofTop, painted])
    }
  }
}
