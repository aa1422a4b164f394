import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Running a command") struct RunTests {
    /// Runs xregioncap without a display.
    static func run(
      _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:]
    ) throws -> Command.Result {
      try Command.run(
        Command.xregioncap, ["run"] + arguments, environment: environment, directory: folder.path)
    }

    /// How many frames of this size a Y4M file in yuv420p holds; nil where it does not hold whole
    /// ones.
    static func frameCount(_ film: [UInt8], _ size: Size) -> Int? {
      guard let end = film.firstIndex(of: 10) else { return nil }
      let header = String(decoding: film[..<end], as: UTF8.self)
      let frame = 6 + size.width * size.height * 3 / 2
      guard header.hasPrefix("YUV4MPEG2 W\(size.width) H\(size.height) "),
        (film.count - end - 1) % frame == 0
      else { return nil }
      return (film.count - end - 1) / frame
    }

    @Test("The window of what COMMAND starts is filmed, and the status is COMMAND's")
    func status() throws {
      let folder = try TemporaryFolder()
      let result = try Self.run(
        ["-o", "film.y4m", "--", "sh", "-c", "xterm -e 'seq 300; sleep 1'; exit 7"], in: folder)
      #expect(result.status == 7)
      #expect(result.output.isEmpty && !result.errors.contains("xregioncap"), "\(result.errors)")
      let film = try folder.read("film.y4m")
      let count = try #require(Self.frameCount(film, Size(width: 484, height: 316)))
      #expect((15...90).contains(count), "a second and what it takes: \(count)")
      // Black on white: the last frame shows the last numbers, and room behind them.
      let luma = film.suffix(484 * 316 * 3 / 2).prefix(484 * 316)
      let dark = luma.count { $0 < 100 }
      #expect((500...5000).contains(dark), "\(dark)")
      #expect(luma.count { $0 > 200 } > luma.count * 9 / 10)
    }

    @Test("So it is of a video that ffmpeg makes: it is whole when the run ends")
    func video() throws {
      let folder = try TemporaryFolder()
      let result = try Self.run(
        ["-o", "film.mp4", "--", "sh", "-c", "xterm -e 'seq 300; sleep 0.5'; exit 7"], in: folder)
      #expect(result.status == 7)
      let video = try Video(folder["film.mp4"])
      #expect(video.codec == "h264" && (8...60).contains(video.frameCount ?? 0))
    }

    @Test("Of ten windows one is filmed, and which others there are is no error")
    func tenWindows() throws {
      let folder = try TemporaryFolder()
      let result = try Self.run(
        [
          "-n", "1", "-f", "raw", "--", "sh", "-c",
          "for i in 0 1 2 3 4 5 6 7 8 9; do xlogo -geometry 5${i}x60 & done; wait",
        ], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect((50...59).map { $0 * 60 * 4 }.contains(result.output.count))
    }

    @Test("What cannot be run has the statuses of shells")
    func missing() throws {
      let folder = try TemporaryFolder()
      try folder.write("no program".utf8, to: "file")
      try folder.write("#!/no/such/shell\n".utf8, to: "script")
      chmod(folder["script"], 0o755)
      for (command, status, error) in [
        ("no-such-program", 127, "'no-such-program': not found"),
        (folder["file"], 126, "'\(folder["file"])': cannot be run: Permission denied"),
        ("/", 126, "'/': cannot be run: Permission denied"),
        ("", 127, "'': not found"),
        ("./script", 126, "'./script': cannot be run: its interpreter is not there"),
      ] as [(String, Int32, String)] {
        let result = try Self.run(["-o", "film.y4m", "--", command], in: folder)
        #expect(result.status == status && result.errors == "xregioncap: \(error)\n")
        #expect(folder.names == ["file", "script"], "nothing comes to be")
      }
      let none = try Self.run(["-o", "film.y4m"], in: folder)
      #expect(none.status == 2)
      #expect(
        none.errors == "xregioncap: COMMAND: none is named: xregioncap run [OPTIONS] -- COMMAND\n")
      let bare = try Self.run(["-o", "film.y4m", "xterm", "-e", "true"], in: folder)
      #expect(bare.status == 2 && bare.errors.contains(": COMMAND stands behind --, as in "))
    }

    @Test("A COMMAND that ends without a window gives its status and its output")
    func noWindow() throws {
      let folder = try TemporaryFolder()
      let failed = try Self.run(
        ["-o", "film.y4m", "--", "sh", "-c", "echo said; echo wrong >&2; exit 3"], in: folder)
      let why = "xregioncap: no frame was written: sh ended before the window was there\n"
      #expect(failed.status == 3 && failed.output == Array("said\n".utf8))
      #expect(failed.errors == "wrong\n" + why)
      let killed = try Self.run(["-o", "film.y4m", "--", "sh", "-c", "kill -9 $$"], in: folder)
      #expect(killed.status == 137 && killed.errors == why)
      let succeeded = try Self.run(["-o", "film.y4m", "--", "true"], in: folder)
      #expect(succeeded.status == 21 && succeeded.errors == why.replacing("sh ", with: "true "))
      #expect(folder.names == [])
    }

    @Test("A COMMAND that leaves its window to others is told of, and they are ended")
    func forked() throws {
      let folder = try TemporaryFolder()
      let script = "setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo $!"
      let result = try Self.run(["-o", "film.y4m", "--", "sh", "-c", script], in: folder)
      #expect(result.status == 21)
      #expect(result.errors.contains("sh: what it left running was ended with it: keep "))
      let process = try #require(pid_t(String(decoding: result.output.dropLast(), as: UTF8.self)))
      #expect(kill(process, 0) != 0 && errno == ESRCH)
    }

    @Test("Where the film is complete, COMMAND is ended, and all is well")
    func complete() throws {
      let folder = try TemporaryFolder()
      let result = try Self.run(
        ["-n", "5", "-o", "film.y4m", "--", "sh", "-c", "xclock & echo $!; wait"], in: folder)
      #expect(result.status == 0)
      #expect(Self.frameCount(try folder.read("film.y4m"), Size(width: 164, height: 164)) == 5)
      let process = try #require(pid_t(String(decoding: result.output.dropLast(), as: UTF8.self)))
      #expect(kill(process, 0) != 0 && errno == ESRCH)
    }

    @Test("A film that is complete ends COMMAND, whatever is made of it")
    func judged() throws {
      let folder = try TemporaryFolder()
      let blank = try Self.run(
        [
          "-n", "3", "--fail-if-blank", "-o", "film.y4m", "--", "xlogo", "-fg", "red", "-bg", "red",
        ],
        in: folder)
      #expect(blank.status == 22 && blank.errors.contains("--fail-if-blank: all 3 frames"))
      let still = try Self.run(
        ["--until-still", "0.2", "--fail-if-blank", "-o", "film.y4m", "--", "xlogo"], in: folder)
      #expect(still.status == 0, "\(still.errors)")
      // COMMAND's own failure counts for more.
      let both = try Self.run(
        ["--fail-if-still", "-o", "film.y4m", "--", "sh", "-c", "xlogo & sleep 1; exit 9"],
        in: folder)
      #expect(both.status == 9 && both.errors.contains("--fail-if-still: "))
    }

    @Test("What COMMAND writes goes to standard error where the frames have the output")
    func output() throws {
      let folder = try TemporaryFolder()
      let script = "echo said; exec xclock"
      let result = try Self.run(
        ["-f", "raw", "-n", "2", "--", "sh", "-c", script], in: folder)
      #expect(result.status == 0 && result.output.count == 2 * 164 * 164 * 4)
      #expect(result.errors.contains("said\n"))
      let file = try Self.run(
        ["-o", "film.y4m", "-n", "2", "--", "sh", "-c", script], in: folder)
      #expect(file.status == 0 && file.output == Array("said\n".utf8))
    }

    @Test("The whole screen, of the size that was asked for; a window by its name")
    func surfaces() throws {
      let folder = try TemporaryFolder()
      let screen = try Self.run(
        ["--screen-size", "320x200x16", "--screen", "-n", "1", "-o", "screen.y4m", "--", "xclock"],
        in: folder)
      #expect(screen.status == 0, "\(screen.errors)")
      #expect(Self.frameCount(try folder.read("screen.y4m"), Size(width: 320, height: 200)) == 1)
      let second = "xclock & exec xclock -geometry 50x60 -name second"
      let window = try Self.run(
        ["-w", "class:second", "-n", "1", "-o", "window.y4m", "--", "sh", "-c", second], in: folder)
      #expect(window.status == 0, "\(window.errors)")
      #expect(Self.frameCount(try folder.read("window.y4m"), Size(width: 50, height: 60)) == 1)
    }

    @Test("A part of COMMAND's window is waited for, too")
    func part() throws {
      let folder = try TemporaryFolder()
      let result = try Self.run(
        ["--crop-to", "child", "-n", "3", "-f", "raw", "--", "xterm", "-e", "cat"], in: folder)
      #expect(result.status == 0 && result.output.count == 3 * 484 * 316 * 4)
    }

    @Test("The wait for the window can be bounded: COMMAND is ended then")
    func bounded() throws {
      let folder = try TemporaryFolder()
      let result = try Self.run(
        ["--wait", "0.1", "-o", "film.y4m", "--", "sh", "-c", "echo $$; exec sleep 1000"],
        in: folder)
      #expect(result.status == 11 && result.seconds < 10)
      #expect(result.errors == "xregioncap: sh: it shows no window\n")
      let process = try #require(pid_t(String(decoding: result.output.dropLast(), as: UTF8.self)))
      #expect(kill(process, 0) != 0 && errno == ESRCH)
    }

    @Test("On a display that is there, it is COMMAND's window that is filmed, and no other")
    func display() throws {
      let folder = try TemporaryFolder()
      let server = try Xvfb()
      let other = try Command(
        "/usr/bin/xclock", ["-geometry", "90x90"], display: server.displayName)
      defer { other.signal(SIGTERM) }
      let there = try Command.run(
        Command.xregioncap,
        ["shot", "--display", server.displayName, "-w", "class:XClock", "--wait", "20", "-o", "-"])
      #expect(there.status == 0)
      let result = try Self.run(
        [
          "--display", server.displayName, "-n", "1", "-o", "film.y4m", "--",
          // Not its child any more.
          "sh", "-c", "(setsid xclock -geometry 70x80 &); sleep 1000",
        ], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(Self.frameCount(try folder.read("film.y4m"), Size(width: 70, height: 80)) == 1)
      #expect(!other.hasEnded(within: 0))
    }

    @Test("A display that is not there is said before COMMAND is started")
    func noDisplay() throws {
      let folder = try TemporaryFolder()
      let result = try Self.run(
        ["--display", ":9999", "-o", "film.y4m", "--", "touch", folder["started"]], in: folder)
      #expect(result.status == 11)
      #expect(result.errors == "xregioncap: display :9999: cannot connect to it\n")
      #expect(folder.names == [])
    }

    @Test("What was lacking is said where COMMAND ends before it is there")
    func lacking() throws {
      let folder = try TemporaryFolder()
      let result = try Self.run(
        ["-w", "name:elsewhere", "-o", "film.y4m", "--", "xterm", "-T", "here", "-e", "sleep 0.5"],
        in: folder)
      #expect(result.status == 21)
      #expect(result.errors.contains("xterm ended before the window was there (--window: none of "))
    }

    @Test("Without Xvfb, the error says how to get it")
    func noServer() throws {
      let folder = try TemporaryFolder()
      let result = try Self.run(
        ["-o", "film.y4m", "--", "true"], in: folder, environment: ["PATH": folder.path])
      #expect(result.status == 11)
      #expect(
        result.errors
          == "xregioncap: Xvfb: it is not there: install it (apt-get install xvfb), or name a "
          + "--display\n")
    }

    @Test("A server that cannot come up says why")
    func serverFails() throws {
      let folder = try TemporaryFolder()
      try folder.write("#!/bin/sh\necho 'Fatal server error:' >&2\nexit 1\n".utf8, to: "Xvfb")
      chmod(folder["Xvfb"], 0o755)
      let result = try Self.run(
        ["-o", "film.y4m", "--", "true"], in: folder,
        environment: ["PATH": folder.path + ":/usr/bin:/bin"])
      #expect(result.status == 11)
      #expect(result.errors == "xregioncap: Xvfb: it does not come up: Fatal server error:\n")
    }

    @Test("A window manager is at work before COMMAND, and its windows are not COMMAND's")
    func windowManager() throws {
      let folder = try TemporaryFolder()
      // Its icon manager is a window, too.
      let fonts = ["Title", "Resize", "Menu", "Icon", "IconManager"].map { "\($0)Font \"fixed\"\n" }
      let settings = fonts.joined() + "RandomPlacement\nShowIconManager\n"
      try folder.write(settings.utf8, to: "twmrc")
      let result = try Self.run(
        [
          "--wm", "twm -f \(folder["twmrc"])", "-n", "1", "-o", "film.y4m", "--",
          "xclock", "-geometry", "70x80",
        ], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(Self.frameCount(try folder.read("film.y4m"), Size(width: 70, height: 80)) == 1)
      let none = try Self.run(
        ["--wm", "WHAT='no screen'; echo $WHAT; exit 3", "-o", "film.y4m", "--", "xclock"],
        in: folder)
      #expect(none.status == 11)
      #expect(
        none.errors
          == "xregioncap: --wm: 'WHAT='no screen'; echo $WHAT; exit 3': it has ended: no screen\n")
    }

    @Test("Ten at once have servers of their own")
    func ten() throws {
      let folder = try TemporaryFolder()
      let colours = (0..<10).map { 0x101010 * ($0 + 1) }
      let runs = try colours.map { colour in
        let text = "#" + String(colour, radix: 16)
        return try Command(
          Command.xregioncap,
          [
            "run", "-f", "raw", "-r", "10", "--", "sh", "-c",
            "echo $DISPLAY >&2; exec xlogo -geometry 60x60 -bg '\(text)' -fg '\(text)'",
          ], directory: folder.path)
      }
      let first = try runs.map { try $0.read(60 * 60 * 4) }
      // All are there now.
      for run in runs { run.signal(SIGTERM) }
      var displays: Set<Substring> = []
      for ((run, frame), colour) in zip(zip(runs, first), colours) {
        let result = try run.finish()
        #expect(result.status == 143 && result.output.count % (60 * 60 * 4) == 0)
        #expect(frame.prefix(3).allSatisfy { $0 == UInt8(colour & 0xff) })
        displays.formUnion(result.errors.lines.filter { $0.hasPrefix(":") })
      }
      #expect(displays.count == 10, "\(displays)")
    }
  }
}
