import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("PAM streams") struct PAMTests {
    /// T in PAM.
    func t(_ stage: Stage, _ more: [String] = []) -> [String] {
      ["-w", hexadecimal(stage.scene.top), "--crop-to", hexadecimal(stage.scene.t), "-f", "pam"]
        + more
    }

    @Test("Frames are T, and a file's ending chooses the format")
    func frames() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let window = ["-w", hexadecimal(stage.scene.top), "--crop-to", hexadecimal(stage.scene.t)]
      let result = try stage.run(window + ["-n", "3", "-o", folder["x.PAM"]])
      #expect(result.errors == "")
      let frames = try pamPictures(try folder.read("x.PAM"))
      #expect(frames == [Picture.ofT, Picture.ofT, Picture.ofT])
    }

    @Test(
      "netpbm and ffmpeg read every frame, also of odd sizes and of one pixel",
      arguments: ["rgb24", "rgba", "gray"], ["100x80+50+50", "101x79+50+50", "1x1+50+50"])
    func readers(_ format: String, _ geometry: String) throws {
      let stage = try Stage()
      let region = try RegionGeometry(parsing: geometry, subject: "")
      let size = region.rect(in: Stage.sizeOfTop).size
      let line = "$XREGIONCAP -w $TOP -g \(geometry) -f pam --pix-fmt \(format) -n 3"
      let all = try stage.shell("\(line) | pamfile -allimages -")
      let (depth, tuple) =
        format == "rgb24" ? (3, "RGB") : format == "rgba" ? (4, "RGB_ALPHA") : (1, "GRAYSCALE")
      let said = String(decoding: all.output, as: UTF8.self)
      #expect(
        said.count(of: "PAM, \(size.width) by \(size.height) by \(depth) maxval 255") == 3)
      #expect(said.count(of: "Tuple type: \(tuple)\n") == 3)
      // To the bit what raw has of the same pixels.
      let raw = try stage.run(
        ["-w", hexadecimal(stage.scene.top), "-g", geometry, "-f", "raw", "-n", "3"]
          + (format == "gray"
            ? ["--pix-fmt", "gray", "--color-range", "full"] : ["--pix-fmt", "rgb24"])
      ).output
      let decoded = try stage.shell(
        """
        \(line) | ffmpeg -v error -f image2pipe -c:v pam -i - -f rawvideo \
        -pix_fmt \(format == "gray" ? "gray" : "rgb24") -
        """)
      #expect(decoded.errors == "")
      let isSame = decoded.output == raw
      #expect(!raw.isEmpty && isSame)
      // pamtopnm takes no alphas.
      guard format != "rgba" else { return }
      let netpbm = try stage.shell("\(line) | pamtopnm | tail -c \(raw.count / 3)")
      #expect(netpbm.errors == "")
      let isLastSame = netpbm.output == Array(raw.suffix(raw.count / 3))
      #expect(isLastSame)
    }

    @Test("Native: ffmpeg reads the frames on, whatever their size")
    func nativeRead() throws {
      let stage = try Stage()
      let scene = stage.scene
      let folder = try TemporaryFolder()
      let command = try stage.start(
        t(stage, ["--on-resize", "native", "-r", "100", "--verbose", "-o", folder["x.pam"]]))
      try command.waitForError("pixels by")
      scene.unmap(scene.sib)
      for (width, height) in [(150, 90), (61, 41), (1, 1), (150, 91)] {
        scene.resize(scene.t, width: width, height: height)
        try command.waitForError(" \(width)x\(height)+50+50 of 400x300\n")
      }
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
      let frames = try pamPictures(try folder.read("x.pam"))
      var sizes: [String] = []
      for frame in frames where sizes.last != "\(frame.size)" { sizes.append("\(frame.size)") }
      #expect(sizes == ["100x80", "150x90", "61x41", "1x1", "150x91"])
      for frame in frames where frame.size != Stage.sizeOfT {
        #expect(
          frame
            == Picture(
              size: frame.size,
              [
                (frame.size.bounds, Scene.t),
                (Rect(x: 10, y: 10, width: 20, height: 20), Scene.tc),
              ]))
      }
      let read = try Command.shell(
        "ffmpeg -v error -f image2pipe -c:v pam -i x.pam -f framecrc - | grep -vc '^#'",
        directory: folder.path)
      #expect(String(decoding: read.output, as: UTF8.self) == "\(frames.count)\n")
    }

    @Test("Native: hold and black have the size of the last frame")
    func nativeEmpty() throws {
      for policy in ["hold", "black"] {
        let stage = try Stage()
        let scene = stage.scene
        let folder = try TemporaryFolder()
        scene.unmap(scene.sib)
        let command = try stage.start(
          t(
            stage,
            [
              "--on-resize", "native", "-r", "100", "--on-empty", policy, "--verbose", "-o",
              folder["x.pam"],
            ]))
        try command.waitForError("pixels by")
        scene.resize(scene.t, width: 60, height: 40)
        try command.waitForError(" 60x40+50+50 of 400x300\n")
        scene.unmap(scene.t)
        try command.waitForError("mute: empty\n")
        #expect(!command.hasEnded(within: 0.2))
        command.signal(SIGINT)
        #expect(try command.finish().status == 0)
        let last = try #require(try pamPictures(try folder.read("x.pam")).last)
        let size = Size(width: 60, height: 40)
        let t = Picture(
          size: size,
          [(size.bounds, Scene.t), (Rect(x: 10, y: 10, width: 20, height: 20), Scene.tc)])
        #expect(last == (policy == "hold" ? t : Picture(size: size, [])))
      }
    }
  }
}

/// The frames of a PAM stream in rgb24. Throws where it is not all of it.
func pamPictures(_ bytes: [UInt8]) throws -> [Picture] {
  var (pictures, rest) = ([Picture](), bytes[...])
  while !rest.isEmpty {
    guard let end = rest.firstRange(of: Array("ENDHDR\n".utf8)) else { throw Failure("no header") }
    let words = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
      .split { $0 == " " || $0 == "\n" }
    guard words.count == 11, words[0] == "P7", let width = Int(words[2]),
      let height = Int(words[4]), words[6] == "3", words[8] == "255", words[10] == "RGB"
    else { throw Failure("another header: \(words)") }
    let pixels = rest[end.upperBound...].prefix(width * height * 3)
    guard pixels.count == width * height * 3 else { throw Failure("half a frame") }
    rest = rest[pixels.endIndex...]
    let bgrx = stride(from: pixels.startIndex, to: pixels.endIndex, by: 3).flatMap {
      at -> [UInt8] in
      [pixels[at + 2], pixels[at + 1], pixels[at], 0]
    }
    pictures.append(Picture(bgrx, size: Size(width: width, height: height)))
  }
  return pictures
}
