import CropEngine
import Glibc
import TestSupport
import Testing

/// Arguments that cannot be done, and what is said of them.
struct Refusal: CustomTestStringConvertible, Sendable {
  let arguments: [String]
  let status: Int32
  /// What the error holds.
  let word: String

  init(_ arguments: [String], _ status: Int32, _ word: String) {
    self.arguments = arguments
    self.status = status
    self.word = word
  }

  var testDescription: String {
    "\(arguments.joined(separator: " ")): \(status), \(word)"
  }

  /// Nothing but one line was written, and it says this.
  func check(
    _ result: Command.Result, at location: SourceLocation = #_sourceLocation
  ) {
    let errors = result.errors
    #expect(result.status == status, "\(self)\n\(errors)", sourceLocation: location)
    #expect(result.output.isEmpty, "\(self)", sourceLocation: location)
    #expect(
      errors.hasPrefix("xregioncap: ") && errors.hasSuffix("\n") && errors.lines.count == 1,
      "\(self)\n\(errors)", sourceLocation: location)
    #expect(errors.contains(word), "\(self)\n\(errors)", sourceLocation: location)
  }
}

extension CommandRing {
  @Suite("Bad input") struct BadInputTests {
    /// No server listens there.
    static let noDisplay = ":9999"

    static let options = [
      Refusal(["--no-such-option"], 2, "--no-such-option"),
      Refusal(["no-such-command"], 2, "no-such-command"),
      Refusal(["capture", "more"], 2, "more"),
      Refusal(["-o", ""], 2, "--output: it names no file"),
      Refusal(["shot", "-f", "png", "-o", ""], 2, "--output: it names no file"),
      Refusal(["--window"], 2, "--window"),
      Refusal(["-g", ""], 2, "--geometry: it is empty: was the selection cancelled?"),
      Refusal(["-g", "10x10"], 2, "'10x10' is no geometry"),
      Refusal(["-g", "10x10+5"], 2, "'10x10+5' is no geometry"),
      Refusal(["-g", "banana"], 2, "'banana' is no geometry"),
      Refusal(["-g", "5,5"], 2, "'5,5' is no geometry"),
      Refusal(["-g", "999999x10+0+0"], 2, "999999x10+0+0"),
      Refusal(["-g", "0x10+0+0"], 10, "'0x10+0+0' holds no pixel"),
      Refusal(["-g", "5,5 10x0"], 10, "'5,5 10x0' holds no pixel"),
      Refusal(["--crop-to", "10x0+5+5"], 10, "'10x0+5+5' holds no pixel"),
      Refusal(["--crop-to", ""], 2, "--crop-to: it is empty: was the selection cancelled?"),
      Refusal(["--crop-to", "child:0"], 2, "child:0"),
      Refusal(["--crop-to", "child:-1"], 2, "child:-1"),
      Refusal(["--crop-to", "child:name:"], 2, "child:name:"),
      Refusal(["--crop-to", "child:name:["], 2, "'[' is no regular expression"),
      Refusal(["--crop-to", "child", "-g", "1x1+0+0"], 2, "--crop-to was given too"),
      Refusal(
        ["--restrict-to", ""], 2, "--restrict-to: it is empty: was the selection cancelled?"),
      Refusal(["--restrict-to", "banana"], 2, "--restrict-to: 'banana'"),
      Refusal(["--restrict-to", "10x0+5+5"], 10, "--restrict-to: '10x0+5+5' holds no pixel"),
      Refusal(["--restrict-to", "3f0c-1"], 4, "--restrict-to: '3f0c-1' is a malformed token"),
      Refusal(
        ["--restrict-to", "child", "--crop-to", "child"], 2,
        "--restrict-to: --crop-to was given too: there is one target"),
      Refusal(
        ["-g", "1x1+0+0", "--restrict-to", "child"], 2,
        "--geometry: --restrict-to was given too: there is one target"),
      Refusal(["--logical"], 2, "--logical: only a window has pixels of its own"),
      Refusal(["--logical", "--screen"], 2, "name one with --window"),
      Refusal(["--logical", "--monitor", "primary"], 2, "name one with --window"),
      Refusal(["--logical", "-w", "root"], 2, "name one with --window"),
      Refusal(["--logical", "--visible", "-w", "1"], 2, "--logical: --visible was given too"),
      Refusal(["--popups", "own"], 2, "--popups own: only a window has pixels of its own"),
      Refusal(["--popups", "own", "--visible", "-w", "1"], 2, "--popups own: --visible was given"),
      Refusal(["--popups", "all", "-w", "1"], 2, "all"),
      Refusal(["--partial", "grey"], 2, "grey"),
      Refusal(["--also", "output=x,restrict-to=child,crop-to=child"], 2, "--also: --crop-to was"),
      Refusal(["shot", "-o", "x.png", "--logical"], 2, "--logical: only a window"),
      Refusal(["shot", "-o", "x.png", "--partial", "hold"], 2, "hold"),
      Refusal(["shot", "-o", "x.png", "--restrict-to", "banana"], 2, "--restrict-to: 'banana'"),
      Refusal(["--window", ""], 2, "--window: it is empty: was the selection cancelled?"),
      Refusal(["--window", "banana"], 2, "'banana' names no window"),
      Refusal(["--window", "0"], 2, "'0' names no window"),
      Refusal(["--window", "-5"], 2, "--window"),
      Refusal(["--window", "0xgg"], 2, "'0xgg' names no window"),
      Refusal(["--window", "name:"], 2, "name:"),
      Refusal(["--window", "name:("], 2, "'(' is no regular expression"),
      Refusal(["--window", "class:X,name:*"], 2, "'*' is no regular expression"),
      Refusal(["--window", "pid:x"], 2, "'x' is no process id"),
      Refusal(["--window", "pid:0"], 2, "'0' is no process id"),
      Refusal(["--window", "root", "--screen"], 2, "--window was given too"),
      Refusal(["-r", "fast"], 2, "'fast' is no frame rate"),
      Refusal(["-r", "30/"], 2, "'30/' is no frame rate"),
      Refusal(["-n", "0"], 2, "--frames: 0"),
      Refusal(["-n", "-1"], 2, "--frames: -1"),
      Refusal(["-n", "many"], 2, "many"),
      Refusal(["-t", "-1"], 2, "--duration: -1"),
      Refusal(["-t", "nan"], 2, "--duration: nan"),
      Refusal(["--delay", "-0.5"], 2, "--delay: -0.5"),
      Refusal(["--wait", "-1"], 2, "--wait: -1"),
      Refusal(["--wait", "inf"], 2, "--wait: inf"),
      Refusal(["--size", "banana"], 2, "'banana' is no size"),
      Refusal(["--size", "100"], 2, "'100' is no size"),
      Refusal(["--pix-fmt", "bgra"], 2, "y4m holds no bgra"),
      Refusal(["-f", "y4m", "--pix-fmt", "bgr0"], 2, "y4m holds no bgr0"),
      Refusal(["-f", "banana"], 2, "banana"),
      Refusal(["-f", "raw", "--pix-fmt", "rgba"], 2, "raw holds no rgba"),
      Refusal(["-f", "pam", "--pix-fmt", "bgra"], 2, "pam holds no bgra, but rgb24, rgba, gray"),
      Refusal(["-f", "pam", "--color-range", "limited"], 2, "pam is always of full range"),
      Refusal(["--on-resize", "native"], 2, "y4m frames are all of one size: use -f pam"),
      Refusal(["-f", "raw", "--on-resize", "native"], 2, "use -f pam, or --frame-log"),
      Refusal(["-f", "pam", "--on-resize", "native", "--size", "9x9"], 2, "--size"),
      Refusal(["--timing", "banana"], 2, "banana"),
      Refusal(["--on-empty", "banana"], 2, "banana"),
      Refusal(["-o", "x.avi"], 2, "use -f y4m, or pipe into 'ffmpeg -i - x.avi'"),
      Refusal(["-o", "/tmp/x.1"], 2, ".1 is unknown: expected .y4m, .raw,"),
      Refusal(["-o", "x.mp4", "--timing", "vfr"], 2, "use --timing cfr"),
      Refusal(["-o", "x.mp4", "-r", "max"], 2, "--framerate max: 'x.mp4'"),
      Refusal(["-o", "x.gif", "-r", "51"], 10, "a GIF shows at most 50 frames a second"),
      Refusal(["-o", "x.mkv", "--on-resize", "native"], 2, "mkv frames are all of one size"),
      Refusal(["-o", "x.webm", "--frame-params"], 2, "only y4m has lines"),
      Refusal(
        ["-o", "x.webm", "--pix-fmt", "gray"], 2, "webm holds no gray, but yuv420p, yuv444p"),
      Refusal(["-o", "x.gif", "--color-range", "limited"], 2, "gif is always of full range"),
      Refusal(["-o", "x.mp4", "--ffmpeg-args", "-vf 'x"], 2, "--ffmpeg-args: a quote is not"),
      Refusal(["-o", "x.mp4", "--ffmpeg-args", "x\\"], 2, "nothing follows its last backslash"),
      Refusal(["-o", "x.y4m", "--ffmpeg-args", "-an"], 2, "-o names none of them"),
      Refusal(["-o", "x.png"], 2, "use 'xregioncap shot -o x.png'"),
      Refusal(["shot"], 2, "use -o FILE"),
      Refusal(["shot", "-o", "x.jpg"], 2, "'x.jpg' ends in none of .png, .ppm, .pgm, .pam"),
      Refusal(["shot", "-o", "x"], 2, "name the format with -f"),
      Refusal(["shot", "-o", "-", "-f", "jpg"], 2, "jpg"),
      Refusal(["shot", "-o", "x.png", "--pix-fmt", "bgr0"], 2, "bgr0"),
      Refusal(["shot", "-o", "x.ppm", "--pix-fmt", "rgba"], 2, "ppm holds no rgba"),
      Refusal(["shot", "-o", "x.pgm", "--pix-fmt", "rgb24"], 2, "pgm holds no rgb24, but gray"),
      Refusal(["shot", "-o", "x.png", "--on-resize", "native"], 2, "native"),
      Refusal(["shot", "-o", "x.png", "--size", "banana"], 2, "'banana' is no size"),
      Refusal(["shot", "-o", "x.png", "--delay", "-1"], 2, "--delay: -1"),
      Refusal(["shot", "-o", "x.png", "-n", "1"], 2, "-n"),
    ]

