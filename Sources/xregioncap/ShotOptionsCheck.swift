import CropEngine
import FrameOutput

/// What a shot is to be: the options, understood and checked.
struct ShotSettings {
  var source: SourceSettings
  /// nil where the picture is compared alone.
  var output: Output?
  /// How the picture lies in its file.
  var format: PictureFormat
  var picture: PictureSettings
  /// In ns.
  var delay: Int64
  /// How long, in ns, the picture has not to change; nil where it may.
  var stillTime: Int64?
  /// nil where it is not compared.
  var comparison: ComparisonSettings?

  /// Where a picture goes.
  enum Output {
    case standard
    case file(String)

    init(_ path: String) throws(CaptureError) {
      self = if let path = try path.outputPath() { .file(path) } else { .standard }
    }
  }
}

extension ShotCommand {
  /// Understands and checks the options, before anything is asked of an X server.
  func settings() throws(CaptureError) -> ShotSettings {
    let source = try SourceSettings(surface, target, defaultCursor: .never)
    let comparison = try compare.settings(output: picture.output)
    guard picture.output != nil || comparison != nil else { throw .noOutput }
    let format: PictureFormat =
      if let given = picture.format { given } else if let output = picture.output {
        try formatOfEnding(output)
      } else { .png }
    let settings = ShotSettings(
      source: source,
      output: try picture.output.map { path throws(CaptureError) in try .init(path) },
      format: format,
      picture: PictureSettings(
        pixelFormat: try PixelFormat(
          picture.pixFmt?.format, among: format.pixelFormats, of: format.rawValue),
        size: try Size(option: picture.size), policy: picture.onResize.policy),
      delay: try Clock.nanoseconds(picture.delay, "--delay") ?? 0,
      stillTime: try Clock.nanoseconds(picture.whenStill, "--when-still"),
      comparison: comparison)
    if let time = settings.stillTime, let wait = source.givenWait, wait > 0, time >= wait {
      throw CaptureError(
        .type, "--when-still", "the picture cannot be still for so long within the time of --wait")
    }
    if case .standard = settings.output { try StandardDescriptors.refuseTerminal() }
    return settings
  }

  private func formatOfEnding(_ output: String) throws(CaptureError) -> PictureFormat {
    if output == "-" { return .png }
    if let ending = output.fileEnding, let format = PictureFormat(rawValue: ending) {
      return format
    }
    let known = PictureFormat.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
    throw CaptureError(
      .type, "--output", "'\(output)' ends in none of \(known): name the format with -f")
  }
}
