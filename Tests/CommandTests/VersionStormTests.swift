import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Versions of a crop that is changed without rest") struct VersionStormTests {
    /// How a stream is read.
    enum Reader: CaseIterable {
      /// All that there is, at once.
      case fast
      /// A part of a frame now and then, from a pipe of one page or of the usual size.
      case slow, slowFromLargePipe
    }

    /// A session, and how much of its frames is read while an answer is awaited.
    func session(
      _ stage: Stage, _ reader: Reader, _ generator: @escaping () -> Int,
      options: [String] = [], initial: String? = "TOP"
    ) throws -> CropSession {
      let capacity: Int32? =
        switch reader {
        case .fast: nil
        case .slow: 4096
        case .slowFromLargePipe: 65536
        }
      let session = try CropSession(
        ["-r", "max"] + options, stage: stage, initial: initial, capacity: capacity)
      if reader != .fast { session.burst = { 1 + generator() % 16384 } }
      return session
    }

    /// The same numbers each time, below 2^31.
    func numbers(_ seed: Int) -> () -> Int {
      var state = UInt64(seed)
      return {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33)
      }
    }

    func targets(_ scene: Scene) -> [(target: String?, picture: String)] {
      [(scene.t.target, "T"), (scene.sib.target, "SIB"), (nil, "TOP")]
    }

    @Test(
      "C10: T, SIB and null 2000 times: each frame's size and colours are its version's",
      arguments: Reader.allCases)
    func alternated(_ reader: Reader) throws {
      let stage = try Stage()
      let next = numbers(1)
      let session = try session(stage, reader, next)
      let targets = targets(stage.scene)
      for version in 1...(reader == .fast ? 2000 : 300) {
        let (target, picture) = targets[(version - 1) % 3]
        let answer = try session.crop(to: target, shows: picture)
        #expect(answer.version == version)
        // Half of the changes come before a frame could, others inside one or between two.
        for _ in 0..<max(0, next() % 8 - 3) {
          try session.reader.read(atMost: session.burst(), within: 0.001)
        }
      }
      let log = try session.finish()
      let seen = Set(log.filter { $0.type == "frame" }.map(\.version))
      #expect(seen.count > 100, "changes came between frames, or the test shows nothing")
    }

    @Test(
      "C10: the same while T is painted without rest, and frames are grabbed ahead",
      arguments: Reader.allCases, [[], ["--no-damage"]])
    func painted(_ reader: Reader, _ options: [String]) throws {
      let stage = try Stage()
      let scene = stage.scene
      let next = numbers(3)
      let storm = try Command(
        Command.products + "/xstorm",
        [stage.display, "paint", "\(scene.t)", "1", "1000000000"])
      _ = try storm.read("storming\n".utf8.count)
      storm.signal(SIGUSR2)
      // T in TOP is no known picture; its size tells it.
      func another(_ size: Size) -> String {
        let header =
          "P7\nWIDTH \(size.width)\nHEIGHT \(size.height)\n"
          + "DEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n"
        return "another of \(header.utf8.count + size.width * size.height * 3) bytes"
      }
      let (t, top) = (another(Stage.sizeOfT), another(Size(width: 200, height: 160)))
      let session = try session(stage, reader, next, options: options, initial: nil)
      try session.reader.wait(for: top)
      let targets = [(scene.t.target, t), (scene.sib.target, "SIB"), (nil, top)]
      for version in 1...(reader == .fast ? 500 : 150) {
        let (target, picture) = targets[(version - 1) % 3]
        try session.crop(to: target, shows: picture)
        for _ in 0..<next() % 5 {
          try session.reader.read(atMost: session.burst(), within: 0.001)
        }
      }
      #expect(!storm.hasEnded(within: 0), "nothing would have changed")
      let log = try session.finish()
      let frames = log.filter { $0.type == "frame" }
      #expect(Set(frames.map(\.version)).count > 50)
      #expect(frames.contains { $0.isRepeat == false && $0.version ?? 0 > 0 })
    }

    @Test("C10: in vfr each change gives one frame, though nothing moves; also to the same target")
    func changesOfNothingElse() throws {
      let stage = try Stage()
      let session = try CropSession(["-r", "500", "--timing", "vfr"], stage: stage)
      try session.reader.wait(for: "TOP")
      for version in 1...150 {
        let (target, picture) = targets(stage.scene)[version / 2 % 3]
        let answer = try session.crop(to: target, shows: picture)
        #expect(answer.firstSeq == version)
        // The frame may have been read before the answer was.
        while session.reader.names.count <= version, try session.reader.read() {}
      }
      let log = try session.finish()
      #expect(log.filter { $0.type == "frame" }.map(\.version) == Array(0...150))
    }

    @Test(
      "C11, C14: changes sent without reading: after answer a, frames are of a or later",
      arguments: Reader.allCases)
    func pipelined(_ reader: Reader) throws {
      let stage = try Stage()
      let session = try session(stage, reader, numbers(2))
      let targets = targets(stage.scene)
      for round in 0..<10 {
        let ids = try (0..<50).map {
          let (target, picture) = targets[(round + $0) % 3]
          return try session.ask(target, shows: picture)
        }
        for (index, id) in ids.enumerated() {
          // In the order in which they were sent.
          let answer = try session.answer(id)
          #expect(answer.version == round * 50 + index + 1, "\(answer.text)")
        }
        try session.reader.wait(for: targets[(round + 49) % 3].picture)
      }
      try session.finish()
    }

    @Test("C11: two clients change it at once: one order for both, in which versions rise")
    func clients() throws {
      let stage = try Stage()
      let session = try CropSession(["-r", "max"], stage: stage)
      let other = try session.connect()
      for _ in 0..<200 {
        let mine = try session.ask(stage.scene.t.target, shows: "T")
        let theirs = try other.ask("cropTo", ["target": stage.scene.sib.target])
        try session.answer(mine)
        while other.isSilent(for: 0) { try session.reader.read(within: 0.001) }
        session.note(try other.answer(theirs), shows: "SIB")
      }
      #expect(Set(session.changes.map(\.version)) == Set(1...400))
      try session.finish()
    }

    @Test(
      "C13, C14: a reader that does not read: errors come at once, changes when a frame is whole")
    func blocked() throws {
      let stage = try Stage()
      let scene = stage.scene
      let session = try CropSession(stage: stage, capacity: 4096)
      let client = session.client
      // A page of the first frame is written, and no more can be.
      while try client.call("state").seq == 0 {}
      let first = try session.ask(scene.t.target, shows: "T")
      #expect(client.isSilent(for: 0.3), "a part of a frame is written")
      // Errors, and what needs no frame, come at once.
      for (operation, target, error) in [
        ("cropTo", "3f0c-", "UnknownError"), ("cropTo", scene.o1.target, "NotAllowedError"),
        ("cropTo", CropChangeTests.unknownToken, "NotAllowedError"),
        ("banana", "x", "TypeError"), ("state", "", nil), ("capabilities", "", nil),
      ] {
        let answer = try client.call(operation, ["target": target], within: 0.25)
        #expect(answer.error == error, "\(answer.text)")
      }
      let second = try session.ask(scene.sib.target, shows: "SIB")
      let third = try session.ask(nil, shows: "TOP")
      let fourth = try session.ask(scene.sib.target, shows: "SIB")
      let state = try client.call("state")
      #expect(state.version == 4 && state.seq == 1)
      #expect(client.isSilent(for: 0.1))
      // What is left of the frame is more than the pipe holds: it is whole when that much is read.
      while session.reader.names.isEmpty {
        try session.reader.read(atMost: 1000)
        if session.client.isSilent(for: 0) { continue }
        #expect(session.reader.byteCount >= 96_063 - 4096, "the answer came too early")
        break
      }
      // Later changes completed earlier ones: all of them name the same frame.
      for (index, id) in [first, second, third, fourth].enumerated() {
        let answer = try session.answer(id)
        #expect(answer.version == index + 1 && answer.firstSeq == 1, "\(answer.text)")
      }
      try session.reader.wait(for: "SIB", count: 2)
      #expect(session.reader.runs() == ["TOP", "SIB"])
      let log = try session.finish()
      #expect(Set(log.filter { $0.type == "frame" }.map(\.version)) == [0, 4])
      // The answer to stop is the last thing that there is: none came twice.
      #expect(try session.client.nextLine()?.contains(#""ok":true,"seq":"#) == true)
      #expect(try session.client.nextLine() == nil)
    }

    @Test("C13: where no byte of a frame is written, the change is answered at once: it is dropped")
    func blockedBetweenFrames() throws {
      let stage = try Stage()
      // 256 frames of a page fill the pipe of 1 MiB, and the next is in hand.
      let folder = try TemporaryFolder()
      let command = try stage.start(
        ["-w", stage.scene.top.target, "-g", "32x32+0+0", "-f", "raw", "-r", "max"]
          + ["--session", "rec"], environment: ["XDG_RUNTIME_DIR": folder.path])
      let client = try ControlClient(session: "rec", in: folder.path)
      while try client.call("state").seq != 256 {}
      #expect(client.isSilent(for: 0.1))
      #expect(try client.call("state").seq == 256)
      let answer = try client.call("cropTo", ["target": "32x32+60+90"], within: 0.25)
      #expect(answer.ok && answer.version == 1 && answer.firstSeq == 256, "\(answer.text)")
      let frames = pictures(try command.read(260 * 4096), Size(width: 32, height: 32))
      #expect(frames[..<256].allSatisfy { $0.colours == [Scene.top] })
      #expect(frames[256...].allSatisfy { $0.colours == [Scene.t] })
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
    }
  }
}
