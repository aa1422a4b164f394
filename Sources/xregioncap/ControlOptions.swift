import ArgumentParser
import CropEngine
import FoundationEssentials

/// Which session is spoken to, and of which of its streams.
struct ControlOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The session, as --session of the capture named it.", valueName: "name"),
    completion: Completion.session)
  var session: String?

  @Option(
    help: ArgumentHelp("A clone of the session, in place of its own stream.", valueName: "id"))
  var clone: Int?

  /// Connects to the session. Throws `type` where none is named.
  func connect() throws(CaptureError) -> ControlConnection {
    guard let session else { throw CaptureError(.type, "--session", "name one: ctl -s NAME OP") }
    return try ControlConnection(session: session)
  }

  /// A request, as the session reads it.
  func request(_ name: ControlRequest.Name, _ arguments: [String: Argument]) -> String {
    var members = arguments
    members["id"] = .number(1)
    members["op"] = .text(name.rawValue)
    members["clone"] = clone.map { .number($0) }
    return JSONText.line(members)
  }

  /// A member of a request.
  enum Argument: Encodable {
    case text(String)
    case number(Int)
    case flag

    func encode(to encoder: any Encoder) throws {
      var value = encoder.singleValueContainer()
      switch self {
      case .text(let text): try value.encode(text)
      case .number(let number): try value.encode(number)
      case .flag: try value.encode(true)
      }
    }
  }

  /// Asks for something, and prints the answer. Throws the error that it is.
  func call(_ name: ControlRequest.Name, _ arguments: [String: Argument] = [:]) throws {
    var connection = try connect()
    try connection.send(request(name, arguments))
    let answer = try connection.answer()
    try StandardOutput.write(answer + "\n")
    if let error = ControlFailure.error(in: answer) { throw error }
  }
}

/// An answer of a session, where it is an error.
struct ControlFailure: Decodable {
  private let error: String?
  private let message: String?
  private let ok: Bool

  /// nil where the answer is none.
  static func error(in answer: String) -> CaptureError? {
    guard let failure = try? JSONDecoder().decode(Self.self, from: Data(answer.utf8)) else {
      return CaptureError(.fault, "the session", "its answer is not understood: \(answer)")
    }
    guard !failure.ok else { return nil }
    let name = failure.error.flatMap(CaptureError.Name.init(text:)) ?? .fault
    return CaptureError(name, "", failure.message ?? "the session gives no reason")
  }
}
