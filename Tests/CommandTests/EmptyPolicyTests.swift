import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("--on-empty and changes of the target") struct EmptyPolicyTests {
    /// Waits until there is nothing to see.
    func waitUntilMuted(_ session: CropSession) throws {
      while try session.call("state").members["status"] as? String != "muted" {}
    }

    @Test("D7: hold repeats no frame of another version: nothing comes before the new target's own")
    func hold() throws {
      let stage = try Stage()
      let scene = stage.scene
      let session = try CropSession(["-r", "200", "--on-empty", "hold"], stage: stage)
      try session.crop(to: scene.t.target, shows: "T")
      try session.reader.wait(for: "T")
      scene.unmap(scene.t)
      try waitUntilMuted(session)
      // T's own last frame comes on and on.
      try session.reader.drain(silence: 0)
      try session.reader.wait(for: "T", count: 20)
      scene.unmap(scene.sib)
      let answer = try session.crop(to: scene.sib.target, shows: "SIB")
      try session.reader.drain(silence: 0.15)
      #expect(session.reader.names.count == answer.firstSeq)
      scene.map(scene.sib)
      try session.reader.wait(for: "SIB", count: 2)
      scene.unmap(scene.sib)
      try waitUntilMuted(session)
      try session.reader.drain(silence: 0)
      try session.reader.wait(for: "SIB", count: 20)
      // Back to T, which is still empty, and was seen under another version.
      let last = try session.crop(to: scene.t.target, shows: "T")
      try session.reader.drain(silence: 0.15)
      #expect(session.reader.names.count == last.firstSeq)
      #expect(session.reader.runs().suffix(2) == ["T", "SIB"])
      try session.finish()
    }

    @Test("D7: hold, while a frame is half written: it is finished, and not repeated")
    func holdBlocked() throws {
      let stage = try Stage()
      let scene = stage.scene
      scene.unmap(scene.t)
      let whole = Picture(
        size: Size(width: 200, height: 160),
        [
          (Rect(x: 0, y: 0, width: 200, height: 160), Scene.top),
          (Rect(x: 40, y: 40, width: 40, height: 40), Scene.bel),
          (Rect(x: 100, y: 80, width: 60, height: 50), Scene.sib),
        ])
      let session = try CropSession(
        ["-r", "200", "--on-empty", "hold"], stage: stage, pictures: ["TOP": whole],
        capacity: 4096)
      while try session.client.call("state").seq == 0 {}
      let id = try session.ask(scene.t.target, shows: "T")
      #expect(session.client.isSilent(for: 0.1))
      #expect(try session.answer(id).firstSeq == 1)
      try session.reader.drain(silence: 0.15)
      #expect(session.reader.names == ["TOP"])
      try session.finish()
    }

    @Test("D7: black after a change is of the new version, and no picture of the old one comes")
    func black() throws {
      let stage = try Stage()
      let scene = stage.scene
      scene.unmap(scene.sib)
      let black = Picture(size: Stage.sizeOfT, [])
      let alone = Picture(
        size: Stage.sizeOfT,
        [
          (Rect(x: 0, y: 0, width: 100, height: 80), Scene.t),
          (Rect(x: 10, y: 10, width: 20, height: 20), Scene.tc),
        ])
      let session = try CropSession(
        ["-r", "200", "--on-empty", "black"], stage: stage, initial: nil,
        pictures: ["black": black, "T": alone])
      for _ in 0..<20 {
        try session.crop(to: scene.t.target, shows: "T")
        try session.reader.wait(for: "T")
        try session.crop(to: scene.sib.target, shows: "black")
        try session.reader.wait(for: "black", count: 3)
      }
      let log = try session.finish()
      let frames = log.filter { $0.type == "frame" }
      let isTold = zip(frames, session.reader.names).allSatisfy {
        ($0.members["rect"] is [String: Any]) == ($1 != "black")
      }
      #expect(isTold, "a black frame has no rectangle")
    }

    @Test("D8: a change to what is wholly covered shows the cover, and what is changed of it")
    func covered() throws {
      let stage = try Stage()
      let scene = stage.scene
      let (first, second) = (0x12_3456 as UInt32, 0x65_4321 as UInt32)
      func cover(_ colour: UInt32) -> Picture {
        Picture(size: Stage.sizeOfT, [(Stage.sizeOfT.bounds, colour)])
      }
      let session = try CropSession(
        ["-r", "200", "--visible"], stage: stage, initial: nil,
        pictures: ["first": cover(first), "second": cover(second)])
      let bounds = Rect(x: 0, y: 0, width: 640, height: 480)
      _ = scene.window(in: scene.root, bounds, first)
      let answer = try session.crop(to: scene.t.target, shows: nil)
      try session.reader.wait(for: "first", count: 2)
      let top = scene.window(in: scene.root, bounds, second)
      try session.reader.wait(for: "second", count: 2)
      scene.unmap(top)
      try session.reader.wait(for: "first", count: 2)
      let runs = session.reader.runs(from: try #require(answer.firstSeq))
      #expect(runs == ["first", "second", "first"])
      let log = try session.finish()
      #expect(log.filter { $0.type == "mute" }.isEmpty)
    }
  }
}
