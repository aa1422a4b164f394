import ArgumentParser

/// `xregioncap doctor`: what works here, and why what does not, does not.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what works here, and why what does not, does not.",
    discussion: """
      Looks at the display and at the system, and reads one pixel. For what is missing it says what \
      cannot be had without it, and how to get it. Succeeds where captures work, and else ends with \
      the status that they would end with.
      """)

  @OptionGroup var options: ListOptions

  func run() throws {
    let diagnosis = Diagnosis(displayName: options.display)
    try options.write(diagnosis.lines, diagnosis)
    if let error = diagnosis.error { throw error }
  }
}
