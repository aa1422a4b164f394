import CropEngine
import TestSupport
import Testing

/// All tests of the built command, one at a time: some of them measure time.
@Suite("The built command", .serialized) enum CommandRing {}

/// The scene on a server of its own, and the command run on it.
struct Stage {
  /// T's frame in the scene, in px.
  static let sizeOfT = Size(width: 100, height: 80)
  /// Bytes of a frame of T in bgr0.
  static let bytesOfT = 100 * 80 * 4
  static let sizeOfTop = Size(width: 400, height: 300)

  let scene: Scene

  init(screen: String = "640x480x24", server arguments: [String] = []) throws {
    scene = try Scene(Xvfb(screen: screen, arguments: arguments))
  }

  var display: String { scene.server.displayName }

  /// Captures TOP.
  var top: [String] { ["--window", hexadecimal(scene.top), "-f", "raw"] }

  /// Captures T in TOP.
  var cropped: [String] { top + ["--crop-to", hexadecimal(scene.t)] }

  /// Starts the command.
  func start(
    _ arguments: [String], output: Int32? = nil, errors: Int32? = nil,
    environment: [String: String] = [:]
  ) throws -> Command {
    try Command(
      Command.xregioncap, arguments, display: display, environment: environment,
      standardOutput: output, standardError: errors)
  }

  /// Runs the command to its end.
  func run(_ arguments: [String]) throws -> Command.Result { try start(arguments).finish() }

  /// Runs a line in bash, where `$TOP` and `$T` are the windows' ids.
  func shell(_ line: String, in folder: TemporaryFolder? = nil) throws -> Command.Result {
    let names = "TOP=\(hexadecimal(scene.top)); T=\(hexadecimal(scene.t)); "
    return try Command.shell(names + line, display: display, directory: folder?.path)
  }
}

func hexadecimal(_ id: UInt) -> String { "0x" + String(id, radix: 16) }

/// The frames that bytes in bgr0 consist of. Fails where they do not end with a whole one.
func pictures(
  _ bytes: [UInt8], _ size: Size = Stage.sizeOfT,
  at location: SourceLocation = #_sourceLocation
) -> [Picture] {
  let count = size.width * size.height * 4
  #expect(bytes.count % count == 0, "not whole frames", sourceLocation: location)
  return stride(from: 0, to: bytes.count / count * count, by: count).map {
    Picture(bytes[$0..<$0 + count], size: size)
  }
}

extension String {
  /// Its lines, without what ends them.
  var lines: [Substring] { split(separator: "\n") }

  /// How often another text occurs.
  func count(of text: String) -> Int {
    var (count, rest) = (0, self[...])
    while let range = rest.firstRange(of: text) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}
