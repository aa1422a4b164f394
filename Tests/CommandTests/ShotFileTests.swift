import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Where a shot goes") struct ShotFileTests {
    /// T as PPM.
    private static let ofT: [UInt8] =
      Array("P6\n100 80\n255\n".utf8)
      + Picture.ofT.pixels.flatMap { [UInt8($0 >> 16), UInt8($0 >> 8 & 0xff), UInt8($0 & 0xff)] }

    private func t(_ stage: Stage, _ more: [String]) -> [String] {
      ["shot", "-w", hexadecimal(stage.scene.top), "--crop-to", hexadecimal(stage.scene.t)] + more
    }

    @Test("A file is replaced as a whole, one that a link leads to as well")
    func replaced() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      try folder.write("old".utf8, to: "x.ppm")
      chmod(folder["x.ppm"], 0o640)
      symlink("x.ppm", folder["link.ppm"])
      let old = open(folder["x.ppm"], O_RDONLY | O_CLOEXEC)
      defer { close(old) }
      #expect(try stage.run(t(stage, ["-o", folder["link.ppm"]])).status == 0)
      #expect(folder.names == ["link.ppm", "x.ppm"])
      #expect(try folder.read("x.ppm") == Self.ofT)
      var (status, word) = (stat(), [UInt8](repeating: 0, count: 9))
      lstat(folder["x.ppm"], &status)
      #expect(status.st_mode & 0o7777 == 0o640)
      lstat(folder["link.ppm"], &status)
      #expect(status.st_mode & S_IFMT == S_IFLNK)
      #expect(read(old, &word, 9) == 3)
    }

    @Test("Where the disk is full, the old file is as it was, and nothing is beside it")
    func limited() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      try folder.write("old".utf8, to: "old.ppm")
      for name in ["old.ppm", "new.ppm"] {
        let result = try stage.shell(
          "ulimit -f 10; $XREGIONCAP shot -w $TOP --crop-to $T -o \(name)", in: folder)
        #expect(result.status == 15)
        #expect(result.errors == "xregioncap: \(name): cannot write: File too large\n")
        #expect(folder.names == ["old.ppm"])
      }
      #expect(try folder.read("old.ppm") == Array("old".utf8))
    }

    @Test("Files and devices that cannot be written: 15, before anything is asked of X")
    func unwritable() throws {
      let folder = try TemporaryFolder()
      try folder.write("old".utf8, to: "file")
      for path in [
        folder["none/x.png"], folder["file/x.png"], folder.path, "/proc/none/x.png",
      ] {
        let row = Refusal(["shot", "-f", "png", "-o", path], 15, "\(path): cannot write: ")
        row.check(try Command.run(Command.xregioncap, row.arguments, display: ":9999"))
      }
      let stage = try Stage()
      for path in ["/dev/full", "/proc/x.png"] {
        let row = Refusal(["shot", "-f", "png", "-o", path], 15, "\(path): cannot write: ")
        row.check(try stage.run(row.arguments))
      }
      #expect(folder.names == ["file"])
    }

    @Test(
      "A folder, and a file, that are not to be written", .enabled(if: geteuid() != 0, "not root"))
    func forbidden() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      try folder.write("old".utf8, to: "old.png")
      chmod(folder["old.png"], 0o400)
      chmod(folder.path, 0o500)
      defer { chmod(folder.path, 0o700) }
      let new = Refusal(["shot", "-o", folder["new.png"]], 15, "cannot write: Permission denied")
      new.check(try stage.run(new.arguments))
      chmod(folder.path, 0o700)
      let old = Refusal(["shot", "-o", folder["old.png"]], 15, "cannot write: Permission denied")
      old.check(try stage.run(old.arguments))
      #expect(try folder.read("old.png") == Array("old".utf8))
    }

    @Test("/dev/stdout is standard output, a file, a pipe or what was appended to")
    func standardOutput() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let line = "$XREGIONCAP shot -w $TOP --crop-to $T -f ppm -o"
      for way in ["/dev/stdout", "-", "/dev/fd/1"] {
        #expect(try stage.shell("\(line) \(way) | cat").output == Self.ofT)
        try folder.write("longer than nothing".utf8, to: "x")
        #expect(try stage.shell("\(line) \(way) > x", in: folder).status == 0)
        #expect(try folder.read("x") == Self.ofT)
        #expect(folder.names == ["x"])
      }
      #expect(try stage.shell("(printf before; \(line) -) > x", in: folder).status == 0)
      #expect(try folder.read("x") == Array("before".utf8) + Self.ofT)
      #expect(try stage.shell("\(line) /dev/null", in: folder).status == 0)
      let full = try stage.shell("\(line) - > /dev/full")
      #expect(full.status == 15)
      #expect(
        full.errors == "xregioncap: standard output: cannot write: No space left on device\n")
    }

    @Test("A FIFO waits for its reader, and stays one")
    func fifo() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      try #require(mkfifo(folder["pipe.ppm"], 0o600) == 0)
      let command = try stage.start(t(stage, ["-o", folder["pipe.ppm"]]))
      try command.waitUntilSignalsAreRead()
      let read = try Command.run("/bin/cat", [folder["pipe.ppm"]])
      #expect(read.output == Self.ofT)
      #expect(try command.finish().status == 0)
      #expect(folder.names == ["pipe.ppm"])
    }

    @Test("A terminal is refused")
    func terminal() throws {
      let terminal = try Terminal()
      let command = try Command(
        Command.xregioncap, ["shot", "-o", "-"], display: ":9999",
        standardOutput: terminal.descriptor)
      Refusal(["shot", "-o", "-"], 2, "standard output: it is a terminal")
        .check(try command.finish())
      #expect(try terminal.text() == "")
    }

    @Test("A reader that goes away is a quiet end, one that does not read can be stopped")
    func reader() throws {
      let stage = try Stage()
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      close(ends[0])
      let gone = try stage.start(["shot", "-o", "-"], output: ends[1])
      close(ends[1])
      let quiet = try gone.finish()
      #expect(quiet.status == 0)
      #expect(quiet.errors == "")

      // Larger than any pipe.
      let slow = try stage.start(
        ["shot", "-o", "-", "-f", "ppm", "--size", "2000x2000", "--verbose"])
      try slow.waitForError("pixels by")
      slow.signal(SIGINT)
      let result = try slow.finish(readingOutput: false)
      #expect(result.status == 21)
      #expect(result.seconds < 1.5)
    }
  }
}
