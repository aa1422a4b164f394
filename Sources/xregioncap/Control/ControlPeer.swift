import CLinux
import CropEngine

/// A client of the control socket: what came of it that is not done yet, and what it is still to
/// get. Both are bounded.
final class ControlPeer {
  /// Bytes that a client may have to get: what it does not read, and the answers that it waits
  /// for. One that has more is cut off.
  static let longestOutput = 4 << 20
  /// Bytes read in one go.
  private static let chunk = 1 << 14
  /// What an answer takes beside its id, about, in bytes.
  private static let answerSize = 64

  /// Which events it wants to be told of.
  enum Subscription {
    case none
    case allButFrames
    case all
  }

  let number: Int
  let socket: LocalSocket
  var lines = LineBuffer()
  var subscription = Subscription.none
  /// What it is watched for; nil where it is not watched yet.
  var interest: Int32?
  /// Whether it stands in the row of those that have requests.
  var isInRow = false

  private var output: [UInt8] = []
  /// How many bytes of the output were sent.
  private var sent = 0
  /// The requests that are not answered, by their number.
  private var unanswered: [Int: ControlRequest.ID] = [:]
  private var unansweredIDs: Set<ControlRequest.ID> = []
  private var owedBytes = 0
  private var lastTicket = 0
  /// Whether it will write no more.
  private var isAtEnd = false
  /// Whether it will read no more.
  private var isGone = false

  init(_ number: Int, _ socket: consuming LocalSocket) {
    self.number = number
    self.socket = socket
  }

  /// What it is to be watched for.
  var wantedInterest: Int32 {
    let reads = !isAtEnd && lines.hasRoom
    return (reads ? Int32(CLINUX_READABLE) : 0)
      | (hasOutput ? Int32(CLINUX_WRITABLE) : 0)
  }

  /// Whether there is something that it did not take yet.
  var hasOutput: Bool { sent < output.count }

  /// Whether nothing is left to do for it, or it is to be cut off.
  var isDone: Bool {
    if output.count - sent + owedBytes > Self.longestOutput { return true }
    guard isAtEnd, !lines.hasLine else { return false }
    return isGone || (unanswered.isEmpty && !hasOutput && subscription == .none)
  }

  /// Takes in a part of what it has written.
  func read() {
    guard !isAtEnd, lines.hasRoom else { return }
    unsafe withUnsafeTemporaryAllocation(byteCount: Self.chunk, alignment: 1) { buffer in
      switch unsafe socket.receive(into: buffer) {
      case .some(let count):
        unsafe lines.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      case .later: break
      case .ended: isAtEnd = true
      }
    }
  }

  /// Takes note that it has closed its socket. What it wrote before is still read.
  func hungUp() {
    isGone = true
    output = []
    sent = 0
  }

  /// Takes in a request's id. nil where another request of that id waits for its answer.
  func admit(_ id: ControlRequest.ID) -> ControlRequest.Ticket? {
    guard unansweredIDs.insert(id).inserted else { return nil }
    lastTicket += 1
    unanswered[lastTicket] = id
    owedBytes += Self.size(id)
    return ControlRequest.Ticket(client: number, number: lastTicket)
  }

  /// The id to answer under; it can be used again. nil where it was answered.
  func settle(_ ticket: Int) -> ControlRequest.ID? {
    guard let id = unanswered.removeValue(forKey: ticket) else { return nil }
    unansweredIDs.remove(id)
    owedBytes -= Self.size(id)
    return id
  }

  /// The tickets that wait for an answer, in their order.
  var unansweredTickets: [ControlRequest.Ticket] {
    unanswered.keys.sorted().map { ControlRequest.Ticket(client: number, number: $0) }
  }

  private static func size(_ id: ControlRequest.ID) -> Int {
    if case .text(let text) = id { answerSize + text.utf8.count } else { answerSize }
  }

  /// Gives it a line, now or when it takes it.
  func send(_ line: [UInt8]) {
    guard !isGone else { return }
    output += line
    flush()
  }

  /// Sends what it takes.
  func flush() {
    while hasOutput {
      let outcome = unsafe output.withUnsafeBytes {
        unsafe socket.send(UnsafeRawBufferPointer(rebasing: $0[sent...]))
      }
      switch outcome {
      case .some(let count): sent += count
      case .later:
        // Moved rarely, so that each byte is moved once or so.
        if sent > output.count / 2 {
          output.removeFirst(sent)
          sent = 0
        }
        return
      case .ended:
        hungUp()
        return
      }
    }
    output.removeAll(keepingCapacity: output.count < Self.chunk)
    sent = 0
  }
}
