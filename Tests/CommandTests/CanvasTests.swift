import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("The canvas that frames are put on") struct CanvasTests {
    /// T on a canvas, in a frame.
    func frame(_ size: Size, _ arguments: [String]) throws -> Picture {
      let stage = try Stage()
      let result = try stage.run(stage.cropped + ["--size", "\(size)", "-n", "1"] + arguments)
      #expect(result.errors == "")
      return try #require(pictures(result.output, size).first)
    }

    /// Rectangles of T's picture, somewhere else.
    func parts(dx: Int = 0, dy: Int = 0, by factor: Int = 1) -> [(Rect, UInt32)] {
      [
        (Rect(x: 0, y: 0, width: 100, height: 80), Scene.t),
        (Rect(x: 10, y: 10, width: 20, height: 20), Scene.tc),
        (Rect(x: 50, y: 30, width: 50, height: 50), Scene.sib),
      ].map { rect, colour in
        (
          Rect(
            x: rect.x * factor + dx, y: rect.y * factor + dy, width: rect.width * factor,
            height: rect.height * factor), colour
        )
      }
    }

    @Test("A6: fit never scales up: the picture is centred on black")
    func fitLarger() throws {
      let size = Size(width: 200, height: 160)
      #expect(try frame(size, []) == Picture(size: size, parts(dx: 50, dy: 40)))
      #expect(
        try frame(size, ["--on-resize", "fit"]) == Picture(size: size, parts(dx: 50, dy: 40)))
    }

    @Test("fit scales down to what fits, and centres it on black")
    func fitSmaller() throws {
      let picture = try frame(Size(width: 50, height: 80), [])
      #expect((0..<80).map { picture[1, $0] != 0 }.firstIndex(of: true) == 20)
      #expect((0..<80).map { picture[1, $0] != 0 }.lastIndex(of: true) == 59)
      #expect(picture[0, 20] == Scene.t)
      #expect(picture[10, 30] == Scene.tc)
      #expect(picture[49, 59] == Scene.sib)
    }

    @Test("crop cuts 1:1 from the left top, and pads with black")
    func crop() throws {
      let size = Size(width: 120, height: 50)
      #expect(try frame(size, ["--on-resize", "crop"]) == Picture(size: size, parts()))
    }

    /// The colour with each of its parts to four levels: what scaling may do to it is not seen.
    func rough(_ colour: UInt32) -> UInt32 { colour & 0xc0_c0c0 }

    @Test("stretch fills the canvas")
    func stretch() throws {
      let picture = try frame(Size(width: 300, height: 40), ["--on-resize", "stretch"])
      #expect(rough(picture[0, 0]) == rough(Scene.t))
      #expect(rough(picture[0, 39]) == rough(Scene.t))
      #expect(rough(picture[45, 8]) == rough(Scene.tc))
      #expect(rough(picture[299, 39]) == rough(Scene.sib))
      #expect(rough(picture[299, 0]) == rough(Scene.t))
      #expect(!picture.colours.contains(0))
    }

    @Test(
      "Scaling leaves a plain colour as it is",
      arguments: [
        Size(width: 50, height: 40), Size(width: 75, height: 60), Size(width: 99, height: 79),
        Size(width: 100, height: 40), Size(width: 200, height: 160), Size(width: 300, height: 40),
      ])
    func plainColour(_ size: Size) throws {
      let stage = try Stage()
      let window = stage.scene.window(
        in: stage.scene.root, Rect(x: 500, y: 0, width: 100, height: 80), 0xff_fffe)
      let result = try stage.run([
        "-w", hexadecimal(window), "-f", "raw", "-n", "1", "--size", "\(size)", "--on-resize",
        "stretch",
      ])
      let picture = try #require(pictures(result.output, size).first)
      #expect(picture.colours == [0xff_fffe])
    }

    @Test(
      "The canvas stays when the target is resized",
      arguments: ["fit", "crop", "stretch"])
    func resized(_ policy: String) throws {
      let stage = try Stage()
      let command = try stage.start(stage.cropped + ["--on-resize", policy, "-r", "100"])
      #expect(pictures(try command.read(Stage.bytesOfT)) == [Picture.ofT])
      stage.scene.atOnce {
        stage.scene.unmap(stage.scene.sib)
        stage.scene.resize(stage.scene.t, width: 60, height: 40)
      }
      let small = Rect(x: 0, y: 0, width: 60, height: 40)
      let dot = Rect(x: 10, y: 10, width: 20, height: 20)
      let expected =
        switch policy {
        case "fit":
          Picture(
            size: Stage.sizeOfT,
            [(small.offsetBy(dx: 20, dy: 20), Scene.t), (dot.offsetBy(dx: 20, dy: 20), Scene.tc)])
        default: Picture(size: Stage.sizeOfT, [(small, Scene.t), (dot, Scene.tc)])
        }
      // Frames that were taken before the change are still on the way.
      var picture = Picture.ofT
      for _ in 0..<200 where picture == Picture.ofT {
        picture = Picture(try command.read(Stage.bytesOfT), size: Stage.sizeOfT)
      }
      if policy == "stretch" {
        #expect(rough(picture[99, 79]) == rough(Scene.t))
        #expect(rough(picture[33, 40]) == rough(Scene.tc))
        #expect(!picture.colours.contains(0) && !picture.colours.contains(Scene.sib))
      } else {
        #expect(picture == expected)
      }
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
    }

    @Test("end finishes the stream before the first frame of another size")
    func end() throws {
      let stage = try Stage()
      let command = try stage.start(
        stage.cropped + ["--on-resize", "end", "-r", "100", "--verbose"])
      let first = try command.read(Stage.bytesOfT)
      // Moved is not resized.
      stage.scene.move(stage.scene.top, x: 90, y: 90)
      let more = try command.read(20 * Stage.bytesOfT)
      stage.scene.resize(stage.scene.t, width: 60, height: 40)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.errors.lines.last == "xregioncap: ended: the size changed to 60x40")
      #expect(result.seconds < 1)
      let all = pictures(first + more + result.output)
      #expect(all.allSatisfy { $0 == Picture.ofT })
    }
  }
}
