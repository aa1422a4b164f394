/// Number of a window on the X server.
public typealias WindowID = UInt

/// Which window is meant: the SEL of the command line.
public enum WindowSelector: Equatable, Sendable {
  /// The window of this id.
  case id(WindowID)
  /// The root window of the screen.
  case root
  /// The window that has the keyboard.
  case focused
  /// The one that the user clicks; the deepest child there, or the client.
  case pick(deepest: Bool)
  /// The one window for which all of these hold.
  case matching([WindowTerm])
}

/// What has to hold of a window.
public enum WindowTerm: Equatable, Sendable {
  /// The title matches the regular expression somewhere.
  case name(TitlePattern)
  /// Instance or class of WM_CLASS is this.
  case `class`(String)
  /// The process that owns it, as `_NET_WM_PID` says.
  case pid(Int)
}

/// A regular expression for window titles, checked when it is made.
public struct TitlePattern: Equatable, Sendable {
  /// As the user wrote it.
  public let source: String

  /// Longer ones are no titles, and can take for ever.
  static let longest = 256

  /// Throws `type` where it is no regular expression, or too long for one of a title.
  public init(_ source: String, subject: String) throws(CaptureError) {
    guard source.utf8.count <= Self.longest else {
      throw CaptureError(.type, subject, "the pattern is longer than \(Self.longest) bytes")
    }
    do {
      _ = try Regex(source)
    } catch {
      throw CaptureError(.type, subject, "'\(source)' is no regular expression")
    }
    self.source = source
  }

  /// Those of the elements whose titles match somewhere.
  public func filter<Element>(
    _ elements: [Element], title: (Element) -> String
  ) -> [Element] {
    // Regex is not Sendable, so it is made anew: once for all of them.
    guard let regex = try? Regex(source) else { return [] }
    // Most windows of a screen have no title, and the same answer.
    var known: [String: Bool] = [:]
    return elements.filter { element in
      let title = title(element)
      if let matches = known[title] { return matches }
      let matches = (try? regex.firstMatch(in: title)) != nil
      known[title] = matches
      return matches
    }
  }
}

extension WindowSelector {
  /// Reads an id (`0x…`, `0o…` or decimal), `root`, `focused`, `pick`, `pick:child`, or terms
  /// joined by commas (`name:REGEX`, `class:NAME`, `pid:N`).
  ///
  /// Throws `type` where it is none of these.
  public init(parsing text: String, subject: String) throws(CaptureError) {
    try CaptureError.refuseEmpty(text, subject: subject)
    switch text {
    case "root": self = .root
    case "focused": self = .focused
    case "pick": self = .pick(deepest: false)
    case "pick:child": self = .pick(deepest: true)
    default:
      if let id = Self.id(text) {
        self = .id(id)
      } else if Self.startsTerm(text) {
        var terms: [WindowTerm] = []
        for term in Self.split(text) {
          terms.append(try WindowTerm(parsing: term, subject: subject))
        }
        self = .matching(terms)
      } else {
        throw CaptureError(
          .type, subject,
          "'\(text)' names no window: expected an id, root, focused, pick, pick:child, or "
            + "name:REGEX, class:NAME, pid:N joined by commas")
      }
    }
  }

  /// Whether the user is to click.
  public var asksForClick: Bool {
    if case .pick = self { true } else { false }
  }

  private static func id(_ text: String) -> WindowID? {
    let (digits, radix) =
      switch text.prefix(2) {
      case "0x", "0X": (text.dropFirst(2), 16)
      case "0o": (text.dropFirst(2), 8)
      default: (text[...], 10)
      }
    // The three top bits of an X resource id are always 0, and 0 is None.
    guard digits.first != "+", let value = WindowID(digits, radix: radix), value > 0,
      value < 1 << 29
    else { return nil }
    return value
  }

  private static func startsTerm(_ text: some StringProtocol) -> Bool {
    WindowTerm.keys.contains { text.hasPrefix($0) }
  }

  /// Splits at the commas that a term follows, so that a comma may stand in a regular expression.
  private static func split(_ text: String) -> [Substring] {
    var terms: [Substring] = []
    var start = text.startIndex
    for comma in text.indices where text[comma] == "," {
      let next = text.index(after: comma)
      if startsTerm(text[next...]) {
        terms.append(text[start..<comma])
        start = next
      }
    }
    terms.append(text[start...])
    return terms
  }
}

extension WindowTerm {
  static let keys = ["name:", "class:", "pid:"]

  init(parsing text: Substring, subject: String) throws(CaptureError) {
    let value = String(text.drop { $0 != ":" }.dropFirst())
    guard !value.isEmpty else {
      throw CaptureError(.type, subject, "'\(text)' says nothing after the colon")
    }
    if text.hasPrefix("name:") {
      self = .name(try TitlePattern(value, subject: subject))
    } else if text.hasPrefix("class:") {
      self = .class(value)
    } else {
      guard value.first != "+", let pid = Int(value), pid > 0 else {
        throw CaptureError(.type, subject, "'\(value)' is no process id")
      }
      self = .pid(pid)
    }
  }
}
