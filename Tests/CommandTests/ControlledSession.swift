import CropEngine
import Foundation
import Synchronization
import TestSupport

@testable import xregioncap

/// The control socket of a session without a capture, served by a thread of its own.
///
/// `cropTo` without a target, and all that takes none, is answered at once; a `cropTo` and a
/// `restrictTo` with one wait for `resume`, as changes wait for frames. `refresh` tells of an
/// event and of a frame, `stop` ends it.
final class ControlledSession: Sendable {
  /// What a request came as, but for whom to answer.
  struct Seen: Equatable {
    let operation: ControlRequest.Operation
    let clone: Int
  }

  private let shared: Shared

  private final class Shared: Sendable {
    let isToEnd = Atomic<Bool>(false)
    let hasBegun = Atomic<Bool>(false)
    let failure = Mutex<CaptureError?>(nil)
    let seen = Mutex<[Seen]>([])
    let turns = Atomic<Int>(0)
    let hasEnded = Atomic<Bool>(false)
    let name: String
    init(_ name: String) { self.name = name }
  }

  /// Opens the socket. Throws what ControlServer does.
  init(_ name: String = "rec") throws {
    let shared = Shared(name)
    self.shared = shared
    Thread.detachNewThread { Self.serve(shared) }
    while !shared.hasBegun.load(ordering: .acquiring) { sched_yield() }
    if let error = shared.failure.withLock({ $0 }) { throw error }
  }

  deinit { end() }

  /// The requests so far.
  var seen: [Seen] { shared.seen.withLock { $0 } }

  /// How often it has looked for something to do.
  var turns: Int { shared.turns.load(ordering: .relaxed) }

  /// Closes the socket, and waits until that is done.
  func end() {
    shared.isToEnd.store(true, ordering: .relaxed)
    while !hasEnded { sched_yield() }
  }

  var hasEnded: Bool { shared.hasEnded.load(ordering: .acquiring) }

  private static func serve(_ shared: Shared) {
    defer { shared.hasEnded.store(true, ordering: .releasing) }
    let server: ControlServer
    do throws(CaptureError) {
      server = try ControlServer(session: shared.name)
    } catch {
      shared.failure.withLock { $0 = error }
      shared.hasBegun.store(true, ordering: .releasing)
      return
    }
    shared.hasBegun.store(true, ordering: .releasing)
    var session = Answering(server: server)
    while !shared.isToEnd.load(ordering: .relaxed), !session.isStopped {
      Poller.wait(for: server.descriptor, atMost: server.hasRequests ? 0 : Clock.second / 100)
      shared.turns.add(1, ordering: .relaxed)
      server.receive()
      while let request = server.next() {
        shared.seen.withLock {
          $0.append(Seen(operation: request.operation, clone: request.clone))
        }
        session.answer(request)
      }
    }
    server.close(within: Clock.second)
  }
}

/// What answers, in place of a capture.
private struct Answering {
  let server: ControlServer
  private var version = 0
  private var held: [ControlRequest.Ticket] = []
  private(set) var isStopped = false

  init(server: ControlServer) { self.server = server }

  mutating func answer(_ request: ControlRequest) {
    switch request.operation {
    case .cropTo(nil), .restrictTo(nil): server.answer(request.ticket, .success(change()))
    case .cropTo, .restrictTo: held.append(request.ticket)
    case .mint:
      var generator = SystemRandomNumberGenerator()
      server.answer(request.ticket, .success(.token(Token(using: &generator))))
    case .state: server.answer(request.ticket, .success(.state(Self.report)))
    case .capabilities: server.answer(request.ticket, .success(.capabilities(Self.all)))
    case .pause: server.answer(request.ticket, .success(.seq(5)))
    case .resume:
      for ticket in held { server.answer(ticket, .success(change())) }
      held = []
      server.answer(request.ticket, .success(.seq(6)))
    case .refresh:
      server.tell(#"{"type":"unmute"}"#, isFrame: false)
      server.tell(#"{"type":"frame","seq":7}"#, isFrame: true)
      server.answer(request.ticket, .success(.seq(7)))
    case .stop:
      isStopped = true
      server.answer(request.ticket, .success(.seq(8)))
    case .clone: server.answer(request.ticket, .success(.clone(1)))
    case .lock:
      let error = CaptureError(.invalidState, "the session", "its target\nis locked")
      server.answer(request.ticket, .failure(error))
    case .subscribe(let frames):
      server.subscribe(request.ticket, frames: frames)
      server.answer(request.ticket, .success(.done))
    }
  }

  private mutating func change() -> ControlAnswer {
    version += 1
    return .change(version: version, firstSeq: 10 * version)
  }

  private static let report = StreamReport(
    status: .muted, kind: .crop, version: 3, seq: 118, rect: nil,
    canvas: Size(width: 100, height: 80), surface: Size(width: 400, height: 300), reason: .empty,
    isEligible: true, isLocked: false, clones: [1, 2])

  private static let all = xregioncap.Capabilities(
    cropTo: true, restrictTo: false, cursor: true, shm: true, damage: false, composite: false,
    shape: true, randr: true, splice: true)
}

/// A `$XDG_RUNTIME_DIR` of a test's own.
struct RuntimeFolder {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    setenv("XDG_RUNTIME_DIR", folder.path, 1)
  }

  var path: String { folder.path }
  /// The folder of the sockets.
  var sockets: String { folder["xregioncap"] }
  var names: [String] { TemporaryFolder.names(in: sockets) }
  func socket(_ name: String = "rec") -> String { sockets + "/" + name + ".sock" }
  func client(_ name: String = "rec") throws -> ControlClient {
    try ControlClient(path: socket(name))
  }
}
