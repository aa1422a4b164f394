import TestSupport

/// Reads XML as strictly as a page needs it: each element is closed, attributes are quoted, and no
/// text has a character that would be markup.
struct MarkupReader {
  private struct Element {
    let tag: String
    let attributes: [String: String]
    /// Of it alone, not of what is inside it.
    var text = ""
  }

  private var elements: [Element] = []

  /// Throws what is wrong with it.
  init(_ text: String) throws {
    var rest = text[...]
    guard rest.hasPrefix("<!DOCTYPE html>\n") else { throw Failure("no document type") }
    rest = rest.dropFirst("<!DOCTYPE html>\n".count)
    var open: [Int] = []
    while let start = rest.firstIndex(of: "<") {
      let said = try Self.plain(rest[..<start])
      if let last = open.last {
        elements[last].text += said
      } else if said.contains(where: { !$0.isWhitespace }) {
        throw Failure("text outside: \(said)")
      }
      guard let end = rest[start...].firstIndex(of: ">") else { throw Failure("no end of a tag") }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        guard let last = open.popLast(), elements[last].tag == tag.dropFirst() else {
          throw Failure("</\(tag.dropFirst())> closes another element")
        }
        continue
      }
      let isEmpty = tag.hasSuffix("/")
      elements.append(try Self.element(isEmpty ? tag.dropLast() : tag))
      if !isEmpty { open.append(elements.count - 1) }
    }
    guard open.isEmpty, rest.allSatisfy(\.isWhitespace) else { throw Failure("it is not closed") }
  }

  func count(_ tag: String) -> Int { elements.count { $0.tag == tag } }

  /// What is in elements of this tag.
  func texts(_ tag: String) -> [String] { elements.filter { $0.tag == tag }.map(\.text) }

  /// The values that elements of this tag have for an attribute.
  func attribute(_ name: String, of tag: String) -> [String] {
    elements.filter { $0.tag == tag }.compactMap { $0.attributes[name] }
  }

  private static func element(_ text: Substring) throws -> Element {
    guard let match = text.wholeMatch(of: /([a-z][a-z0-9]*)((?: [A-Za-z0-9-]+="[^"<]*")*)/) else {
      throw Failure("no tag: \(text)")
    }
    var attributes: [String: String] = [:]
    for each in match.output.2.matches(of: /([A-Za-z0-9-]+)="([^"]*)"/) {
      guard attributes.updateValue(try plain(each.output.2), forKey: String(each.output.1)) == nil
      else { throw Failure("twice: \(text)") }
    }
    return Element(tag: String(match.output.1), attributes: attributes)
  }

  private static func plain(_ text: Substring) throws -> String {
    var plain = ""
    var rest = text
    while let start = rest.firstIndex(of: "&") {
      plain += rest[..<start]
      let known = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'"]
      guard let (name, value) = known.first(where: { rest[start...].hasPrefix($0.key) }) else {
        throw Failure("no character: \(rest[start...].prefix(10))")
      }
      plain += value
      rest = rest[start...].dropFirst(name.count)
    }
    guard !rest.contains(">") else { throw Failure("a > in \(rest.prefix(40))") }
    for scalar in text.unicodeScalars where scalar.value < 32 && scalar != "\n" {
      throw Failure("a control character")
    }
    return plain + rest
  }
}
