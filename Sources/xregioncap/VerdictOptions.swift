import ArgumentParser

/// What scripts want to know of a capture when it has ended, and when that is.
struct VerdictOptions: ParsableArguments {
  @Flag(help: "Fail, with status 22, where each frame written was of one colour.")
  var failIfBlank = false

  @Flag(help: "Fail, with status 22, where all frames written showed the same picture.")
  var failIfStill = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop when the picture has not changed for SECONDS.", valueName: "seconds"))
  var untilStill: Double?
}
