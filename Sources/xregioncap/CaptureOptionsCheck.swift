import CropEngine
import FrameOutput
import Glibc

extension CaptureCommand {
  /// Understands and checks the options, before anything is asked of an X server.
  func settings() throws(CaptureError) -> CaptureSettings {
    var settings = CaptureSettings(stream: try streamSettings())
    settings.displayName = surface.display
    settings.surface = try surfaceSelector()
    settings.target = try targetSpecifier()
    settings.wait = try nanoseconds(surface.wait, "--wait") ?? 0
    settings.outputPath = frames.output == "-" ? nil : frames.output
    settings.timing = pace.timing
    if let count = pace.frames, count < 1 {
      throw CaptureError(.type, "--frames", "\(count) is not 1 or more")
    }
    settings.frames = pace.frames
    settings.duration = try nanoseconds(pace.duration, "--duration")
    settings.delay = try nanoseconds(pace.delay, "--delay") ?? 0
    settings.emptyPolicy = empty.onEmpty
    settings.lostPolicy = empty.onLost
    settings.usesSharedMemory = !report.noShm
    settings.showsProgress = report.quiet ? false : report.progress
    settings.reportLevel = report.quiet ? .quiet : report.verbose ? .verbose : .normal
    if settings.outputPath == nil, isatty(STDOUT_FILENO) != 0 {
      throw CaptureError(
        .type, "standard output", "it is a terminal: pipe it into a program, or use -o FILE")
    }
    return settings
  }

  private func surfaceSelector() throws(CaptureError) -> CaptureSettings.Named<WindowSelector> {
    if surface.logical {
      throw CaptureError(
        .notSupported, "--logical", "only what is seen on the screen can be captured yet")
    }
    guard let window = surface.window else { return .init(value: .root, option: "--screen") }
    guard !surface.screen else {
      throw CaptureError(.type, "--screen", "--window was given too: only one can be captured")
    }
    return .init(
      value: try WindowSelector(parsing: window, subject: "--window"), option: "--window")
  }

  private func targetSpecifier() throws(CaptureError) -> CaptureSettings.Named<TargetSpecifier>? {
    switch (target.cropTo, target.geometry) {
    case (nil, nil):
      return nil
    case (let text?, nil):
      return .init(
        value: try TargetSpecifier(parsing: text, subject: "--crop-to"), option: "--crop-to")
    case (nil, let text?):
      return .init(
        value: .region(try RegionGeometry(parsing: text, subject: "--geometry")),
        option: "--geometry")
    case (_?, _?):
      throw CaptureError(.type, "--geometry", "--crop-to was given too: there is one target")
    }
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

  private func nanoseconds(_ seconds: Double?, _ option: String) throws(CaptureError) -> Int64? {
    guard let seconds else { return nil }
    // A century is as good as for ever, and far from overflow.
    guard seconds >= 0, seconds < 3e9 else {
      throw CaptureError(.type, option, "\(seconds) is no time: expected seconds from 0 on")
    }
    return Int64(seconds * 1e9)
  }
}
