import CCommit

/// What this is.
enum Version {
  static let number = "0.1.0"

  /// The command with its number, and with the commit where that was known when it was built.
  static let text: String = {
    let commit = unsafe String(cString: ccommit())
    return "xregioncap \(number)" + (commit.isEmpty ? "" : " (\(commit))")
  }()
}
