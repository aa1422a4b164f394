import CropEngine
import TestSupport
import Testing

extension CommandRing {
  @Suite("What is in a stream") struct StreamTests {
    @Test(
      "Y4M: one header, and frames of the size that it says",
      arguments: [
        ([], "F30:1 Ip A1:1 C420jpeg XCOLORRANGE=LIMITED", 100 * 80 * 3 / 2),
        (["--pix-fmt", "yuv444p"], "F30:1 Ip A1:1 C444 XCOLORRANGE=LIMITED", 100 * 80 * 3),
        (["--pix-fmt", "gray"], "F30:1 Ip A1:1 Cmono XCOLORRANGE=LIMITED", 100 * 80),
        (["-r", "30000/1001"], "F30000:1001 Ip A1:1 C420jpeg XCOLORRANGE=LIMITED", 12000),
        (["-r", "25"], "F25:1 Ip A1:1 C420jpeg XCOLORRANGE=LIMITED", 12000),
        (["--color-range", "full"], "F30:1 Ip A1:1 C420jpeg XCOLORRANGE=FULL", 12000),
      ])
    func header(_ arguments: [String], _ parameters: String, _ count: Int) throws {
      let stage = try Stage()
      let result = try stage.run(stage.cropped + ["-f", "y4m", "-n", "3"] + arguments)
      #expect(result.status == 0)
      #expect(result.errors == "")
      let header = Array("YUV4MPEG2 W100 H80 \(parameters)\n".utf8)
      let frame = Array("FRAME\n".utf8)
      #expect(result.output.prefix(header.count).elementsEqual(header))
      #expect(result.output.count == header.count + 3 * (frame.count + count))
      for number in 0..<3 where result.output.count == header.count + 3 * (frame.count + count) {
        let start = header.count + number * (frame.count + count)
        #expect(result.output[start..<start + frame.count].elementsEqual(frame))
      }
    }

    @Test("Y4M is BT.601: red is 82, 90, 240, within one")
    func red() throws {
      let stage = try Stage()
      let result = try stage.run(
        stage.cropped + ["-f", "y4m", "--pix-fmt", "yuv444p", "-n", "1"])
      let planes = Array(result.output.suffix(3 * 8000))
      for (number, value) in [82, 90, 240].enumerated() {
        #expect(abs(Int(planes[number * 8000]) - value) <= 1)
      }
    }

    @Test("Raw: each frame is T, pixel by pixel")
    func raw() throws {
      let stage = try Stage()
      let result = try stage.run(stage.cropped + ["-n", "3"])
      #expect(result.status == 0)
      #expect(result.errors == "")
      #expect(pictures(result.output) == [Picture.ofT, Picture.ofT, Picture.ofT])
    }

    @Test(
      "A1: nothing asked, the whole surface; A8: and without a window the whole screen",
      arguments: [[], ["--no-splice"]])
    func surface(_ path: [String]) throws {
      let stage = try Stage()
      let result = try stage.run(stage.top + ["-n", "2"] + path)
      #expect(pictures(result.output, Stage.sizeOfTop) == [Picture.ofTop, Picture.ofTop])
      let screen = try stage.run(["-f", "raw", "-n", "1"] + path)
      let size = Size(width: 640, height: 480)
      let picture = try #require(pictures(screen.output, size).first)
      #expect(picture[639, 479] == Scene.root)
      #expect(picture[100, 100] == Scene.top)
      #expect(picture[150, 150] == Scene.t)
    }

    @Test("A target may be named in each of the ways")
    func names() throws {
      let stage = try Stage()
      for name in [
        hexadecimal(stage.scene.t), String(stage.scene.t), "0o" + String(stage.scene.t, radix: 8),
        "child:2", "child:name:^T$", "name:^T$", "100x80+50+50", "=100x80+50+50",
        "100x80-250-170", "50,50 100x80",
      ] {
        let result = try stage.run(stage.top + ["--crop-to", name, "-n", "1"])
        #expect(result.errors == "", "\(name)")
        #expect(pictures(result.output) == [Picture.ofT], "\(name)")
      }
    }

