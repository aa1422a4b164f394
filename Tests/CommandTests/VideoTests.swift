import CropEngine
import Glibc
import TestSupport
import Testing

/// A video file, as ffprobe and ffmpeg see it.
struct Video {
  /// Codec, width, height, pixel format and number of frames, and what is told of its colours.
  let facts: [String: String]
  private let path: String

  /// Reads all of its frames. Throws where it is none.
  init(_ path: String) throws {
    self.path = path
    let result = try Command.run(
      "/usr/bin/ffprobe",
      ["-v", "error", "-count_frames", "-show_streams", "-of", "default=noprint_wrappers=1", path])
    guard result.status == 0, result.errors.isEmpty else { throw Failure(result.errors) }
    facts = String(decoding: result.output, as: UTF8.self).lines.reduce(into: [:]) {
      let parts = $1.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2, $0[parts[0]] == nil { $0[parts[0]] = parts[1] }
    }
  }

  var codec: String? { facts["codec_name"] }
  var size: String { "\(facts["width"] ?? "")x\(facts["height"] ?? "")" }
  var frameCount: Int? { facts["nb_read_frames"].flatMap { Int($0) } }

  /// Its last frame, in bgr0.
  func lastPicture(_ size: Size) throws -> Picture {
    let result = try Command.run(
      "/usr/bin/ffmpeg",
      ["-v", "error", "-nostdin", "-i", path, "-f", "rawvideo", "-pix_fmt", "bgr0", "-"])
    return try #require(pictures(result.output, size).last)
  }
}

/// Whether colours differ by no more than so much in each part.
private func isNear(_ left: UInt32, _ right: UInt32, within tolerance: Int = 6) -> Bool {
  [0, 8, 16].allSatisfy {
    abs(Int(left >> $0 & 0xff) - Int(right >> $0 & 0xff)) <= tolerance
  }
}

extension CommandRing {
  @Suite("Video files, made by ffmpeg") struct VideoTests {
    @Test(
      "Each kind has its codec, all frames, and the colours of the screen",
      arguments: ["mp4", "mkv", "webm", "GIF"])
    func kinds(_ ending: String) throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let path = folder["a: b%d'." + ending]
      let result = try stage.run(
        ["-w", hexadecimal(stage.scene.top), "-n", "12", "-o", path])
      #expect(result.status == 0 && result.errors == "" && result.output.isEmpty)
      #expect(folder.names.count == 1)
      let video = try Video(path)
      let isGIF = ending.lowercased() == "gif"
      let codec = isGIF ? "gif" : ending == "webm" ? "vp9" : "h264"
      #expect(video.codec == codec)
      #expect(video.size == "400x300")
      #expect(video.frameCount == 12)
      if !isGIF {
        let names = ["pix_fmt", "color_range", "color_space", "color_primaries", "color_transfer"]
        #expect(
          names.map { video.facts[$0] ?? "" }
            == ["yuv420p", "tv", "smpte170m", "bt709", "iec61966-2-1"])
      }
      let picture = try video.lastPicture(Stage.sizeOfTop)
      for (x, y, colour) in [
        (60, 110, Scene.t), (70, 70, Scene.tc), (150, 120, Scene.sib), (44, 60, Scene.bel),
        (300, 200, Scene.top),
      ] {
        let (seen, wanted) = (String(picture[x, y], radix: 16), String(colour, radix: 16))
        #expect(isNear(picture[x, y], colour), "\(ending): \(seen), not \(wanted) at \(x),\(y)")
      }
    }

    @Test("Odd sizes are made even, a canvas and 4:4:4 are kept, and a GIF is as it is")
    func sizes() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let crop = ["-w", hexadecimal(stage.scene.top), "-g", "81x61+50+50", "-n", "3", "-o"]
      for (name, options, size) in [
        ("a.mp4", [], "82x62"), ("b.webm", ["--size", "200x101"], "200x102"),
        ("c.gif", [], "81x61"), ("d.mkv", ["--pix-fmt", "yuv444p"], "81x61"),
        ("e.mp4", ["--color-range", "full"], "82x62"),
      ] {
        let result = try stage.run(crop + [folder[name]] + options)
        #expect(result.status == 0 && result.errors == "", "\(name)")
        let video = try Video(folder[name])
        #expect(video.size == size && video.frameCount == 3, "\(name)")
        if name == "e.mp4" { #expect(video.facts["color_range"] == "pc") }
        if name == "d.mkv" { #expect(video.facts["pix_fmt"] == "yuv444p") }
      }
    }

    @Test("What the user tells ffmpeg takes the place of our settings")
    func arguments() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let target = stage.named + ["-n", "10", "-o", folder["x.mkv"], "--ffmpeg-args"]
      let result = try stage.run(
        target + ["-c:v mpeg4 -metadata title='a \"film\"' -frames:v 4"])
      #expect(result.status == 0 && result.errors == "")
      let video = try Video(folder["x.mkv"])
      #expect(video.codec == "mpeg4" && video.frameCount == 4)
      let title = try Command.run(
        "/usr/bin/ffprobe",
        ["-v", "error", "-show_entries", "format_tags=title", "-of", "csv=p=0", folder["x.mkv"]])
      #expect(String(decoding: title.output, as: UTF8.self) == "\"a \"\"film\"\"\"\n")
    }

    @Test("Streams beside the session's own, and clones, can be videos, too")
    func streams() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      let result = try stage.run(
        stage.cropped + [
          "-n", "6", "--also", "output=\(folder["a.mp4"])", "--also",
          "output=\(folder["b.gif"]),crop-to=child:3,ffmpeg-args=-loop 3",
        ])
      #expect(result.status == 0 && result.errors == "")
      #expect(result.output.count == 6 * Stage.bytesOfT)
      #expect(try Video(folder["a.mp4"]).frameCount == 6)
      #expect(try Video(folder["b.gif"]).size == "100x80")

      let live = try LiveCapture(stage, [])
      let watcher = try live.watcher()
      let clone = try live.client.call(
        "clone", ["output": live.folder["c.webm"], "ffmpegArgs": "-g 5"])
      let number = try #require(clone.clone)
      try watcher.frames(4, of: number)
      #expect(try live.client.call("stop", ["clone": number]).ok)
      // Its end is told when its file is whole, and the others go on meanwhile.
      let events = try watcher.events { $0.type == "ended" && $0.clone == number }
      let frames = events.count { $0.type == "frame" && $0.clone == number } + 4
      #expect(try Video(live.folder["c.webm"]).frameCount == frames)
      #expect(try live.state().clones == [])
      try watcher.frames(2)
      #expect(try live.stop().errors == "")
    }

    @Test("A format that is named is meant, whatever the ending is")
    func named() throws {
      let stage = try Stage()
      let folder = try TemporaryFolder()
      #expect(try stage.run(stage.cropped + ["-n", "1", "-o", folder["x.mp4"]]).status == 0)
      #expect(try folder.read("x.mp4").count == Stage.bytesOfT)
      #expect(mkfifo(folder["x.1"], 0o600) == 0)
      let command = try stage.start(stage.named + ["-n", "1", "-o", folder["x.1"]])
      let read = try Command.run("/bin/cat", [folder["x.1"]])
      #expect(read.output.starts(with: "YUV4MPEG2 ".utf8), "a FIFO has no ending")
      #expect(try command.finish().status == 0)
    }
  }
}

extension Stage {
  /// Captures T, in the format that the output's name says.
  var named: [String] { ["-w", hexadecimal(scene.top), "--crop-to", hexadecimal(scene.t)] }
}
