import TestSupport

/// What is loaded into the command to look at it from inside.
enum Fixture {
  /// Builds it, as `count.so` of a folder. Throws what the compiler says.
  static func build(_ name: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let source = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    let built = try Command.run(
      "/usr/bin/cc",
      [
        "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", folder["count.so"],
        source + "/Fixtures/\(name).c",
      ])
    guard built.status == 0 else { throw Failure(built.errors) }
    return folder
  }

  /// The numbers that it left in a file of that folder.
  static func numbers(_ folder: TemporaryFolder) throws -> [Int] {
    String(decoding: try folder.read("count"), as: UTF8.self)
      .split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
  }
}
