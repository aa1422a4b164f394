import Glibc

/// Strings as C takes a list of them: NULL stands behind the last.
@safe struct CStringList: ~Copyable {
  private var strings: [UnsafeMutablePointer<CChar>?]

  init(_ texts: [String]) {
    unsafe strings = texts.map { unsafe strdup($0) } + [nil]
  }

  /// Our own variables with changes; nil for those that are left out. Their bytes stay as they are.
  init(changing changes: [String: String?]) {
    self.init(changes.compactMap { name, value in value.map { "\(name)=\($0)" } })
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      let name = unsafe String(cString: entry).prefix { $0 != "=" }
      if changes[String(name)] == nil { unsafe strings.insert(strdup(entry), at: 0) }
      unsafe next += 1
    }
  }

  func withPointers<Result>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    unsafe strings.withUnsafeBytes {
      unsafe body($0.baseAddress!.assumingMemoryBound(to: UnsafePointer<CChar>?.self))
    }
  }

  deinit {
    for index in unsafe strings.indices { unsafe free(strings[index]) }
  }
}
