import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Stopping") struct StopTests {
    @Test(
      "A signal finishes the frame in hand, within 1 s, with status 0",
      arguments: [SIGINT, SIGTERM, SIGHUP])
    func signal(_ number: Int32) throws {
      for format in [["-r", "30"], ["-r", "max"]] {
        let stage = try Stage()
        let command = try stage.start(stage.top + format + ["--verbose"])
        let first = try command.read(400 * 300 * 4)
        command.signal(number)
        let result = try command.finish()
        #expect(result.status == 0)
        #expect(result.seconds < 1)
        #expect(result.errors.lines.last == "xregioncap: ended: stopped")
        let all = pictures(first + result.output, Stage.sizeOfTop)
        #expect(all.allSatisfy { $0 == Picture.ofTop })
      }
    }

    @Test("A Y4M stream ends on a frame's edge, too")
    func y4m() throws {
      let stage = try Stage()
      let command = try stage.start(stage.top + ["-f", "y4m", "-r", "max"])
      let header = "YUV4MPEG2 W400 H300 F0:0 Ip A1:1 C420jpeg XCOLORRANGE=LIMITED\n"
      let first = try command.read(header.utf8.count)
      #expect(first == Array(header.utf8))
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.output.count % (6 + 400 * 300 * 3 / 2) == 0)
      #expect(!result.output.isEmpty)
    }

    @Test("Shells start background jobs with SIGINT ignored: it stops the capture all the same")
    func ignoredByTheShell() throws {
      let stage = try Stage()
      let result = try stage.shell(
        """
        mkfifo pipe
        $XREGIONCAP -f raw -w $TOP --crop-to $T -o pipe & job=$!
        exec 3< pipe
        head -c 32000 <&3
        kill -INT $job
        cat <&3
        wait $job
        """, in: try TemporaryFolder())
      #expect(result.status == 0)
      #expect(result.errors == "")
      let all = pictures(result.output)
      #expect(!all.isEmpty && all.allSatisfy { $0 == Picture.ofT })
    }

    @Test("nohup keeps SIGHUP ignored, and SIGTERM stops")
    func nohup() throws {
      let stage = try Stage()
      let command = try Command(
        "/usr/bin/nohup", [Command.xregioncap] + stage.cropped + ["-r", "50"],
        display: stage.display)
      _ = try command.read(Stage.bytesOfT)
      command.signal(SIGHUP)
      let after = try command.read(20 * Stage.bytesOfT)
      #expect(pictures(after).count == 20)
      #expect(!command.hasEnded(within: 0))
      command.signal(SIGTERM)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(pictures(result.output).allSatisfy { $0 == Picture.ofT })
    }

    @Test("A reader that does not read: SIGINT ends within about 1 s")
    func stalledReader() throws {
      let stage = try Stage()
      let command = try stage.start(stage.top + ["-r", "100"])
      _ = try command.read(400 * 300 * 4)
      try fillPipe(command)
      command.signal(SIGINT)
      let result = try command.finish(readingOutput: false)
      #expect(result.status == 0)
      #expect(result.seconds > 0.5 && result.seconds < 2)
      #expect(result.errors == "")
    }

    /// Waits until the pipe takes no more: no frame becomes whole in twenty periods.
    private func fillPipe(_ command: Command) throws {
      var (frames, before): (Substring?, Substring?) = (nil, nil)
      repeat {
        before = frames
        #expect(!command.hasEnded(within: 0.2))
        command.signal(SIGUSR1)
        frames = try command.nextError().firstMatch(of: /[0-9]+ frames/)?.output
      } while frames != before
    }

    @Test("A second signal changes nothing: the reader still gets the frame in hand")
    func second() throws {
      let stage = try Stage()
      let command = try stage.start(stage.top + ["-r", "100"])
      let first = try command.read(400 * 300 * 4)
      try fillPipe(command)
      command.signal(SIGINT)
      command.signal(SIGTERM)
      #expect(!command.hasEnded(within: 0.1))
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(pictures(first + result.output, Stage.sizeOfTop).last == Picture.ofTop)
    }

    @Test("A third signal ends at once, though the reader does not read")
    func third() throws {
      let stage = try Stage()
      let command = try stage.start(stage.top + ["-r", "100"])
      _ = try command.read(400 * 300 * 4)
      try fillPipe(command)
      for number in [SIGINT, SIGTERM, SIGHUP] { command.signal(number) }
      let result = try command.finish(readingOutput: false)
      #expect(result.status == 0)
      #expect(result.seconds < 0.75, "before the first one's time is over")
    }

    @Test("A server that does not answer: a signal ends within about 1 s, a third at once")
    func silentServer() throws {
      let stage = try Stage()
      // Of signals of one kind that come at once, one arrives.
      for signals in [[SIGTERM], [SIGINT, SIGTERM, SIGHUP]] {
        let command = try stage.start(stage.cropped + ["-r", "100"])
        _ = try command.read(Stage.bytesOfT)
        try stage.scene.server.whileSilent {
          // What is still on the way is read; then it waits for the server.
          while !command.isSilent(for: 0.1) { _ = try command.drain(silence: 0.1) }
          for number in signals { command.signal(number) }
          let result = try command.finish()
          #expect(result.status == 0)
          #expect(result.output.count % Stage.bytesOfT == 0)
          #expect(result.seconds < (signals.count == 1 ? 2 : 0.8))
        }
      }
    }

    @Test("A display that never answers does not keep it: 21")
    func silentDisplay() throws {
      let stage = try Stage()
      try stage.scene.server.whileSilent {
        let command = try stage.start(stage.cropped)
        try command.waitUntilSignalsAreRead()
        command.signal(SIGINT)
        let result = try command.finish()
        #expect(result.status == 21)
        #expect(result.output.isEmpty)
        #expect(result.seconds < 2)
      }
    }

    @Test("SIGINT before the first frame: 21, and no file is left")
    func beforeTheFirst() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let command = try stage.start(stage.cropped + ["--delay", "60", "-o", folder["x.raw"]])
      try command.waitUntilSignalsAreRead()
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 21)
      #expect(result.seconds < 1)
      #expect(
        result.errors == "xregioncap: no frame was written: it was stopped before the first\n")
      #expect(folder.names == [])
    }

    @Test("SIGINT while it waits for the window: 21")
    func whileItWaits() throws {
      let stage = try Stage()
      let command = try stage.start(["-w", "name:^NOBODY$", "--wait", "60"])
      try command.waitUntilSignalsAreRead()
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 21)
      #expect(result.output.isEmpty)
      #expect(result.seconds < 1)
      #expect(
        result.errors
          == "xregioncap: no frame was written: it was stopped while it waited for the window\n")
    }

    @Test("SIGUSR1 prints one status line, and frames go on")
    func status() throws {
      let stage = try Stage()
      let command = try stage.start(stage.cropped + ["-r", "50"])
      _ = try command.read(10 * Stage.bytesOfT)
      command.signal(SIGUSR1)
      try command.waitForError("\n")
      _ = try command.read(10 * Stage.bytesOfT)
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.errors.lines.count == 1)
      let line = try #require(result.errors.lines.first)
      let form = try Regex(
        "^xregioncap: 00:0[0-9]\\.[0-9] [0-9]+ frames, [0-9]+\\.[0-9] fps, [0-9]+ repeats, "
          + "[0-9.]+ k?B, 100x80\\+50\\+50 of 400x300$")
      #expect(line.firstMatch(of: form) != nil, "\(line)")
    }

    @Test("SIGUSR2 pauses, and again resumes with a picture of now")
    func pause() throws {
      let stage = try Stage()
      let command = try stage.start(stage.cropped + ["-r", "50"])
      let first = try command.read(Stage.bytesOfT)
      command.signal(SIGUSR2)
      let rest = try command.drain(silence: 0.3)
      #expect(pictures(first + rest).allSatisfy { $0 == Picture.ofT })
      command.signal(SIGUSR1)
      try command.waitForError(", paused\n")
      stage.scene.unmap(stage.scene.sib)
      #expect(command.isSilent(for: 0.3))
      command.signal(SIGUSR2)
      let after = pictures(try command.read(5 * Stage.bytesOfT))
      #expect(after.allSatisfy { $0.colours == [Scene.t, Scene.tc] })
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
    }

    @Test("A paused capture can be stopped, and ends with its window")
    func pausedEnds() throws {
      for isStopped in [true, false] {
        let stage = try Stage()
        let command = try stage.start(stage.cropped + ["-r", "50"])
        _ = try command.read(Stage.bytesOfT)
        command.signal(SIGUSR2)
        _ = try command.drain(silence: 0.2)
        if isStopped { command.signal(SIGINT) } else { stage.scene.destroy(stage.scene.top) }
        let result = try command.finish()
        #expect(result.status == 0)
        #expect(result.seconds < 1)
        #expect(result.output.isEmpty)
      }
    }

    @Test("A reader that goes away is a quiet stop")
    func readerGone() throws {
      let stage = try Stage()
      for count in [0, 1000, 100_000] {
        let result = try stage.shell(
          """
          $XREGIONCAP -f raw -w $TOP -r max | head -c \(count) | wc -c
          exit ${PIPESTATUS[0]}
          """)
        #expect(result.status == 0)
        #expect(result.errors == "")
        #expect(String(decoding: result.output, as: UTF8.self) == "\(count)\n")
      }
    }

    @Test("The server dies: 20, and the frames so far are whole")
    func serverDies() throws {
      let stage = try Stage()
      for rate in ["max", "100"] {
        let stage = rate == "max" ? stage : try Stage()
        let command = try stage.start(stage.top + ["-r", rate])
        let first = try command.read(400 * 300 * 4)
        stage.scene.server.kill()
        let result = try command.finish()
        #expect(result.status == 20)
        #expect(
          result.errors == "xregioncap: display \(stage.display): the connection was lost\n")
        #expect(
          pictures(first + result.output, Stage.sizeOfTop)
            .allSatisfy { $0 == Picture.ofTop })
      }
    }

    @Test("The server dies while there is nothing to see: 20")
    func serverDiesWhileMuted() throws {
      let stage = try Stage()
      let command = try stage.start(stage.cropped + ["--verbose"])
      _ = try command.read(Stage.bytesOfT)
      stage.scene.unmap(stage.scene.t)
      try command.waitForError("mute: empty\n")
      stage.scene.server.kill()
      let result = try command.finish()
      #expect(result.status == 20)
      #expect(result.seconds < 1)
    }
  }
}
