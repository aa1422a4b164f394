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
    /// The target is dead, unknown or outside the surface: one message for all of these.
    case notAllowed = 5
    /// The session ended, or its name is in use; locked; the pointer is another program's.
    case invalidState = 6
    /// A size or rate that cannot be had.
    case overconstrained = 10
    /// No display, window or monitor.
    case notFound = 11
    /// The server refuses the pixels.
    case notReadable = 12
    /// The output cannot be written.
    case output = 15
    /// The connection to the display is gone.
    case connectionLost = 20
    /// Stopped without one frame written.
    case noFrame = 21
  }

  /// Which kind of error.
  public let name: Name
  /// The option, file or window it is about, as the user wrote it.
  public let subject: String
  /// Why, and the way out.
  public let reason: String

  public init(_ name: Name, _ subject: String, _ reason: String) {
    self.name = name
    self.subject = subject
    self.reason = reason
  }
}

extension CaptureError: CustomStringConvertible {
  /// `what: why`, on one line.
  public var description: String {
    (subject.isEmpty ? reason : "\(subject): \(reason)").printable
  }
}

extension String {
  /// The text, fit for one line of a terminal whoever wrote it: what is not harmless becomes '?'.
  public var printable: String {
    var line = ""
    for scalar in unicodeScalars { line.unicodeScalars.append(scalar.isHarmless ? scalar : "?") }
    return line
  }
}

extension Unicode.Scalar {
  /// Whether it does not control a terminal, end a line or turn its direction.
  public var isHarmless: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    default: !properties.isBidiControl
    }
  }
}
