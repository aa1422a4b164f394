import CropEngine

/// What a client of the control socket asks for.
struct ControlRequest {
  /// Whom to answer, and under which id.
  struct Ticket: Hashable {
    /// The number of the client, which no later one gets.
    var client: Int
    /// The number of the request among that client's.
    var number: Int
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
