import Glibc

/// A folder of a test's own. It goes away with this object, and what is in it too.
public final class TemporaryFolder {
  public let path: String

  public init() throws {
    var template = Array("/tmp/xregioncap-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure("mkdtemp") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    for name in names(in: path) where unlink(path + "/" + name) != 0 { remove(path + "/" + name) }
    rmdir(path)
  }

  /// Path of a file in it, whether there is one or not.
  public subscript(name: String) -> String { path + "/" + name }

  /// The names of the files in it.
  public var names: [String] { Self.names(in: path) }

  public static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Makes a file, or makes it anew.
  public func write(_ bytes: some Collection<UInt8>, to name: String) throws {
    let file = open(self[name], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    defer { close(file) }
    let bytes = Array(bytes)
    guard Glibc.write(file, bytes, bytes.count) == bytes.count else { throw Failure("write") }
  }

  /// What is in a file of it.
  public func read(_ name: String) throws -> [UInt8] { try contents(of: self[name]) }
}

/// What is in a file.
public func contents(of path: String) throws -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw Failure("cannot open \(path)") }
  defer { close(file) }
  var all: [UInt8] = []
  while true {
    let more = try bytes(from: file, within: 0)
    if more.isEmpty { return all }
    all += more
  }
}
