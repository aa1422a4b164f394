import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Clones") struct CloneTests {
    @Test("F1: clones of a cropped session start uncropped, and all change alone")
    func alone() throws {
      let stage = try Stage()
      let live = try LiveCapture(stage, ["--crop-to", hexadecimal(stage.scene.t), "-r", "50"])
      let watcher = try live.watcher()
      #expect(try live.clone("a") == 1)
      #expect(try live.clone("b", ["format": "pam", "onResize": "native"]) == 2)
      #expect(try live.clone("c", ["pixFmt": "gray", "colorRange": "full", "size": "40x30"]) == 3)
      for number in 1...3 {
        let state = try live.state(clone: number)
        #expect(state.kind == "none" && state.version == 0 && state.status == "live")
        #expect(state.rect() == Stage.sizeOfTop.bounds)
      }
      let main = try live.state()
      #expect(main.kind == "crop" && main.version == 0 && main.clones == [1, 2, 3])
      for number in 1...3 { try watcher.frames(2, of: number) }

      // Each has its own version and target.
      let first = try live.crop(stage.scene.sib, clone: 1)
      #expect(first.version == 1)
      #expect(try live.crop(stage.scene.t, clone: 2).version == 1)
      #expect(try live.crop(stage.scene.tc, clone: 2).version == 2)
      let own = try live.crop(nil)
      #expect(own.version == 1)
      #expect(try live.state(clone: 1).version == 1)
      #expect(try live.state(clone: 2).version == 2)
      #expect(try live.state(clone: 3).version == 0)
      #expect(try live.state(clone: 1).rect() == Rect(x: 100, y: 80, width: 100, height: 80))
      #expect(try live.state(clone: 1).size("canvas") == Stage.sizeOfTop)
      #expect(try live.state(clone: 2).rect() == Rect(x: 60, y: 60, width: 20, height: 20))
      #expect(try live.state(clone: 3).size("canvas") == Size(width: 40, height: 30))
      #expect(try live.state().kind == "none")
      for number in 0...3 { try watcher.frames(2, of: number) }
      _ = try live.stop()

      // The session's own: T, then TOP in T's canvas.
      let ownRuns = runs(try live.folder.read("main"), Stage.sizeOfT)
      #expect(ownRuns.count == 2 && ownRuns[0].picture == .ofT)
      #expect(ownRuns[0].count == own.firstSeq)
      let colours = try #require(ownRuns.last?.picture.colours)
      #expect(colours.contains(Scene.top) && colours.contains(0))
      // The first clone: TOP, then SIB, never scaled up.
      let firstRuns = runs(try live.folder.read("a"), Stage.sizeOfTop)
      #expect(firstRuns.map(\.picture) == [.ofTop, Picture.ofSib.centred(on: Stage.sizeOfTop)])
      #expect(firstRuns.first?.count == first.firstSeq)
      // The second: frames change their size.
      let second = try pamPictures(try live.folder.read("b"))
      #expect(second.first == .ofTop)
      let tc = Size(width: 20, height: 20)
      #expect(second.last == Picture(size: tc, [(tc.bounds, Scene.tc)]))
      #expect(second.allSatisfy { [Stage.sizeOfTop, Stage.sizeOfT, tc].contains($0.size) })
      // The third: one byte a pixel, of the size that was asked for, and always TOP.
      let third = try live.folder.read("c")
      #expect(!third.isEmpty && third.count % 1200 == 0)
      let isSteady = third.dropFirst(1200) == third.dropLast(1200)
      #expect(isSteady)
      #expect(abs(Int(third[0]) - 0x80) <= 1 && abs(Int(third[1199]) - 0x80) <= 1)
    }

    @Test("Operations with a clone's number are about that clone; no number is used twice")
    func operations() throws {
      let stage = try Stage()
      let live = try LiveCapture(stage, ["-r", "50"])
      let watcher = try live.watcher()
      #expect(try live.clone("a") == 1)
      #expect(try live.clone("b") == 2)
      try watcher.frames(1, of: 2)
      #expect(try live.client.call("pause", ["clone": 1]).ok)
      #expect(try live.state(clone: 1).status == "paused")
      #expect(try live.state(clone: 2).status == "live")
      #expect(try live.state().status == "live")
      #expect(try live.client.call("lock", ["clone": 2]).ok)
      #expect(try live.crop(stage.scene.t, clone: 2).error == "InvalidStateError")
      #expect(try live.crop(stage.scene.t, clone: 1).ok)
      #expect(try live.crop(stage.scene.t).ok)
      #expect(try live.state(clone: 2).isLocked == true)
      #expect(try live.state(clone: 1).isLocked == false)
      #expect(try live.state().isLocked == false)

      #expect(try live.client.call("stop", ["clone": 1]).ok)
      let ended = try watcher.events { $0.type == "ended" }.last
      #expect(ended?.clone == 1 && ended?.reason == "stopped")
      #expect(try live.state().clones == [2])
      for operation in ["state", "cropTo", "pause", "resume", "refresh", "stop", "lock"] {
        #expect(try live.client.call(operation, ["clone": 1]).error == "NotFoundError")
      }
      // A file that was let go of can be written anew.
      #expect(try live.clone("a") == 3)
      #expect(try live.client.call("stop", ["clone": 3]).ok)
      #expect(try live.client.call("stop", ["clone": 2]).ok)
      #expect(try live.clone("c") == 4)
      #expect(try live.state().clones == [4])
      try watcher.frames(2)
      let last = try watcher.frames(1, of: 4).last
      #expect(last?.clone == 4)
      #expect(try live.stop().errors == "")
      // What was told of the clones that went.
      #expect(runs(try live.folder.read("b"), Stage.sizeOfTop).map(\.picture) == [.ofTop])
    }

    @Test("A clone may begin cropped, and a clone's frames have a log of their own")
    func withTarget() throws {
      let stage = try Stage()
      let live = try LiveCapture(stage, ["-r", "50"])
      let watcher = try live.watcher()
      let number = try live.clone(
        "a", ["cropTo": hexadecimal(stage.scene.sib), "frameLog": live.folder["a.log"]])
      try watcher.frames(3, of: number)
      #expect(try live.client.call("stop", ["clone": number]).ok)
      let told = try watcher.events { $0.type == "ended" }
      #expect(told.last?.clone == number)
      // All of it is there before the session ends.
      let lines = try logLines(try live.folder.read("a.log"))
      #expect(lines.first?.type == "stream" && lines.first?.size("canvas") == Stage.sizeOfT)
      #expect(lines.last?.type == "ended" && lines.last?.reason == "stopped")
      let frames = lines.filter { $0.type == "frame" }
      #expect(frames.compactMap(\.seq) == Array(0..<frames.count))
      #expect(frames.allSatisfy { $0.rect() == Rect(x: 100, y: 80, width: 100, height: 80) })
      #expect(frames.allSatisfy { $0.clone == nil }, "a log is of one stream")
      let all = runs(try live.folder.read("a"), Stage.sizeOfT)
      #expect(all.map(\.picture) == [.ofSib] && all.first?.count == frames.count)
      _ = try live.stop()
    }

    @Test("A clone to a FIFO that nobody reads yet starts when a reader comes")
    func lateReader() throws {
      let stage = try Stage()
      let live = try LiveCapture(stage, ["-r", "50"])
      let pipe = try NamedPipe(live.folder["pipe"])
      let watcher = try live.watcher()
      let number = try live.clone("pipe")
      // The session goes on meanwhile, and the clone can be asked for things.
      try watcher.frames(5)
      #expect(try live.state(clone: number).seq == 0)
      #expect(try live.crop(stage.scene.t, clone: number).version == 1)
      stage.scene.unmap(stage.scene.sib)
      try pipe.open()
      let frame = Picture(try pipe.read(Stage.bytesOfT), size: Stage.sizeOfT)
      #expect(!frame.colours.contains(Scene.sib), "the first frame is of when the reader came")
      _ = try pipe.read(3 * Stage.bytesOfT)
      #expect(try live.client.call("stop", ["clone": number]).ok)
      let rest = try pipe.rest()
      #expect(rest.count % Stage.bytesOfT == 0)
      #expect(runs(rest, Stage.sizeOfT).allSatisfy { $0.picture == frame })
      try watcher.frames(3)
      _ = try live.stop()
    }
  }
}
