import ArgumentParser

/// Finds the command that arguments mean.
enum MeantCommand {
  /// The command, understood. Throws what is wrong with the arguments, and where help is asked for.
  static func parse(_ arguments: [String]) throws -> any ParsableCommand {
    // From the root on, the parser makes all options of a command up again and again.
    let named = Xregioncap.configuration.subcommands.first { $0._commandName == arguments.first }
    if let named, named.configuration.subcommands.isEmpty,
      let command = try? named.parse(Array(arguments.dropFirst()))
    {
      return command
    }
    // It knows what to say of the whole: of help, of versions, and of errors.
    return try Xregioncap.parseAsRoot(arguments)
  }
}
