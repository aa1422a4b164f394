import CropEngine
import Foundation
import TestSupport
import Testing

/// A capture with a control socket, in a `$XDG_RUNTIME_DIR` of its own, and a client of it.
final class LiveCapture {
  let stage: Stage
  /// The runtime folder, and a place for files.
  let folder: TemporaryFolder
  let command: Command
  let client: ControlClient

  /// Starts it and waits until it listens. Frames of TOP in bgr0 go to "main" in the folder, where
  /// the arguments name no other output.
  init(
    _ stage: Stage, _ arguments: [String], in folder: TemporaryFolder? = nil,
    output: Int32? = nil, environment: [String: String] = [:]
  ) throws {
    let folder = try folder ?? TemporaryFolder()
    self.stage = stage
    self.folder = folder
    let destination = arguments.contains("-o") ? [] : ["-o", folder["main"]]
    command = try stage.start(
      stage.top + ["--session", "rec"] + arguments + destination, output: output,
      environment: environment.merging(["XDG_RUNTIME_DIR": folder.path]) { own, _ in own })
    let end = ContinuousClock.now + .seconds(Command.bound)
    while true {
      if let client = try? ControlClient(path: folder["xregioncap/rec.sock"]) {
        self.client = client
        return
      }
      // Nothing tells of a socket that is there now.
      guard .now < end, !command.hasEnded(within: 0.001) else {
        throw Failure("it does not listen: \(try command.finish().errors)")
      }
    }
  }

  var socketPath: String { folder["xregioncap/rec.sock"] }

  /// Another client.
  func connect() throws -> ControlClient { try ControlClient(path: socketPath) }

  /// A client that is told of all that happens from now on.
  func watcher(frames: Bool = true) throws -> ControlClient {
    let client = try connect()
    #expect(try client.call("subscribe", ["frames": frames]).ok)
    return client
  }

  /// Begins a clone with these options: raw frames to a file of the folder.
  func clone(_ name: String, _ options: [String: Any] = [:]) throws -> Int {
    let members = ["output": folder[name], "format": "raw"] as [String: Any]
    let answer = try client.call("clone", members.merging(options) { $1 })
    guard let number = answer.clone else { throw Failure("no clone: \(answer.text)") }
    return number
  }

  func crop(_ target: UInt?, clone: Int = 0) throws -> ControlReading {
    try client.call("cropTo", ["target": target.map(hexadecimal) ?? "", "clone": clone])
  }

  func state(clone: Int = 0) throws -> ControlReading {
    try client.call("state", ["clone": clone])
  }

  /// Stops it by the socket.
  func stop(at location: SourceLocation = #_sourceLocation) throws -> Command.Result {
    #expect(try client.call("stop").ok, sourceLocation: location)
    let result = try command.finish()
    #expect(result.status == 0, "\(result.errors)", sourceLocation: location)
    return result
  }
}

extension ControlClient {
  /// Waits for an event, and returns those until then, it included.
  @discardableResult
  func events(until isLast: (ControlReading) -> Bool) throws -> [ControlReading] {
    var events: [ControlReading] = []
    let end = ContinuousClock.now + .seconds(Command.bound)
    while .now < end {
      events.append(try event())
      if isLast(events.last!) { return events }
    }
    throw Failure("the event does not come; the last was \(events.last?.text ?? "none")")
  }

  /// Waits until so many more frames of a stream are told of; 0 is the session's own.
  @discardableResult
  func frames(_ count: Int, of clone: Int = 0) throws -> [ControlReading] {
    var left = count
    return try events {
      if $0.type == "frame", $0.clone ?? 0 == clone { left -= 1 }
      return left == 0
    }
  }
}

extension ControlReading {
  /// When a frame was grabbed, in ns.
  var time: Int? { self["t"] }
  var reason: String? { members["reason"] as? String }
  var kind: String? { members["kind"] as? String }
  var status: String? { members["status"] as? String }
  var clones: [Int]? { members["clones"] as? [Int] }
  var isLocked: Bool? { members["locked"] as? Bool }
  var isRepeat: Bool? { members["repeat"] as? Bool }

