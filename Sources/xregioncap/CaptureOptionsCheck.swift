import CropEngine
import FrameOutput
import Glibc

extension CaptureCommand {
  /// Understands and checks the options, before anything is asked of an X server.
  func settings() throws(CaptureError) -> CaptureSettings {
    var settings = CaptureSettings(
      source: try SourceSettings(surface, target, defaultCursor: .always),
      stream: try streamSettings())
    settings.outputPath = frames.output == "-" ? nil : frames.output
    settings.timing = pace.timing
    if let count = pace.frames, count < 1 {
      throw CaptureError(.type, "--frames", "\(count) is not 1 or more")
    }
    settings.frames = pace.frames
    settings.duration = try Clock.nanoseconds(pace.duration, "--duration")
    settings.delay = try Clock.nanoseconds(pace.delay, "--delay") ?? 0
    settings.emptyPolicy = empty.onEmpty
    settings.lostPolicy = empty.onLost
    settings.showsProgress = report.quiet ? false : pace.progress
    if settings.outputPath == nil, isatty(STDOUT_FILENO) != 0 {
      throw CaptureError(
        .type, "standard output", "it is a terminal: pipe it into a program, or use -o FILE")
    }
    return settings
  }

  private func streamSettings() throws(CaptureError) -> StreamSettings {
    let format = if let given = frames.format { given } else { try formatOfEnding() }
    let pixelFormat = frames.pixFmt ?? format.pixelFormats[0]
    guard format.pixelFormats.contains(pixelFormat) else {
      let names = format.pixelFormats.map(\.rawValue).joined(separator: ", ")
      throw CaptureError(
        .type, "--pix-fmt", "\(format.rawValue) holds no \(pixelFormat.rawValue), but \(names)")
    }
    return StreamSettings(
      format: format, pixelFormat: pixelFormat, range: frames.colorRange,
      rate: try FrameRate(parsing: pace.framerate, subject: "--framerate"),
      size: try size(), policy: frames.onResize)
  }

  private func size() throws(CaptureError) -> Size? {
    guard let text = frames.size else { return nil }
    return try Size(parsing: text, subject: "--size")
  }

  private func formatOfEnding() throws(CaptureError) -> StreamFormat {
    let name = frames.output.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return .y4m }
    let ending = name[name.index(after: dot)...].lowercased()
    switch ending {
    case "raw", "rgb", "bgr", "yuv": return .raw
    case "png", "ppm", "pgm", "pam", "jpg", "jpeg", "webp":
      throw CaptureError(
        .notSupported, "--output",
        ".\(ending) pictures are not written here yet: pipe into 'ffmpeg -i - -frames:v 1 \(name)'"
      )
    case "mp4", "mkv", "webm", "gif", "mov", "avi":
      throw CaptureError(
        .notSupported, "--output",
        ".\(ending) files are not written here yet: pipe into 'ffmpeg -i - \(name)'")
    default: return .y4m
    }
  }
}
