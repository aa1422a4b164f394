import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Nothing to see") struct EmptyTests {
    /// How a target comes to have no visible pixel, and what undoes it.
    enum Cause: CaseIterable {
      case unmapped, ancestorUnmapped, outsideTheViewport, emptyShape, reparentedOut
    }

    /// Puts T into a window between it and TOP, where it looks the same.
    func parent(_ scene: Scene) -> UInt {
      let middle = scene.window(
        in: scene.top, Rect(x: 0, y: 0, width: 400, height: 300), Scene.top)
      scene.atOnce {
        scene.reparent(scene.t, to: middle, x: 50, y: 50)
        scene.raise(scene.sib)
      }
      return middle
    }

    @Test(
      "D1, D2, D4, D6: no bytes and one mute while empty; then one unmute and frames, unasked",
      arguments: Cause.allCases)
    func empty(_ cause: Cause) throws {
      let stage = try Stage()
      let scene = stage.scene
      let middle = parent(scene)
      let command = try stage.start(stage.cropped + ["-r", "100", "--verbose"])
      var before = try command.read(Stage.bytesOfT)
      switch cause {
      case .unmapped: scene.unmap(scene.t)
      case .ancestorUnmapped: scene.unmap(middle)
      case .outsideTheViewport: scene.move(scene.t, x: 400, y: 50)
      case .emptyShape: scene.shape(scene.t, to: Rect(x: 0, y: 0, width: 0, height: 0))
      case .reparentedOut: scene.reparent(scene.t, to: scene.root, x: 500, y: 300)
      }
      try command.waitForError("mute: ")
      before += try command.drain(silence: 0.3)
      // A mapped window is reparented by being unmapped first: whether that is seen alone, and
      // told as the reason, is for the server to say. What it comes to is certain.
      let reason = cause == .reparentedOut ? "disconnected" : "empty"
      command.signal(SIGUSR1)
      try command.waitForError(", muted: \(reason)\n")
      let all = pictures(before)
      #expect(all.allSatisfy { $0 == Picture.ofT })
      switch cause {
      case .unmapped: scene.map(scene.t)
      case .ancestorUnmapped: scene.map(middle)
      case .outsideTheViewport: scene.move(scene.t, x: 50, y: 50)
      case .emptyShape: scene.shape(scene.t, to: nil)
      case .reparentedOut: scene.reparent(scene.t, to: middle, x: 50, y: 50)
      }
      let after = pictures(try command.read(3 * Stage.bytesOfT))
      #expect(after == [Picture.ofT, Picture.ofT, Picture.ofT])
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      var said = result.errors.lines
      #expect(said.count == 6)
      said.removeAll { $0.hasSuffix(", muted: \(reason)") }
      #expect(result.errors.count(of: ": mute: ") == 1)
      #expect(
        said.filter { !$0.contains(": mute: ") } == [
          "xregioncap: pixels by shared memory (MIT-SHM)",
          "xregioncap: frames by write: they are small", "xregioncap: unmute",
          "xregioncap: ended: stopped",
        ])
      #expect(
        cause == .reparentedOut || said.dropFirst(2).first == "xregioncap: mute: \(reason)")
    }

    @Test("D4: a target that goes and comes back is seen again each time")
    func backAndForth() throws {
      let stage = try Stage()
      let scene = stage.scene
      // A parent that is asked about anew each time: the answers bring the MapNotify along.
      let middle = parent(scene)
      let command = try stage.start(stage.cropped + ["-r", "1000", "--verbose"])
      _ = try command.read(Stage.bytesOfT)
      for path in ["pixels", "frames"] {
        #expect(try command.nextError().hasPrefix("xregioncap: \(path) by "))
      }
      for _ in 0..<1500 {
        scene.reparent(scene.t, to: scene.root, x: 500, y: 300)
        #expect(try command.nextError().hasPrefix("xregioncap: mute: "))
        _ = try command.drain(silence: 0)
        scene.reparent(scene.t, to: middle, x: 50, y: 50)
        #expect(try command.nextError() == "xregioncap: unmute")
      }
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
    }

    @Test("D2: frames within two periods")
    func twoPeriods() throws {
      let stage = try Stage()
      let command = try stage.start(stage.cropped + ["-r", "2", "--verbose"])
      _ = try command.read(Stage.bytesOfT)
      stage.scene.unmap(stage.scene.t)
      try command.waitForError("mute: empty\n")
      _ = try command.drain(silence: 0.1)
      stage.scene.map(stage.scene.t)
      let start = ContinuousClock.now
      _ = try command.read(Stage.bytesOfT)
      #expect(ContinuousClock.now - start < .seconds(1))
    }

    @Test("D2: a vfr stream writes the frame that ends the time of nothing, though it is the same")
    func changes() throws {
      let stage = try Stage()
      let command = try stage.start(
        stage.cropped + ["--timing", "vfr", "-r", "100", "--verbose"])
      _ = try command.read(Stage.bytesOfT)
      stage.scene.unmap(stage.scene.t)
      try command.waitForError("mute: empty\n")
      #expect(command.isSilent(for: 0.1))
      stage.scene.map(stage.scene.t)
      #expect(!command.isSilent(for: 0.5))
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(pictures(result.output) == [Picture.ofT])
      #expect(result.errors.count(of: ": unmute\n") == 1)
    }

    @Test("D4: a destroyed target is as empty, and another window of its id is not it")
    func destroyed() throws {
      let stage = try Stage()
      let scene = stage.scene
      let command = try stage.start(stage.cropped + ["-r", "100", "--verbose"])
      let first = try command.read(Stage.bytesOfT)
      scene.recycle(scene.t, as: Rect(x: 150, y: 150, width: 100, height: 80), 0x12_3456)
      // It is unmapped first: whether that is seen alone is for the server to say.
      try command.waitForError("mute: ")
      let rest = try command.drain(silence: 0.3)
      command.signal(SIGUSR1)
      try command.waitForError("muted: disconnected\n")
      scene.reparent(scene.t, to: scene.top, x: 50, y: 50)
      #expect(command.isSilent(for: 0.3))
      #expect(pictures(first + rest).allSatisfy { $0 == Picture.ofT })
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.errors.count(of: ": mute: ") == 1)
      #expect(result.errors.count(of: "unmute") == 0)
    }

    @Test("D7: --on-empty hold repeats the last frame, and black writes black ones")
    func policies() throws {
      for policy in ["hold", "black"] {
        let stage = try Stage()
        let command = try stage.start(
          stage.cropped + ["-r", "100", "--verbose", "--on-empty", policy])
        var all = try command.read(Stage.bytesOfT)
        stage.scene.unmap(stage.scene.t)
        try command.waitForError("mute: empty\n")
        all += try command.read(100 * Stage.bytesOfT)
        stage.scene.map(stage.scene.t)
        try command.waitForError("unmute\n")
        command.signal(SIGINT)
        let result = try command.finish()
        #expect(result.status == 0)
        let frames = pictures(all + result.output)
        let black = Picture(size: Stage.sizeOfT, [])
        #expect(frames.first == Picture.ofT && frames.last == Picture.ofT)
        if policy == "hold" {
          #expect(frames.allSatisfy { $0 == Picture.ofT })
        } else {
          // Some frames of T, then black ones, then T again.
          let edges = zip(frames, frames.dropFirst()).filter { $0 != $1 }
          #expect(edges.count == 2)
          #expect(edges.first?.1 == black && edges.last?.0 == black)
        }
      }
    }

    @Test("Black frames need a size: before the first frame that of --size")
    func blackFirst() throws {
      let stage = try Stage()
      stage.scene.unmap(stage.scene.t)
      let result = try stage.run(
        stage.cropped + ["--on-empty", "black", "--size", "10x6", "-n", "3"])
      #expect(result.status == 0)
      let black = Picture(size: Size(width: 10, height: 6), [])
      #expect(pictures(result.output, black.size) == [black, black, black])
    }

    @Test("A target that is never seen gives no frame: 21")
    func never() throws {
      let stage = try Stage()
      stage.scene.unmap(stage.scene.t)
      let folder = try TemporaryFolder()
      let result = try stage.run(stage.cropped + ["-t", "0.3", "-o", folder["x.raw"]])
      #expect(result.status == 21)
      #expect(result.errors == "xregioncap: no frame was written: the target was empty\n")
      #expect(folder.names == [])
    }

    @Test("D8: wholly covered is not empty")
    func covered() throws {
      let stage = try Stage()
      let scene = stage.scene
      _ = scene.window(in: scene.root, Rect(x: 0, y: 0, width: 640, height: 480), 0x12_3456)
      let result = try stage.run(stage.cropped + ["-n", "1", "--visible"])
      let cover = Picture(size: Stage.sizeOfT, [(Stage.sizeOfT.bounds, 0x12_3456)])
      #expect(pictures(result.output) == [cover])
    }

    @Test("--on-lost end finishes the stream when the target is destroyed, and not when unmapped")
    func lost() throws {
      let stage = try Stage()
      let command = try stage.start(
        stage.cropped + ["--on-lost", "end", "-r", "100", "--verbose"])
      let first = try command.read(Stage.bytesOfT)
      stage.scene.unmap(stage.scene.t)
      try command.waitForError("mute: empty\n")
      #expect(!command.hasEnded(within: 0.2))
      stage.scene.destroy(stage.scene.t)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.seconds < 1)
      #expect(result.errors.lines.last == "xregioncap: ended: the target was closed")
      #expect(pictures(first + result.output).allSatisfy { $0 == Picture.ofT })
    }

    @Test("A socket's reader that goes away while there is nothing to see is noticed, too")
    func socketReaderGone() throws {
      let stage = try Stage()
      var ends: [Int32] = [0, 0]
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
      stage.scene.unmap(stage.scene.t)
      let command = try stage.start(
        stage.cropped + ["--delay", "60", "--verbose"], output: ends[0])
      close(ends[0])
      try command.waitForError("mute: empty\n")
      close(ends[1])
      #expect(command.hasEnded(within: 5))
    }

    @Test("A reader that goes away while there is nothing to see is noticed")
    func readerGone() throws {
      let stage = try Stage()
      let command = try stage.start(stage.cropped + ["-r", "100", "--verbose"])
      _ = try command.read(Stage.bytesOfT)
      stage.scene.unmap(stage.scene.t)
      try command.waitForError("mute: empty\n")
      _ = try command.drain(silence: 0.1)
      command.closeOutput()
      #expect(command.hasEnded(within: 1))
      command.signal(SIGTERM)
      #expect(try command.finish().status == 0)
    }
  }
}
