/// The tokens that were minted for a window and for the rectangles that it publishes, as they are
/// written on it: a line `kind uuid [rect-name]` each.
///
/// Lines of another kind are left as they are, and so are words that stand behind.
public struct TokenList: Equatable, Sendable {
  /// The property that it is.
  public static let property = "_XREGIONCAP_TARGETS"

  /// A token, and what it names.
  public struct Entry: Equatable, Sendable {
    /// What the token is good for.
    public let kind: TargetKind
    /// The name by which others ask for it.
    public let token: Token
    /// The published rectangle; nil for the window itself.
    public let rectName: String?
  }

  /// The property's text.
  public private(set) var text: String
  /// Those that were understood, in the order of their lines.
  public private(set) var entries: [Entry]

  /// Reads the property's text.
  public init(parsing text: String) {
    self.text = text
    entries = text.propertyLines.compactMap(Entry.init)
  }

  /// What the token names; by the first line that has it.
  public func entry(of token: Token) -> Entry? { entries.first { $0.token == token } }

  /// The token of the window, or of a rectangle that it publishes; the first one.
  public func token(_ kind: TargetKind, rectName: String?) -> Token? {
    entries.first { $0.kind == kind && $0.rectName == rectName }?.token
  }

  /// Adds a line.
  public mutating func append(_ kind: TargetKind, _ token: Token, rectName: String?) {
    if !text.isEmpty, text.utf8.last != UInt8(ascii: "\n") { text += "\n" }
    text += ([kind.rawValue, token.text] + [rectName].compactMap { $0 }).joined(separator: " ")
    text += "\n"
    entries.append(Entry(kind: kind, token: token, rectName: rectName))
  }
}

extension TokenList.Entry {
  fileprivate init?(_ line: Substring) {
    let words = line.propertyWords
    guard words.count >= 2, let kind = TargetKind(rawValue: words[0]),
      let token = try? Token(parsing: words[1], subject: ""),
      words.count < 3 || words[2].isPlainName
    else { return nil }
    self.init(kind: kind, token: token, rectName: words.count < 3 ? nil : words[2])
  }
}

// By bytes: for Swift a carriage return and the line feed behind it are one character.
extension String {
  var propertyLines: [Substring] {
    utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { Substring($0) }
  }
}

extension Substring {
  var propertyWords: [String] {
    utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.map { String($0)! }
  }
}
