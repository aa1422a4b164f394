import ArgumentParser

/// What is told of the frames.
struct LogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      A line of JSON for each frame and event, before the frame it speaks of, to FILE; fd:N is an \
      open descriptor.
      """, valueName: "file"),
    completion: .file())
  var frameLog: String?

  @Flag(help: "Put XSEQ=, XVER= and XRECT= on the lines before Y4M frames.")
  var frameParams = false
}

/// How a capture is changed while it runs, and what it brings besides.
struct LiveOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Open a control socket of this name, for 'xregioncap ctl'.", valueName: "name"))
  var session: String?

  @Flag(help: "Write nothing before the first crop-to, restrict-to or resume.")
  var startPaused = false

  @Option(
    help: ArgumentHelp(
      """
      Another stream from the same grabs: output=FILE and any of crop-to=T or restrict-to=T, \
      partial=, format=, pix-fmt=, color-range=, size=, on-resize=, on-empty=, on-lost=, \
      frame-log=, frame-params, ffmpeg-args=, joined by commas. May be repeated.
      """, valueName: "spec"))
  var also: [String] = []
}
