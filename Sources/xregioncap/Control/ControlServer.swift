import CLinux
import CropEngine
import Glibc

/// The control socket of a session: takes in requests of several clients, answers them, and tells
/// of events. It never waits, and does a bounded piece of work at a time.
final class ControlServer {
  /// Clients at a time.
  private static let mostClients = 64
  /// How many bytes of requests ``next()`` takes before it gives way.
  private static let turn = 1 << 16
  /// What a request counts for at least, in bytes.
  private static let leastCost = 1 << 10
  /// What the listener is watched as; clients are watched by their numbers.
  private static let listenerTag: UInt64 = 0

  /// Readable while there is something to take in: the listener and all clients, in one (epoll).
  let descriptor: Int32
  /// nil when it was closed.
  private var socket: ControlSocket?
  private var clients: [Int: ControlPeer] = [:]
  private var lastNumber = 0
  /// The numbers of the clients that have requests, whose turn is next first.
  private var row: [Int] = []
  /// How much of the turn is used up, in bytes.
  private var spent = 0
  /// Whether no client can be accepted for now.
  private var isFull = false

  /// Begins to listen under a name.
  ///
  /// Throws `type` where the name is none, `invalidState` where it is in use, `security` where the
  /// folder is not this user's alone, `fault` where the system has no means to.
  init(session name: String) throws(CaptureError) {
    let socket = try ControlSocket(session: name)
    descriptor = clinux_epoll()
    self.socket = consume socket
    guard descriptor >= 0, watchListener(once: false) else {
      throw CaptureError(.fault, "epoll", unsafe String(cString: strerror(errno)))
    }
  }

  deinit {
    close()
    Glibc.close(descriptor)
  }

  // MARK: In

  /// Takes in what has come, and sends what could not be sent before.
  func receive() {
    var tag: UInt64 = 0
    for _ in 0...Self.mostClients {
      let state = unsafe clinux_epoll_next(descriptor, &tag)
      if state == 0 { return }
      if tag == Self.listenerTag {
        accept()
      } else if let client = clients[Int(tag)] {
        if state & Int32(CLINUX_HUNG_UP) != 0 { client.hungUp() }
        client.flush()
        client.read()
        settle(client)
      }
    }
  }

  /// Whether ``next()`` has something to look at.
  var hasRequests: Bool { !row.isEmpty }

  /// The next request: of each client in the order in which they came, of one client after the
  /// other. nil where there is none, or it is time for something else.
  ///
  /// A line that is none is answered here.
  func next() -> ControlRequest? {
    while spent < Self.turn, !row.isEmpty, let client = clients[row.removeFirst()] {
      client.isInRow = false
      let request = request(of: client)
      settle(client)
      if let request { return request }
    }
    spent = 0
    return nil
  }

  private func request(of client: ControlPeer) -> ControlRequest? {
    spent += Self.leastCost
    do throws(CaptureError) {
      guard case .whole(let line) = client.lines.next() else {
        throw CaptureError(
          .type, "request", "it is longer than the \(LineBuffer.longest) bytes of a line")
      }
      spent += line.count
      let message = try ControlMessage(line: line)
      guard let ticket = client.admit(message.id) else {
        throw CaptureError(.type, "id", "\(message.id) is not answered yet: use another")
      }
      switch message.content {
      case .success(let content):
        return ControlRequest(ticket: ticket, operation: content.operation, clone: content.clone)
      case .failure(let error):
        answer(ticket, .failure(error))
      }
    } catch {
      client.send(ControlReply(id: nil, result: .failure(error)).line)
    }
    return nil
  }

  // MARK: Out

  /// Answers a request. A client that is gone gets nothing.
  func answer(
    _ ticket: ControlRequest.Ticket, _ result: Result<ControlAnswer, CaptureError>
  ) {
    guard let client = clients[ticket.client], let id = client.settle(ticket.number) else { return }
    client.send(ControlReply(id: id, result: result).line)
    settle(client)
  }