    @Test("What is wrong with an option is said before anything is asked of X", arguments: options)
    func option(_ row: Refusal) throws {
      let folder = try TemporaryFolder()
      row.check(
        try Command.run(
          Command.xregioncap, row.arguments, display: Self.noDisplay, directory: folder.path))
      #expect(folder.names == [])
    }

    @Test(
      "A8: sizes and rates of 0 and less are refused before anything is asked of X",
      arguments: [
        Refusal(["-r", "0"], 10, "'0'"),
        Refusal(["-r", "-1"], 10, "'-1'"),
        Refusal(["-r", "0/1"], 10, "'0/1'"),
        Refusal(["-r", "1/0"], 10, "'1/0'"),
        Refusal(["-r", "-30000/1001"], 10, "'-30000/1001'"),
        Refusal(["-r", "0.0"], 10, "'0.0'"),
        Refusal(["-r", "-0.5"], 10, "'-0.5'"),
        Refusal(["-r", "1001"], 10, "'1001'"),
        Refusal(["--size", "0x0"], 10, "'0x0'"),
        Refusal(["--size", "0x10"], 10, "'0x10'"),
        Refusal(["--size", "10x-10"], 10, "'10x-10'"),
        Refusal(["--size", "99999x99999"], 10, "'99999x99999' is too large"),
        Refusal(["--size", "32768x1"], 10, "'32768x1' is too large"),
        Refusal(["--size", "32767x32767"], 10, "'32767x32767' is too large"),
        Refusal(["shot", "-o", "x.png", "--size", "0x0"], 10, "'0x0'"),
        Refusal(
          ["shot", "-o", "x.png", "--size", "40000x40000"], 10, "'40000x40000' is too large"),
      ])
    func overconstrained(_ row: Refusal) throws {
      row.check(try Command.run(Command.xregioncap, row.arguments, display: Self.noDisplay))
    }

