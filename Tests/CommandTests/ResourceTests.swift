import CropEngine
import Glibc
import TestSupport
import Testing

@testable import xregioncap

extension CommandRing {
  @Suite("What a capture takes, and gives back") struct ResourceTests {
    /// Allocations of a run of so many frames, counted inside it: the X libraries' and all others.
    private func allocations(
      _ stage: Stage, _ folder: TemporaryFolder, _ arguments: [String], frames: Int,
      status: Int32 = 0
    ) throws -> (ofX: Int, others: Int) {
      let command = try stage.start(
        arguments + ["-r", "max", "-n", "\(frames)"],
        environment: [
          "LD_PRELOAD": folder["count.so"], "ALLOCATIONS": folder["count"],
          // Tables grow at other moments where hashes are seeded at random.
          "SWIFT_DETERMINISTIC_HASHING": "1",
        ])
      let result = try command.finish()
      #expect(result.status == status)
      #expect(result.output.count >= frames * 8000)
      let numbers = try Fixture.numbers(folder)
      guard numbers.count == 2 else { throw Failure("nothing was counted: \(result.errors)") }
      return (numbers[0], numbers[1])
    }

    @Test(
      "Frames allocate nothing, but what Xlib takes for each answer of the server",
      arguments: [
        ["-f", "raw"], ["-f", "y4m"], ["-f", "y4m", "--pix-fmt", "yuv444p"],
        ["-f", "raw", "--pix-fmt", "rgb24"], ["-f", "raw", "--size", "200x160"],
        ["-f", "raw", "--size", "50x40"], ["-f", "raw", "--cursor", "never"],
        ["-f", "pam"], ["-f", "pam", "--pix-fmt", "rgba", "--on-resize", "native"],
      ])
    func allocations(_ arguments: [String]) throws {
      let stage = try Stage()
      try checkAllocations(stage, stage.cropped + arguments)
    }

    @Test(
      "Nor do those that go by vmsplice",
      arguments: [["-f", "raw"], ["-f", "y4m"], ["-f", "raw", "--size", "420x310"]])
    func splicedAllocations(_ arguments: [String]) throws {
      let stage = try Stage()
      try checkAllocations(stage, stage.top + arguments)
    }

    @Test("Nor do verdicts, though every picture is looked at")
    func verdictAllocations() throws {
      let stage = try Stage()
      try checkAllocations(
        stage,
        stage.top + [
          "--crop-to", hexadecimal(stage.scene.sib), "--no-damage", "--fail-if-blank",
          "--fail-if-still", "--until-still", "600",
        ], status: 22)
    }

    private func checkAllocations(
      _ stage: Stage, _ arguments: [String], status: Int32 = 0
    ) throws {
      let folder = try Fixture.build("allocations")
      let few = try allocations(stage, folder, arguments, frames: 200, status: status)
      let many = try allocations(stage, folder, arguments, frames: 1200, status: status)
      #expect(few.others > 0)
      // Not one in 500 frames: what a longer run is the first to do may take something once.
      #expect(abs(many.others - few.others) <= 2, "\(few.others), \(many.others)")
      // Three for an answer, in xcb and in Xlib's table of sequence numbers: that of XShmGetImage,
      // and where the cursor is shown that of XQueryPointer. An event may come in one of the runs.
      #expect((many.ofX - few.ofX) / 1000 <= 2 * 3)
    }

    #if DEBUG
      private static let isUnoptimized = true
    #else
      private static let isUnoptimized = false
    #endif

    /// Segments of shared memory made by a process: their modes, as octal text.
    private func segments(of process: Int32) throws -> [String] {
      try String(decoding: contents(of: "/proc/sysvipc/shm"), as: UTF8.self).lines.dropFirst()
        .map { $0.split(separator: " ") }
        .filter { $0[4] == "\(process)" }.map { String($0[2]) }
    }

    @Test("Shared memory is for this user alone, and marked for removal from the start")
    func mode() throws {
      let stage = try Stage()
      let command = try stage.start(stage.cropped + ["-r", "100"])
      _ = try command.read(3 * Stage.bytesOfT)
      // Two slots. 01000 says that a segment goes with the last who holds it.
      #expect(try segments(of: command.processIdentifier) == ["1600", "1600"])
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
      #expect(try segments(of: command.processIdentifier) == [])
    }

    @Test("F5: SIGKILL leaves no shared memory behind")
    func killed() throws {
      let stage = try Stage()
      let command = try stage.start(stage.cropped + ["-r", "max"])
      _ = try command.read(3 * Stage.bytesOfT)
      #expect(try segments(of: command.processIdentifier).count == 2)
      command.signal(SIGKILL)
      #expect(try command.finish().status == 128 + SIGKILL)
      // The server lets go of it when it has seen the connection end.
      let end = ContinuousClock.now + .seconds(5)
      while try segments(of: command.processIdentifier) != [], .now < end { sched_yield() }
      #expect(try segments(of: command.processIdentifier) == [])
    }

    /// What the descriptors of a process are open on.
    private func descriptors(of process: Int32) throws -> [String] {
      let result = try Command.run("/bin/ls", ["/proc/\(process)/fd"])
      return String(decoding: result.output, as: UTF8.self).lines.map(String.init)
    }