    @Test("A5: nothing outside the viewport: T at −60,50 gives 40×80")
    func viewport() throws {
      let stage = try Stage()
      stage.scene.move(stage.scene.t, x: -60, y: 50)
      let result = try stage.run(stage.cropped + ["-n", "1"])
      let size = Size(width: 40, height: 80)
      #expect(pictures(result.output, size) == [Picture(size: size, [(size.bounds, Scene.t)])])
    }

    @Test("A target of one pixel")
    func onePixel() throws {
      let stage = try Stage()
      let result = try stage.run(stage.top + ["-g", "1x1+50+50", "-n", "2"])
      let size = Size(width: 1, height: 1)
      let red = Picture(size: size, [(size.bounds, Scene.t)])
      #expect(pictures(result.output, size) == [red, red])
      let subsampled = try stage.run(
        stage.top + ["-g", "1x1+50+50", "--pix-fmt", "yuv420p", "-n", "1"])
      // Made even by its own edges.
      #expect(subsampled.output.prefix(4) == [82, 82, 82, 82])
      #expect(subsampled.output.count == 6)
    }

    @Test(
      "Raw: bytes of a frame, in each pixel format, even and odd",
      arguments: [
        ("bgr0", 101 * 81 * 4), ("bgra", 101 * 81 * 4), ("rgb24", 101 * 81 * 3),
        ("gray", 101 * 81), ("yuv444p", 101 * 81 * 3), ("yuv420p", 102 * 82 * 3 / 2),
        ("nv12", 102 * 82 * 3 / 2),
      ])
    func byteCounts(_ format: String, _ count: Int) throws {
      let stage = try Stage()
      stage.scene.resize(stage.scene.t, width: 101, height: 81)
      let result = try stage.run(stage.cropped + ["--pix-fmt", format, "-n", "2"])
      #expect(result.status == 0)
      #expect(result.output.count == 2 * count)
      let isRepeated = result.output.prefix(count) == result.output.suffix(count)
      #expect(isRepeated)
    }

    @Test(
      "ffprobe reads Y4M: size, pixel format, number of frames",
      arguments: [
        ("yuv420p", "102,82,yuv420p,5"), ("yuv444p", "101,81,yuv444p,5"),
        ("gray", "101,81,gray,5"),
      ])
    func ffprobe(_ format: String, _ expected: String) throws {
      let stage = try Stage()
      stage.scene.resize(stage.scene.t, width: 101, height: 81)
      let result = try stage.shell(
        """
        $XREGIONCAP -w $TOP --crop-to $T --pix-fmt \(format) -r 50 -n 5 | ffprobe -v error \
        -count_frames -show_entries stream=width,height,pix_fmt,nb_read_frames -of csv=p=0 -i -
        """)
      #expect(result.errors == "")
      #expect(String(decoding: result.output, as: UTF8.self) == expected + "\n")
    }

    @Test(
      "ffmpeg takes the same bytes out of Y4M that raw has",
      arguments: ["yuv420p", "yuv444p", "gray"], ["--crop-to $T", "", "--no-splice"])
    func ffmpeg(_ format: String, _ options: String) throws {
      let stage = try Stage()
      let target = options == "--crop-to $T" ? stage.cropped : stage.top
      let raw = try stage.run(target + ["--pix-fmt", format, "-n", "3"])
      let decoded = try stage.shell(
        """
        $XREGIONCAP -w $TOP \(options) --pix-fmt \(format) -n 3 \
        | ffmpeg -v error -i - -f rawvideo -pix_fmt \(format) -
        """)
      #expect(decoded.errors == "")
      let isSame = decoded.output == raw.output
      #expect(!raw.output.isEmpty && isSame)
    }

