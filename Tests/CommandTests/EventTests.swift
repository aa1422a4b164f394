import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Events of a session") struct EventTests {
    @Test("Subscribers are told what the log is told, with frames or without them")
    func asLogged() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let live = try LiveCapture(
        stage,
        [
          "--crop-to", hexadecimal(stage.scene.t), "-r", "100", "--start-paused", "--frame-log",
          folder["log"],
        ], in: folder)
      let all = try live.watcher()
      let second = try live.watcher()
      let some = try live.watcher(frames: false)
      #expect(try live.client.call("resume").ok)
      try all.frames(2)
      #expect(try live.crop(stage.scene.sib).ok)
      try all.frames(2)
      stage.scene.unmap(stage.scene.top)
      try second.events { $0.type == "mute" }
      #expect(try live.crop(stage.scene.tc).ok)
      stage.scene.map(stage.scene.top)
      let seen = try second.events { $0.type == "unmute" }
      #expect(seen.contains { $0.type == "version" && $0.version == 2 })
      try second.frames(3)
      _ = try live.stop()

      let lines = try logLines(try folder.read("log")).map(\.text)
      let rest = try some.events { $0.type == "ended" }.map(\.text)
      #expect(rest == lines.filter { !$0.hasPrefix(#"{"type":"frame""#) })
      #expect(try some.nextLine() == nil)
      let end = try all.events { $0.type == "ended" }.map(\.text)
      let isTail = lines.suffix(end.count) == end[...]
      #expect(isTail && end.count > 5)
      #expect(try all.nextLine() == nil)
    }

    @Test("All that happened since the answer is told, and the lines are those of the log")
    func fromTheStart() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let live = try LiveCapture(
        stage, ["--start-paused", "--timing", "vfr", "--frame-log", folder["log"]], in: folder)
      let watcher = try live.watcher()
      #expect(try live.client.call("resume").ok)
      try watcher.frames(1)
      let number = try live.clone("a")
      let first = try watcher.frames(1, of: number)
      #expect(
        first.filter { $0.clone == number }.map(\.type) == ["stream", "frame"]
      )
      #expect(
        first.last?.members.keys.sorted() == [
          "clone", "damage", "rect", "repeat", "seq", "t", "type", "version",
        ])
      #expect(try live.crop(stage.scene.sib, clone: number).ok)
      let change = try watcher.events { $0.type == "configurationchange" }
      #expect(change.allSatisfy { $0.clone == number || $0.type == "frame" })
      #expect(
        change.first { $0.type == "version" }?.text
          == #"{"type":"version","clone":1,"version":1,"firstSeq":1,"kind":"crop"}"#)
      _ = try live.stop()
      let ended = try watcher.events { $0.type == "ended" && $0.clone == number }
      #expect(ended.count { $0.type == "ended" } == 2)
    }

    @Test("A subscriber hears of the very next frame", arguments: ["max", "30"])
    func nextFrame(_ rate: String) throws {
      let stage = try Stage()
      let live = try LiveCapture(
        stage, ["--crop-to", hexadecimal(stage.scene.t), "-r", rate])
      for _ in 1...10 {
        let client = try live.connect()
        // Both are done before anything else is.
        try client.send(
          line: #"{"id":1,"op":"state"}"# + "\n" + #"{"id":2,"op":"subscribe","frames":true}"#)
        let state = try client.answer(1)
        #expect(try client.answer(2).ok)
        let frame = try client.frames(1).last
        #expect(frame?.seq == state.seq)
      }
      _ = try live.stop()
    }

    @Test("Who did not subscribe is told nothing; who leaves disturbs nobody")
    func others() throws {
      let stage = try Stage()
      let live = try LiveCapture(stage, ["--crop-to", hexadecimal(stage.scene.t), "-r", "100"])
      let silent = try live.connect()
      #expect(try silent.call("state").ok)
      let leaving = try live.watcher()
      let watcher = try live.watcher()
      try leaving.frames(3)
      leaving.close()
      try watcher.frames(10)
      #expect(silent.isSilent(for: 0))
      _ = try live.stop()
      #expect(try silent.nextLine() == nil)
    }
  }
}
