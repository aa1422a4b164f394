import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("What is drawn, and what is told of it") struct DamageTests {
    /// A part of T that nothing covers.
    private static let rect = Rect(x: 5, y: 60, width: 12, height: 9)

    /// A scene on a server whose framebuffer is a file: what is written there is told nobody.
    private struct Untold {
      let folder: TemporaryFolder
      let stage: Stage
      let framebuffer: Framebuffer

      init() throws {
        folder = try TemporaryFolder()
        stage = try Stage(server: Framebuffer.options(in: folder))
        framebuffer = try Framebuffer(in: folder)
      }

      /// Paints a part of T, which is at 150,150 of the screen.
      func draw(_ colour: UInt32) {
        framebuffer.fill(rect.offsetBy(dx: 150, dy: 150), colour)
      }
    }

    private static func painted(_ colour: UInt32) -> Picture { .ofT.painted([(rect, colour)]) }

    private static let fault =
      "xregioncap: pixels changed of which DAMAGE had told nothing: everything is grabbed each "
      + "time"

    @Test(
      "What is drawn and not told comes by itself, with one note; and then all comes at once",
      arguments: [["--timing", "vfr"], []])
    func untold(_ timing: [String]) throws {
      let untold = try Untold()
      let stage = untold.stage
      let command = try stage.start(stage.cropped + ["--visible", "-r", "50"] + timing)
      for _ in 0..<(timing.isEmpty ? 10 : 1) {
        #expect(pictures(try command.read(Stage.bytesOfT)) == [.ofT])
      }
      // Once a change was shown, the server is trusted. Another row of T is read for it.
      let told = Rect(x: 35, y: 2, width: 12, height: 9)
      stage.scene.fill(stage.scene.t, told, 0x11_1111)
      try awaitPicture(Picture.ofT.painted([(told, UInt32(0x11_1111))]), from: command)
      untold.draw(0x12_3456)
      try awaitPicture(
        Picture.ofT.painted([(told, UInt32(0x11_1111)), (Self.rect, 0x12_3456)]), from: command)
      try command.waitForError(Self.fault + "\n")
      for number in 1...5 {
        untold.draw(UInt32(number))
        try awaitPicture(
          Picture.ofT.painted([(told, UInt32(0x11_1111)), (Self.rect, UInt32(number))]),
          from: command)
      }
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.errors == Self.fault + "\n")
    }

    /// Reads frames of T until one is this picture. Those before are all the same.
    private func awaitPicture(
      _ picture: Picture, from command: Command, at location: SourceLocation = #_sourceLocation
    ) throws {
      let end = ContinuousClock.now + .seconds(Command.bound)
      var others: [Picture] = []
      while .now < end {
        let next = pictures(try command.read(Stage.bytesOfT))[0]
        if next == picture { return }
        if others.last != next { others.append(next) }
        #expect(others.count == 1, "another one between", sourceLocation: location)
      }
      throw Failure("it is not shown")
    }

    @Test("With --no-damage it comes at once, and nothing is said", arguments: ["vfr", "cfr"])
    func untrusted(_ timing: String) throws {
      let untold = try Untold()
      let stage = untold.stage
      let command = try stage.start(
        stage.cropped + ["--visible", "-r", "50", "--no-damage", "--timing", timing])
      #expect(pictures(try command.read(Stage.bytesOfT)) == [.ofT])
      for number in 1...5 {
        untold.draw(UInt32(number))
        try awaitPicture(Self.painted(UInt32(number)), from: command)
      }
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.errors == "")
    }

    /// The damage that a line of the log tells of.
    private func damage(_ line: ControlReading) -> [Rect]? {
      (line.members["damage"] as? [[String: Int]])?.map {
        Rect(
          x: $0["x"] ?? -1, y: $0["y"] ?? -1, width: $0["width"] ?? -1, height: $0["height"] ?? -1)
      }
    }

    @Test("The log tells what changed, exactly; of a frame that comes again nothing")
    func log() throws {
      let stage = try Stage()
      let scene = stage.scene
      let folder = try TemporaryFolder()
      let command = try stage.start(
        stage.top + ["--visible", "--timing", "vfr", "-r", "200", "--frame-log", folder["log"]])
      let size = 400 * 300 * 4
      var picture = Picture.ofTop
      #expect(pictures(try command.read(size), Stage.sizeOfTop) == [picture])
      // Where T is painted in TOP, and T is not covered.
      let rects = [
        Rect(x: 5, y: 35, width: 7, height: 8), Rect(x: 0, y: 79, width: 50, height: 1),
        Rect(x: 99, y: 0, width: 1, height: 30), Rect(x: 5, y: 35, width: 7, height: 8),
      ]
      let inTop = rects.map { $0.offsetBy(dx: 50, dy: 50) }
      for (number, rect) in rects.enumerated() {
        scene.fill(scene.t, rect, UInt(number + 1))
        picture = picture.painted([(inTop[number], UInt32(number + 1))])
        #expect(pictures(try command.read(size), Stage.sizeOfTop) == [picture])
      }
      scene.move(scene.sib, x: 250, y: 200)
      _ = try command.read(size)
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
      let frames = try logLines(folder.read("log")).filter { $0.type == "frame" }
      #expect(frames.count == 6)
      let all = Stage.sizeOfTop.bounds
      // The second frame is the first that the server was asked about.
      #expect(damage(frames[0]) == [all])
      #expect(frames[1...4].map { damage($0) } == inTop.map { [$0] } || damage(frames[1]) == [all])
      #expect(frames[2...4].map { damage($0) } == inTop.dropFirst().map { [$0] })
      let moved = DamageRects(damage(frames[5]) ?? [])
      #expect(moved.hold(Rect(x: 100, y: 80, width: 100, height: 80)))
      #expect(moved.hold(Rect(x: 250, y: 200, width: 100, height: 80)))
      #expect(!moved.hold(all))
    }

    private struct DamageRects {
      let area: DamageArea
      init(_ rects: [Rect]) { area = DamageArea(rects) }

      /// Whether each pixel of a rectangle lies in one of them.
      func hold(_ rect: Rect) -> Bool {
        (rect.y..<rect.y + rect.height).allSatisfy { y in
          (rect.x..<rect.x + rect.width).allSatisfy { x in
            area.intersects(Rect(x: x, y: y, width: 1, height: 1))
          }
        }
      }
    }

    @Test("In cfr, a still target's frames are repeats without damage")
    func repeats() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let result = try stage.run(
        stage.cropped + ["-r", "200", "-n", "40", "--frame-log", folder["log"]])
      #expect(result.status == 0)
      #expect(pictures(result.output) == Array(repeating: .ofT, count: 40))
      let frames = try logLines(folder.read("log")).filter { $0.type == "frame" }
      #expect(frames.count == 40)
      #expect(frames.first?.isRepeat == false)
      // Those that everything was read for are new ones, which differ in nothing that is known.
      let repeats = frames.filter { $0.isRepeat == true }
      #expect(repeats.allSatisfy { damage($0) == [] })
      #expect(repeats.count >= 35)
    }

    @Test("vfr: the first change after a pause comes at once, though the period is long")
    func afterPause() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let command = try stage.start(
        stage.cropped + ["--timing", "vfr", "-r", "0.5", "--frame-log", folder["log"]])
      #expect(pictures(try command.read(Stage.bytesOfT)) == [.ofT])
      #expect(command.isSilent(for: 4.4))
      let before = Self.now
      stage.scene.fill(stage.scene.t, Self.rect, 1)
      #expect(pictures(try command.read(Stage.bytesOfT)) == [Self.painted(1)])
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
      let frames = try logLines(folder.read("log")).filter { $0.type == "frame" }
      let time = try #require(frames.last?.time)
      // The period ends more than one and a half seconds later.
      #expect(time > before && time < before + 1_000_000_000)
    }

    private static var now: Int {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    @Test("A still vfr ends when it is to, whatever ends it", arguments: 0..<4)
    func endings(_ kind: Int) throws {
      let stage = try Stage()
      let limits = kind == 0 ? ["-t", "0.7"] : []
      let command = try stage.start(
        stage.cropped + ["--timing", "vfr", "-r", "100"] + limits
          + (kind == 3 ? ["--on-lost", "end"] : []))
      #expect(pictures(try command.read(Stage.bytesOfT)) == [.ofT])
      if kind > 0 { #expect(command.isSilent(for: 0.3)) }
      switch kind {
      case 1: command.signal(SIGTERM)
      case 2: stage.scene.destroy(stage.scene.top)
      case 3: stage.scene.destroy(stage.scene.t)
      default: break
      }
      // Nothing else would wake it for two seconds.
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.output.isEmpty)
      #expect(result.seconds < 1.7)
    }
  }
}
