import CropEngine
import Glibc
import TestSupport
import Testing

/// A session on a TOP of 200×160 with a SIB of 60×50, so that the size of a frame tells its
/// target: its control socket, its reader and its log.
final class CropSession {
  /// A change that was accepted.
  struct Change {
    let version: Int
    let firstSeq: Int
    /// The picture that its frames are; nil where it has none, or they are not looked at.
    let picture: String?
  }

  let stage: Stage
  let reader: FrameReader
  let command: Command
  let client: ControlClient
  /// The changes that were accepted and answered, in the order of their answers.
  private(set) var changes: [Change] = []
  /// How much of the frames is read at a time while an answer is awaited, in bytes.
  var burst: () -> Int = { 1 << 20 }

  private let folder: TemporaryFolder
  private let initial: String?
  /// What the changes show that are not answered yet.
  private var asked: [Int: String?] = [:]

  /// Begins a session. `initial` is the picture that it begins with, nil where that is not looked
  /// at; `pictures` are more that its frames may be; `capacity` is that of the pipe, in bytes.
  init(
    _ options: [String] = ["-r", "200"], stage: Stage, initial: String? = "TOP",
    pictures: [String: Picture] = [:],
    capacity: Int32? = nil
  ) throws {
    self.stage = stage
    self.initial = initial
    let scene = stage.scene
    scene.atOnce {
      scene.resize(scene.top, width: 200, height: 160)
      scene.resize(scene.sib, width: 60, height: 50)
    }
    reader = try FrameReader(
      ["TOP": .ofSmallTop, "T": .ofT, "SIB": .ofSmallSIB]
        .merging(pictures) { $1 })
    folder = try TemporaryFolder()
    command = try stage.start(
      ["-w", hexadecimal(scene.top), "-f", "pam", "--on-resize", "native", "--session", "rec"]
        + ["--frame-log", folder["log"], "--cursor", "never"] + options
        + (capacity == nil ? [] : ["--start-paused"]),
      output: reader.output, environment: ["XDG_RUNTIME_DIR": folder.path])
    close(reader.output)
    client = try ControlClient(session: "rec", in: folder.path)
    guard let capacity else { return }
    _ = try client.call("state")
    try reader.setCapacity(capacity)
    _ = try client.call("resume")
  }

  var scene: Scene { stage.scene }

  /// Connects once more.
  func connect() throws -> ControlClient { try ControlClient(session: "rec", in: folder.path) }

  // MARK: Requests

  /// Asks for a target, nil for none, whose frames are this picture. Returns the request's id.
  func ask(_ target: String?, shows picture: String?) throws -> Int {
    let id = try client.ask("cropTo", target.map { ["target": $0] } ?? [:])
    asked[id] = .some(picture)
    return id
  }

  /// The answer to a request. Frames are read until it comes.
  @discardableResult func answer(_ id: Int) throws -> ControlReading {
    let end = ContinuousClock.now + .seconds(Command.bound)
    while client.isSilent(for: 0) {
      guard .now < end else { throw Failure("no answer to \(id)") }
      try reader.read(atMost: burst(), within: 0.001)
    }
    let answer = try client.answer(id)
    if let picture = asked.removeValue(forKey: id), answer.ok { note(answer, shows: picture) }
    return answer
  }

  /// Takes note of a change that was accepted.
  func note(_ answer: ControlReading, shows picture: String?) {
    changes.append(
      Change(
        version: answer.version ?? -1, firstSeq: answer.firstSeq ?? -1, picture: picture))
  }

  /// Asks for a target, and waits for the answer, which is that it is accepted.
  @discardableResult func crop(
    to target: String?, shows picture: String?, at location: SourceLocation = #_sourceLocation
  ) throws -> ControlReading {
    let answer = try answer(ask(target, shows: picture))
    #expect(answer.ok, "\(answer.text)", sourceLocation: location)
    return answer
  }

  /// Any other request.
  func call(_ operation: String, _ arguments: [String: Any] = [:]) throws -> ControlReading {
    try answer(client.ask(operation, arguments))
  }

  // MARK: The end

  /// Stops it and checks all that was read against what was told: frames are whole, and each is
  /// logged before it comes; versions only rise; a frame is its version's picture; and each answer
  /// was true. Returns the log.
  @discardableResult func finish(
    status: Int32 = 0, at location: SourceLocation = #_sourceLocation
  ) throws -> [ControlReading] {
    // Where it has ended by itself, nobody takes that.
    _ = try? client.ask("stop")
    while try reader.read() {}
    let result = try command.finish()
    #expect(result.status == status, "\(result.errors)", sourceLocation: location)
    #expect(!reader.isInsideFrame, "half a frame", sourceLocation: location)
    let log = try String(decoding: folder.read("log"), as: UTF8.self).lines
      .map { try ControlReading(String($0)) }
    check(log, at: location)
    return log
  }

  private func check(_ log: [ControlReading], at location: SourceLocation) {
    let frames = log.filter { $0.type == "frame" }
    let versions = frames.map { $0.version ?? -1 }
    let isInOrder = frames.map { $0.seq ?? -1 } == Array(0..<reader.names.count)
    #expect(isInOrder, "each frame once, by its number", sourceLocation: location)
    let isRising = zip(versions, versions.dropFirst()).allSatisfy(<=)
    #expect(isRising, "versions only rise", sourceLocation: location)
    let pictures = Dictionary(
      uniqueKeysWithValues: changes.map { ($0.version, $0.picture) } + [(0, initial)])
    let wrong = zip(versions, reader.names).enumerated()
      .filter { _, frame in pictures[frame.0].flatMap { $0 } ?? frame.1 != frame.1 }
      .map { "frame \($0) of version \($1.0) is \($1.1)" }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(5))", sourceLocation: location)
    // The first frame of a version or a later one is the one that was announced.
    let untrue = changes.filter { change in
      versions.firstIndex { $0 >= change.version } ?? versions.count != change.firstSeq
    }
    #expect(untrue.isEmpty, "\(untrue.count): \(untrue.prefix(5))", sourceLocation: location)
    // The log says of them what the answers did, and does so before the frames.
    var (last, isTold) = (0, true)
    for line in log {
      if line.type == "version" { last = line.version ?? -1 }
      if line.type == "frame" { isTold = isTold && line.version == last }
    }
    #expect(isTold, "a version is told before its frames", sourceLocation: location)
    let told = log.filter { $0.type == "version" }.map { [$0.version, $0.firstSeq] }
    let answered = changes.sorted { $0.version < $1.version }.map { [$0.version, $0.firstSeq] }
    #expect(told == answered, sourceLocation: location)
  }
}

extension Picture {
  /// SIB in a CropSession.
  static let ofSmallSIB = Picture(
    size: Size(width: 60, height: 50), [(Rect(x: 0, y: 0, width: 60, height: 50), Scene.sib)])

  /// TOP in a CropSession.
  static let ofSmallTop = Picture(
    size: Size(width: 200, height: 160),
    [
      (Rect(x: 0, y: 0, width: 200, height: 160), Scene.top),
      (Rect(x: 40, y: 40, width: 40, height: 40), Scene.bel),
      (Rect(x: 50, y: 50, width: 100, height: 80), Scene.t),
      (Rect(x: 60, y: 60, width: 20, height: 20), Scene.tc),
      (Rect(x: 100, y: 80, width: 60, height: 50), Scene.sib),
    ])
}

extension UInt {
  /// As a T of the command line.
  var target: String { hexadecimal(self) }
}
