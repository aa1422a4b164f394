import ArgumentParser

/// What is said on standard error.
struct ReportOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Say nothing but errors.")
  var quiet = false

  @Flag(help: "Say why things are done as they are.")
  var verbose = false

  var level: Report.Level { quiet ? .quiet : verbose ? .verbose : .normal }
}
