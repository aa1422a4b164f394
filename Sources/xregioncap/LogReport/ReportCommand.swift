import ArgumentParser
import CLinux
import CropEngine
import FrameOutput
import Glibc

/// `xregioncap report`: a page of what a frame log tells.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make a page of what a frame log tells.",
    usage: "xregioncap report LOG -o FILE",
    discussion: """
      LOG is what --frame-log has written; - is standard input. The page is HTML that needs no \
      network and no scripts: rates, repeats, mutes and versions over time, where the crop was, \
      how regular the grabs were, and a list of the events.
      FILE is there whole, or as it was before.

      xregioncap report frames.jsonl -o report.html
      """)

  @Argument(
    help: ArgumentHelp("The frame log.", valueName: "log"), completion: .file())
  var log: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Write to FILE; - is standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @OptionGroup(title: "Reports") var report: ReportOptions

  func run() throws {
    let path = try outputPath()
    try refuseLog(at: path)
    // What cannot be written is said before anything is read.
    var file = try Self.file(path)
    let reader = try LogReportReader.read(log == "-" ? nil : log)
    let page = ReportPage(
      name: log == "-" ? "Standard input" : String(log.split(separator: "/").last ?? "log"),
      statistics: reader.statistics, faults: reader.faults)
    let report = Report(level: self.report.level)
    for note in page.notes { report.note("\(log): \(note)") }
    try Self.write(page.markup, to: &file)
  }

  /// Throws `type` where the page would be written over the log.
  private func refuseLog(at path: String?) throws(CaptureError) {
    let source = StreamPlan.identity(of: log == "-" ? "fd:\(STDIN_FILENO)" : log)
    guard let source, source == StreamPlan.identity(of: path ?? "fd:\(STDOUT_FILENO)") else {
      return
    }
    throw CaptureError(.type, "--output", "it is the log itself, which would be lost")
  }

  private static func file(_ path: String?) throws(CaptureError) -> PictureFile {
    guard let path else { return try .standardOutput() }
    while true {
      if let file = try PictureFile.file(at: path) { return file }
      // A FIFO: nothing tells of its reader.
      var poller = Poller()
      poller.wait(atMost: Opening.interval)
    }
  }

  /// Whole, as slowly as the reader takes it. One that goes away is a quiet end.
  private static func write(
    _ text: String, to file: inout PictureFile
  ) throws(CaptureError) {
    clinux_ignore_signal(SIGPIPE)
    try file.begin(text)
    while try file.write() == .waiting {
      Poller.wait(for: file.descriptor, .output, atMost: .max)
    }
  }

  private func outputPath() throws(CaptureError) -> String? {
    guard let output else { throw .noOutput }
    let path = try output.outputPath()
    if path == nil { try StandardDescriptors.refuseTerminal() }
    return path
  }
}