    @Test("A still window's frame is that of xwd, byte for byte")
    func xwd() throws {
      let stage = try Stage()
      for window in [stage.scene.top, stage.scene.tc, stage.scene.sib] {
        let dump = try Command.run(
          "/usr/bin/xwd", ["-silent", "-id", hexadecimal(window)], display: stage.display)
        let image = try XWindowDump(dump.output)
        let frame = try stage.run(["-w", hexadecimal(window), "-f", "raw", "-n", "1"]).output
        #expect(frame.count == image.size.width * image.size.height * 4)
        let isSame = frame == image.pixels
        #expect(isSame)
      }
    }

    @Test("What covers the target is in the frame as it is in xwd's picture of the screen")
    func xwdRoot() throws {
      let stage = try Stage()
      _ = stage.scene.mapOverlay()
      let dump = try Command.run("/usr/bin/xwd", ["-silent", "-root"], display: stage.display)
      let image = try XWindowDump(dump.output)
      let frame = try stage.run(stage.cropped + ["--visible", "-n", "1"]).output
      let rows = (150..<230).flatMap { y -> ArraySlice<UInt8> in
        let start = (y * 640 + 150) * 4
        return image.pixels[start..<start + 400]
      }
      let isSame = frame == rows
      #expect(isSame)
      #expect(Picture(frame, size: Stage.sizeOfT)[0, 0] == Scene.ovl)
    }

    @Test("The plain path gives the same bytes, and --verbose says which path it is and why")
    func paths() throws {
      let stage = try Stage()
      let shared = try stage.run(stage.cropped + ["-n", "2", "--verbose"])
      #expect(
        shared.errors.lines == [
          "xregioncap: pixels by shared memory (MIT-SHM)",
          "xregioncap: frames by write: they are small", "xregioncap: ended: complete",
        ])
      let plain = try stage.run(stage.cropped + ["-n", "2", "--verbose", "--no-shm"])
      #expect(
        plain.errors.lines == [
          "xregioncap: pixels by XGetImage: --no-shm was given",
          "xregioncap: frames by write: they are small", "xregioncap: ended: complete",
        ])
      let without = try Stage(server: ["-extension", "MIT-SHM"])
      let forced = try without.run(without.cropped + ["-n", "2", "--verbose"])
      #expect(
        forced.errors.lines.first
          == "xregioncap: pixels by XGetImage: the server has no MIT-SHM extension")
      #expect(pictures(shared.output) == [Picture.ofT, Picture.ofT])
      let (isSame, isForcedSame) = (plain.output == shared.output, forced.output == shared.output)
      #expect(isSame && isForcedSame)
    }

    @Test("Nothing is said unasked, and with --quiet nothing at all")
    func quiet() throws {
      let stage = try Stage()
      #expect(try stage.run(stage.cropped + ["-n", "2"]).errors == "")
      #expect(try stage.run(stage.cropped + ["-n", "2", "-q", "--verbose"]).errors == "")
    }
  }
}

/// What xwd writes of a window.
private struct XWindowDump {
  let size: Size
  /// Rows without what pads them.
  let pixels: [UInt8]

  init(_ bytes: [UInt8]) throws {
    guard bytes.count >= 100 else { throw Failure("xwd wrote \(bytes.count) bytes") }
    func word(_ index: Int) -> Int {
      bytes[index * 4..<index * 4 + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    size = Size(width: word(4), height: word(5))
    let (bitsPerPixel, bytesPerLine, byteOrder, colours) = (word(11), word(12), word(7), word(19))
    guard bitsPerPixel == 32, byteOrder == 0 else { throw Failure("xwd wrote another layout") }
    let start = word(0) + colours * 12
    let width = size.width * 4
    pixels = (0..<size.height).flatMap { row in
      bytes[start + row * bytesPerLine..<start + row * bytesPerLine + width]
    }
  }
}
