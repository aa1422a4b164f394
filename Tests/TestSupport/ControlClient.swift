import CXClient
import Foundation

/// A client of a session's control socket. Nothing waits longer than its bound.
public final class ControlClient {
  private let descriptor: Int32
  private var received: [UInt8] = []
  private var lastID = 0
  /// Answers that came before they were asked for.
  private var answers: [Int: ControlReading] = [:]
  /// Events that came before they were asked for.
  private var events: [ControlReading] = []
  private var isClosed = false

  /// Connects to a socket's path.
  public init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let result = atSocket(path) { [descriptor] in connect(descriptor, $0, $1) }
    guard result == 0 else {
      throw Failure("cannot connect to \(path): \(String(cString: strerror(errno)))")
    }
  }

  /// Connects to a session of `$XDG_RUNTIME_DIR`, as soon as it listens.
  public convenience init(session: String, in runtimeFolder: String) throws {
    let path = runtimeFolder + "/xregioncap/" + session + ".sock"
    let end = ContinuousClock.now + .seconds(Command.bound)
    while true {
      do {
        try self.init(path: path)
        return
      } catch {
        guard .now < end else { throw error }
        sched_yield()
      }
    }
  }

  deinit { close() }

  public func close() {
    if !isClosed { Glibc.close(descriptor) }
    isClosed = true
  }

  /// Writes no more, but reads on.
  public func closeWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Whether another user's process is answered. Throws where it cannot even connect.
  public static func isAnswered(_ path: String, asUser user: uid_t) throws -> Bool {
    let result = client_is_answered(path, user)
    guard result >= 0 else { throw Failure("user \(user) cannot connect to \(path)") }
    return result == 1
  }

  // MARK: Bytes and lines

  /// Sends all of it.
  public func send(_ bytes: some Collection<UInt8>) throws {
    let bytes = Array(bytes)
    var sent = 0
    while sent < bytes.count {
      var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard Glibc.poll(&poll, 1, Int32(Command.bound * 1000)) > 0 else {
        throw Failure("nothing was taken")
      }
      let count = sendOnce(bytes[sent...])
      guard count >= 0 else { throw Failure("send: \(String(cString: strerror(errno)))") }
      sent += count
    }
  }

  /// Sends what is taken at once: how many bytes; -1 where the session is gone.
  public func sendOnce(_ bytes: ArraySlice<UInt8>) -> Int {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
    return count < 0 && errno == EAGAIN ? 0 : count
  }

  /// Sends a line.
  public func send(line: String) throws { try send((line + "\n").utf8) }

  /// The next line, without what ends it; nil where the session has ended the connection.
  public func nextLine(within seconds: Double = Command.bound) throws -> String? {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeFirst(end + 1) }
        return String(decoding: received[..<end], as: UTF8.self)
      }
      guard isReadable(descriptor, within: seconds) else {
        throw Failure("no line came within \(seconds) s")
      }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count > 0 else { return nil }
      received += chunk[..<count]
    }
  }

  /// Whether nothing comes within so many seconds.
  public func isSilent(for seconds: Double) -> Bool {
    received.isEmpty && !isReadable(descriptor, within: seconds)
  }

  // MARK: Requests

  /// Sends a request, and returns its id.
  @discardableResult
  public func ask(_ operation: String, _ arguments: [String: Any] = [:]) throws -> Int {
    lastID += 1
    var members = arguments
    members["id"] = lastID
    members["op"] = operation
    try send(JSONSerialization.data(withJSONObject: members) + [UInt8(ascii: "\n")])
    return lastID
  }

  /// The answer to a request. What comes before it is kept.
  public func answer(
    _ id: Int, within seconds: Double = Command.bound
  ) throws -> ControlReading {
    while true {
      if let answer = answers.removeValue(forKey: id) { return answer }
      try take(within: seconds)
    }
  }

  /// Sends a request and waits for its answer.
  public func call(
    _ operation: String, _ arguments: [String: Any] = [:], within seconds: Double = Command.bound
  ) throws -> ControlReading {
    try answer(try ask(operation, arguments), within: seconds)
  }

  /// The next event. Answers that come before it are kept.
  public func event(within seconds: Double = Command.bound) throws -> ControlReading {
    while events.isEmpty { try take(within: seconds) }
    return events.removeFirst()
  }

  private func take(within seconds: Double) throws {
    guard let line = try nextLine(within: seconds) else { throw Failure("the session has ended") }
    let reading = try ControlReading(line)
    guard reading.members["ok"] != nil else { return events.append(reading) }
    guard let id = reading.members["id"] as? Int else { throw Failure("no id: \(line)") }
    guard answers.updateValue(reading, forKey: id) == nil else {
      throw Failure("\(id) was answered twice")
    }
  }
}

/// An answer or an event: a JSON object.
public struct ControlReading {
  /// The line.
  public let text: String
  public let members: [String: Any]

  public init(_ line: String) throws {
    text = line
    guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    else { throw Failure("it is no object: \(line)") }
    members = object
  }

  public var ok: Bool { members["ok"] as? Bool ?? false }
  public var error: String? { members["error"] as? String }
  public var message: String? { members["message"] as? String }
  public var type: String? { members["type"] as? String }
  public var token: String? { members["token"] as? String }
  public var version: Int? { self["version"] }
  public var firstSeq: Int? { self["firstSeq"] }
  public var seq: Int? { self["seq"] }
  public var clone: Int? { self["clone"] }

  /// A number.
  public subscript(name: String) -> Int? { members[name] as? Int }
}

/// Calls bind or connect with the address of a socket's path.
public func atSocket(
  _ path: String, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
) -> Int32 {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      call($0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
}
