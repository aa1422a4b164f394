import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Frames into a pipe") struct SpliceTests {
    @Test(
      "Whoever reads, and hands on by splice, gets the bytes of the plain path",
      arguments: ["-f raw", "-f y4m", "-f raw --pix-fmt rgb24", "-f pam --size 500x400"],
      ["cat", "pv -q", "pv -q -B 4096", "pv -q | pv -q", "cat | tail -c +1"])
    func readers(_ frames: String, _ reader: String) throws {
      let stage = try Stage()
      func digest(_ option: String) throws -> String {
        let result = try stage.shell(
          "$XREGIONCAP -w $TOP \(frames) -r max -n 100 \(option) | \(reader) | sha256sum")
        #expect(result.errors == "")
        return String(decoding: result.output, as: UTF8.self)
      }
      let plain = try digest("--no-splice")
      #expect(plain.count == 68)
      #expect(try digest("") == plain)
    }

    @Test("--verbose says which way the first frame went, and why")
    func path() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      for (arguments, path) in [
        (stage.top, "vmsplice"), (stage.cropped, "write: they are small"),
        (stage.top + ["--no-splice"], "write: --no-splice was given"),
        (stage.top + ["-o", folder["x.raw"]], "write: the output is no pipe"),
      ] {
        let result = try stage.run(arguments + ["-n", "2", "--verbose"])
        #expect(
          result.errors.lines == [
            "xregioncap: pixels by shared memory (MIT-SHM)", "xregioncap: frames by \(path)",
            "xregioncap: ended: complete",
          ])
      }
    }

    @Test(
      "Where vmsplice fails, now or later, frames are written, and that is why",
      arguments: [0, 1, 3, 50])
    func refused(_ splices: Int) throws {
      let stage = try Stage()
      let folder = try Fixture.build("pipes")
      let command = try stage.start(
        stage.top + ["-r", "max", "-n", "40", "--verbose"],
        environment: ["LD_PRELOAD": folder["count.so"], "PIPES_SPLICES": "\(splices)"])
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(
        pictures(result.output, Stage.sizeOfTop) == Array(repeating: Picture.ofTop, count: 40))
      let reason = "xregioncap: frames by write: vmsplice: Function not implemented"
      #expect(splices > 0 || result.errors.lines.contains { $0 == reason })
      let doctor = try Command.run(
        Command.xregioncap, ["doctor"], display: stage.display,
        environment: ["LD_PRELOAD": folder["count.so"], "PIPES_SPLICES": "0"])
      #expect(String(decoding: doctor.output, as: UTF8.self).contains("vmsplice: Function not"))
    }

    /// How a run of so many frames wrote to its pipe.
    private func counts(_ arguments: [String], frames: Int) throws -> Counts {
      let stage = try Stage()
      let folder = try Fixture.build("pipes")
      let command = try stage.start(
        stage.top + arguments + ["-r", "max", "-n", "\(frames)"],
        environment: ["LD_PRELOAD": folder["count.so"], "PIPES": folder["count"]])
      let result = try command.finish()
      #expect(result.status == 0)
      let numbers = try Fixture.numbers(folder)
      guard numbers.count == 5 else { throw Failure("nothing was counted: \(result.errors)") }
      #expect(numbers[0] + numbers[1] == result.output.count)
      return Counts(
        spliced: numbers[0], written: numbers[1], calls: numbers[2], vainCalls: numbers[3],
        looks: numbers[4])
    }

    private struct Counts {
      let spliced: Int
      let written: Int
      let calls: Int
      let vainCalls: Int
      let looks: Int
    }

    @Test("No byte of a large frame is copied into the pipe, and its header alone is written")
    func notCopied() throws {
      let frames = 200
      let raw = try counts([], frames: frames)
      #expect(raw.written == 0)
      #expect(raw.spliced == frames * 400 * 300 * 4)
      #expect(raw.looks == frames, "the pipe is looked at once a frame")
      let y4m = try counts(["-f", "y4m"], frames: frames)
      let header = "YUV4MPEG2 W400 H300 F0:0 Ip A1:1 C420jpeg XCOLORRANGE=LIMITED\n"
      #expect(y4m.written == header.utf8.count + frames * "FRAME\n".utf8.count)
      #expect(y4m.spliced == frames * 400 * 300 * 3 / 2)
      #expect(y4m.looks == frames)
    }

    @Test("While there is room, a frame takes one call, and one for its header; and one look")
    func calls() throws {
      // Frames that fit into the pipe: no reader has to be waited for.
      let raw = try counts([], frames: 2)
      #expect(raw.calls == 2)
      #expect(raw.vainCalls == 0)
      #expect(raw.looks == 2)
      let y4m = try counts(["-f", "y4m"], frames: 5)
      #expect(y4m.calls == 2 * 5)
      #expect(y4m.vainCalls == 0)
      #expect(y4m.looks == 5)
      let plain = try counts(["-f", "y4m", "--no-splice"], frames: 5)
      #expect(plain.calls == 5)
      #expect(plain.vainCalls == 0)
      #expect(plain.looks == 0)
    }

    @Test(
      "Small frames, and others where that is wanted, are written, and nobody looks at the pipe")
    func written() throws {
      for arguments in [["--no-splice"], ["-f", "y4m", "--pix-fmt", "gray", "--size", "200x150"]] {
        let counts = try counts(arguments, frames: 50)
        #expect(counts.spliced == 0)
        #expect(counts.looks == 0)
      }
    }
  }
}
