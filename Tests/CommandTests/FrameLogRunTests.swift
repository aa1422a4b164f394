import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("What the frame log tells") struct FrameLogRunTests {
    /// A line without the time, which no test knows.
    private func timeless(_ line: String) -> String {
      line.replacing(#/"t":[0-9]+/#, with: #""t":0"#)
    }

    private func frame(_ seq: Int, _ version: Int, _ rect: String) -> String {
      #"{"type":"frame","seq":\#(seq),"version":\#(version),"t":0,"rect":\#(rect),"#
        + #""repeat":false,"damage":[\#(rect)]}"#
    }

    private func rect(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> String {
      #"{"x":\#(x),"y":\#(y),"width":\#(width),"height":\#(height)}"#
    }

    private func stream(_ width: Int, _ height: Int, surface: String) -> String {
      #"{"type":"stream","canvas":{"width":\#(width),"height":\#(height)},"pixFmt":"rgb24","#
        + #""framerate":"100/1","surface":\#(surface)}"#
    }

    private func change(_ rect: String, surface: String) -> String {
      #"{"type":"configurationchange","rect":\#(rect),"surface":\#(surface)}"#
    }

    @Test("A9, A11, D6: a run, line by line")
    func script() throws {
      let stage = try Stage()
      let scene = stage.scene
      let folder = try TemporaryFolder()
      let log = try NamedPipe(folder["log"])
      try log.open()
      let live = try LiveCapture(
        stage,
        [
          "--crop-to", hexadecimal(scene.t), "--timing", "vfr", "-r", "100", "-f", "pam",
          "--on-resize", "native", "--frame-log", log.path,
        ], in: folder)
      func expect(
        _ lines: [String], _ what: Comment, at location: SourceLocation = #_sourceLocation
      ) throws {
        for line in lines {
          let said = try #require(try log.line(), what, sourceLocation: location)
          #expect(timeless(said) == line, what, sourceLocation: location)
        }
      }
      let surface = #"{"width":400,"height":300}"#
      let (t, sib) = (rect(50, 50, 100, 80), rect(100, 80, 100, 80))
      try expect([stream(100, 80, surface: surface), frame(0, 0, t)], "the first frame")

      #expect(try live.crop(scene.sib).firstSeq == 1)
      let version = #"{"type":"version","version":1,"firstSeq":1,"kind":"crop"}"#
      try expect([version, frame(1, 1, sib)], "another target, of the same size")

      scene.unmap(scene.sib)
      try expect([#"{"type":"mute","reason":"empty"}"#], "nothing to see")
      scene.map(scene.sib)
      try expect([#"{"type":"unmute","reason":"empty"}"#, frame(2, 1, sib)], "seen again")

      scene.resize(scene.sib, width: 60, height: 40)
      var small = rect(100, 80, 60, 40)
      try expect(
        [stream(60, 40, surface: surface), change(small, surface: surface), frame(3, 1, small)],
        "smaller")

      scene.unmap(scene.top)
      try expect([#"{"type":"mute","reason":"unmapped"}"#], "the surface is unmapped")
      scene.resize(scene.sib, width: 70, height: 50)
      scene.resize(scene.top, width: 420, height: 310)
      scene.resize(scene.sib, width: 66, height: 44)
      #expect(!log.isReadable(within: 0.1), "silence while muted")
      scene.map(scene.top)
      small = rect(100, 80, 66, 44)
      let larger = #"{"width":420,"height":310}"#
      try expect(
        [
          stream(66, 44, surface: larger), #"{"type":"unmute","reason":"unmapped"}"#,
          change(small, surface: larger), frame(4, 1, small),
        ], "mapped again, and larger: once")

      #expect(try live.crop(nil).firstSeq == 5)
      let whole = rect(0, 0, 420, 310)
      try expect(
        [
          #"{"type":"version","version":2,"firstSeq":5,"kind":"none"}"#,
          stream(420, 310, surface: larger), change(whole, surface: larger), frame(5, 2, whole),
        ], "reverted")
      _ = try live.stop()
      try expect([#"{"type":"ended","reason":"stopped"}"#], "the end")
      #expect(try log.line() == nil)
      let frames = try pamPictures(try live.folder.read("main"))
      #expect(
        frames.map(\.size.description) == [
          "100x80", "100x80", "100x80", "60x40", "66x44", "420x310",
        ])
      #expect(frames.first == .ofT && frames[1] == .ofSib && frames[2] == .ofSib)
    }

    @Test("A line stands before the frame that it speaks of")
    func before() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let log = try NamedPipe(folder["log"])
      try log.open()
      let command = try stage.start(
        stage.cropped + ["-r", "max", "-n", "100", "--frame-log", log.path])
      var seq = -1
      for number in 0..<100 {
        _ = try command.read(1)
        while log.isReadable(), let line = try log.line() {
          seq = try ControlReading(line).seq ?? seq
        }
        #expect(seq >= number)
        _ = try command.read(Stage.bytesOfT - 1)
      }
      #expect(try command.finish().status == 0)
      #expect(seq == 99)
    }

    @Test("A slow reader of cfr gets frames again, and they are marked so; times rise")
    func repeats() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let command = try stage.start(
        stage.top + ["-r", "50", "-n", "60", "--frame-log", folder["log"]])
      _ = try command.read(1)
      for _ in 1...3 {
        _ = try command.read(8 * 400 * 300 * 4)
        #expect(!command.hasEnded(within: 0.15))
      }
      let result = try command.finish()
      #expect(result.status == 0)
      let lines = try logLines(try folder.read("log"))
      let frames = lines.filter { $0.type == "frame" }
      #expect(lines.count == frames.count + 2, "one stream, one ended")
      #expect(frames.map(\.seq) == (0..<60).map { $0 })
      #expect(frames.first?.isRepeat == false && frames.contains { $0.isRepeat == true })
      for (last, next) in zip(frames, frames.dropFirst()) {
        guard let before = last.time, let after = next.time else { throw Failure("no time") }
        #expect(next.isRepeat == true ? after == before : after > before)
      }
      for frame in frames {
        let damage = frame.members["damage"] as? [[String: Int]]
        #expect(damage?.count == (frame.isRepeat == true ? 0 : 1))
        #expect(frame.rect() == Stage.sizeOfTop.bounds)
      }
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC, &now)
      let age = now.tv_sec - (frames.last?.time ?? 0) / 1_000_000_000
      #expect((0...10).contains(age), "of CLOCK_MONOTONIC")
    }

    @Test(
      "A10: it ends with 'ended', once, and why",
      arguments: [
        ("stop", "stopped"), ("SIGTERM", "stopped"), ("-n", "complete"), ("-t", "complete"),
        ("window", "the window was closed"), ("reader", "the reader is gone"),
        ("target", "the target was closed"), ("size", "the size changed to 60x50"),
      ])
    func ended(_ how: String, _ reason: String) throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let options =
        [
          "-n": ["-n", "5"], "-t": ["-t", "0.2"], "target": ["--on-lost", "end"],
          "size": ["--on-resize", "end"],
        ][how] ?? []
      let live = try LiveCapture(
        stage,
        [
          "--crop-to", hexadecimal(stage.scene.t), "-r", "100", "--frame-log", folder["log"],
          "--start-paused", "-o", "-",
        ] + options, in: folder)
      let watcher = try live.watcher(frames: false)
      #expect(try live.client.call("resume").ok)
      _ = try live.command.read(2 * Stage.bytesOfT)
      switch how {
      case "reader": live.command.closeOutput()
      case "stop": #expect(try live.client.call("stop").ok)
      case "SIGTERM": live.command.signal(SIGTERM)
      case "window": stage.scene.destroy(stage.scene.top)
      case "target": stage.scene.destroy(stage.scene.t)
      case "size": stage.scene.resize(stage.scene.t, width: 60, height: 50)
      default: break
      }
      let result = try live.command.finish()
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.seconds < 1)
      let lines = try logLines(try folder.read("log"))
      #expect(lines.count { $0.type == "ended" } == 1)
      #expect(lines.last?.text == #"{"type":"ended","reason":"\#(reason)"}"#)
      #expect(lines.allSatisfy { $0.type != "configurationchange" })
      // With TOP goes T, and first.
      let mayMute = how == "target" || how == "window"
      #expect(mayMute || lines.allSatisfy { $0.type != "mute" })
      // Its watchers are told the same, but for the frames.
      let told = try watcher.events { $0.type == "ended" }
      #expect(told.map(\.text) == lines.filter { $0.type != "frame" }.map(\.text))
      #expect(try watcher.nextLine() == nil)
    }

    @Test("A11: a storm of sizes: one change for each frame of another size, and no other")
    func storm() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let live = try LiveCapture(
        stage,
        [
          "--crop-to", hexadecimal(stage.scene.t), "-r", "100", "-f", "raw", "--on-resize",
          "native", "--frame-log", folder["log"],
        ], in: folder)
      let watcher = try live.watcher()
      stage.scene.unmap(stage.scene.sib)
      stage.scene.unmap(stage.scene.tc)
      for step in 1...300 {
        stage.scene.resize(stage.scene.t, width: 100 + step % 37, height: 80 + step % 23)
        if step.isMultiple(of: 30) { try watcher.frames(1) }
      }
      stage.scene.resize(stage.scene.t, width: 99, height: 77)
      try watcher.events { $0.type == "frame" && $0.size("rect") == Size(width: 99, height: 77) }
      _ = try live.stop()
      let lines = try logLines(try folder.read("log"))
      var rest = try folder.read("main")[...]
      var (size, next): (Size?, ControlReading?) = (nil, nil)
      var changes = 0
      for line in lines {
        if line.type == "configurationchange" {
          #expect(next == nil, "one for each frame")
          changes += 1
          next = line
        }
        guard line.type == "frame", let rect = line.rect() else { continue }
        #expect((size != nil && size != rect.size) == (next != nil))
        #expect(next == nil || next?.rect() == rect)
        (size, next) = (rect.size, nil)
        // Raw frames are of the sizes that the log tells.
        let count = rect.width * rect.height * 4
        try #require(rest.count >= count)
        let picture = Picture(rest.prefix(count), size: rect.size)
        if changes > 0 { #expect(picture.colours.subtracting([Scene.t]).isEmpty) }
        rest = rest.dropFirst(count)
      }
      #expect(rest.isEmpty && changes > 3)
    }
  }
}
