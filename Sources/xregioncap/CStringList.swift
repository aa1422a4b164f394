import Glibc

/// Strings as C takes a list of them: NULL stands behind the last.
@safe struct CStringList: ~Copyable {
  private var strings: [UnsafeMutablePointer<CChar>?]

  init(_ texts: [String]) {
    unsafe strings = texts.map { unsafe strdup($0) } + [nil]
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
