import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("The mouse cursor, by the command") struct CursorTests {
    private static let cursor = CursorPicture.motley(Size(width: 17, height: 13), hotX: 4, hotY: 9)

    /// A scene whose cursor points at the middle of T, which is at 150,150 of the screen.
    private func stage(server arguments: [String] = []) throws -> Stage {
      let stage = try Stage(server: arguments)
      stage.scene.setCursor(Self.cursor, of: stage.scene.root)
      stage.scene.movePointer(x: 200, y: 190)
      return stage
    }

    private static let withCursor = Picture.ofT.under(cursor, x: 50, y: 40)

    @Test("A14: the cursor is in the picture unless it is asked not to be")
    func modes() throws {
      let stage = try stage()
      for (arguments, expected) in [
        ([], Self.withCursor), (["--cursor", "always"], Self.withCursor),
        (["--cursor", "never"], .ofT), (["--cursor", "motion"], .ofT),
      ] as [([String], Picture)] {
        let result = try stage.run(stage.cropped + ["-n", "2", "-r", "max"] + arguments)
        #expect(result.errors.isEmpty)
        #expect(pictures(result.output) == [expected, expected], "\(arguments)")
      }
    }

    @Test("A14: with motion it is there once it moves, and gone a second later")
    func motion() throws {
      let stage = try stage()
      let command = try stage.start(
        stage.cropped + ["--cursor", "motion", "--timing", "vfr", "-r", "100"])
      #expect(pictures(try command.read(Stage.bytesOfT)) == [.ofT])
      stage.scene.movePointer(x: 201, y: 190)
      let clock = ContinuousClock()
      let start = clock.now
      let shown = Picture.ofT.under(Self.cursor, x: 51, y: 40)
      #expect(pictures(try command.read(Stage.bytesOfT)) == [shown])
      #expect(pictures(try command.read(Stage.bytesOfT)) == [.ofT])
      #expect(clock.now - start > .milliseconds(900))
      command.signal(SIGINT)
      #expect(try command.finish().output.isEmpty)
    }

    @Test("A14: vfr, a move over the target is a change, one elsewhere is none")
    func changes() throws {
      let stage = try stage()
      let command = try stage.start(stage.cropped + ["--timing", "vfr", "-r", "100"])
      #expect(pictures(try command.read(Stage.bytesOfT)) == [Self.withCursor])
      stage.scene.movePointer(x: 190, y: 190)
      #expect(
        pictures(try command.read(Stage.bytesOfT)) == [Picture.ofT.under(Self.cursor, x: 40, y: 40)]
      )
      stage.scene.movePointer(x: 500, y: 400)
      #expect(pictures(try command.read(Stage.bytesOfT)) == [.ofT])
      stage.scene.movePointer(x: 510, y: 410)
      #expect(command.isSilent(for: 0.3))
      command.signal(SIGINT)
      #expect(try command.finish().output.isEmpty)
    }

    @Test(
      "A14: it is drawn before the pixels are turned into any format",
      arguments: [
        ("raw", "bgr0"), ("raw", "bgra"), ("raw", "rgb24"), ("raw", "nv12"), ("raw", "gray"),
        ("raw", "yuv420p"), ("raw", "yuv444p"), ("y4m", "yuv420p"), ("y4m", "yuv444p"),
        ("y4m", "gray"),
      ])
    func formats(_ format: String, _ pixelFormat: String) throws {
      let stage = try stage()
      let arguments = ["-n", "1", "-f", format, "--pix-fmt", pixelFormat]
      let drawn = try stage.run(stage.cropped + arguments)
      #expect(drawn.status == 0)
      // The same picture, painted into a window in the place of T.
      let painted = stage.scene.window(
        in: stage.scene.top, x: 50, y: 50, pixels: Self.withCursor.pixels.map { UInt($0) },
        width: 100)
      let expected = try stage.run(
        stage.top + ["--crop-to", hexadecimal(painted), "--cursor", "never"] + arguments)
      let isSame = drawn.output == expected.output
      #expect(isSame)
      #expect(!drawn.output.isEmpty)
    }

    @Test("Without XFIXES frames come, and one note says that there is no cursor, where one is due")
    func noXFIXES() throws {
      for (arguments, lines) in [
        ([], 1), (["--cursor", "motion"], 1), (["--cursor", "never"], 0), (["-q"], 0),
      ] as [([String], Int)] {
        // A server of its own each: Xvfb without XFIXES may abort when a client leaves.
        let stage = try Stage(server: ["-extension", "XFIXES"])
        let result = try stage.run(
          stage.cropped + ["--visible", "-n", "2", "-r", "max"] + arguments)
        #expect(result.status == 0)
        #expect(pictures(result.output) == [.ofT, .ofT])
        #expect(result.errors.lines.count == lines, "\(arguments): \(result.errors)")
        #expect(result.errors.count(of: "XFIXES") == lines)
      }
    }
  }
}