  /// Tells the client of a request of events from now on, of frames too or of all others alone.
  func subscribe(_ ticket: ControlRequest.Ticket, frames: Bool) {
    clients[ticket.client]?.subscription = frames ? .all : .allButFrames
  }

  var hasSubscribers: Bool { clients.values.contains { $0.subscription != .none } }
  var hasFrameSubscribers: Bool { clients.values.contains { $0.subscription == .all } }

  /// Tells of an event: a line of JSON, without what ends it.
  func tell(_ event: String, isFrame: Bool) {
    let line = Array(event.utf8) + [UInt8(ascii: "\n")]
    for client in Array(clients.values) where client.subscription != .none {
      if isFrame, client.subscription != .all { continue }
      client.send(line)
      settle(client)
    }
  }

  // MARK: Clients

  /// Takes in one who has connected.
  private func accept() {
    guard let peer = socket?.listener.accept() else {
      // Nobody is there any more; or there is no room, and the system would tell of the one who
      // waits without end.
      if errno != EAGAIN, errno != ECONNABORTED, errno != EINTR, !isFull {
        isFull = watchListener(once: true)
      }
      return
    }
    noteRoom()
    guard peer.hasPeerOfThisUser else { return }
    lastNumber += 1
    let client = ControlPeer(lastNumber, peer)
    guard clients.count < Self.mostClients else {
      let error = CaptureError(
        .invalidState, "the session", "it has \(Self.mostClients) clients already: try again later")
      client.send(ControlReply(id: nil, result: .failure(error)).line)
      return
    }
    clients[lastNumber] = client
    settle(client)
  }

  /// Does for a client what follows from what happened to it.
  private func settle(_ client: ControlPeer) {
    guard !client.isDone else {
      clients[client.number] = nil
      row.removeAll { $0 == client.number }
      noteRoom()
      return
    }
    if client.lines.hasLine, !client.isInRow {
      client.isInRow = true
      row.append(client.number)
    }
    let wanted = client.wantedInterest
    if wanted != client.interest {
      client.interest = wanted
      watch(client.socket.descriptor, wanted, UInt64(client.number))
    }
  }

  /// Listens again, where no client could be accepted before.
  private func noteRoom() {
    if isFull { isFull = !watchListener(once: false) }
  }

  /// With `once`, tells of each that connects once, and not for as long as one waits.
  private func watchListener(once: Bool) -> Bool {
    guard let listener = socket?.listener.descriptor else { return false }
    let interest = CLINUX_READABLE | (once ? CLINUX_ONCE : 0)
    return watch(listener, Int32(interest), Self.listenerTag)
  }

  @discardableResult
  private func watch(_ other: Int32, _ interest: Int32, _ tag: UInt64) -> Bool {
    clinux_epoll_watch(descriptor, other, interest, tag) == 0
  }

  // MARK: The end

  /// Ends it: who waits for an answer hears that the session has ended, and gets what can be sent
  /// in so many ns. The socket's file is gone then.
  func close(within time: Int64 = 0) {
    guard socket != nil else { return }
    receive()
    socket = nil
    let ended = CaptureError(.invalidState, "the session", "it has ended")
    for client in Array(clients.values) {
      while client.lines.hasLine {
        if let request = request(of: client) { answer(request.ticket, .failure(ended)) }
      }
      for ticket in client.unansweredTickets { answer(ticket, .failure(ended)) }
    }
    let deadline = Clock.now + time
    while Clock.now < deadline, clients.values.contains(where: \.hasOutput) {
      Poller.wait(for: descriptor, atMost: deadline - Clock.now)
      receive()
    }
    clients = [:]
    row = []
  }
}

extension ControlReply {
  /// As it is sent.
  fileprivate var line: [UInt8] { Array(JSONText.line(self).utf8) + [UInt8(ascii: "\n")] }
}
