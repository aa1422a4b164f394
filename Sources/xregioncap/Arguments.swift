import CropEngine

/// What the command was given.
enum Arguments {
  /// The arguments, with the command that is meant where none is named.
  ///
  /// Throws `type` where one is not UTF-8: repaired, it would name another file.
  static func given() throws(CaptureError) -> [String] {
    var arguments: [String] = []
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let bytes = unsafe CommandLine.unsafeArgv[index],
        let text = unsafe String(validatingCString: bytes)
      else {
        throw CaptureError(.type, "argument \(index)", "it is not UTF-8")
      }
      arguments.append(text)
    }
    // Options without a command are those of capture, --help too. With three dashes a shell asks
    // what it can offer.
    let first = arguments.first ?? "-"
    if first.hasPrefix("-"), first != "---completion" { arguments.insert("capture", at: 0) }
    return arguments
  }
}