    @Test(
      "What the user wrote does not break the error's line", arguments: ["a\nb", "a\u{1b}[2Jb"])
    func control(_ text: String) throws {
      let result = try Command.run(Command.xregioncap, ["--window", text])
      #expect(result.status == 2)
      #expect(result.errors.lines.count == 1)
      #expect(!result.errors.dropLast().unicodeScalars.contains { $0.value < 32 })
    }

    @Test("A pixel format that there is not: the choices are said on the same line")
    func choices() throws {
      let row = Refusal(["--pix-fmt", "banana"], 2, "banana")
      let result = try Command.run(Command.xregioncap, row.arguments)
      #expect(result.status == 2)
      row.check(result)
    }

    @Test("There is no display")
    func noDisplay() throws {
      let named = Refusal(["--display", Self.noDisplay], 11, Self.noDisplay)
      named.check(try Command.run(Command.xregioncap, named.arguments))
      let fromEnvironment = Refusal([], 11, Self.noDisplay)
      fromEnvironment.check(try Command.run(Command.xregioncap, [], display: Self.noDisplay))
      let unset = Refusal([], 11, "$DISPLAY")
      unset.check(try Command.run(Command.xregioncap, []))
      let empty = Refusal([], 11, "$DISPLAY")
      empty.check(try Command.run(Command.xregioncap, [], display: ""))
    }

