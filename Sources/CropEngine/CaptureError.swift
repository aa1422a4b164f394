/// What went wrong: which thing, and why, under a name that scripts and programs can act on.
public struct CaptureError: Error, Equatable, Sendable {
  /// The W3C's name of the error where it has one. The raw value is the command's exit status.
  public enum Name: Int32, Sendable, CaseIterable {
    /// A fault of ours; or the user cancelled what was asked of them.
    case fault = 1
    /// A bad option, argument or request; the wrong kind of token.
    case type = 2
    /// An extension is missing, or the thing asked for is not there to be had.
    case notSupported = 3
    /// A malformed token.
    case unknown = 4
    /// The target is dead, unknown or outside the surface: one message for all of these.
    case notAllowed = 5
    /// The session ended, or its name is in use; locked; the pointer is another program's.
    case invalidState = 6
    /// Asked to persist a token.
    case dataClone = 7
    /// The operation was overtaken.
    case abort = 8
    /// A size or rate that cannot be had.
    case overconstrained = 10
    /// No display, window or monitor.
    case notFound = 11
    /// The server refuses the pixels.
    case notReadable = 12
    /// More tokens than a top-level window may have.
    case quotaExceeded = 13
    /// A socket's folder or its peer is not ours.
    case security = 14
    /// The output cannot be written.
    case output = 15
    /// The connection to the display is gone.
    case connectionLost = 20
    /// Stopped without one frame written.
    case noFrame = 21
    /// What was captured is not what it was to be: blank, still, or other than a reference.
    case verdict = 22
  }

  /// Which kind of error.
  public let name: Name
  /// The option, file or window it is about, as the user wrote it.
  public let subject: String
  /// Why, and the way out.
  public let reason: String

  /// An error that reads `subject: reason`.
  public init(_ name: Name, _ subject: String, _ reason: String) {
    self.name = name
    self.subject = subject
    self.reason = reason
  }
}

extension CaptureError {
  /// The one word for a target that is unknown, dead or outside the surface: which of these it is
  /// is nobody's business.
  public static func noTarget(_ subject: String) -> CaptureError {
    CaptureError(.notAllowed, subject, "it is no target inside the surface")
  }
}

extension CaptureError.Name {
  /// As programs read it in JSON: the W3C's name, or one in its manner.
  public var text: String {
    switch self {
    case .fault: "OperationError"
    case .type: "TypeError"
    case .notSupported: "NotSupportedError"
    case .unknown: "UnknownError"
    case .notAllowed: "NotAllowedError"
    case .invalidState: "InvalidStateError"
    case .dataClone: "DataCloneError"
    case .abort: "AbortError"
    case .overconstrained: "OverconstrainedError"
    case .notFound: "NotFoundError"
    case .notReadable: "NotReadableError"
    case .quotaExceeded: "QuotaExceededError"
    case .security: "SecurityError"
    case .output: "OutputError"
    case .connectionLost: "ConnectionLostError"
    case .noFrame: "NoFrameError"
    case .verdict: "VerdictError"
    }
  }

  /// The name that ``text`` gives.
  public init?(text: String) {
    guard let name = Self.allCases.first(where: { $0.text == text }) else { return nil }
    self = name
  }
}

extension CaptureError {
  /// Throws `type` for a text without a word in it: what a program prints in which somebody was to
  /// choose something, and did not.
  static func refuseEmpty(_ text: String, subject: String) throws(CaptureError) {
    guard text.isEmpty else { return }
    throw CaptureError(.type, subject, "it is empty: was the selection cancelled?")
  }
}

extension CaptureError: CustomStringConvertible {
  /// `what: why`, on one line.
  public var description: String {
    (subject.isEmpty ? reason : "\(subject): \(reason)").printable
  }
}

extension String {
  /// Whether it may name a session, or a rectangle that an application publishes: 1 to 64 of
  /// `A-Za-z0-9._-`, and not a folder's `.` or `..`.
  package var isPlainName: Bool {
    let isPlain = utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isPlain && (1...64).contains(utf8.count) && self != "." && self != ".."
  }

  /// The text, fit for one line of a terminal whoever wrote it: what is not harmless becomes '?'.
  package var printable: String {
    var line = ""
    for scalar in unicodeScalars { line.unicodeScalars.append(scalar.isHarmless ? scalar : "?") }
    return line
  }
}

extension Unicode.Scalar {
  /// Whether it does not control a terminal, end a line or turn its direction.
  package var isHarmless: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    default: !properties.isBidiControl
    }
  }
}
