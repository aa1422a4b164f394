import ArgumentParser
import CropEngine
import FrameOutput

/// `xregioncap capture`: stream frames.
struct CaptureCommand: ParsableCommand, CaptureOptions {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract:
      "Stream a screen, a window or one part of a window, as Y4M, raw or PAM frames, or a video.",
    usage: "xregioncap [capture] [OPTIONS] [-o FILE]",
    discussion: """
      SEL names a window: an id (0x…, 0o… or decimal), root, focused, pick (the one that you \
      click), pick:child (the part of it that you click), or terms joined by commas that must all \
      hold: name:REGEX, class:NAME, pid:N.
      T names a part of it: a SEL inside the surface, child, child:N, child:name:REGEX, rect:NAME \
      (a rectangle that a window publishes), a token (that mint has printed), or GEOM.
      GEOM is WxH+X+Y (-X counts from the right or bottom edge) or 'X,Y WxH'.

      xregioncap --window class:XTerm --crop-to child | ffmpeg -i - out.mp4

      A window is captured without what covers it (--visible: as it is seen), a part of it with \
      --restrict-to without what covers or underlies that.

      Other commands, each with a --help of its own: run (a COMMAND on an X server of its own, \
      filmed), shot (one picture), report (a page of a frame log), list windows, list monitors, \
      list targets, mint (a token), publish (rectangles), ctl (a running session), doctor (what \
      works here).
      """,
    version: Version.text)

  @OptionGroup(title: "Surface") var surface: SurfaceOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Frames") var frames: FrameOptions
  @OptionGroup(title: "When there is nothing to see") var empty: EmptyOptions
  @OptionGroup(title: "Pace and length") var pace: PaceOptions
  @OptionGroup(title: "Verdicts") var verdicts: VerdictOptions
  @OptionGroup(title: "While it runs") var live: LiveOptions
  @OptionGroup(title: "Told of frames") var log: LogOptions
  @OptionGroup(title: "Reports") var report: ReportOptions

  func run() throws {
    let settings = try settings(defaultCursor: .always)
    let signals = try SignalReader()
    var capture = try Capture(settings, Report(level: report.level))
    try capture.run(signals)
  }
}

/// The options of a capture. No group of their own: the parser would make each of them up several
/// times more at every start.
protocol CaptureOptions {
  var surface: SurfaceOptions { get }
  var target: TargetOptions { get }
  var frames: FrameOptions { get }
  var empty: EmptyOptions { get }
  var pace: PaceOptions { get }
  var verdicts: VerdictOptions { get }
  var live: LiveOptions { get }
  var log: LogOptions { get }
  var report: ReportOptions { get }
}

/// What the frames are like, and where they go.
struct FrameOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Write to FILE; - is standard output.", valueName: "file"),
    completion: .file())
  var output: String = "-"

  @Option(
    name: [.short, .long],
    help: """
      How frames follow one another; else by FILE's ending, else y4m. Of .mp4, .mkv, .webm and \
      .gif, ffmpeg makes a video.
      """)
  var format: StreamFormat?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Further arguments for the ffmpeg that makes a video, before the name of its FILE; parted as \
      in a shell.
      """, valueName: "args"))
  var ffmpegArgs: String?

  @Option(
    help: ArgumentHelp(
      """
      ffmpeg's names; y4m holds yuv420p (its default), yuv444p and gray, raw those and bgr0 (its \
      default), bgra, rgb24 and nv12, pam rgb24 (its default), rgba and gray; a video is made of \
      yuv420p (the default) or yuv444p, a gif of yuv444p.
      """, valueName: "name"))
  var pixFmt: PixelFormat?

  @Option(
    help: ArgumentHelp(
      "Range of the values of Y, U and V; limited by default, of pam and gif always full.",
      valueName: "range"))
  var colorRange: ColorRange?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The canvas; else the size of the first frame.", valueName: "wxh"))
  var size: String?

  @Option(
    help: ArgumentHelp(
      """
      A frame of another size: fit scales it down, never up, and centres it on black; crop keeps \
      it 1:1 from the top left; stretch scales it; native changes the frames' size, in pam, or \
      raw with a frame log; end finishes the stream.
      """, valueName: "policy"))
  var onResize: ResizePolicy = .fit

  @Flag(help: "Write frames into a pipe by write, not by vmsplice.")
  var noSplice = false
}

/// What happens where there is no picture.
struct EmptyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The target has no visible pixel, or is gone: silent writes nothing, hold repeats the last \
      frame, black writes black ones.
      """, valueName: "policy"))
  var onEmpty: EmptyPolicy = .silent

  @Option(
    help: ArgumentHelp(
      "The target is destroyed: wait as if it were empty, or end the stream.", valueName: "policy"))
  var onLost: StreamPlan.LostPolicy = .wait
}

/// When frames are taken, and for how long.
struct PaceOptions: ParsableArguments {
  @Option(
    name: [.customShort("r"), .long], parsing: .unconditional,
    help: ArgumentHelp(
      "Frames a second: 30, 30000/1001, or max, as fast as the reader takes them.",
      valueName: "rate"))
  var framerate: String = "30"

  @Option(
    help: ArgumentHelp(
      """
      cfr: one frame a period, the last again where one was missed; vfr: a frame only where \
      something changed.
      """, valueName: "timing"))
  var timing: Timing = .cfr

  @Option(
    name: [.customShort("n"), .long], parsing: .unconditional,
    help: ArgumentHelp("Stop after N frames.", valueName: "n"))
  var frames: Int?

  @Option(
    name: [.customShort("t"), .long], parsing: .unconditional,
    help: ArgumentHelp("Stop after SECONDS.", valueName: "seconds"))
  var duration: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Start after SECONDS.", valueName: "seconds"))
  var delay: Double?

  @Flag(
    inversion: .prefixedNo,
    help: "A status line on standard error; by default where that is a terminal.")
  var progress: Bool?
}

extension StreamFormat: OptionWord {}
extension PixelFormat: OptionWord {}
extension ColorRange: OptionWord {}
extension ResizePolicy: OptionWord {}
extension Timing: OptionWord {}
extension EmptyPolicy: OptionWord {}
extension StreamPlan.LostPolicy: OptionWord {}
