import Glibc

/// The folders that programs are looked for in.
enum ProgramPath {
  /// Where `$PATH` leads to a program of this name; nil where it does not.
  static func find(_ name: String) -> String? {
    guard let folders = unsafe getenv("PATH") else { return nil }
    return unsafe String(cString: folders).split(separator: ":").map { "\($0)/\(name)" }
      .first { path in
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
          return false
        }
        return unsafe access(path, X_OK) == 0
      }
  }
}
