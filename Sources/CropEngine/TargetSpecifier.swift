/// What the stream is to be limited to, as the user wrote it: the T of the command line.
public enum TargetSpecifier: Equatable, Sendable {
  /// What the token was minted for.
  case token(Token)
  /// A rectangle that the surface, or a window inside it, publishes under this name.
  case published(String)
  /// A window inside the surface.
  case window(WindowSelector)
  /// A child window of the surface.
  case child(ChildSelector)
  /// A fixed rectangle of the surface.
  case region(RegionGeometry)
}

/// Which viewable child window of the surface.
public enum ChildSelector: Equatable, Sendable {
  /// The only one.
  case only
  /// The N-th in stacking order from the bottom, from 1.
  case position(Int)
  /// The only one with such a title.
  case name(TitlePattern)
}

extension TargetSpecifier {
  /// Reads a token, GEOM, `child`, `child:N`, `child:name:REGEX`, `rect:NAME`, or a window
  /// selector.
  ///
  /// Throws `type` where it is none of these, `unknown` for a malformed token, `overconstrained`
  /// for a geometry without pixels.
  public init(parsing text: String, subject: String) throws(CaptureError) {
    if RegionGeometry.looksLikeOne(text) {
      self = .region(try RegionGeometry(parsing: text, subject: subject))
    } else if text == "child" {
      self = .child(.only)
    } else if text.hasPrefix("child:name:") {
      let pattern = String(text.dropFirst("child:name:".count))
      guard !pattern.isEmpty else {
        throw CaptureError(.type, subject, "'\(text)' says nothing after the colon")
      }
      self = .child(.name(try TitlePattern(pattern, subject: subject)))
    } else if text.hasPrefix("child:") {
      let digits = text.dropFirst("child:".count)
      guard digits.first != "+", let position = Int(digits), position > 0 else {
        throw CaptureError(
          .type, subject, "'\(text)': expected child:N with N from 1, or child:name:REGEX")
      }
      self = .child(.position(position))
    } else if text.hasPrefix("rect:") {
      let name = String(text.dropFirst("rect:".count))
      guard name.isPlainName else {
        throw CaptureError(
          .type, subject, "'\(text)': expected rect:NAME with 1 to 64 of A-Za-z0-9._-")
      }
      self = .published(name)
    } else if Token.looksLikeOne(text) {
      self = .token(try Token(parsing: text, subject: subject))
    } else {
      self = .window(try WindowSelector(parsing: text, subject: subject))
    }
  }
}
