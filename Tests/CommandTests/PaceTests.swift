import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("When frames come, and for how long") struct PaceTests {
    @Test("-n stops after so many frames", arguments: [1, 2, 37])
    func frames(_ count: Int) throws {
      let stage = try Stage()
      let result = try stage.run(stage.cropped + ["-n", "\(count)", "-r", "max"])
      #expect(result.status == 0)
      #expect(result.output.count == count * Stage.bytesOfT)
    }

    @Test(
      "A7: cfr writes one frame a period: neither more nor fewer, in as much time",
      arguments: [("20", "1", 20), ("50", "2", 100), ("30000/1001", "1", 30), ("7", "0.5", 4)])
    func duration(_ rate: String, _ seconds: String, _ count: Int) throws {
      let stage = try Stage()
      let result = try stage.run(stage.cropped + ["-t", seconds, "-r", rate])
      #expect(result.status == 0)
      #expect(result.output.count == count * Stage.bytesOfT)
      // It may be late where the machine is busy, but never early.
      let asked = try #require(Double(seconds))
      #expect(result.seconds > asked - 0.1 && result.seconds < asked + 3)
    }

    @Test("The shorter of -n and -t counts")
    func both() throws {
      let stage = try Stage()
      let few = try stage.run(stage.cropped + ["-n", "3", "-t", "100"])
      #expect(few.output.count == 3 * Stage.bytesOfT)
      let short = try stage.run(stage.cropped + ["-n", "1000", "-t", "0.5", "-r", "10"])
      #expect(short.output.count == 5 * Stage.bytesOfT)
    }

    @Test("--delay comes before the first frame, and is not part of the duration")
    func delay() throws {
      let stage = try Stage()
      let command = try stage.start(stage.cropped + ["--delay", "0.6", "-t", "0.5", "-r", "20"])
      try command.waitUntilSignalsAreRead()
      // What is captured is what is there after the delay.
      stage.scene.unmap(stage.scene.sib)
      let result = try command.finish()
      #expect(result.status == 0)
      let all = pictures(result.output)
      #expect(all.count == 10)
      #expect(all.allSatisfy { !$0.colours.contains(Scene.sib) })
      #expect(result.seconds > 0.8 && result.seconds < 5)
    }

    @Test("vfr writes a frame for each change, and no other")
    func changes() throws {
      let stage = try Stage()
      let command = try stage.start(stage.cropped + ["--timing", "vfr", "-r", "100"])
      #expect(pictures(try command.read(Stage.bytesOfT)) == [Picture.ofT])
      #expect(command.isSilent(for: 0.3))
      stage.scene.unmap(stage.scene.sib)
      let bare = try #require(pictures(try command.read(Stage.bytesOfT)).first)
      #expect(bare.colours == [Scene.t, Scene.tc])
      #expect(command.isSilent(for: 0.3))
      stage.scene.map(stage.scene.sib)
      #expect(pictures(try command.read(Stage.bytesOfT)) == [Picture.ofT])
      // What moves without a change of its picture is the same frame.
      stage.scene.move(stage.scene.top, x: 110, y: 110)
      #expect(command.isSilent(for: 0.3))
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.output.isEmpty)
    }

    @Test("vfr of a still target ends after its duration, with one frame")
    func stillDuration() throws {
      let stage = try Stage()
      let result = try stage.run(stage.cropped + ["--timing", "vfr", "-r", "100", "-t", "0.5"])
      #expect(result.status == 0)
      #expect(pictures(result.output) == [Picture.ofT])
    }

    @Test("A reader that stalls gets the frames that it missed, as repeats")
    func stall() throws {
      let stage = try Stage()
      // Two frames of TOP are in the pipe when it is full.
      let command = try stage.start(stage.top + ["-r", "20", "-t", "2"])
      let size = 400 * 300 * 4
      let first = try command.read(size)
      // It is the reader that sleeps here: nothing is waited for.
      usleep(1_000_000)
      let some = try command.read(10 * size)
      command.signal(SIGUSR1)
      try command.waitForError(" repeats")
      let result = try command.finish()
      #expect(result.status == 0)
      let all = pictures(first + some + result.output, Stage.sizeOfTop)
      #expect(all.count == 40)
      #expect(all.allSatisfy { $0 == Picture.ofTop })
      let words = result.errors.split(separator: " ")
      let word = try #require(words.firstIndex { $0.hasPrefix("repeats") })
      let repeats = try #require(Int(words[word - 1]))
      #expect(repeats >= 5 && repeats <= 39)
    }

    @Test("A reader that is too slow does not make the capture much longer")
    func slowReader() throws {
      let stage = try Stage()
      let command = try stage.start(stage.top + ["-r", "1000", "-t", "0.5"])
      var bytes = 0
      while true {
        let more = try? command.read(4 * 400 * 300)
        guard let more, bytes < 2_000_000_000 else { break }
        bytes += more.count
        // Some 100 frames a second.
        usleep(10_000)
      }
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(bytes % (4 * 400 * 300) == 0 && result.output.isEmpty)
      #expect(bytes / (4 * 400 * 300) < 500)
    }
  }
}
