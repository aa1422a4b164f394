import CropEngine
import FrameOutput

extension CaptureCommand {
  /// Understands and checks the options, before anything is asked of an X server.
  func settings() throws(CaptureError) -> CaptureSettings {
    var settings = CaptureSettings(
      source: try SourceSettings(surface, target, defaultCursor: .always),
      stream: try streamSettings())
    settings.outputPath = try frames.output.outputPath()
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
    if settings.outputPath == nil { try StandardDescriptors.refuseTerminal() }
    return settings
  }

  private func streamSettings() throws(CaptureError) -> StreamSettings {
    let format = if let given = frames.format { given } else { try formatOfEnding() }
    let range = frames.colorRange ?? format.ranges[0]
    guard format.ranges.contains(range) else {
      throw CaptureError(.type, "--color-range", "\(format.rawValue) is always of full range")
    }
    if frames.onResize == .native { try checkNative(format) }
    return StreamSettings(
      format: format,
      pixelFormat: try PixelFormat(frames.pixFmt, among: format.pixelFormats, of: format.rawValue),
      range: range, rate: try FrameRate(parsing: pace.framerate, subject: "--framerate"),
      size: try Size(option: frames.size), policy: frames.onResize)
  }

  private func checkNative(_ format: StreamFormat) throws(CaptureError) {
    let option = "--on-resize native"
    guard format.holdsSizes else {
      let why =
        format == .raw
        ? "raw frames say nothing of their size, and there is no frame log yet that does"
        : "\(format.rawValue) frames are all of one size"
      throw CaptureError(.type, option, "\(why): use -f pam")
    }
    guard frames.size == nil else {
      throw CaptureError(.type, option, "there is no canvas then that --size could be the size of")
    }
  }

  private func formatOfEnding() throws(CaptureError) -> StreamFormat {
    guard let ending = frames.output.fileEnding else { return .y4m }
    let name = frames.output.split(separator: "/").last ?? ""
    switch ending {
    case "raw", "rgb", "bgr", "yuv": return .raw
    case "pam": return .pam
    case "png", "ppm", "pgm":
      throw CaptureError(
        .type, "--output", ".\(ending) is one picture: use 'xregioncap shot -o \(name)'")
    case "jpg", "jpeg", "webp":
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

extension PixelFormat {
  /// The one that was asked for, else the first that a format holds. Throws `type` where it holds
  /// no such pixels.
  init(_ given: Self?, among held: [Self], of format: String) throws(CaptureError) {
    self = given ?? held[0]
    guard held.contains(self) else {
      let names = held.map(\.rawValue).joined(separator: ", ")
      throw CaptureError(.type, "--pix-fmt", "\(format) holds no \(rawValue), but \(names)")
    }
  }
}

extension String {
  /// What a path ends in behind the last dot of the file's name, in lower case.
  var fileEnding: String? {
    let name = split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
    return name[name.index(after: dot)...].lowercased()
  }
}

extension String {
  /// The file that was asked for; nil for standard output. Throws `type` where none is named.
  func outputPath() throws(CaptureError) -> String? {
    guard !isEmpty else { throw CaptureError(.type, "--output", "it names no file") }
    return self == "-" ? nil : self
  }
}

extension Size {
  /// The canvas that was asked for; nil where none was.
  init?(option text: String?) throws(CaptureError) {
    guard let text else { return nil }
    try self.init(parsing: text, subject: "--size")
  }
}
