import ArgumentParser
import CropEngine

/// Finds the command that arguments mean.
enum MeantCommand {
  /// The command, understood. Throws what is wrong with the arguments, and where help is asked for.
  static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    // From the root on, the parser makes all options of a command up again and again.
    var named: any ParsableCommand.Type = Xregioncap.self
    var rest = arguments[...]
    while let inner = named.command(rest.first) {
      named = inner
      rest = rest.dropFirst()
    }
    if named.configuration.subcommands.isEmpty, let command = try? named.parse(Array(rest)) {
      return command
    }
    // It knows what to say of the whole: of help, of versions, and of errors.
    return try Xregioncap.parseAsRoot(arguments)
  }

  /// What is wrong with the arguments, on one line, and the way out.
  static func reason(_ error: any Error) -> String {
    // The parser lists what it expected on lines of their own.
    let words = Xregioncap.message(for: error).split { $0.isNewline || $0 == " " }
    var text = words.joined(separator: " ").printable
    if RunCommand.lacksSeparator(CommandLine.arguments) {
      text += ": COMMAND stands behind --, as in 'xregioncap run -o FILE -- COMMAND'"
    }
    return text + " (see xregioncap --help)"
  }
}

extension ParsableCommand {
  /// The command inside that bears a name.
  fileprivate static func command(_ name: String?) -> (any ParsableCommand.Type)? {
    configuration.subcommands.first { $0._commandName == name }
  }
}
