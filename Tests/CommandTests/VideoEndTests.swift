import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("How video files end") struct VideoEndTests {
    /// A capture into a file of a folder, some frames of which are written.
    private func start(
      _ stage: Stage, _ path: String, _ options: [String] = []
    ) throws -> Command {
      let command = try stage.start(stage.named + options + ["-o", path, "--frame-log", "fd:1"])
      _ = try command.read(2000)
      return command
    }

    @Test(
      "A file is whole after each way to stop",
      arguments: [
        (SIGINT, "mp4"), (SIGTERM, "mp4"), (SIGHUP, "mp4"), (SIGKILL, "mp4"), (0, "mp4"),
        (SIGTERM, "gif"), (SIGKILL, "gif"),
      ])
    func stopped(_ signal: Int32, _ ending: String) throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let path = folder["x." + ending]
      try folder.write("precious".utf8, to: "x." + ending)
      let command = try start(stage, path)
      let encoders = try Self.descendants(of: command.processIdentifier)
      #expect(!encoders.isEmpty)
      if signal == 0 { stage.scene.destroy(stage.scene.top) } else { command.signal(signal) }
      let result = try command.finish()
      #expect(result.status == (signal == SIGKILL ? 128 + SIGKILL : 0))
      #expect(result.errors == "")
      if signal == SIGKILL { try Self.waitForEnd(of: encoders) }
      #expect(Self.living(encoders).isEmpty)
      #expect(folder.names == ["x." + ending])
      let told = String(decoding: result.output, as: UTF8.self).count(of: "\"type\":\"frame\"")
      let count = try #require(try Video(path).frameCount)
      #expect(count >= told, "what was told before is in it")
    }

    @Test("A frame of the log is a frame of the file")
    func counted() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let options = ["-o", folder["x.mp4"], "--frame-log", folder["log"], "-r", "100"]
      let command = try stage.start(stage.named + options + ["--session", "x"])
      try command.waitUntilSignalsAreRead()
      let end = ContinuousClock.now + .seconds(Command.bound)
      // A file tells of nothing.
      while try folder.names.contains("log") == false || folder.read("log").count < 2000 {
        guard .now < end, !command.hasEnded(within: 0.01) else { throw Failure("no frames") }
      }
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
      let frames = try logLines(try folder.read("log")).filter { $0.type == "frame" }
      #expect(try Video(folder["x.mp4"]).frameCount == frames.count)
    }

    @Test("What the file held stays where no frame comes, and no new one is left")
    func noFrame() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      try folder.write("precious".utf8, to: "x.mp4")
      for name in ["x.mp4", "new.mkv", "new.gif"] {
        let wrong = try stage.run(["-w", "name:^NOBODY$", "-o", folder[name]])
        #expect(wrong.status == 11)
        let paused = try stage.run(
          stage.named + ["--start-paused", "-t", "0.1", "-o", folder[name]])
        #expect(paused.status == 21)
        #expect(paused.errors.lines.count == 1)
      }
      #expect(folder.names == ["x.mp4"])
      #expect(try folder.read("x.mp4") == Array("precious".utf8))
    }

    @Test("Where ffmpeg is killed, that is said, and the capture ends", arguments: ["mp4", "webm"])
    func killed(_ ending: String) throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let path = folder["x." + ending]
      let command = try start(stage, path)
      for encoder in try Self.descendants(of: command.processIdentifier) { kill(encoder, SIGKILL) }
      let result = try command.finish()
      #expect(result.status == 15)
      #expect(result.errors == "xregioncap: \(path): ffmpeg was ended by signal 9 (Killed)\n")
    }

    @Test("Beside the session's own, such a stream ends alone")
    func killedBeside() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let command = try stage.start(stage.cropped + ["--also", "output=\(folder["x.mkv"])"])
      _ = try command.read(5 * Stage.bytesOfT)
      for encoder in try Self.descendants(of: command.processIdentifier) { kill(encoder, SIGKILL) }
      try command.waitForError("stream 1: \(folder["x.mkv"]): ffmpeg was ended by signal 9")
      _ = try command.read(5 * Stage.bytesOfT)
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.errors.lines.count == 1)
    }

    @Test("ffmpeg's errors are ours, with its last words")
    func errors() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      for ending in ["mp4", "gif"] {
        let options = ["-n", "3", "--ffmpeg-args", "-c:v nonsense", "-o", folder["x." + ending]]
        let words = "x.\(ending): ffmpeg ended with status 1: Unknown encoder 'nonsense'\n"
        Refusal(options, 15, words).check(try stage.run(stage.named + options))
      }
      Refusal([], 15, "Unrecognized option 'nonsense'").check(
        try stage.run(stage.named + ["--ffmpeg-args", "-nonsense 1", "-o", folder["y.mp4"]]))
      #expect(folder.names.isEmpty)
    }

    @Test("A full disk is an error in each kind of file", arguments: ["mp4", "mkv", "webm", "gif"])
    func full(_ ending: String) throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      #expect(symlink("/dev/full", folder["x." + ending]) == 0)
      let path = folder["x." + ending]
      Refusal([path], 15, "\(path): ffmpeg ended with status 1: ")
        .check(try stage.run(stage.named + ["-n", "40", "-o", path]))
      let limited = try stage.shell(
        "ulimit -f 1; $XREGIONCAP -w $TOP --crop-to $T -n 40 -o y.\(ending) "
          + "--ffmpeg-args '-c:v rawvideo -f avi -vf null'", in: folder)
      #expect(limited.status == 15)
      #expect(limited.errors.contains("ffmpeg"))
    }

    @Test("What cannot be is said before anything is captured")
    func refused() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      #expect(mkfifo(folder["pipe.mkv"], 0o600) == 0)
      #expect(mkdir(folder["folder.mp4"], 0o700) == 0)
      for (name, word) in [
        ("nowhere/x.mp4", "cannot write: No such file"), ("folder.mp4", "Is a directory"),
        ("pipe.mkv", "a video file cannot be a FIFO: use -f y4m"),
      ] {
        Refusal([name], 15, word).check(
          try stage.run(["-w", "name:^NOBODY$", "-o", folder[name]]))
      }
      let missing = try Command.run(
        Command.xregioncap, ["-w", "name:^NOBODY$", "-o", folder["x.mp4"]],
        display: stage.display, environment: ["PATH": folder.path])
      #expect(missing.status == 3)
      #expect(
        missing.errors == "xregioncap: ffmpeg: not found: install it (apt-get install ffmpeg), "
          + "or write .y4m\n")
      #expect(folder.names == ["folder.mp4", "pipe.mkv"])
    }

    @Test(
      "An ffmpeg that takes no more frames is left to finish after 10 seconds, and that is said")
    func left() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let path = folder["x.mkv"]
      let command = try stage.start([
        "-w", hexadecimal(stage.scene.top), "-r", "100", "-o", path, "--frame-log", "fd:1",
      ])
      _ = try command.read(2000)
      let encoders = try Self.descendants(of: command.processIdentifier)
      for encoder in encoders { kill(encoder, SIGSTOP) }
      _ = try command.drain(silence: 0.5)
      command.signal(SIGINT)
      let result = try command.finish()
      for encoder in encoders { kill(encoder, SIGCONT) }
      #expect(result.status == 0)
      #expect(
        result.errors
          == "xregioncap: \(path): ffmpeg is still at work on it, and will finish it alone\n")
      try Self.waitForEnd(of: encoders)
      #expect(try Video(path).codec == "h264")
    }

    @Test("An ffmpeg that ends between a look and the wait behind it is no reason to wait for ever")
    func endsMeanwhile() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let late = try Fixture.build("late")
      let result = try stage.start(
        stage.named + ["-n", "3", "-o", folder["x.mkv"]],
        environment: ["LD_PRELOAD": late["count.so"]]
      ).finish()
      #expect(result.status == 0 && result.errors == "")
      #expect(try Video(folder["x.mkv"]).frameCount == 3)
    }

    @Test("A third signal waits for nothing, and ffmpeg finishes all the same")
    func impatient() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let command = try start(stage, folder["x.mkv"])
      let encoders = try Self.descendants(of: command.processIdentifier)
      for encoder in encoders { kill(encoder, SIGSTOP) }
      command.signal(SIGINT)
      #expect(!command.hasEnded(within: 1.5), "it is waited for longer than a reader")
      // Others than the first: of two that are the same, one may be all that comes.
      command.signal(SIGTERM)
      command.signal(SIGHUP)
      let result = try command.finish()
      #expect(result.status == 0 && result.seconds < 5)
      for encoder in encoders { kill(encoder, SIGCONT) }
      try Self.waitForEnd(of: encoders)
      #expect(try Video(folder["x.mkv"]).codec == "h264")
    }
  }
}

// MARK: Programs that were started

extension CommandRing.VideoEndTests {
  /// All that a process has started, and what these have.
  private static func descendants(of process: Int32) throws -> [Int32] {
    let text = try contents(of: "/proc/\(process)/task/\(process)/children")
    let children = String(decoding: text, as: UTF8.self).split(separator: " ").compactMap {
      Int32($0)
    }
    return try children + children.flatMap { try descendants(of: $0) }
  }

  private static func living(_ processes: [Int32]) -> [Int32] {
    processes.filter { kill($0, 0) == 0 }
  }

  /// Waits for the end of processes that are not ours. No descriptor tells of it.
  private static func waitForEnd(of processes: [Int32]) throws {
    let end = ContinuousClock.now + .seconds(Command.bound)
    while !living(processes).isEmpty {
      guard .now < end else { throw Failure("they go on") }
      usleep(1000)
    }
  }
}
