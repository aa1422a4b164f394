import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Sessions") struct SessionTests {
    @Test("A2: a session starts uncropped, version 0, and one that is cropped is 0 as well")
    func start() throws {
      let stage = try Stage()
      let live = try LiveCapture(stage, ["-r", "50"])
      let watcher = try live.watcher()
      try watcher.frames(1)
      let state = try live.state()
      #expect(state.status == "live" && state.kind == "none" && state.version == 0)
      #expect(state.rect() == Stage.sizeOfTop.bounds)
      #expect(state.size("canvas") == Stage.sizeOfTop && state.size("surface") == Stage.sizeOfTop)
      #expect(state.clones == [] && state.isLocked == false && state.reason == nil)
      #expect(state.members["eligible"] as? Bool == true)
      _ = try live.stop()
      let cropped = try LiveCapture(stage, ["--crop-to", hexadecimal(stage.scene.t)])
      #expect(try cropped.state().kind == "crop")
      #expect(try cropped.state().version == 0)
      #expect(try cropped.state().rect() == Rect(x: 50, y: 50, width: 100, height: 80))
      _ = try cropped.stop()
    }

    @Test("F2: two sessions on one window, each with its own crop")
    func two() throws {
      let stage = try Stage()
      let first = try LiveCapture(stage, ["-r", "50", "--start-paused"])
      let second = try LiveCapture(stage, ["-r", "50", "--start-paused"])
      let (own, other) = (try first.watcher(), try second.watcher())
      #expect(try first.crop(stage.scene.t).version == 1)
      #expect(try second.crop(stage.scene.sib).version == 1)
      try own.frames(3)
      try other.frames(3)
      #expect(try second.client.call("pause").ok)
      #expect(try first.state().status == "live")
      #expect(try second.client.call("resume").ok)
      #expect(try first.stop().errors == "")
      #expect(try second.state().rect() == Rect(x: 100, y: 80, width: 100, height: 80))
      #expect(try second.state().version == 1)
      try other.frames(3)
      #expect(try second.stop().errors == "")
      #expect(runs(try first.folder.read("main"), Stage.sizeOfT).map(\.picture) == [.ofT])
      #expect(runs(try second.folder.read("main"), Stage.sizeOfT).map(\.picture) == [.ofSib])
    }

    @Test("F3: a live session's name is InvalidStateError; that session goes on")
    func taken() throws {
      let stage = try Stage()
      let live = try LiveCapture(stage, ["-r", "50", "--crop-to", hexadecimal(stage.scene.t)])
      let watcher = try live.watcher()
      try live.folder.write("kept".utf8, to: "old")
      for output in ["old", "new"] {
        let second = try stage.start(
          stage.top + ["--session", "rec", "-n", "3", "-o", live.folder[output]],
          environment: ["XDG_RUNTIME_DIR": live.folder.path])
        Refusal([], 6, "--session: 'rec' is running").check(try second.finish())
      }
      #expect(try live.folder.read("old") == Array("kept".utf8))
      #expect(live.folder.names == ["main", "old", "xregioncap"])
      try watcher.frames(5)
      #expect(try live.state().kind == "crop")
      #expect(try live.stop().errors == "")
      #expect(runs(try live.folder.read("main"), Stage.sizeOfT).map(\.picture) == [.ofT])
    }

    @Test(
      "F5: the socket goes at the end", arguments: ["stop", "SIGTERM", "window", "-n", "output"])
    func end(_ how: String) throws {
      let stage = try Stage()
      let live = try LiveCapture(
        stage,
        ["-r", "50", "--start-paused"] + (how == "-n" ? ["-n", "3"] : [])
          + (how == "output" ? ["-o", "/dev/full"] : []))
      #expect(access(live.socketPath, F_OK) == 0)
      let waiting = try live.watcher()
      #expect(try live.client.call("resume").ok)
      try waiting.frames(1)
      switch how {
      case "stop": #expect(try live.client.call("stop").ok)
      case "SIGTERM": live.command.signal(SIGTERM)
      case "window": stage.scene.destroy(stage.scene.top)
      default: break
      }
      let result = try live.command.finish()
      #expect(result.seconds < 2)
      #expect(result.status == (how == "output" ? 15 : 0))
      #expect(access(live.socketPath, F_OK) != 0)
      try waiting.events { $0.type == "ended" }
      #expect(try waiting.nextLine() == nil)
    }

    @Test("F5: the socket of a session that was killed is replaced")
    func killed() throws {
      let stage = try Stage()
      let live = try LiveCapture(stage, ["-r", "50"])
      live.command.signal(SIGKILL)
      #expect(try live.command.finish().status == 128 + SIGKILL)
      #expect(access(live.socketPath, F_OK) == 0)
      let next = try stage.start(
        stage.cropped + ["--session", "rec", "--start-paused", "-n", "2"],
        environment: ["XDG_RUNTIME_DIR": live.folder.path])
      let end = ContinuousClock.now + .seconds(10)
      var client: ControlClient?
      while client == nil, .now < end { client = try? live.connect() }
      #expect(try client?.call("resume").ok == true)
      #expect(try next.finish().status == 0)
      #expect(access(live.socketPath, F_OK) != 0)
    }

    @Test(
      "F6: capabilities are what the server has",
      arguments: [nil, "DAMAGE", "Composite", "MIT-SHM", "XFIXES", "RANDR", "--no-shm"])
    func capabilities(_ missing: String?) throws {
      let isExtension = missing?.hasPrefix("-") == false
      let stage = try Stage(server: isExtension ? ["-extension", missing!] : [])
      let live = try LiveCapture(stage, missing == "--no-shm" ? ["--no-shm"] : [])
      let answer = try live.client.call("capabilities")
      #expect(answer.ok)
      let expected = [
        "cropTo": true, "restrictTo": missing != "Composite", "cursor": missing != "XFIXES",
        "shm": missing != "MIT-SHM" && missing != "--no-shm", "damage": missing != "DAMAGE",
        "composite": missing != "Composite", "shape": true, "randr": missing != "RANDR",
        // The output is a file.
        "splice": false,
      ]
      for (name, value) in expected {
        // A server without XFIXES has none of what is built upon it.
        if missing == "XFIXES", ["damage", "composite", "restrictTo"].contains(name) { continue }
        #expect(answer.members[name] as? Bool == value, "\(name)")
      }
      #expect(Set(answer.members.keys) == Set(expected.keys).union(["id", "ok"]))
      #expect(try live.crop(stage.scene.t).ok)
      try live.watcher().frames(1)
      _ = try live.stop()
    }

    @Test("F6: large frames are spliced into a pipe", arguments: [true, false])
    func splices(_ isWanted: Bool) throws {
      let live = try LiveCapture(try Stage(), ["-o", "-"] + (isWanted ? [] : ["--no-splice"]))
      let answer = try live.client.call("capabilities")
      #expect(answer.members["splice"] as? Bool == isWanted)
      live.command.signal(SIGINT)
      #expect(try live.command.finish().status == 0)
    }

    @Test("B10, C5: restrictTo and cropTo with tokens of either kind, and dead ones")
    func restrict() throws {
      let stage = try Stage()
      let live = try LiveCapture(stage, ["-r", "50"])
      let doomed = stage.scene.window(
        in: stage.scene.top, Rect(x: 0, y: 0, width: 10, height: 10), 0x1234)
      func mint(_ kind: String, _ target: UInt) throws -> String {
        let answer = try live.client.call("mint", ["kind": kind, "target": hexadecimal(target)])
        return try #require(answer.token)
      }
      let (crop, restrict) = (
        try mint("crop", stage.scene.t), try mint("restrict", stage.scene.t)
      )
      let (dead, deadRestrict) = (try mint("crop", doomed), try mint("restrict", doomed))
      stage.scene.destroy(doomed)
      #expect(crop != restrict)
      func error(_ operation: String, _ target: String) throws -> String? {
        try live.client.call(operation, ["target": target]).error
      }
      #expect(try error("restrictTo", crop) == "TypeError")
      #expect(try error("cropTo", restrict) == "TypeError")
      #expect(try error("restrictTo", deadRestrict) == "NotAllowedError")
      #expect(try error("cropTo", dead) == "NotAllowedError")
      #expect(try error("cropTo", deadRestrict) == "NotAllowedError")
      #expect(try error("restrictTo", "3f0c-x") == "UnknownError")
      let state = try live.state()
      #expect(state.version == 0 && state.kind == "none")
      #expect(try live.client.call("cropTo", ["target": crop]).version == 1)
      #expect(try error("restrictTo", crop) == "TypeError")
      #expect(try live.state().kind == "crop", "a failure keeps the state")
      #expect(try live.client.call("restrictTo", ["target": restrict]).version == 2)
      #expect(try live.state().kind == "restrict", "E6: the later one alone")
      #expect(
        try live.client.call("cropTo", ["target": hexadecimal(stage.scene.t)]).version == 3)
      #expect(try live.state().kind == "crop", "E6")
      #expect(try live.client.call("restrictTo").version == 4)
      #expect(try live.state().kind == "none")
      _ = try live.stop()
    }
  }

  @Suite("What a session takes") struct SessionResourceTests {
    /// Allocations that are not Xlib's in a run of so many frames, with a client that subscribed.
    private func allocations(
      _ stage: Stage, _ counter: TemporaryFolder, _ arguments: [String], frames: Int
    ) throws -> Int {
      let live = try LiveCapture(
        stage,
        [
          "--crop-to", hexadecimal(stage.scene.t), "-r", "max", "-n", "\(frames)",
          "--start-paused", "-o", "/dev/null",
        ] + arguments,
        environment: [
          "LD_PRELOAD": counter["count.so"], "ALLOCATIONS": counter["count"],
          "SWIFT_DETERMINISTIC_HASHING": "1",
        ])
      let watcher = try live.watcher(frames: false)
      defer { watcher.close() }
      #expect(try live.client.call("resume").ok)
      #expect(try live.command.finish().status == 0)
      let numbers = String(decoding: try counter.read("count"), as: UTF8.self)
        .split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
      guard numbers.count == 2 else { throw Failure("nothing was counted") }
      return numbers[1]
    }

    @Test(
      "Frames allocate nothing with a client that listens, and little with a log",
      arguments: [(false, 0), (true, 4)])
    func steady(_ hasLog: Bool, _ bound: Int) throws {
      let stage = try Stage()
      let counter = try Fixture.build("allocations")
      let arguments = hasLog ? ["--frame-log", counter["log"]] : []
      let few = try allocations(stage, counter, arguments, frames: 200)
      let many = try allocations(stage, counter, arguments, frames: 1200)
      #expect(few > 0)
      // The log's buffer may have grown in one of the runs.
      #expect((many - few + 500) / 1000 <= bound, "\(few), \(many)")
    }
  }
}
