import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("restrictTo on a control socket") struct RestrictChangeTests {
    private static let pixel: UInt = 0x11_2233
    private static let sizeOfBare = Size(width: 50, height: 40)
    private static let pictures: [String: Picture] = [
      "T alone": .ofTAlone, "bare": .plain(sizeOfBare, 0x11_2233),
    ]

    private func session(
      _ stage: Stage, _ options: [String] = ["-r", "200"], initial: String? = "TOP"
    ) throws -> CropSession {
      let session = try CropSession(
        options, stage: stage, initial: initial, pictures: Self.pictures)
      // It covers T's left top, and is in no frame.
      _ = stage.scene.mapOverlay()
      return session
    }

    @Test(
      "E5, E6: the later of crop and restriction alone; null reverts, and nothing is redirected")
    func changes() throws {
      let stage = try Stage()
      let scene = stage.scene
      let session = try session(stage)
      try session.reader.wait(for: "TOP")
      for round in 0..<3 {
        let steps: [(operation: String, target: String?, picture: String, kind: String)] = [
          ("restrictTo", scene.t.target, "T alone", "restrict"),
          ("cropTo", scene.t.target, "T", "crop"),
          ("restrictTo", scene.t.target, "T alone", "restrict"),
          (round == 1 ? "cropTo" : "restrictTo", nil, "TOP", "none"),
        ]
        for step in steps {
          try session.change(step.operation, to: step.target, shows: step.picture)
          try session.reader.wait(for: step.picture, count: 3)
          let state = try session.call("state")
          #expect(state.kind == step.kind && state.status == "live", "\(state.text)")
          #expect(state.members["eligible"] as? Bool == true)
          #expect(scene.isRedirected(scene.t) == (step.kind == "restrict"))
        }
      }
      #expect(try session.call("capabilities").members["restrictTo"] as? Bool == true)
      let log = try session.finish()
      let kinds = log.filter { $0.type == "version" }.map { $0.kind ?? "" }
      #expect(
        kinds
          == Array(repeating: ["restrict", "crop", "restrict", "none"], count: 3).flatMap { $0 })
    }

    @Test("C10: T alone, T and null 300 times: each frame's size and colours are its version's")
    func alternated() throws {
      let stage = try Stage()
      let session = try session(stage, ["-r", "max"])
      let steps: [(operation: String, target: String?, picture: String)] = [
        ("restrictTo", stage.scene.t.target, "T alone"), ("cropTo", stage.scene.t.target, "T"),
        ("restrictTo", nil, "TOP"),
      ]
      for version in 1...300 {
        let step = steps[(version - 1) % 3]
        try session.change(step.operation, to: step.target, shows: step.picture)
        for _ in 0..<version % 4 { try session.reader.read(within: 0.001) }
      }
      let log = try session.finish()
      let seen = Set(log.filter { $0.type == "frame" }.map(\.version))
      #expect(seen.count > 50, "changes came between frames, or the test shows nothing")
    }

    @Test("E4, C12: not its own yet: answered at once, mute ineligible, frames when it is painted")
    func notOwnYet() throws {
      let stage = try Stage()
      let scene = stage.scene
      let session = try session(stage)
      let watcher = try session.connect()
      #expect(try watcher.call("subscribe").ok)
      let window = try #require(
        scene.bareWindow(
          in: scene.top, Rect(origin: (60, 60), Self.sizeOfBare), isMapped: false))
      let application = try Application(scene)
      application.watch(window, painting: Self.pixel)
      application.isAnswering = false
      scene.map(window)
      let asked = ContinuousClock.now
      let answer = try session.change("restrictTo", to: window.target, shows: "bare")
      #expect(ContinuousClock.now - asked < .milliseconds(250))
      try session.reader.drain(silence: 0.2)
      #expect(session.reader.names.count == answer.firstSeq)
      let state = try session.call("state")
      #expect(state.status == "muted" && state.reason == "ineligible", "\(state.text)")
      #expect(state.members["eligible"] as? Bool == false)
      #expect(state.kind == "restrict")
      #expect(try watcher.events { $0.type == "mute" }.last?.reason == "ineligible")

      // A repaint is asked for, and it is one.
      application.isAnswering = true
      let end = ContinuousClock.now + .seconds(3)
      while session.reader.names.last != "bare", ContinuousClock.now < end {
        application.respond()
        try session.reader.read(within: 0.01)
      }
      try session.reader.wait(for: "bare", count: 3)
      #expect(try watcher.events { $0.type == "unmute" }.last?.reason == "ineligible")
      #expect(try session.call("state").members["eligible"] as? Bool == true)
      // Comes and goes.
      scene.unmap(window)
      try session.reader.drain(silence: 0.2)
      #expect(try session.call("state").status == "muted")
      try session.change("restrictTo", to: nil, shows: nil)
      try session.reader.wait(for: "TOP")
      try session.finish()
    }

    @Test("E4: unmapped and InputOnly targets are accepted, and are silent; T again is seen")
    func silent() throws {
      let stage = try Stage()
      let scene = stage.scene
      let input = scene.inputOnlyWindow(in: scene.top)
      let hidden = scene.window(
        in: scene.top, Rect(origin: (60, 60), Self.sizeOfBare), UInt32(Self.pixel), isMapped: false)
      let session = try session(stage)
      for (target, reasons) in [(hidden, ["empty", "ineligible"]), (input, ["ineligible"])] {
        try session.change("restrictTo", to: target.target, shows: "bare")
        // After a second it is said why.
        try session.reader.drain(silence: 1.3)
        let state = try session.call("state")
        #expect(state.status == "muted" && reasons.contains(state.reason ?? ""), "\(state.text)")
        try session.change("restrictTo", to: scene.t.target, shows: "T alone")
        try session.reader.wait(for: "T alone", count: 2)
      }
      try session.command.waitForError("InputOnly")
      try session.change("restrictTo", to: hidden.target, shows: "bare")
      scene.map(hidden)
      try session.reader.wait(for: "bare", count: 2)
      try session.finish()
    }

    @Test("E10, C15: a failed restriction keeps the state, of each kind and from each state")
    func failed() throws {
      let stage = try Stage()
      let scene = stage.scene
      // The window that dies is seen at first.
      let session = try session(stage, initial: nil)
      let dying = scene.window(in: scene.top, Rect(x: 0, y: 0, width: 9, height: 9), 0)
      func mint(_ kind: String, _ target: UInt) throws -> String {
        try #require(
          try session.call("mint", ["kind": kind, "target": target.target]).token)
      }
      let (dead, crop) = (try mint("restrict", dying), try mint("crop", scene.t))
      scene.destroy(dying)
      let failures = [
        (dead, "NotAllowedError"), (scene.o1.target, "NotAllowedError"),
        (CropChangeTests.unknownToken, "NotAllowedError"), (crop, "TypeError"),
        ("3f0c-", "UnknownError"), ("banana", "TypeError"),
        ("0x0+1+1", "OverconstrainedError"),
      ]
      for (operation, picture) in [("restrictTo", "T alone"), ("cropTo", "T")] {
        try session.change(operation, to: scene.t.target, shows: picture)
        try session.reader.wait(for: picture)
        let first = session.reader.names.count
        let before = try session.call("state")
        for (target, error) in failures {
          let answer = try session.call("restrictTo", ["target": target])
          #expect(answer.error == error, "\(target): \(answer.text)")
          try session.reader.wait(for: picture)
        }
        let after = try session.call("state")
        #expect(after.version == before.version && after.kind == before.kind)
        #expect(session.reader.runs(from: first) == [picture])
        #expect(scene.isRedirected(scene.t) == (operation == "restrictTo"))
      }
      try session.finish()
    }

    @Test("A clone is restricted alone, and so is the session; ctl asks for it")
    func clone() throws {
      let stage = try Stage()
      let scene = stage.scene
      let live = try LiveCapture(stage, ["-r", "100"])
      let watcher = try live.watcher()
      let clone = try live.clone("clone")
      try watcher.frames(1, of: clone)
      _ = scene.mapOverlay()
      let answer = try live.client.call(
        "restrictTo", ["target": hexadecimal(scene.t), "clone": clone])
      #expect(answer.version == 1, "\(answer.text)")
      try watcher.events { $0.type == "version" && $0.clone == clone }
      try watcher.frames(3, of: clone)
      #expect(try live.state().kind == "none")
      let spoken = try Command.run(
        Command.xregioncap, ["ctl", "-s", "rec", "restrict-to", hexadecimal(scene.t)],
        environment: ["XDG_RUNTIME_DIR": live.folder.path])
      #expect(spoken.status == 0, "\(spoken.errors)")
      #expect(try live.state().kind == "restrict")
      try watcher.events { $0.type == "version" && $0.clone == nil }
      try watcher.frames(3)
      _ = try live.stop()
      // What is smaller than its canvas is in the middle of it.
      let own = Picture.ofTAlone.centred(on: Stage.sizeOfTop)
      for name in ["main", "clone"] {
        let seen = runs(try live.folder.read(name), Stage.sizeOfTop).map(\.picture)
        #expect(seen == [.ofTop, own], "\(name)")
      }
    }
  }
}

extension CropSession {
  /// Asks for a change of either kind and waits for the answer, which is that it is accepted.
  @discardableResult fileprivate func change(
    _ operation: String, to target: String?, shows picture: String?,
    at location: SourceLocation = #_sourceLocation
  ) throws -> ControlReading {
    let answer = try call(operation, target.map { ["target": $0] } ?? [:])
    #expect(answer.ok, "\(answer.text)", sourceLocation: location)
    note(answer, shows: picture)
    return answer
  }
}

extension Rect {
  fileprivate init(origin: (x: Int, y: Int), _ size: Size) {
    self.init(x: origin.x, y: origin.y, width: size.width, height: size.height)
  }
}
