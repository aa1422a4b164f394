import CropEngine

/// How ffmpeg is to make a video file.
public struct VideoSettings: Equatable, Sendable {
  /// The kind of file.
  public let format: VideoFormat
  /// What the user tells ffmpeg of it.
  public let arguments: [String]

  public init(_ format: VideoFormat, arguments: [String] = []) {
    self.format = format
    self.arguments = arguments
  }

  /// Whether frames are kept in a draft first: the colours of a GIF are chosen when all are there.
  public var needsDraft: Bool { format == .gif }

  /// The program and its arguments: Y4M of standard input becomes the file at `path`. A draft is
  /// the file without a name that is open as `draft`.
  public func command(path: String, draft: Int32 = -1) -> [String] {
    let file = Self.file(path)
    guard needsDraft else {
      return Self.ffmpeg + Self.frames + codec + container + arguments + [file]
    }
    // Read twice, for its colours and for its pictures: that takes no memory for all of them.
    let copy = Self.file("/dev/fd/\(draft)")
    let first = Self.ffmpeg + Self.frames + Self.lossless + [copy]
    let second = Self.ffmpeg + ["-i", copy, "-i", copy] + palette + arguments + [file]
    return ["sh", "-c", "\(ShellWords.join(first)) && exec \(ShellWords.join(second))"]
  }

  /// An error of any kind is one of the whole: else a full disk would be none in some formats.
  private static let ffmpeg = [
    "ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "repeat+error", "-xerror", "-y",
  ]

  /// The colours of a screen are sRGB, and the matrix is that of BT.601.
  private static let frames = [
    "-f", "yuv4mpegpipe", "-colorspace", "smpte170m", "-color_primaries", "bt709", "-color_trc",
    "iec61966-2-1", "-i", "pipe:0",
  ]

  private static let lossless = [
    "-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-f", "matroska",
  ]

  /// Without it, a colon in a name would be that behind a protocol.
  private static func file(_ path: String) -> String { "file:" + path }

  /// Settings that keep up with a screen on two cores; none where the user names a codec.
  private var codec: [String] {
    let options = ["-c", "-codec", "-vcodec", "-c:v", "-codec:v", "-c:v:0", "-codec:v:0"]
    guard !tells(options) else { return [] }
    return switch format {
    case .mp4, .mkv: ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20"]
    case .webm:
      [
        "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1", "-crf",
        "32", "-b:v", "0",
      ]
    case .gif: []
    }
  }

  private var container: [String] { format == .mp4 ? ["-movflags", "+faststart"] : [] }

  /// None where the user names a filter.
  private var palette: [String] {
    let options = ["-vf", "-filter", "-filter:v", "-filter_complex", "-lavfi"]
    guard !tells(options) else { return [] }
    return [
      "-lavfi",
      "[0]mpdecimate=hi=0:lo=0:frac=0,palettegen[p];"
        + "[1][p]paletteuse=dither=bayer:bayer_scale=5:diff_mode=rectangle",
    ]
  }

  private func tells(_ options: [String]) -> Bool { arguments.contains { options.contains($0) } }
}
