import CropEngine
import FrameOutput

/// What an output is to hold: frames one behind the other, or a video that ffmpeg makes of them.
enum OutputFormat: Equatable {
  case frames(StreamFormat)
  case video(VideoFormat)

  var name: String {
    switch self {
    case .frames(let format): format.rawValue
    case .video(let format): format.rawValue
    }
  }

  /// How frames follow one another; into ffmpeg, as Y4M.
  var stream: StreamFormat { if case .frames(let format) = self { format } else { .y4m } }

  /// The pixel formats that it can hold; the first is the default.
  var pixelFormats: [PixelFormat] {
    switch self {
    case .frames(let format): format.pixelFormats
    case .video(let format): format.pixelFormats
    }
  }

  /// The ranges that it can hold; the first is the default.
  var ranges: [ColorRange] {
    switch self {
    case .frames(let format): format.ranges
    case .video(let format): format.ranges
    }
  }
}

extension OutputFormat {
  /// The one that a file's ending names; Y4M where it has none, or is more than a
  /// file: a FIFO, say.
  ///
  /// Throws `type` where nobody knows the ending.
  init(of path: String) throws(CaptureError) {
    guard let ending = path.fileEnding else {
      self = .frames(.y4m)
      return
    }
    let name = path.split(separator: "/").last ?? ""
    switch ending {
    case "y4m": self = .frames(.y4m)
    case "raw", "rgb", "bgr", "yuv": self = .frames(.raw)
    case "pam": self = .frames(.pam)
    case "png", "ppm", "pgm":
      throw CaptureError(
        .type, "--output", ".\(ending) is one picture: use 'xregioncap shot -o \(name)'")
    case "jpg", "jpeg", "webp":
      throw CaptureError(
        .notSupported, "--output",
        ".\(ending) pictures are not written here yet: pipe into 'ffmpeg -i - -frames:v 1 \(name)'"
      )
    default:
      if let format = VideoFormat(rawValue: ending) {
        self = .video(format)
      } else {
        guard OutputFile.isSpecial(path) else {
          throw CaptureError(
            .type, "--output",
            ".\(ending) is unknown: expected .y4m, .raw, .rgb, .bgr, .yuv, .pam, .mp4, .mkv, .webm "
              + "or .gif; use -f y4m, or pipe into 'ffmpeg -i - \(name)'")
        }
        self = .frames(.y4m)
      }
    }
  }
}

extension StreamPlan {
  /// Throws `type` where frames come at no steady rate, and a video is to be made of them;
  /// `overconstrained` where they come too fast for it.
  func checkPace(_ timing: Timing) throws(CaptureError) {
    guard let video else { return }
    let name = outputPath ?? ""
    guard timing == .cfr else {
      throw CaptureError(
        .type, "--timing vfr", "'\(name)' has a frame in each period: use --timing cfr")
    }
    guard case .perSecond(let count, let seconds) = frames.rate else {
      throw CaptureError(.type, "--framerate max", "'\(name)' has a rate: name one, as -r 30")
    }
    if let highest = video.format.highestRate, count > highest * seconds {
      throw CaptureError(
        .overconstrained, "--framerate", "a GIF shows at most \(highest) frames a second")
    }
  }
}

extension FrameOptions {
  /// How ffmpeg is to make the output; nil where it is none of its files. Throws `type` where it is
  /// told of one that is none, or what it is told cannot be understood.
  func videoSettings(_ format: OutputFormat) throws(CaptureError) -> VideoSettings? {
    let option = "--ffmpeg-args"
    let arguments: [String]? =
      if let ffmpegArgs { try ShellWords.split(ffmpegArgs, subject: option) } else { nil }
    if case .video(let format) = format {
      return VideoSettings(format, arguments: arguments ?? [])
    }
    guard arguments == nil else {
      throw CaptureError(
        .type, option, "ffmpeg makes .mp4, .mkv, .webm and .gif files, and -o names none of them")
    }
    return nil
  }
}
