import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Clones that fail, end or get stuck") struct CloneEndTests {
    /// How many frames of the session's own there are while the body runs.
    private func rate(
      _ live: LiveCapture, _ watcher: ControlClient, frames: Int = 50
    ) throws -> Double {
      let told = try watcher.frames(frames).filter { $0.type == "frame" && $0.clone == nil }
      guard let first = told.first?.time, let last = told.last?.time else { return 0 }
      return Double(told.count - 1) * 1e9 / Double(last - first)
    }

    @Test("A clone whose reader leaves ends alone, and that is told")
    func readerGone() throws {
      let live = try LiveCapture(try Stage(), ["-r", "100"])
      let pipe = try NamedPipe(live.folder["pipe"])
      try pipe.open()
      let watcher = try live.watcher()
      #expect(try live.clone("pipe") == 1)
      #expect(try live.clone("other") == 2)
      _ = try pipe.read(3 * 400 * 300 * 4)
      pipe.leave()
      let ended = try watcher.events { $0.type == "ended" }.last
      #expect(ended?.clone == 1 && ended?.reason == "the reader is gone")
      #expect(try live.state().clones == [2])
      try watcher.frames(3)
      try watcher.frames(3, of: 2)
      #expect(try live.stop().errors == "")
    }

    @Test("A reader that leaves while nothing is written is noticed")
    func readerGonePaused() throws {
      let live = try LiveCapture(try Stage(), ["-r", "100"])
      let pipe = try NamedPipe(live.folder["pipe"])
      try pipe.open()
      let watcher = try live.watcher(frames: false)
      #expect(try live.clone("pipe") == 1)
      _ = try pipe.read(400 * 300 * 4)
      #expect(try live.client.call("pause", ["clone": 1]).ok)
      pipe.leave()
      let ended = try watcher.events { $0.type == "ended" }.last
      #expect(ended?.clone == 1 && ended?.reason == "the reader is gone")
      _ = try live.stop()
    }

    @Test("A clone onto a full disk ends alone, which is told and said")
    func fullDisk() throws {
      let live = try LiveCapture(try Stage(), ["-r", "100"])
      let watcher = try live.watcher()
      let answer = try live.client.call("clone", ["output": "/dev/full", "format": "raw"])
      #expect(answer.clone == 1)
      let ended = try watcher.events { $0.type == "ended" }.last
      #expect(ended?.clone == 1)
      let why = "/dev/full: cannot write: No space left on device"
      #expect(ended?.reason == why)
      try watcher.frames(5)
      #expect(try live.stop().errors == "xregioncap: stream 1: \(why)\n")
    }

    @Test("A clone whose log is onto a full disk ends alone, too")
    func fullLog() throws {
      let live = try LiveCapture(try Stage(), ["-r", "100"])
      let watcher = try live.watcher()
      #expect(try live.clone("a", ["frameLog": "/dev/full"]) == 1)
      let ended = try watcher.events { $0.type == "ended" }.last
      #expect(ended?.clone == 1 && ended?.reason?.contains("No space left") == true)
      try watcher.frames(5)
      _ = try live.stop()
    }

    @Test("A clone whose reader does not read holds nobody back")
    func stalled() throws {
      let stage = try Stage()
      // Each frame is to bear its own time.
      let live = try LiveCapture(
        stage, ["--crop-to", hexadecimal(stage.scene.t), "-r", "50", "--no-damage"])
      let pipe = try NamedPipe(live.folder["pipe"])
      try pipe.open()
      let watcher = try live.watcher()
      let stuck = try live.clone("pipe")
      let other = try live.clone("other", ["size": "40x30"])
      // One pipe of frames, and it is stuck.
      var seq = -1
      while let now = try live.state(clone: stuck).seq, now != seq {
        seq = now
        try watcher.frames(10)
      }
      // It would be none; on a busy machine not all of them are on time.
      let rate = try rate(live, watcher)
      #expect(abs(rate - 50) < 15, "\(rate) frames a second")
      try watcher.frames(10, of: other)
      #expect(try live.crop(nil, clone: other).ok)
      #expect(try live.state(clone: stuck).seq == seq)
      // It is asked to end, and to stay in the middle of no frame: it waits for its reader.
      #expect(try live.client.call("stop", ["clone": stuck]).ok)
      try watcher.frames(5)
      let all = runs(try pipe.rest(), Stage.sizeOfTop)
      #expect(all.map(\.picture) == [.ofTop])
      try watcher.events { $0.type == "ended" && $0.clone == stuck }
      _ = try live.stop()
    }

    @Test("A stopped clone that is stuck ends when its reader leaves")
    func stalledAndGone() throws {
      let live = try LiveCapture(try Stage(), ["-r", "50"])
      let pipe = try NamedPipe(live.folder["pipe"])
      try pipe.open()
      let watcher = try live.watcher()
      let stuck = try live.clone("pipe")
      var seq = -1
      while let now = try live.state(clone: stuck).seq, now != seq {
        seq = now
        try watcher.frames(5)
      }
      #expect(try live.client.call("stop", ["clone": stuck]).ok)
      pipe.leave()
      let ended = try watcher.events { $0.type == "ended" || $0.seq ?? 0 > 400 }.last
      #expect(ended?.clone == stuck && ended?.type == "ended")
      #expect(try live.state().clones == [])
      _ = try live.stop()
    }

    @Test("A stuck clone does not keep a signal from ending it all within about 1 s")
    func signalWhileStuck() throws {
      let live = try LiveCapture(try Stage(), ["-r", "50"])
      let pipe = try NamedPipe(live.folder["pipe"])
      try pipe.open()
      let watcher = try live.watcher()
      let stuck = try live.clone("pipe")
      try watcher.frames(20)
      #expect(try live.state(clone: stuck).seq ?? 20 < 10)
      live.command.signal(SIGTERM)
      let result = try live.command.finish()
      #expect(result.status == 0 && result.errors == "")
      #expect(result.seconds < 2)
      #expect(runs(try live.folder.read("main"), Stage.sizeOfTop).map(\.picture) == [.ofTop])
      let told = try watcher.events { $0.type == "ended" && $0.clone == stuck }
      #expect(told.count { $0.type == "ended" } == 2)
    }

    @Test("A clone that cannot be is refused by name, and nothing changes")
    func refused() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let live = try LiveCapture(
        stage, ["-r", "50", "--frame-log", folder["log"]], in: folder)
      let watcher = try live.watcher(frames: false)
      let (file, client) = (live.folder["x"], live.client)
      func refusal(_ options: [String: Any]) throws -> ControlReading {
        let answer = try client.call("clone", options)
        #expect(!answer.ok && answer.clone == nil, "\(answer.text)")
        return answer
      }
      let bad: [([String: Any], String, String)] = [
        ([:], "TypeError", "output: it is missing"),
        (["output": ""], "TypeError", "output: it is missing"),
        (["output": "-"], "TypeError", "output=FILE is missing"),
        (["output": file, "colour": "red"], "TypeError", "there is no option 'colour'"),
        (["output": file, "framerate": 10], "TypeError", "there is no option 'framerate'"),
        (["output": file, "format": "mp4"], "TypeError", "mp4"),
        (["output": file, "format": "y4m", "pixFmt": "bgr0"], "TypeError", "bgr0"),
        (["output": file, "size": "0x10"], "OverconstrainedError", "0x10"),
        (["output": file, "size": "banana"], "TypeError", "banana"),
        (["output": file, "format": "raw", "onResize": "native"], "TypeError", "--frame-log"),
        (["output": file, "format": "raw", "frameParams": true], "TypeError", "--frame-params"),
        (["output": file, "cropTo": "0x7"], "NotAllowedError", "no target inside the surface"),
        (["output": file, "cropTo": hexadecimal(stage.scene.other)], "NotAllowedError", "clone"),
        (["output": file, "cropTo": "banana"], "TypeError", "banana"),
        (["output": file, "cropTo": "pick"], "TypeError", "picked"),
        (["output": "/nowhere/x"], "OutputError", "/nowhere/x: cannot write: No such file"),
        (["output": live.folder.path], "OutputError", "cannot write: Is a directory"),
        (["output": file, "frameLog": "/nowhere/x"], "OutputError", "/nowhere/x"),
        (["output": file, "frameLog": ""], "TypeError", "--frame-log"),
        (["output": file, "frameLog": "fd:99"], "TypeError", "no such descriptor"),
        (["output": file, "frameLog": file], "TypeError", "can take one stream or log"),
        (["output": live.folder["main"]], "TypeError", "can take one stream or log"),
        (["output": live.folder.path + "/./main"], "TypeError", "can take one stream or log"),
        (["output": file, "frameLog": folder["log"]], "TypeError", "can take one stream or log"),
        (["output": 7], "TypeError", "expected a string"),
      ]
      for (options, name, word) in bad {
        let answer = try refusal(options)
        #expect(answer.error == name, "\(options): \(answer.text)")
        #expect(answer.message?.contains(word) == true, "\(options): \(answer.text)")
      }
      #expect(try live.state().clones == [])
      #expect(!live.folder.names.contains("x"), "no file is left behind")
      #expect(try live.clone("x") == 1, "those that were refused took no number")
      #expect(try live.stop().errors == "")
      let told = try watcher.events { $0.type == "ended" && $0.clone == nil }
      let others = told.filter { !["ended", "stream"].contains($0.type) }
      #expect(others.isEmpty)
      #expect(runs(try live.folder.read("main"), Stage.sizeOfTop).map(\.picture) == [.ofTop])
    }
  }
}
