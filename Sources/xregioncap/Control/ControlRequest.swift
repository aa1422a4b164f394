import CropEngine
import FoundationEssentials

/// What a client of the control socket asks for.
struct ControlRequest {
  /// Whom to answer, and under which id.
  struct Ticket: Hashable {
    /// The number of the client, which no later one gets.
    var client: Int
    /// The number of the request among that client's.
    var number: Int
  }

  /// What a client calls a request, and its answer.
  enum ID: Hashable {
    case number(Decimal)
    case text(String)
  }

  /// What can be asked for, by its name in JSON.
  enum Name: String, CaseIterable {
    case cropTo, restrictTo, mint, state, capabilities, pause, resume, refresh, stop, clone, lock
    case subscribe
  }

  enum Operation: Equatable {
    /// nil reverts to the whole surface.
    case cropTo(TargetSpecifier?)
    /// nil reverts to the whole surface.
    case restrictTo(TargetSpecifier?)
    case mint(TargetKind, TargetSpecifier)
    case state
    case capabilities
    case pause
    case resume
    case refresh
    case stop
    /// Options of the new stream as on the command line, without their dashes; nil for a flag.
    case clone([String: String?])
    case lock
    /// Of frames too, or of all other events alone.
    case subscribe(frames: Bool)
  }

  var ticket: Ticket
  var operation: Operation
  /// The stream that it is about; 0 for the session's own.
  var clone: Int
}

extension ControlRequest.ID: CustomStringConvertible {
  var description: String {
    switch self {
    case .number(let number): number.description
    case .text(let text): "'\(text)'"
    }
  }
}

extension ControlRequest.ID: Codable {
  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let text = try? value.decode(String.self) {
      self = .text(text)
    } else {
      self = .number(try value.decode(Decimal.self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .number(let number): try value.encode(number)
    case .text(let text): try value.encode(text)
    }
  }
}