    @Test("A new file does not stay where there is no display, and an old one stays as it was")
    func fileWithoutDisplay() throws {
      let folder = try TemporaryFolder()
      try folder.write("old".utf8, to: "old.y4m")
      for name in ["new.y4m", "old.y4m"] {
        let row = Refusal(["-o", folder[name]], 11, Self.noDisplay)
        row.check(try Command.run(Command.xregioncap, row.arguments, display: Self.noDisplay))
      }
      #expect(folder.names == ["old.y4m"])
      #expect(try folder.read("old.y4m") == Array("old".utf8))
    }

    @Test("A window that is not there, not one, or not to be captured")
    func windows() throws {
      let stage = try Stage()
      let scene = stage.scene
      let top = hexadecimal(scene.top)
      let dead = scene.window(in: scene.top, Rect(x: 0, y: 0, width: 9, height: 9), 0)
      scene.destroy(dead)
      let hidden = scene.inputOnlyWindow(in: scene.top)
      let twin = scene.window(in: scene.root, Rect(x: 600, y: 0, width: 9, height: 9), 0)
      scene.setTitle(twin, "OTHER")
      let (other, inside) = (hexadecimal(scene.other), hexadecimal(scene.t))
      let rows = [
        Refusal(["--window", hexadecimal(dead)], 11, "there is no such window"),
        Refusal(["--window", "name:^NOBODY$"], 11, "none of the screen's windows fits"),
        Refusal(["--window", "class:NOBODY"], 11, "'TOP'"),
        Refusal(["--window", "name:^TOP$,class:NOBODY"], 11, "'TOP'"),
        Refusal(["--window", "name:^OTHER$"], 2, "2 windows fit"),
        Refusal(["--window", "name:^OTHER$"], 2, "\(other) 'OTHER' 80x80"),
        Refusal(["--window", "name:^OTHER$"], 2, "\(hexadecimal(twin)) 'OTHER' 9x9"),
        Refusal(["--window", hexadecimal(hidden)], 3, "InputOnly"),
        Refusal(["--window", top, "--crop-to", hexadecimal(hidden)], 3, "InputOnly"),
        Refusal(["--window", top, "--crop-to", other], 5, "it is no target inside the surface"),
        Refusal(["--window", top, "--crop-to", "root"], 5, "it is no target inside the surface"),
        Refusal(["--window", top, "-g", "10x10+400+0"], 5, "outside the surface"),
        Refusal(["--window", top, "-g", "10x10+0+-10"], 5, "outside the surface"),
        Refusal(["--window", top, "--crop-to", "10x10-400-300"], 5, "outside the surface"),
        Refusal(["--window", top, "--crop-to", "name:^OTHER$"], 11, "inside the surface"),
        Refusal(["--window", top, "--crop-to", "child"], 2, "3 windows fit"),
        Refusal(["--window", top, "--crop-to", "child"], 2, "\(inside) 'T' 100x80"),
        Refusal(["--window", top, "--crop-to", "child:4"], 11, "3 viewable children"),
        Refusal(["--window", top, "--crop-to", "child:9"], 11, "3 viewable children"),
        Refusal(["--window", top, "--crop-to", "child:name:^NOBODY$"], 11, "'T'"),
        Refusal(["--window", hexadecimal(scene.o1), "--crop-to", "child"], 11, "--crop-to"),
      ]
      for row in rows { row.check(try stage.run(["-n", "1"] + row.arguments)) }
    }

