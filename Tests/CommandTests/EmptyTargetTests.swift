import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Nothing to see, and another target") struct EmptyTargetTests {
    /// A session that is cropped to T, and one who is told of its events.
    func session(
      _ stage: Stage, _ options: [String] = [], pictures: [String: Picture] = [:]
    ) throws -> (CropSession, ControlClient) {
      let session = try CropSession(["-r", "200"] + options, stage: stage, pictures: pictures)
      let watcher = try session.connect()
      #expect(try watcher.call("subscribe").ok)
      // What else is seen in its place depends on what is done to it.
      try session.crop(to: stage.scene.t.target, shows: nil)
      try session.reader.wait(for: "T")
      return (session, watcher)
    }

    /// The next event that is none of these types.
    func event(_ watcher: ControlClient, but types: Set<String>) throws -> ControlReading {
      while true {
        let event = try watcher.event()
        if !types.contains(event.type ?? "") { return event }
      }
    }

    /// What is muted and unmuted, as an event or a line of the log says it.
    func mutes(_ log: [ControlReading]) -> [String] {
      log.compactMap { line in
        guard let type = line.type, type.hasSuffix("mute") else { return nil }
        return "\(type) \(line.members["reason"] ?? "")"
      }
    }

    /// Reads until nothing comes, and sees that nothing does.
    func silence(_ session: CropSession) throws {
      try session.reader.drain(silence: 0.15)
      #expect(try session.call("state").members["status"] as? String == "muted")
    }

    /// How a target comes to have no visible pixel.
    enum Cause: CaseIterable {
      case unmapped, ancestorUnmapped, outsideTheViewport, emptyShape, withoutArea
    }

    @Test(
      "D1, D2, D6: a change to what is empty: no bytes, one mute; then frames, unasked, one unmute",
      arguments: Cause.allCases)
    func empty(_ cause: Cause) throws {
      let stage = try Stage()
      let scene = stage.scene
      let holder = scene.window(
        in: scene.top, Rect(x: 100, y: 80, width: 60, height: 50), Scene.bel)
      scene.reparent(scene.sib, to: holder, x: 0, y: 0)
      let (session, watcher) = try session(stage)
      var target = scene.sib.target
      switch cause {
      case .unmapped: scene.unmap(scene.sib)
      case .ancestorUnmapped: scene.unmap(holder)
      case .outsideTheViewport: scene.move(scene.sib, x: -60, y: 0)
      case .emptyShape: scene.shape(scene.sib, to: Rect(x: 0, y: 0, width: 0, height: 0))
      case .withoutArea:
        scene.publish("video 60x0+0+0", on: scene.sib)
        target = "rect:video"
      }
      let answer = try session.crop(to: target, shows: "SIB")
      try silence(session)
      #expect(session.reader.names.count == answer.firstSeq)
      #expect(try session.call("state").text.contains(#""reason":"empty","rect":null,"#))
      switch cause {
      case .unmapped: scene.map(scene.sib)
      case .ancestorUnmapped: scene.map(holder)
      case .outsideTheViewport: scene.move(scene.sib, x: 0, y: 0)
      case .emptyShape: scene.shape(scene.sib, to: nil)
      case .withoutArea: scene.publish("video 60x50+0+0", on: scene.sib)
      }
      try session.reader.wait(for: "SIB", count: 3)
      let log = try session.finish()
      #expect(mutes(log) == ["mute empty", "unmute empty"])
      #expect(try event(watcher, but: ["stream", "version", "configurationchange"]).type == "mute")
    }

    @Test("D3: reverted while empty, frames of the surface come, and the target's no more")
    func reverted() throws {
      let stage = try Stage()
      let scene = stage.scene
      let whole = Picture(
        size: Size(width: 200, height: 160),
        [
          (Rect(x: 0, y: 0, width: 200, height: 160), Scene.top),
          (Rect(x: 40, y: 40, width: 40, height: 40), Scene.bel),
          (Rect(x: 100, y: 80, width: 60, height: 50), Scene.sib),
        ])
      let (session, _) = try session(stage, pictures: ["without T": whole])
      scene.unmap(scene.t)
      try silence(session)
      let answer = try session.crop(to: nil, shows: nil)
      try session.reader.wait(for: "without T", count: 2)
      scene.map(scene.t)
      try session.reader.wait(for: "TOP", count: 2)
      #expect(session.reader.runs(from: try #require(answer.firstSeq)) == ["without T", "TOP"])
      #expect(mutes(try session.finish()) == ["mute empty", "unmute empty"])
    }

    @Test("D4: reparented out is no target, and back again it is, by the crop that there was")
    func reparented() throws {
      let stage = try Stage()
      let scene = stage.scene
      let (session, _) = try session(stage)
      let token = try #require(
        try session.call("mint", ["kind": "crop", "target": scene.t.target]).token)
      for _ in 0..<3 {
        scene.reparent(scene.t, to: scene.other, x: 0, y: 0)
        try silence(session)
        #expect(try session.call("state").members["reason"] as? String == "disconnected")
        for target in [scene.t.target, token] {
          let answer = try session.answer(session.ask(target, shows: nil))
          #expect(answer.error == "NotAllowedError", "\(answer.text)")
        }
        #expect(try !session.reader.read(within: 0.05))
        scene.atOnce {
          scene.reparent(scene.t, to: scene.top, x: 50, y: 50)
          scene.raise(scene.sib)
        }
        try session.reader.wait(for: "T")
      }
      try session.crop(to: token, shows: "T")
      try session.reader.wait(for: "T")
      let log = try session.finish()
      // It is unmapped before it is reparented: whether that is seen alone is for the server to say.
      #expect(mutes(log).map { $0.prefix(4) } == ["mute", "unmu", "mute", "unmu", "mute", "unmu"])
      #expect(mutes(log).enumerated().allSatisfy { $0 % 2 == 0 || $1 == "unmute disconnected" })
    }

    @Test("D4, D5, B7: destroyed, its id in other hands is not it; asked for anew, it is a target")
    func recycled() throws {
      let stage = try Stage()
      let scene = stage.scene
      let other = Picture(
        size: Size(width: 30, height: 20), [(Rect(x: 0, y: 0, width: 30, height: 20), 0x12_3456)])
      let (session, _) = try session(stage, pictures: ["other": other])
      let token = try #require(
        try session.call("mint", ["kind": "crop", "target": scene.t.target]).token)
      scene.recycle(
        scene.t, in: scene.top, as: Rect(x: 0, y: 0, width: 30, height: 20), 0x12_3456)
      try silence(session)
      scene.move(scene.t, x: 5, y: 5)
      scene.unmap(scene.t)
      scene.map(scene.t)
      #expect(try !session.reader.read(within: 0.2))
      #expect(try session.call("state").members["reason"] as? String == "disconnected")
      let refusal = try session.answer(session.ask(token, shows: nil))
      #expect(refusal.error == "NotAllowedError")
      #expect(try !session.reader.read(within: 0.1))
      try session.crop(to: scene.t.target, shows: "other")
      try session.reader.wait(for: "other", count: 2)
      #expect(session.reader.runs().suffix(2) == ["T", "other"])
      let log = try session.finish()
      #expect(mutes(log).count == 2 && mutes(log).last == "unmute disconnected")
    }

    @Test("D5: after its target is destroyed, a new one or none resumes", arguments: [true, false])
    func resumed(_ reverts: Bool) throws {
      let stage = try Stage()
      let scene = stage.scene
      let (session, _) = try session(stage)
      scene.destroy(scene.t)
      try silence(session)
      let whole = reverts ? nil : scene.sib.target
      let answer = try session.crop(to: whole, shows: reverts ? nil : "SIB")
      while session.reader.names.count < answer.firstSeq! + 3 { try session.reader.read() }
      let frames = session.reader.runs(from: try #require(answer.firstSeq))
      #expect(frames == [reverts ? "another of 96063 bytes" : "SIB"])
      let log = try session.finish()
      #expect(mutes(log).count == 2 && mutes(log).last == "unmute disconnected")
    }

    @Test("D6: one mute a period, whatever is asked for in it; told to clients as to the log")
    func period() throws {
      let stage = try Stage()
      let scene = stage.scene
      let session = try CropSession(["-r", "200", "--start-paused"], stage: stage)
      let watcher = try session.connect()
      #expect(try watcher.call("subscribe", ["frames": true]).ok)
      try session.crop(to: scene.t.target, shows: "T")
      try session.reader.wait(for: "T")
      for _ in 0..<3 {
        scene.unmap(scene.t)
        scene.unmap(scene.sib)
        try silence(session)
        // From one empty target to the next, back, and to none that there is.
        for target in [scene.sib.target, scene.t.target, scene.sib.target] {
          try session.crop(to: target, shows: target == scene.t.target ? "T" : "SIB")
          #expect(try !session.reader.read(within: 0.02))
        }
        #expect(!(try session.answer(session.ask(scene.o1.target, shows: nil))).ok)
        scene.map(scene.t)
        #expect(try !session.reader.read(within: 0.05))
        scene.map(scene.sib)
        scene.raise(scene.sib)
        try session.reader.wait(for: "SIB")
        try session.crop(to: scene.t.target, shows: "T")
        try session.reader.wait(for: "T")
      }
      let log = try session.finish()
      #expect(
        mutes(log) == Array(repeating: ["mute empty", "unmute empty"], count: 3).flatMap { $0 })
      // Each unmute stands before the frame that it tells of, and each mute behind the last one.
      let types = log.compactMap(\.type)
      let after = zip(types, types.dropFirst()).filter { $0.0 == "unmute" }.map { $0.1 }
      #expect(after.allSatisfy { $0 == "configurationchange" || $0 == "frame" })
      var told: [String] = []
      while let line = try watcher.nextLine() { told.append(line) }
      let isSame = told == log.map(\.text)
      #expect(isSame, "clients are told what is logged, line for line")
    }
  }
}
