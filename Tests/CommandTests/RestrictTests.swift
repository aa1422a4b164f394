import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("A target's own pixels, by the command") struct RestrictTests {
    private static let half: UInt = 0x8040_2010

    /// Takes one frame of TOP with these options.
    private func frame(
      _ stage: Stage, _ options: [String], _ size: Size = Stage.sizeOfT,
      at location: SourceLocation = #_sourceLocation
    ) throws -> Picture? {
      let result = try stage.run(stage.top + ["-n", "1"] + options)
      #expect(result.status == 0, "\(result.errors)", sourceLocation: location)
      #expect(result.errors.isEmpty, "\(result.errors)", sourceLocation: location)
      return pictures(result.output, size).first
    }

    @Test("A3: logical is the own content under OVL, and the default; visible, OVL is seen")
    func views() throws {
      let stage = try Stage()
      _ = stage.scene.mapOverlay()
      // OVL is at 20,20 of TOP.
      let seen = Picture.ofTop.painted([(Rect(x: 20, y: 20, width: 60, height: 60), Scene.ovl)])
      #expect(try frame(stage, [], Stage.sizeOfTop) == .ofTop)
      #expect(try frame(stage, ["--logical"], Stage.sizeOfTop) == .ofTop)
      #expect(try frame(stage, ["--visible"], Stage.sizeOfTop) == seen)
      #expect(try frame(stage, ["--crop-to", hexadecimal(stage.scene.t)]) == .ofT)
    }

    @Test("E1, A5: every T of the command line, in both views, by both paths")
    func targets() throws {
      let stage = try Stage()
      let scene = stage.scene
      _ = scene.mapOverlay()
      scene.publish("video 100x80+0+0", on: scene.t)
      let minted = try stage.run(
        ["mint", "restrict", hexadecimal(scene.t), "-w", hexadecimal(scene.top)])
      let token = String(decoding: minted.output.dropLast(), as: UTF8.self)
      for target in [hexadecimal(scene.t), "child:name:^T$", "child:2", "rect:video", token] {
        for view in [[], ["--logical"], ["--visible"], ["--no-shm"]] {
          #expect(
            try frame(stage, ["--restrict-to", target] + view) == .ofTAlone, "\(target) \(view)")
        }
      }
      // Of a fixed rectangle, the surface's own.
      #expect(
        try frame(stage, ["--visible", "--restrict-to", "100x80+50+50"]) == .ofT)
      scene.move(scene.t, x: -60, y: 50)
      #expect(
        try frame(stage, ["--restrict-to", hexadecimal(scene.t)], Size(width: 40, height: 80))
          == .plain(Size(width: 40, height: 80), Scene.t))
    }

    @Test("E3: translucent T over BEL: blended with black, or with its alpha where that is kept")
    func translucent() throws {
      let stage = try Stage()
      let size = Size(width: 60, height: 50)
      let window = try #require(
        stage.scene.translucentWindow(
          in: stage.scene.top, Rect(x: 45, y: 45, width: 60, height: 50), Self.half))
      let restricted = stage.top + ["-n", "1", "--restrict-to", hexadecimal(window)]
      func pixels(_ options: [String]) throws -> Set<[UInt8]> {
        let result = try stage.run(restricted + options)
        #expect(result.status == 0, "\(result.errors)")
        let bytes = result.output.suffix(size.width * size.height * 4)
        #expect(bytes.count == size.width * size.height * 4)
        return Set(
          stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map {
            Array(bytes[$0..<$0 + 4])
          })
      }
      // Colours are straight where there is alpha.
      #expect(try pixels(["--pix-fmt", "bgra"]) == [[0x20, 0x40, 0x80, 0x80]])
      let blended = try frame(stage, ["--restrict-to", hexadecimal(window)], size)
      #expect(blended == .plain(size, 0x40_2010))
      let rgb = try stage.run(restricted + ["--pix-fmt", "rgb24"]).output
      #expect(rgb.count == size.width * size.height * 3 && Set(rgb) == [0x10, 0x20, 0x40])
      #expect(try pixels(["-f", "pam", "--pix-fmt", "rgba"]) == [[0x80, 0x40, 0x20, 0x80]])
      let folder = try TemporaryFolder()
      for name in ["own.pam", "own.png"] {
        let shot = try stage.run(
          ["shot", "-w", hexadecimal(stage.scene.top), "--restrict-to", hexadecimal(window)]
            + ["--pix-fmt", "rgba", "-o", folder[name]])
        #expect(shot.status == 0, "\(shot.errors)")
      }
      let pam = try folder.read("own.pam")
      #expect(pam.suffix(4) == [0x80, 0x40, 0x20, 0x80])
      let png = try Command.shell("pngtopnm -alpha own.png | tail -c 1", directory: folder.path)
      #expect(png.output == [0x80])
    }

    @Test("E7: outside its shape is black, and alpha 0 where that is kept")
    func shaped() throws {
      let stage = try Stage()
      let scene = stage.scene
      let parts = [
        Rect(x: 0, y: 0, width: 30, height: 80), Rect(x: 70, y: 0, width: 30, height: 9),
      ]
      scene.shape(scene.t, to: parts)
      let expected = Picture(size: Stage.sizeOfT) { x, y in
        x < 30 || x >= 70 && y < 9 ? Picture.ofTAlone[x, y] : 0
      }
      #expect(try frame(stage, ["--restrict-to", hexadecimal(scene.t)]) == expected)
      let result = try stage.run(
        stage.top + ["-n", "1", "--pix-fmt", "bgra", "--restrict-to", hexadecimal(scene.t)])
      let alphas = stride(from: 3, to: result.output.count, by: 4).map { result.output[$0] }
      #expect(pictures(result.output) == [expected])
      let isSame = alphas == expected.pixels.map { $0 == 0 ? 0 : 255 }
      #expect(isSame)
    }

    @Test("--popups: none by default, own adds menus, strangers stay out")
    func popups() throws {
      let stage = try Stage()
      let scene = stage.scene
      _ = scene.mapOverlay()
      _ = scene.menu(Rect(x: 450, y: 350, width: 90, height: 90), 0x00_1e70)
      let application = try Application(scene)
      _ = application.window(
        in: scene.root, Rect(x: 480, y: 380, width: 90, height: 90), Scene.ovl, isMenu: true)
      let menu = [(Rect(x: 350, y: 250, width: 50, height: 50), UInt32(0x00_1e70))]
      #expect(try frame(stage, [], Stage.sizeOfTop) == .ofTop)
      #expect(try frame(stage, ["--popups", "none"], Stage.sizeOfTop) == .ofTop)
      #expect(
        try frame(stage, ["--popups", "own"], Stage.sizeOfTop) == Picture.ofTop.painted(menu))
    }

    @Test("--partial: silent by default, black shows what is its own where the rest is not")
    func partial() throws {
      let stage = try Stage()
      let scene = stage.scene
      let size = Size(width: 60, height: 50)
      let window = try #require(
        scene.bareWindow(in: scene.top, Rect(x: 60, y: 60, width: 60, height: 50)))
      let restricted = stage.top + ["--restrict-to", hexadecimal(window)]
      for options in [[], ["--partial", "silent"]] {
        let silent = try stage.run(restricted + options + ["-t", "0.5"])
        #expect(silent.status == 21 && silent.output.isEmpty)
      }
      let command = try stage.start(restricted + ["--partial", "black", "-r", "100"])
      let count = size.width * size.height * 4
      #expect(pictures(try command.read(count), size) == [.plain(size, 0)])
      scene.fill(window, Rect(x: 10, y: 0, width: 20, height: 50), 0x11_2233)
      let painted = Picture.plain(size, 0)
        .painted([(Rect(x: 10, y: 0, width: 20, height: 50), 0x11_2233)])
      let end = ContinuousClock.now + .seconds(Command.bound)
      while pictures(try command.read(count), size) != [painted] {
        guard .now < end else { throw Failure("the part is not seen") }
      }
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
    }

    @Test("E4: InputOnly is accepted, nothing comes, and the reason is said")
    func inputOnly() throws {
      let stage = try Stage()
      let window = stage.scene.inputOnlyWindow(in: stage.scene.top)
      let result = try stage.run(
        stage.top + ["--restrict-to", hexadecimal(window), "-t", "2.5"])
      #expect(result.status == 21 && result.output.isEmpty)
      // While it waits, and with the end.
      let lines = result.errors.lines
      #expect(lines.count == 2, "\(result.errors)")
      #expect(lines.allSatisfy { $0.contains("InputOnly") }, "\(result.errors)")
    }

    @Test("E10, B10, C6: tokens that are dead, foreign, of the wrong kind or malformed")
    func tokens() throws {
      let stage = try Stage()
      let scene = stage.scene
      func mint(_ kind: String, _ target: UInt, in surface: UInt) throws -> String {
        let minted = try stage.run(["mint", kind, hexadecimal(target), "-w", hexadecimal(surface)])
        return String(decoding: minted.output.dropLast(), as: UTF8.self)
      }
      let dying = scene.window(in: scene.top, Rect(x: 0, y: 0, width: 9, height: 9), 0)
      let (dead, foreign) = (
        try mint("restrict", dying, in: scene.top), try mint("restrict", scene.o1, in: scene.other)
      )
      scene.destroy(dying)
      for target in [
        dead, foreign, CropChangeTests.unknownToken, hexadecimal(scene.o1), hexadecimal(dying),
      ] {
        Refusal(["--restrict-to", target], 5, "--restrict-to: it is no target inside the surface")
          .check(try stage.run(stage.top + ["--restrict-to", target]))
      }
      for (target, status, word) in [
        (
          try mint("crop", scene.t, in: scene.top), 2,
          "--restrict-to: a crop token names no restriction target"
        ), ("3f0c-", 4, "'3f0c-' is a malformed token"),
      ] {
        Refusal(["--restrict-to", target], Int32(status), word)
          .check(try stage.run(stage.top + ["--restrict-to", target]))
      }
    }

    @Test("The root is nobody's own, and neither is a rectangle of the screen")
    func root() throws {
      let stage = try Stage()
      for target in ["root", "50x40+10+10"] {
        let row = Refusal(["--screen", "--restrict-to", target], 3, "--restrict-to")
        row.check(try stage.run(row.arguments))
      }
    }

    @Test(
      "What is wrong with the options is said before anything is asked of X",
      arguments: [
        Refusal(["--restrict-to", "child", "--crop-to", "child"], 2, "there is one target"),
        Refusal(["--restrict-to", "child", "-g", "1x1+0+0"], 2, "there is one target"),
        Refusal(["--restrict-to", ""], 2, "--restrict-to"),
        Refusal(["--restrict-to", "10x0+5+5"], 10, "'10x0+5+5' holds no pixel"),
        Refusal(["-w", "1", "--logical", "--visible"], 2, "--"),
        Refusal(["-w", "1", "--popups", "banana"], 2, "banana"),
        Refusal(["-w", "1", "--partial", "banana"], 2, "banana"),
      ])
    func options(_ row: Refusal) throws {
      row.check(
        try Command.run(Command.xregioncap, row.arguments, display: BadInputTests.noDisplay))
    }

    @Test("E9: without Composite it is not supported, a crop works, and one note says what is seen")
    func noComposite() throws {
      let stage = try Stage(server: ["-extension", "Composite"])
      let scene = stage.scene
      _ = scene.mapOverlay()
      for options in [["--restrict-to", hexadecimal(scene.t)], ["--logical"]] {
        let row = Refusal(options, 3, "Composite")
        row.check(try stage.run(stage.top + ["-n", "1"] + options))
      }
      let seen = Picture.ofT.painted([(Rect(x: 0, y: 0, width: 30, height: 30), Scene.ovl)])
      for (options, notes) in [([], 1), (["--visible"], 0), (["-q"], 0)] as [([String], Int)] {
        let result = try stage.run(stage.cropped + ["-n", "1"] + options)
        #expect(result.status == 0)
        #expect(pictures(result.output) == [seen])
        #expect(result.errors.lines.count == notes, "\(result.errors)")
        #expect(result.errors.count(of: "Composite") == notes, "\(result.errors)")
      }
      let live = try LiveCapture(stage, [])
      for target in [hexadecimal(scene.t), "10x10+5+5"] {
        let answer = try live.client.call("restrictTo", ["target": target])
        #expect(answer.error == "NotSupportedError", "\(answer.text)")
      }
      #expect(try live.client.call("capabilities").members["restrictTo"] as? Bool == false)
      #expect(try live.crop(scene.t).ok)
      #expect(try live.state().kind == "crop")
      _ = try live.stop()
    }
  }
}
