import ArgumentParser
import CropEngine
import FrameOutput

/// `xregioncap shot`: one frame as a picture.
struct ShotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shot",
    abstract: "Take one picture of a screen, a window or one part of a window.",
    usage: "xregioncap shot [OPTIONS] -o|--compare FILE",
    discussion: """
      SEL, T and GEOM are those of capture.
      FILE is there whole, or as it was before.

      xregioncap shot --window class:XTerm --crop-to child -o xterm.png
      xregioncap shot --window class:XTerm --when-still 1 --compare xterm.png --diff diff.png
      """)

  @OptionGroup(title: "Surface") var surface: SurfaceOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Picture") var picture: PictureOptions
  @OptionGroup(title: "Comparison") var compare: ComparisonOptions
  @OptionGroup(title: "Reports") var report: ReportOptions

  func run() throws {
    let settings = try settings()
    let signals = try SignalReader()
    let report = Report(level: self.report.level)
    var opening = Opening(settings.source, report)
    // What cannot be written is said before anything is waited for.
    let early = try Self.file(settings.output)
    let comparison =
      if let comparison = settings.comparison {
        try ShotComparison(comparison)
      } else { nil as ShotComparison? }
    let (connection, capture) = try opening.capture(signals)
    let file: PictureFile? =
      if let early { early } else if case .file(let path) = settings.output {
        PictureFile(try opening.output(path, signals))
      } else { nil }
    var shot = Shot(settings, report, connection, capture, file, comparison)
    try shot.take(until: opening.deadline, signals)
  }

  private static func file(_ output: ShotSettings.Output?) throws(CaptureError) -> PictureFile? {
    switch output {
    case .standard: try .standardOutput()
    case .file(let path): try .file(at: path)
    case nil: nil
    }
  }
}

/// What the picture is like, and where it goes.
struct PictureOptions: ParsableArguments {
  /// What becomes of a picture of another size.
  enum Fitting: String, OptionWord {
    case fit, crop, stretch

    var policy: ResizePolicy {
      switch self {
      case .fit: .fit
      case .crop: .crop
      case .stretch: .stretch
      }
    }
  }

  /// How its pixels lie.
  enum Pixels: String, OptionWord {
    case rgb24, rgba, gray

    var format: PixelFormat {
      switch self {
      case .rgb24: .rgb24
      case .rgba: .rgba
      case .gray: .gray
      }
    }
  }

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Write to FILE; - is standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    name: [.short, .long],
    help: "How the picture lies in its file; else by FILE's ending, png for -.")
  var format: PictureFormat?

  @Option(
    help: ArgumentHelp(
      """
      rgb24 (the default), rgba or gray; ppm holds rgb24 and gray, pgm gray alone.
      """, valueName: "name"))
  var pixFmt: Pixels?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The picture's size; else that of what is seen.", valueName: "wxh"))
  var size: String?

  @Option(
    help: ArgumentHelp(
      """
      What is seen has another size: fit scales it down, never up, and centres it on black; crop \
      keeps it 1:1 from the top left; stretch scales it.
      """, valueName: "policy"))
  var onResize: Fitting = .fit

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Take it after SECONDS.", valueName: "seconds"))
  var delay: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Take it when it has not changed for SECONDS.", valueName: "seconds"))
  var whenStill: Double?
}

extension PictureFormat: OptionWord {}
