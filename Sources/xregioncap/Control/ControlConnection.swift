import CropEngine
import Glibc

/// The connection of a client to a session.
struct ControlConnection: ~Copyable {
  enum Line: Equatable {
    /// Without what ends it.
    case text(String)
    /// None has come.
    case none
    /// None will come any more.
    case ended
  }

  /// Bytes read in one go.
  private static let chunk = 1 << 16

  private let socket: LocalSocket
  private let session: String
  private var received: [UInt8] = []

  /// Connects. Throws `type` where the name is none, `invalidState` where no such session runs,
  /// `security` where the folder or the session is not this user's.
  init(session: String) throws(CaptureError) {
    let path = try ControlFolder.socketPath(of: session)
    let socket = try LocalSocket(blocks: true)
    guard let folder = try ControlFolder.open(making: false) else {
      throw Self.notRunning(session, others: [])
    }
    let error = socket.connect(to: path)
    guard error == 0 else {
      guard error == ENOENT || error == ECONNREFUSED else {
        throw CaptureError(
          .security, Self.subject(session), unsafe String(cString: strerror(error)))
      }
      throw Self.notRunning(session, others: folder.sessions())
    }
    guard socket.hasPeerOfThisUser else {
      throw CaptureError(.security, Self.subject(session), "it is another user's")
    }
    self.socket = socket
    self.session = session
  }

  private static func subject(_ session: String) -> String { "session '\(session)'" }

  private static func notRunning(_ session: String, others: [String]) -> CaptureError {
    let those =
      others.isEmpty ? "start one with --session" : "there is " + others.joined(separator: ", ")
    return CaptureError(.invalidState, subject(session), "none of this name is running: \(those)")
  }

  /// That the session has ended without an answer.
  var ended: CaptureError {
    CaptureError(.invalidState, Self.subject(session), "it ended before it answered")
  }

  /// Readable when something has come.
  var descriptor: Int32 { socket.descriptor }

  /// Sends a line, without what ends it. Throws `invalidState` where the session has ended.
  func send(_ line: String) throws(CaptureError) {
    let bytes = Array((line + "\n").utf8)
    var sent = 0
    while sent < bytes.count {
      let outcome = unsafe bytes.withUnsafeBytes {
        unsafe socket.send(UnsafeRawBufferPointer(rebasing: $0[sent...]))
      }
      guard outcome != .ended else { throw ended }
      if case .some(let count) = outcome { sent += count }
    }
  }

  /// The next line that has come. Does not wait.
  mutating func next() -> Line {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeFirst(end + 1) }
        return .text(String(decoding: received[..<end], as: UTF8.self))
      }
      let outcome = unsafe withUnsafeTemporaryAllocation(byteCount: Self.chunk, alignment: 1) {
        let outcome = unsafe socket.receive(into: $0)
        if case .some(let count) = outcome { unsafe received += $0[..<count] }
        return outcome
      }
      switch outcome {
      case .some: continue
      case .later: return .none
      case .ended: return .ended
      }
    }
  }

  /// The answer to what was sent. Waits for it. Throws `invalidState` where the session ends first.
  mutating func answer() throws(CaptureError) -> String {
    while true {
      switch next() {
      case .text(let line): return line
      case .none: Poller.wait(for: descriptor, atMost: .max)
      case .ended: throw ended
      }
    }
  }
}
