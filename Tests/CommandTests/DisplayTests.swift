import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Displays of every kind, by the command") struct DisplayTests {
    /// The scene's pixel values, which are made for depth 24, as they come out at 16: 5-6-5.
    private static func at16(_ pixel: UInt32) -> UInt32 {
      func share(_ value: UInt32, _ most: UInt32) -> UInt32 { (value * 510 + most) / (2 * most) }
      return share(pixel >> 11 & 31, 31) << 16 | share(pixel >> 5 & 63, 63) << 8
        | share(pixel & 31, 31)
    }

    @Test("A screen of 16 bits in exact colours", arguments: [[], ["--no-shm"]])
    func depth16(_ arguments: [String]) throws {
      let stage = try Stage(screen: "640x480x16")
      let result = try stage.run(stage.cropped + ["-n", "1"] + arguments)
      #expect(result.status == 0)
      #expect(
        pictures(result.output) == [Picture(size: Stage.sizeOfT) { Self.at16(Picture.ofT[$0, $1]) }]
      )
    }

    @Test(
      "The picture is that of ImageMagick's import, each value rounded to 8 bits",
      arguments: [
        (24, []), (30, []), (16, []), (15, []), (8, []),
        // StaticGray, GrayScale and StaticColor.
        (8, ["-cc", "0"]), (8, ["-cc", "1"]), (8, ["-cc", "2"]),
      ] as [(Int, [String])])
    func sameAsImport(_ depth: Int, _ arguments: [String]) throws {
      let stage = try Stage(screen: "640x480x\(depth)", server: arguments)
      let colours = try (0..<60).map {
        try stage.scene.pixel(of: UInt32($0 * 0x0f_1b25) & 0xff_ffff)
      }
      _ = stage.scene.window(
        in: stage.scene.t, x: 30, y: 0, pixels: (0..<20 * 15).map { colours[$0 % 60] }, width: 20)
      let folder = try TemporaryFolder()
      let result = try stage.shell(
        """
        import -silent -window $TOP -crop 100x80+50+50 +repage -depth 16 -endian MSB rgb:theirs
        $XREGIONCAP -w $TOP --crop-to $T -f raw --pix-fmt rgb24 -n 1 -o ours.raw
        """, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let theirs = try folder.read("theirs")
      let ours = try folder.read("ours.raw")
      #expect(ours.count == 100 * 80 * 3)
      let rounded = stride(from: 0, to: theirs.count - 1, by: 2).map {
        UInt8((Int(theirs[$0]) << 8 + Int(theirs[$0 + 1]) + 128) / 257)
      }
      let isSame = ours == rounded
      #expect(isSame)
    }

    @Test("Pixels that are not read are refused by name")
    func otherPixels() throws {
      for (depth, kind, name) in [(8, "4", "TrueColor of depth 8"), (24, "5", "DirectColor")] {
        let stage = try Stage(screen: "640x480x\(depth)", server: ["-cc", kind])
        let row = Refusal(["-n", "1"], 3, name)
        row.check(try stage.run(row.arguments))
      }
    }

    @Test(
      "Whatever the server lacks, the command works, and says what there is to say",
      arguments: ["MIT-SHM", "XFIXES", "DAMAGE", "RANDR", "COMPOSITE", "RENDER"].map { [$0] }
        + [["MIT-SHM", "XFIXES", "DAMAGE", "RANDR", "COMPOSITE", "RENDER"]])
    func poor(_ missing: [String]) throws {
      let stage = try Stage(server: missing.flatMap { ["-extension", $0] })
      let result = try stage.run(stage.cropped + ["-n", "2", "--verbose"])
      #expect(result.status == 0)
      #expect(pictures(result.output) == [.ofT, .ofT])
      let path =
        missing.contains("MIT-SHM")
        ? "pixels by XGetImage: the server has no MIT-SHM extension"
        : "pixels by shared memory (MIT-SHM)"
      #expect(result.errors.count(of: "xregioncap: \(path)\n") == 1)
      #expect(result.errors.count(of: "xregioncap: frames by write: ") == 1)
      #expect(result.errors.count(of: "XFIXES") == (missing.contains("XFIXES") ? 1 : 0))
      let notes = result.errors.lines.filter {
        $0.hasPrefix("xregioncap: --window: ")
          && $0.hasSuffix(": the window is captured as it is seen on the screen")
      }
      if missing.contains("COMPOSITE") {
        #expect(notes.count == 1)
      } else {
        // What is built upon XFIXES may go with it.
        #expect(notes.isEmpty || missing.contains("XFIXES"))
      }
      #expect(
        result.errors.lines.count == 3 + notes.count + (missing.contains("XFIXES") ? 1 : 0))
    }

    @Test("Over TCP the plain path, its reason, and the same bytes")
    func overTCP() throws {
      let stage = try Stage(server: ["-listen", "tcp", "-ac"])
      for host in ["127.0.0.1", "localhost"] {
        let result = try Command.run(
          Command.xregioncap, stage.cropped + ["-n", "2", "--verbose"],
          display: host + stage.display)
        #expect(result.status == 0)
        #expect(pictures(result.output) == [.ofT, .ofT])
        #expect(
          result.errors.count(of: "xregioncap: pixels by XGetImage: the server cannot attach ") == 1
        )
        #expect(result.errors.contains("on another machine"))
      }
    }

    /// Whether this machine lets a process have an IPC namespace of its own.
    private static let hasNamespaces =
      (try? Command.run("/usr/bin/unshare", ["--ipc", "/bin/true"]).status) == 0

    @Test(
      "A server in another IPC namespace: the plain path, its reason, and the same bytes",
      .enabled(if: hasNamespaces))
    func otherNamespace() throws {
      let stage = try Stage()
      let result = try Command.run(
        "/usr/bin/unshare",
        ["--ipc", Command.xregioncap] + stage.cropped + ["-n", "2", "--verbose"],
        display: stage.display)
      #expect(result.status == 0)
      #expect(pictures(result.output) == [.ofT, .ofT])
      #expect(
        result.errors.count(
          of: "xregioncap: pixels by XGetImage: the server cannot attach the segment (") == 1)
      #expect(result.errors.contains("in another IPC namespace"))
    }

    @Test("A window of 40,000 × 40,000 px is captured where it is on the screen")
    func enormous() throws {
      let stage = try Stage()
      let window = stage.scene.window(
        in: stage.scene.root, Rect(x: 0, y: 0, width: 40_000, height: 40_000), Scene.bel)
      let result = try stage.run(["-w", hexadecimal(window), "-f", "raw", "-n", "1"])
      #expect(result.status == 0)
      #expect(
        result.errors
          == "xregioncap: --window: a window of 40000x40000 px is too large to be kept apart from "
          + "the screen: the window is captured as it is seen on the screen\n")
      let size = Size(width: 640, height: 480)
      #expect(
        pictures(result.output, size) == [Picture(size: size, [(size.bounds, Scene.bel)])])
    }

    @Test(
      "A8: sizes and rates of 0 and less are refused before anyone asks for a display",
      arguments: [
        Refusal(["--size", "0x0"], 10, "'0x0'"), Refusal(["-r", "0"], 10, "'0'"),
        Refusal(["--monitor", "A", "-r", "-1"], 10, "'-1'"),
        Refusal(["--monitor", "A", "-g", "0x5+1+1"], 10, "'0x5+1+1' holds no pixel"),
      ])
    func overconstrained(_ row: Refusal) throws {
      row.check(try Command.run(Command.xregioncap, row.arguments))
    }
  }
}
