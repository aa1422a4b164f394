import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("cropTo on a control socket") struct CropChangeTests {
    /// Of no target.
    static let unknownToken = "00000000-0000-4000-8000-000000000000"

    /// What `state` tells but for the number of the next frame.
    func state(_ session: CropSession) throws -> String {
      try session.call("state").text.split(separator: ",")
        .filter { !$0.hasPrefix("\"id\":") && !$0.hasPrefix("\"seq\":") }.joined(separator: ",")
    }

    func rect(_ session: CropSession) throws -> Rect? {
      guard let rect = try session.call("state").members["rect"] as? [String: Int] else {
        return nil
      }
      return Rect(x: rect["x"]!, y: rect["y"]!, width: rect["width"]!, height: rect["height"]!)
    }

    @Test("C1: outer rectangle in all ancestors, in the viewport, in its shape: for each change")
    func rectangles() throws {
      let stage = try Stage()
      let scene = stage.scene
      // Its border is black; it ends beyond TOP's right and lower edge.
      let bordered = scene.window(
        in: scene.top, Rect(x: 150, y: 120, width: 100, height: 80), 0x12_3456, border: 3)
      let corner = Picture(
        size: Size(width: 50, height: 40),
        [
          (Rect(x: 3, y: 3, width: 47, height: 37), 0x12_3456),
          (Rect(x: 0, y: 0, width: 10, height: 10), Scene.sib),
        ])
      // Its parent clips it, and SIB covers a part of it.
      let inner = scene.window(
        in: scene.t, Rect(x: 40, y: 20, width: 200, height: 200), 0x65_4321)
      let part = Picture(
        size: Size(width: 60, height: 60),
        [
          (Rect(x: 0, y: 0, width: 60, height: 60), 0x65_4321),
          (Rect(x: 10, y: 10, width: 50, height: 50), Scene.sib),
        ])
      scene.raise(scene.sib)
      let shaped = Picture(
        size: Size(width: 30, height: 20), [(Rect(x: 0, y: 0, width: 30, height: 20), 0x77_7777)])
      let window = scene.window(
        in: scene.top, Rect(x: 0, y: 0, width: 60, height: 40), 0x77_7777)
      scene.shape(window, to: Rect(x: 5, y: 10, width: 30, height: 20))
      let session = try CropSession(
        stage: stage, initial: nil, pictures: ["corner": corner, "part": part, "shaped": shaped])
      for (target, name, expected) in [
        (bordered, "corner", Rect(x: 150, y: 120, width: 50, height: 40)),
        (inner, "part", Rect(x: 90, y: 70, width: 60, height: 60)),
        (window, "shaped", Rect(x: 5, y: 10, width: 30, height: 20)),
      ] {
        try session.crop(to: target.target, shows: name)
        #expect(try rect(session) == expected)
        try session.reader.wait(for: name, count: 3)
      }
      let log = try session.finish()
      #expect(log.filter { $0.type == "mute" }.isEmpty)
    }

    @Test("C3: what covers T is seen, from the change on")
    func cover() throws {
      let stage = try Stage()
      let scene = stage.scene
      let covered = Picture(
        size: Stage.sizeOfT,
        [
          (Rect(x: 0, y: 0, width: 100, height: 80), Scene.t),
          (Rect(x: 10, y: 10, width: 20, height: 20), Scene.tc),
          (Rect(x: 50, y: 30, width: 50, height: 50), Scene.sib),
          // OVL is 120,120 on the screen, and T 150,150.
          (Rect(x: 0, y: 0, width: 30, height: 30), Scene.ovl),
        ])
      let session = try CropSession(
        ["-r", "200", "--visible"], stage: stage, pictures: ["covered": covered])
      try session.crop(to: scene.t.target, shows: nil)
      try session.reader.wait(for: "T")
      _ = scene.mapOverlay()
      try session.reader.wait(for: "covered", count: 2)
      #expect(session.reader.runs().suffix(2) == ["T", "covered"])
      try session.finish()
    }

    @Test(
      "C4: after a change T and its ancestors are followed without a word; TOP moved, as before")
    func followed() throws {
      let stage = try Stage()
      let scene = stage.scene
      let whole = Picture(
        size: Size(width: 70, height: 60),
        [
          (Rect(x: 0, y: 0, width: 70, height: 60), Scene.t),
          (Rect(x: 10, y: 10, width: 20, height: 20), Scene.tc),
        ])
      let session = try CropSession(stage: stage, pictures: ["whole": whole])
      try session.crop(to: scene.t.target, shows: nil)
      try session.reader.wait(for: "T")
      scene.move(scene.top, x: 300, y: 200)
      try session.reader.wait(for: "T", count: 3)
      #expect(session.reader.runs() == ["TOP", "T"] || session.reader.runs() == ["T"])
      var holder = scene.top
      scene.atOnce {
        holder = scene.window(
          in: scene.top, Rect(x: 0, y: 0, width: 200, height: 160), Scene.bel)
        scene.resize(scene.t, width: 70, height: 60)
        scene.reparent(scene.t, to: holder, x: 100, y: 90)
      }
      try session.reader.wait(for: "whole")
      #expect(try rect(session) == Rect(x: 100, y: 90, width: 70, height: 60))
      scene.move(holder, x: -90, y: -20)
      try session.reader.wait(for: "whole")
      while try rect(session)?.x != 10 { try session.reader.read() }
      try session.reader.wait(for: "whole", count: 2)
      #expect(session.reader.runs().suffix(2) == ["T", "whole"])
      try session.finish()
    }

    @Test("C5, C7: outside the surface, dead or unknown: the same message, and frames go on")
    func refused() throws {
      let stage = try Stage()
      let scene = stage.scene
      let dying = scene.window(in: scene.top, Rect(x: 0, y: 0, width: 9, height: 9), 0)
      let session = try CropSession(stage: stage, initial: nil)
      func mint(_ window: UInt, in surface: UInt) throws -> String {
        let arguments = ["mint", "crop", window.target, "-w", surface.target]
        return String(decoding: try stage.run(arguments).output.dropLast(), as: UTF8.self)
      }
      let dead = try #require(
        try session.call("mint", ["kind": "crop", "target": dying.target]).token)
      scene.destroy(dying)
      let foreign = try mint(scene.o1, in: scene.other)
      try session.crop(to: scene.t.target, shows: "T")
      try session.reader.wait(for: "T")
      let before = try state(session)
      let first = session.reader.names.count
      var messages: Set<String> = []
      for target in [
        scene.other.target, scene.o1.target, scene.root.target, dying.target, "0x1fffffff", dead,
        foreign, Self.unknownToken,
      ] {
        let answer = try session.answer(session.ask(target, shows: nil))
        #expect(answer.error == "NotAllowedError", "\(target): \(answer.text)")
        messages.insert(answer.message ?? "")
        try session.reader.wait(for: "T")
      }
      #expect(messages == ["target: it is no target inside the surface"])
      #expect(try state(session) == before)
      #expect(session.reader.runs(from: first) == ["T"])
      try session.finish()
    }

    @Test("C6: a malformed token is UnknownError, before any request to X")
    func malformed() throws {
      let stage = try Stage()
      let session = try CropSession(stage: stage)
      try session.reader.wait(for: "TOP")
      // No frame is asked for either.
      #expect(try session.call("pause").ok)
      try stage.scene.server.whileSilent {
        for token in ["3f0c-", Self.unknownToken + "0", String(Self.unknownToken.dropLast())] {
          let answer = try session.call("cropTo", ["target": token])
          #expect(answer.error == "UnknownError", "\(answer.text)")
          #expect(answer.message == "target: '\(token)' is a malformed token")
        }
      }
      #expect(try session.call("resume").ok)
      try session.reader.wait(for: "TOP")
      try session.finish()
    }

    @Test("C8: null, absent and \"\" revert; also where nothing was cropped")
    func revert() throws {
      let stage = try Stage()
      let session = try CropSession(stage: stage)
      var version = 0
      for isCropped in [false, true] {
        for line in [#","target":null"#, "", #","target":"""#] {
          if isCropped {
            #expect(try session.crop(to: stage.scene.t.target, shows: "T").version == version + 1)
            version += 1
            try session.reader.wait(for: "T")
          }
          // As it stands: a client's dictionary has no place for what is absent.
          let other = try session.connect()
          try other.send(line: #"{"id":1,"op":"cropTo"\#(line)}"#)
          while other.isSilent(for: 0) { try session.reader.read(within: 0.01) }
          let answer = try other.answer(1)
          version += 1
          #expect(answer.ok && answer.version == version, "\(answer.text)")
          session.note(answer, shows: "TOP")
          #expect(try state(session).contains(#""kind":"none""#))
          try session.reader.wait(for: "TOP")
        }
      }
      try session.finish()
    }

    @Test("C9: from target to target without a whole-surface frame between")
    func targetToTarget() throws {
      let stage = try Stage()
      let session = try CropSession(["-r", "max"], stage: stage)
      try session.crop(to: stage.scene.t.target, shows: "T")
      try session.reader.wait(for: "T")
      let first = session.reader.names.count
      for _ in 0..<100 {
        for (target, name) in [(stage.scene.sib, "SIB"), (stage.scene.t, "T")] {
          try session.crop(to: target.target, shows: name)
          try session.reader.wait(for: name)
        }
      }
      let runs = session.reader.runs(from: first - 1)
      #expect(runs == ["T"] + Array(repeating: ["SIB", "T"], count: 100).flatMap { $0 })
      try session.finish()
    }

    @Test("C12: the answer waits for no frame: target unmapped, 250 ms, then silence")
    func noFrame() throws {
      let stage = try Stage()
      let scene = stage.scene
      let session = try CropSession(stage: stage)
      // T looks otherwise once SIB is unmapped.
      try session.crop(to: scene.t.target, shows: nil)
      try session.reader.wait(for: "T")
      scene.unmap(scene.sib)
      let asked = ContinuousClock.now
      let answer = try session.crop(to: scene.sib.target, shows: nil)
      #expect(ContinuousClock.now - asked < .milliseconds(250))
      #expect(answer.version == 2)
      // The pipe may hold frames of before.
      try session.reader.drain(silence: 0)
      let count = session.reader.names.count
      #expect(try !session.reader.read(within: 0.3))
      #expect(session.reader.names.count == count && count == answer.firstSeq)
      #expect(try session.call("state")["seq"] == count)
      scene.map(scene.sib)
      try session.reader.wait(for: "SIB")
      try session.finish()
    }

    @Test("C15: a failed change keeps the state, of each kind and from each state")
    func failed() throws {
      let stage = try Stage()
      let scene = stage.scene
      let session = try CropSession(["-r", "500"], stage: stage)
      let token = try session.call("mint", ["kind": "restrict", "target": scene.t.target]).token
      let failures = try [
        ("cropTo", scene.other.target, "NotAllowedError"),
        ("cropTo", Self.unknownToken, "NotAllowedError"), ("cropTo", "3f0c-", "UnknownError"),
        ("cropTo", #require(token), "TypeError"), ("cropTo", "banana", "TypeError"),
        ("cropTo", "0x0+1+1", "OverconstrainedError"), ("cropTo", "child", "TypeError"),
        ("cropTo", "child:9", "NotFoundError"), ("cropTo", "rect:none", "NotFoundError"),
        ("restrictTo", "3f0c-", "UnknownError"),
      ]
      func check(_ name: String?) throws {
        let before = try state(session)
        let first = session.reader.names.count
        for (operation, target, error) in failures {
          let answer = try session.call(operation, ["target": target])
          #expect(answer.error == error, "\(operation) \(target): \(answer.text)")
          if let name { try session.reader.wait(for: name) }
        }
        #expect(try state(session) == before)
        #expect(session.reader.runs(from: first) == (name.map { [$0] } ?? []))
      }
      try session.reader.wait(for: "TOP")
      try check("TOP")
      try session.crop(to: scene.t.target, shows: "T")
      try session.reader.wait(for: "T")
      try check("T")
      scene.unmap(scene.t)
      while try session.call("state").members["status"] as? String != "muted" {}
      try session.reader.drain(silence: 0.05)
      try check(nil)
      scene.map(scene.t)
      try session.reader.wait(for: "T")
      try session.finish()
    }
  }
}
