import ArgumentParser
import CropEngine

/// `xregioncap ctl watch`: the events of a session, as they come.
struct ControlWatch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Print what happens to the stream, a JSON object a line, until it ends.")

  @OptionGroup var options: ControlOptions

  @Flag(help: "Print a line for each frame, too.")
  var frames = false

  func run() throws {
    var connection = try options.connect()
    let signals = try SignalReader()
    signals.setStatus(0)
    try connection.send(options.request(.subscribe, frames ? ["frames": .flag] : [:]))
    if let error = ControlFailure.error(in: try connection.answer()) { throw error }
    while true {
      while let request = signals.next() { if case .stop = request { return } }
      switch connection.next() {
      case .text(let line): guard try StandardOutput.write(line + "\n") else { return }
      case .none: Poller.wait(for: signals.descriptor, or: connection.descriptor, atMost: .max)
      case .ended: return
      }
    }
  }
}
