import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Where a stream goes") struct OutputTests {
    @Test("A file holds whole frames; what was in it before is gone with the first")
    func file() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      try folder.write([UInt8](repeating: 7, count: 1_000_000), to: "x.raw")
      let arguments = [
        "-w", hexadecimal(stage.scene.top), "--crop-to", "child:2", "-n", "3", "-o",
        folder["x.raw"],
      ]
      let result = try stage.run(arguments)
      #expect(result.status == 0)
      #expect(result.output.isEmpty)
      #expect(
        pictures(try folder.read("x.raw"))
          == [Picture.ofT, Picture.ofT, Picture.ofT])
    }

    @Test("The file's ending names the format; without one it is Y4M")
    func ending() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      for (name, count) in [("x.yuv", 32000), ("x.RAW", 32000), ("x", 12000), ("x.y4m", 12000)] {
        let target = ["-w", hexadecimal(stage.scene.top), "--crop-to", "child:2"]
        #expect(try stage.run(target + ["-n", "1", "-o", folder[name]]).status == 0)
        let bytes = try folder.read(name)
        let header = count == 32000 ? "" : "YUV4MPEG2 "
        #expect(bytes.starts(with: header.utf8), "\(name)")
        let line = count == 32000 ? 0 : (bytes.firstIndex(of: 10) ?? 0) + 1 + 6
        #expect(bytes.count == line + count, "\(name)")
      }
    }

    @Test("A file's content stays where the window is not found")
    func kept() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      try folder.write("precious".utf8, to: "x.raw")
      let result = try stage.run(["-w", "name:^NOBODY$", "-o", folder["x.raw"]])
      #expect(result.status == 11)
      #expect(try folder.read("x.raw") == Array("precious".utf8))
    }

    @Test("A FIFO waits for its reader, and gets whole frames", arguments: [[], ["--no-splice"]])
    func fifo(_ path: [String]) throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      #expect(mkfifo(folder["pipe"], 0o600) == 0)
      let command = try stage.start(stage.top + path + ["-n", "3", "-o", folder["pipe"]])
      try command.waitUntilSignalsAreRead()
      let read = try Command.run("/bin/cat", [folder["pipe"]])
      #expect(
        pictures(read.output, Stage.sizeOfTop) == Array(repeating: Picture.ofTop, count: 3))
      #expect(try command.finish().status == 0)
    }

    @Test("A FIFO that nobody reads keeps no one from hearing of a wrong window, or from stopping")
    func fifoWithoutReader() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      #expect(mkfifo(folder["pipe"], 0o600) == 0)
      let wrong = try stage.run(["-w", "name:^NOBODY$", "-o", folder["pipe"]])
      #expect(wrong.status == 11)
      let command = try stage.start(stage.cropped + ["-o", folder["pipe"]])
      try command.waitUntilSignalsAreRead()
      command.signal(SIGUSR1)
      try command.waitForError("waiting for a reader of the output")
      command.signal(SIGTERM)
      let result = try command.finish()
      #expect(result.status == 21)
      #expect(result.seconds < 1)
    }

    @Test("A pipe that others share is not made non-blocking for them")
    func sharedPipe() throws {
      let stage = try Stage()
      var ends: [Int32] = [0, 0]
      #expect(pipe(&ends) == 0)
      defer { for end in ends { close(end) } }
      let result = try stage.start(stage.cropped + ["-n", "2"], output: ends[1]).finish()
      #expect(result.status == 0)
      #expect(fcntl(ends[1], F_GETFL) & O_NONBLOCK == 0)
      #expect(fcntl(ends[0], F_GETFL) & O_NONBLOCK == 0)
    }

    @Test("A socket gets whole frames, and one that nobody reads can be stopped")
    func socket() throws {
      let stage = try Stage()
      var ends: [Int32] = [0, 0]
      #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
      let (ours, theirs) = (ends[0], ends[1])
      defer { close(ours) }
      let command = try stage.start(stage.cropped + ["-r", "max"], output: theirs)
      close(theirs)
      var frames = [UInt8](repeating: 0, count: 5 * Stage.bytesOfT)
      #expect(recv(ours, &frames, frames.count, Int32(MSG_WAITALL)) == frames.count)
      #expect(pictures(frames) == Array(repeating: Picture.ofT, count: 5))
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.seconds < 1.5)
    }

    @Test("A file of limited size ends with a whole frame, and the status is 15")
    func limited() throws {
      let stage = try Stage()
      // 500 blocks of 1024 bytes are 16 frames.
      let folder = try TemporaryFolder()
      for output in ["-o x.raw", "> x.raw"] {
        let result = try stage.shell(
          "ulimit -f 500; $XREGIONCAP -f raw -w $TOP --crop-to $T -r max \(output)", in: folder)
        #expect(result.status == 15)
        #expect(result.errors.lines.count == 1)
        #expect(result.errors.contains("cannot write: File too large"))
        #expect(
          pictures(try folder.read("x.raw")) == Array(repeating: Picture.ofT, count: 16))
      }
    }

    @Test("What others wrote to the file before stays, and after it there are whole frames")
    func limitedBehind() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let result = try stage.shell(
        """
        ulimit -f 500
        { printf before; $XREGIONCAP -f raw -w $TOP --crop-to $T -r max; } > x.raw
        """, in: folder)
      #expect(result.status == 15)
      let bytes = try folder.read("x.raw")
      #expect(bytes.starts(with: "before".utf8))
      #expect(
        pictures(Array(bytes.dropFirst(6))) == Array(repeating: Picture.ofT, count: 15))
    }

    @Test("What is appended to a file ends with a whole frame")
    func limitedAppended() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      try folder.write("before".utf8, to: "x.raw")
      let result = try stage.shell(
        "ulimit -f 500; $XREGIONCAP -f raw -w $TOP --crop-to $T -r max >> x.raw", in: folder)
      #expect(result.status == 15)
      let bytes = try folder.read("x.raw")
      #expect(bytes.starts(with: "before".utf8))
      #expect(bytes.count == 6 + 15 * Stage.bytesOfT)
    }

    @Test("Descriptors that are closed do not come to be the stream")
    func closedDescriptors() throws {
      let stage = try Stage()
      for closed in ["<&-", "2>&-", "<&- 2>&-"] {
        let result = try stage.shell(
          "$XREGIONCAP -f raw -w $TOP --crop-to $T -n 2 --verbose \(closed) | cat")
        let isWhole = result.output.count == 2 * Stage.bytesOfT
        #expect(isWhole, "\(closed)")
      }
    }
  }
}
