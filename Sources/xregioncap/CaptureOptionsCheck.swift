import CropEngine
import FrameOutput

extension CaptureOptions {
  /// Understands and checks the options, before anything is asked of an X server.
  func settings(defaultCursor: CursorMode) throws(CaptureError) -> CaptureSettings {
    let rate = try FrameRate(parsing: pace.framerate, subject: "--framerate")
    var settings = CaptureSettings(
      source: try SourceSettings(surface, target, defaultCursor: defaultCursor),
      main: try StreamPlan(frames, empty, log, rate: rate))
    settings.main.failsIfBlank = verdicts.failIfBlank
    settings.main.failsIfStill = verdicts.failIfStill
    settings.main.stillTime = try Clock.nanoseconds(verdicts.untilStill, "--until-still")
    settings.also = try live.also.map { spec throws(CaptureError) in
      try AlsoOptions(parsing: spec, subject: "--also")
        .plan(rate: rate, spliceRefusal: settings.main.frames.spliceRefusal, subject: "--also")
    }
    let plans = [settings.main] + settings.also
    try StreamPlan.checkFiles(of: plans, subject: "--output")
    settings.timing = pace.timing
    for plan in plans { try plan.checkPace(pace.timing) }
    if let count = pace.frames, count < 1 {
      throw CaptureError(.type, "--frames", "\(count) is not 1 or more")
    }
    settings.frames = pace.frames
    settings.duration = try Clock.nanoseconds(pace.duration, "--duration")
    settings.delay = try Clock.nanoseconds(pace.delay, "--delay") ?? 0
    settings.session = live.session
    if let name = live.session, !name.isPlainName {
      throw CaptureError(
        .type, "--session", "'\(name)' is no name of a session: 1 to 64 of A-Za-z0-9._-")
    }
    settings.startsPaused = live.startPaused
    settings.showsProgress = report.quiet ? false : pace.progress
    if settings.main.outputPath == nil { try StandardDescriptors.refuseTerminal() }
    return settings
  }
}

extension StreamPlan {
  /// Understands and checks the options of one stream. Throws `type`, `notSupported` or
  /// `overconstrained`.
  init(
    _ frames: FrameOptions, _ empty: EmptyOptions, _ log: LogOptions, rate: FrameRate
  ) throws(CaptureError) {
    let format = try frames.outputFormat()
    let range = frames.colorRange ?? format.ranges[0]
    guard format.ranges.contains(range) else {
      throw CaptureError(.type, "--color-range", "\(format.name) is always of full range")
    }
    if frames.onResize == .native { try frames.checkNative(format, hasLog: log.frameLog != nil) }
    if log.frameParams, format != .frames(.y4m) {
      throw CaptureError(.type, "--frame-params", "only y4m has lines before its frames")
    }
    if log.frameLog?.isEmpty ?? false {
      throw CaptureError(.type, "--frame-log", "it names no file")
    }
    outputPath = try frames.output.outputPath()
    self.frames = StreamSettings(
      format: format.stream,
      pixelFormat: try PixelFormat(frames.pixFmt, among: format.pixelFormats, of: format.name),
      range: range, rate: rate, size: try Size(option: frames.size), policy: frames.onResize,
      spliceRefusal: frames.noSplice ? "--no-splice was given" : nil)
    video = try frames.videoSettings(format)
    emptyPolicy = empty.onEmpty
    lostPolicy = empty.onLost
    logName = log.frameLog
    hasFrameParameters = log.frameParams
  }
}

extension FrameOptions {
  fileprivate func checkNative(_ format: OutputFormat, hasLog: Bool) throws(CaptureError) {
    let option = "--on-resize native"
    switch format {
    case .frames(.pam): break
    case .frames(.raw) where hasLog: break
    case .frames(.raw):
      throw CaptureError(
        .type, option, "raw frames say nothing of their size: use -f pam, or --frame-log")
    case .frames(.y4m), .video:
      throw CaptureError(
        .type, option, "\(format.name) frames are all of one size: use -f pam")
    }
    guard size == nil else {
      throw CaptureError(.type, option, "there is no canvas then that --size could be the size of")
    }
  }

  /// The one that was asked for, else that of the file's ending.
  fileprivate func outputFormat() throws(CaptureError) -> OutputFormat {
    if let format { .frames(format) } else { try OutputFormat(of: output) }
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

extension CaptureError {
  /// That -o is left out where nothing else says where to write.
  static var noOutput: CaptureError {
    CaptureError(.type, "--output", "no file is named: use -o FILE, or -o - for standard output")
  }
}

extension Size {
  /// The canvas that was asked for; nil where none was.
  init?(option text: String?) throws(CaptureError) {
    guard let text else { return nil }
    try self.init(parsing: text, subject: "--size")
  }
}