  func size(_ name: String) -> Size? {
    guard let object = members[name] as? [String: Int], let width = object["width"],
      let height = object["height"]
    else { return nil }
    return Size(width: width, height: height)
  }

  func rect(_ name: String = "rect") -> Rect? {
    guard let size = size(name), let object = members[name] as? [String: Int],
      let x = object["x"], let y = object["y"]
    else { return nil }
    return Rect(x: x, y: y, width: size.width, height: size.height)
  }
}

/// The lines of a frame log.
func logLines(_ bytes: some Collection<UInt8>) throws -> [ControlReading] {
  let text = String(decoding: bytes, as: UTF8.self)
  #expect(text.isEmpty || text.hasSuffix("\n"), "half a line")
  return try text.lines.map { try ControlReading(String($0)) }
}

/// Frames in bgr0: of those that follow one another and are the same, one, and how many they are.
func runs(
  _ bytes: [UInt8], _ size: Size, at location: SourceLocation = #_sourceLocation
) -> [(picture: Picture, count: Int)] {
  let count = size.width * size.height * 4
  #expect(bytes.count % count == 0, "not whole frames", sourceLocation: location)
  var runs: [(picture: Picture, count: Int)] = []
  bytes.withUnsafeBytes { all in
    for at in stride(from: 0, to: all.count / count * count, by: count) {
      if at > 0, memcmp(all.baseAddress! + at, all.baseAddress! + at - count, count) == 0 {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((Picture(all[at..<at + count], size: size), 1))
      }
    }
  }
  return runs
}

extension Picture {
  /// The picture on a black canvas, in its middle.
  func centred(on canvas: Size) -> Picture {
    let (left, top) = ((canvas.width - size.width) / 2, (canvas.height - size.height) / 2)
    return Picture(size: canvas) { x, y in
      let inside = size.bounds.intersection(Rect(x: x - left, y: y - top, width: 1, height: 1))
      return inside.isEmpty ? 0 : self[x - left, y - top]
    }
  }

  /// SIB as it is seen in the scene.
  static let ofSib = Picture(size: Stage.sizeOfT, [(Stage.sizeOfT.bounds, Scene.sib)])
}

/// A FIFO, and its reader once that opens it.
final class NamedPipe {
  let path: String
  private var descriptor: Int32 = -1
  private var received: [UInt8] = []

  init(_ path: String) throws {
    self.path = path
    guard mkfifo(path, 0o600) == 0 else { throw Failure("mkfifo") }
  }

  deinit { leave() }

  /// Begins to be a reader.
  func open() throws {
    descriptor = Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure("open") }
  }

  /// Leaves room for one page in it.
  func narrow() throws {
    let setPipeSize: Int32 = 1031
    guard fcntl(descriptor, setPipeSize, 4096) == 4096 else { throw Failure("F_SETPIPE_SZ") }
  }

  /// Goes away as a reader.
  func leave() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  /// Reads so many bytes.
  func read(_ count: Int) throws -> [UInt8] {
    while received.count < count {
      let more = try bytes(from: descriptor, within: Command.bound)
      guard !more.isEmpty else { throw Failure("it ended after \(received.count) bytes") }
      received += more
    }
    defer { received.removeFirst(count) }
    return Array(received.prefix(count))
  }

  /// Reads a line, without what ends it; nil at the end.
  func line() throws -> String? {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeFirst(end + 1) }
        return String(decoding: received[..<end], as: UTF8.self)
      }
      let more = try bytes(from: descriptor, within: Command.bound)
      if more.isEmpty { return nil }
      received += more
    }
  }

  /// Reads what is there and what comes, to the end.
  func rest() throws -> [UInt8] {
    while true {
      let more = try bytes(from: descriptor, within: Command.bound)
      if more.isEmpty { break }
      received += more
    }
    defer { received = [] }
    return received
  }

  /// Whether something is there to be read, or comes within so many seconds.
  func isReadable(within seconds: Double = 0) -> Bool {
    !received.isEmpty || TestSupport.isReadable(descriptor, within: seconds)
  }
}
