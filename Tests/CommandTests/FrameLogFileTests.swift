import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Where the frame log goes") struct FrameLogFileTests {
    @Test("An open descriptor: what is in its file stays, standard error is one, too")
    func descriptor() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let result = try stage.shell(
        """
        echo '{"before":1}' > log
        $XREGIONCAP -w $TOP --crop-to $T -f raw -n 3 --frame-log fd:3 3>> log
        """, in: folder)
      #expect(result.status == 0 && result.errors == "")
      #expect(result.output.count == 3 * Stage.bytesOfT)
      let lines = try logLines(try folder.read("log"))
      #expect(lines.first?.text == #"{"before":1}"#)
      #expect(
        lines.dropFirst().map(\.type) == ["stream", "frame", "frame", "frame", "ended"])
      let said = try stage.run(stage.cropped + ["-n", "2", "--frame-log", "fd:2"])
      #expect(
        try logLines(said.errors.utf8).map(\.type) == ["stream", "frame", "frame", "ended"])
    }

    @Test("A descriptor that is closed, or only read, is TypeError")
    func badDescriptor() throws {
      let stage = try Stage()
      let closed = try stage.run(stage.cropped + ["-n", "1", "--frame-log", "fd:9"])
      Refusal([], 2, "'fd:9': no such descriptor is open").check(closed)
      let read = try stage.shell("$XREGIONCAP -w $TOP -n 1 --frame-log fd:4 4< /dev/null")
      Refusal([], 2, "'fd:4': the descriptor is not open for writing").check(read)
    }

    @Test("Two pipes, one reader: lines and frames can be put together")
    func twoPipes() throws {
      let stage = try Stage()
      let result = try stage.shell(
        """
        $XREGIONCAP -w $TOP --crop-to $T -f raw -n 20 -r 200 --frame-log fd:3 \
        3> >(grep -c '"type":"frame"' >&2) | wc -c
        """)
      #expect(String(decoding: result.output, as: UTF8.self) == "\(20 * Stage.bytesOfT)\n")
      #expect(result.errors == "20\n")
    }

    @Test("A log onto a full disk ends the capture, status 15, and no frame without its line")
    func fullDisk() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let result = try stage.run(
        stage.cropped + ["-n", "5", "--frame-log", "/dev/full", "-o", folder["x"]])
      let full = Refusal([], 15, "/dev/full: cannot write: No space left on device")
      full.check(result)
      #expect(folder.names == [])
    }

    @Test("A log that is full in the middle ends with a whole line, and with the frames told of")
    func limit() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let result = try stage.shell(
        """
        trap '' XFSZ
        (ulimit -f 4; exec $XREGIONCAP -w $TOP --crop-to $T -f raw -r max --frame-log log) | wc -c
        exit ${PIPESTATUS[0]}
        """, in: folder)
      #expect(result.status == 15)
      #expect(result.errors == "xregioncap: log: cannot write: File too large\n")
      let lines = try logLines(try folder.read("log"))
      let bytes = String(decoding: result.output, as: UTF8.self).lines.first.flatMap { Int($0) }
      #expect(lines.count > 10)
      #expect(bytes == lines.count { $0.type == "frame" } * Stage.bytesOfT)
    }

    @Test("A log's reader that leaves stops nothing")
    func readerGone() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let log = try NamedPipe(folder["log"])
      try log.open()
      let command = try stage.start(stage.cropped + ["-r", "100", "--frame-log", log.path])
      _ = try command.read(2 * Stage.bytesOfT)
      #expect(try log.line()?.contains(#""type":"stream""#) == true)
      log.leave()
      #expect(runs(try command.read(30 * Stage.bytesOfT), Stage.sizeOfT).map(\.picture) == [.ofT])
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0 && result.errors == "")
    }

    @Test("A log that nobody reads yet is waited for; a wrong window is told of all the same")
    func lateReader() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let log = try NamedPipe(folder["log"])
      let command = try stage.start(stage.cropped + ["-n", "3", "--frame-log", log.path])
      #expect(command.isSilent(for: 0.2))
      try log.open()
      #expect(try command.finish().status == 0)
      #expect(try logLines(try log.rest()).count == 5)
      log.leave()
      let wrong = try stage.run(["-w", "0x7", "--frame-log", log.path, "-o", folder["x"]])
      Refusal([], 11, "--window: there is no such window").check(wrong)
    }

    @Test(
      "A log that is not read holds the frames, and no signal up", arguments: [SIGINT, SIGTERM])
    func stalled(_ signal: Int32) throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let log = try NamedPipe(folder["log"])
      try log.open()
      let live = try LiveCapture(
        stage,
        [
          "--crop-to", hexadecimal(stage.scene.t), "-r", "500", "--start-paused", "--frame-log",
          log.path,
        ], in: folder)
      // A pipe of one page is full soon.
      try log.narrow()
      #expect(try live.client.call("resume").ok)
      var seq = -1
      while let now = try live.state().seq, now == 0 || now != seq {
        seq = now
        #expect(!live.command.hasEnded(within: 0.05))
      }
      #expect(seq > 0 && seq < 40)
      // The socket answers meanwhile, and what cannot be told is not done.
      #expect(try live.client.call("capabilities").ok)
      let clone = try live.clone("clone")
      let watcher = try live.watcher()
      try watcher.frames(10, of: clone)
      #expect(try live.state().seq == seq)
      live.command.signal(signal)
      let result = try live.command.finish()
      #expect(result.status == 0 && result.errors == "")
      #expect(result.seconds < 2)
      let text = String(decoding: try log.rest(), as: UTF8.self)
      let told = text.lines.count { $0.hasPrefix(#"{"type":"frame""#) && $0.hasSuffix("]}") }
      let frames = runs(try folder.read("main"), Stage.sizeOfT)
      #expect(frames.map(\.picture) == [.ofT])
      #expect(frames.first?.count ?? .max <= told)
    }
  }

  @Suite("Lines before Y4M frames") struct FrameParameterTests {
    @Test("They tell number, version and rectangle")
    func lines() throws {
      let stage = try Stage()
      let live = try LiveCapture(
        stage,
        [
          "-f", "y4m", "--pix-fmt", "gray", "--frame-params", "--timing", "vfr", "-r", "100",
          "--size", "100x80", "-o", "-",
        ])
      let header = "YUV4MPEG2 W100 H80 F100:1 Ip A1:1 Cmono XCOLORRANGE=LIMITED\n"
      func frame(_ line: String) throws {
        let bytes = try live.command.read(line.utf8.count + 1 + 8000)
        #expect(String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self) == line)
      }
      #expect(try live.command.read(header.utf8.count) == Array(header.utf8))
      try frame("FRAME XSEQ=0 XVER=0 XRECT=400x300+0+0")
      #expect(try live.crop(stage.scene.t).ok)
      try frame("FRAME XSEQ=1 XVER=1 XRECT=100x80+50+50")
      stage.scene.move(stage.scene.t, x: 3, y: 7)
      try frame("FRAME XSEQ=2 XVER=1 XRECT=100x80+3+7")
      #expect(try live.crop(stage.scene.sib).ok)
      try frame("FRAME XSEQ=3 XVER=2 XRECT=100x80+100+80")
      #expect(try live.stop().output == [])
    }

    @Test("Repeated frames have numbers, black ones no rectangle")
    func black() throws {
      let stage = try Stage()
      stage.scene.unmap(stage.scene.t)
      let result = try stage.run(
        stage.cropped + [
          "-f", "y4m", "--pix-fmt", "gray", "--frame-params", "-n", "3", "--on-empty", "black",
          "--size", "10x6",
        ])
      let text = String(decoding: result.output, as: UTF8.self)
      for seq in 0..<3 { #expect(text.count(of: "FRAME XSEQ=\(seq) XVER=0\n") == 1) }
    }

    @Test("ffmpeg reads every frame")
    func ffmpeg() throws {
      let stage = try Stage()
      let line = "$XREGIONCAP -w $TOP --crop-to $T -r 50 -n 12 --frame-params"
      let probed = try stage.shell(
        "\(line) | ffprobe -v error -count_frames -show_entries stream=nb_read_frames "
          + "-of csv=p=0 -i -")
      #expect(probed.errors == "")
      #expect(String(decoding: probed.output, as: UTF8.self) == "12\n")
      let read = try stage.shell("\(line) | ffmpeg -v error -i - -f rawvideo -")
      let raw = try stage.run(stage.cropped + ["--pix-fmt", "yuv420p", "-n", "12"]).output
      let isSame = read.output == raw
      #expect(isSame && !raw.isEmpty && read.errors == "")
    }
  }
}
