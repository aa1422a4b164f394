import CropEngine
import FrameOutput

/// What a shot is to be: the options, understood and checked.
struct ShotSettings {
  var source: SourceSettings
  /// nil for standard output.
  var outputPath: String?
  var picture: PictureSettings
  /// In ns.
  var delay: Int64
}

extension ShotCommand {
  /// Understands and checks the options, before anything is asked of an X server.
  func settings() throws(CaptureError) -> ShotSettings {
    let source = try SourceSettings(surface, target, defaultCursor: .never)
    guard let output = picture.output else {
      throw CaptureError(
        .type, "--output", "no file is named: use -o FILE, or -o - for standard output")
    }
    let format = if let given = picture.format { given } else { try formatOfEnding(output) }
    let settings = ShotSettings(
      source: source,
      outputPath: try output.outputPath(),
      picture: PictureSettings(
        format: format,
        pixelFormat: try PixelFormat(
          picture.pixFmt?.format, among: format.pixelFormats, of: format.rawValue),
        size: try Size(option: picture.size), policy: picture.onResize.policy),
      delay: try Clock.nanoseconds(picture.delay, "--delay") ?? 0)
    if settings.outputPath == nil { try StandardDescriptors.refuseTerminal() }
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