    @Test("No descriptor and no segment comes with frames, resizes or times of nothing")
    func descriptors() throws {
      let stage = try Stage()
      let scene = stage.scene
      let command = try stage.start(stage.cropped + ["-r", "200", "--verbose"])
      _ = try command.read(3 * Stage.bytesOfT)
      let before = try descriptors(of: command.processIdentifier)
      #expect(before.count >= 4)
      for round in 1...10 {
        scene.resize(scene.t, width: 100 + 20 * round, height: 80 + 15 * round)
        // The reader reads, so that frames go on.
        _ = try command.read(50 * Stage.bytesOfT)
        try command.waitForError("\(100 + 20 * round)x\(80 + 15 * round)+50+50 of 400x300\n")
        scene.unmap(scene.t)
        _ = try command.drain(silence: 0.05)
        scene.map(scene.t)
        _ = try command.read(3 * Stage.bytesOfT)
      }
      #expect(try descriptors(of: command.processIdentifier) == before)
      #expect(try segments(of: command.processIdentifier) == ["1600", "1600"])
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.errors.count(of: ": unmute\n") == 10)
    }
  }

  @Suite("The status line") struct StatusLineTests {
    @Test("On a terminal it is shown, kept on one line, and the last figures stay")
    func terminal() throws {
      let stage = try Stage()
      let terminal = try Terminal()
      let command = try stage.start(
        stage.cropped + ["-r", "50"], errors: terminal.descriptor)
      _ = try command.read(Stage.bytesOfT)
      try terminal.wait(for: " frames, ")
      try terminal.wait(for: "100x80+50+50 of 400x300\u{1b}[K\r")
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
      let text = try terminal.text()
      #expect(text.hasPrefix("\r"))
      let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
      #expect(lines.count == 2 && lines.last == "")
      let last = text.split(separator: "\r\u{1b}[K").last
      #expect(last?.hasPrefix("xregioncap: ") == true)
      #expect(last?.hasSuffix(" of 400x300\r\n") == true)
    }

    @Test("Where the terminal is narrow it is cut, so that it stays on one line")
    func narrow() throws {
      let stage = try Stage()
      let terminal = try Terminal(columns: 40)
      let command = try stage.start(stage.cropped, errors: terminal.descriptor)
      _ = try command.read(Stage.bytesOfT)
      try terminal.wait(for: "…\u{1b}[K")
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
      let shown = try terminal.text().split(separator: "\r")
        .filter { $0.hasSuffix("…\u{1b}[K") }.map { String($0.dropLast("\u{1b}[K".count)) }
      #expect(!shown.isEmpty)
      for line in shown {
        #expect(line.hasPrefix("00:00.") && line.count == 39, "\(line)")
      }
      let last = try terminal.text().split(separator: "\r\u{1b}[K").last
      #expect(last?.hasSuffix(" of 400x300\r\n") == true, "the last figures are whole")
    }

    @Test("On a terminal, but not wanted", arguments: ["--no-progress", "-q"])
    func unwanted(_ option: String) throws {
      let stage = try Stage()
      let terminal = try Terminal()
      let command = try stage.start(
        stage.cropped + ["-t", "1", option], errors: terminal.descriptor)
      #expect(try command.finish().status == 0)
      #expect(try terminal.text() == "")
    }

    @Test("Nothing of it where standard error is no terminal, and lines where it is asked for")
    func pipe() throws {
      let stage = try Stage()
      #expect(try stage.run(stage.cropped + ["-t", "1.2"]).errors == "")
      let result = try stage.run(stage.cropped + ["-t", "1.2", "--progress"])
      #expect(result.errors.lines.count == 3, "two while it runs, one at the end")
      #expect(
        result.errors.lines.allSatisfy {
          $0.hasPrefix("xregioncap: 00:0") && $0.contains("/00:01.2 ")
            && $0.contains(" frames, ") && $0.hasSuffix(", 100x80+50+50 of 400x300")
        })
      #expect(result.errors.lines.last?.hasPrefix("xregioncap: 00:01.2/00:01.2 ") == true)
      #expect(!result.errors.contains("\r") && !result.errors.contains("\u{1b}"))
    }

    @Test("Of so many frames it shows how many there are")
    func share() throws {
      let stage = try Stage()
      let result = try stage.run(stage.cropped + ["-n", "7", "-r", "50", "--progress"])
      #expect(result.errors.contains(#/^xregioncap: 00:00\.[0-9] 7/7 frames, .* 224\.0 kB, /#))
    }

    @Test("Hours stand before minutes, and a time without frames is none")
    func long() {
      let second = Clock.second
      var line = StatusLine(
        shows: false, from: 0, at: 0, to: .init(frames: 9, duration: 5000 * second))
      let figures = StatusLine.Figures(frames: 4, repeats: 1, bytes: 1_250_000)
      #expect(
        line.text(figures, 4, since: 3601 * second, at: 3605 * second + second / 4)
          == "1:00:05.2/1:23:20.0 4/9 frames, 0.9 fps, 1 repeats, 1.3 MB")
      line = StatusLine(shows: false, from: second, at: 0, to: .init())
      #expect(
        line.text(
          .init(frames: 0, repeats: 0, bytes: 0, stopped: "paused"), 0, since: second, at: 0)
          == "00:00.0 0 frames, 0.0 fps, 0 repeats, 0 B, paused")
    }
  }
}