    @Test("C7: a dead window, another program's and an unknown token: the same words")
    func oneMessage() throws {
      let stage = try Stage()
      let scene = stage.scene
      let dead = scene.window(in: scene.top, Rect(x: 0, y: 0, width: 9, height: 9), 0)
      scene.destroy(dead)
      let windows = [dead, scene.other, scene.o1, 0x1fff_ffff].map(hexadecimal)
      let unknown = "6a0e7f0c-1f1d-4c0b-9d3a-0123456789ab"
      let said = try (windows + ["root", unknown]).map { target in
        let result = try stage.run(
          ["--window", hexadecimal(scene.top), "--crop-to", target, "-n", "1"])
        #expect(result.status == 5)
        return result.errors
      }
      #expect(Set(said).count == 1)
    }

    @Test("An argument that is not UTF-8 is not repaired: it would name another file")
    func notText() throws {
      let folder = try TemporaryFolder()
      let result = try Command.shell(
        "$XREGIONCAP shot -o $'\\xff.png'", directory: folder.path)
      Refusal(["shot", "-o", "?"], 2, "argument 3: it is not UTF-8").check(result)
      #expect(folder.names == [])
    }

    @Test("Frames are not written to a terminal")
    func terminal() throws {
      let terminal = try Terminal()
      let command = try Command(
        Command.xregioncap, ["-n", "1"], display: Self.noDisplay,
        standardOutput: terminal.descriptor)
      Refusal(["-n", "1"], 2, "standard output: it is a terminal").check(try command.finish())
      #expect(try terminal.text() == "")
    }

    @Test("An output that cannot be written")
    func output() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let paths = [folder["none/x.y4m"], folder.path, "/dev/full"]
      for path in paths {
        let row = Refusal(["-n", "2", "-o", path], 15, "\(path): cannot write: ")
        row.check(try stage.run(row.arguments))
      }
      #expect(folder.names == [])
      let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
      defer { close(full) }
      Refusal(["> /dev/full"], 15, "standard output: cannot write: No space left on device")
        .check(try stage.start(["-n", "2"], output: full).finish())
      Refusal([">&-"], 15, "standard output: cannot write: ")
        .check(try stage.shell("$XREGIONCAP -n 2 >&-"))
    }

    @Test("--wait waits for a window that does not come, and then says that it is not there")
    func waitInVain() throws {
      let stage = try Stage()
      let row = Refusal(["--wait", "0.3", "--window", "name:^NOBODY$"], 11, "--window")
      let result = try stage.run(row.arguments)
      row.check(result)
      #expect(result.seconds >= 0.28 && result.seconds < 5)
      let display = Refusal(["--wait", "0.3"], 11, Self.noDisplay)
      let late = try Command.run(Command.xregioncap, display.arguments, display: Self.noDisplay)
      display.check(late)
      #expect(late.seconds >= 0.28 && late.seconds < 5)
    }

    @Test("A window that dies before the first frame leaves nothing behind")
    func deadBeforeFirst() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let command = try stage.start(
        stage.cropped + ["--delay", "60", "-o", folder["x.raw"]])
      try command.waitUntilSignalsAreRead()
      command.signal(SIGUSR1)
      // It captures: the window was found.
      try command.waitForError("0 frames")
      stage.scene.destroy(stage.scene.top)
      let result = try command.finish()
      #expect(result.status == 21)
      #expect(result.errors.lines.count == 2)
      #expect(
        result.errors.lines.last == "xregioncap: no frame was written: the window was closed")
      #expect(folder.names == [])
    }
  }
}
