import CropEngine
import Testing

@Suite("The tokens that a window bears")
struct TokenListTests {
  private static let first = "3f0c2a54-9a0b-4c1d-8e2f-0123456789ab"
  private static let second = "11111111-2222-4333-9444-555555555555"
  private static let third = "AAAAAAAA-BBBB-4CCC-8DDD-EEEEEEEEEEEE"

  private func token(_ text: String) throws -> Token { try Token(parsing: text, subject: "") }

  @Test("A line each: kind, token, and the rectangle's name where it is one")
  func lines() throws {
    let list = TokenList(
      parsing: "crop \(Self.first)\nrestrict \(Self.second) video\ncrop \(Self.third) video\n")
    #expect(list.entries.map(\.kind) == [.crop, .restrict, .crop])
    #expect(list.entries.map(\.token.text) == [Self.first, Self.second, Self.third.lowercased()])
    #expect(list.entries.map(\.rectName) == [nil, "video", "video"])
    #expect(list.token(.crop, rectName: nil)?.text == Self.first)
    #expect(list.token(.crop, rectName: "video")?.text == Self.third.lowercased())
    #expect(list.token(.restrict, rectName: nil) == nil)
    #expect(list.entry(of: try token(Self.second))?.kind == .restrict)
    #expect(list.entry(of: try token(Self.second))?.rectName == "video")
  }

  @Test("What is not such a line is passed over, and words behind it too")
  func lenient() throws {
    let list = TokenList(
      parsing: """
        \n \nwatch \(Self.first)\ncrop\ncrop 3f0c\ncrop \(Self.first) a/b
        \u{ff}\u{0}
        \tcrop  \(Self.second)\tname since 2026
        """)
    #expect(list.entries.map(\.token.text) == [Self.second])
    #expect(list.entries.map(\.rectName) == ["name"])
    #expect(TokenList(parsing: "").entries.isEmpty)
  }

  @Test("The first line wins: of a token, and of what it names")
  func firstWins() throws {
    let list = TokenList(
      parsing: "crop \(Self.first) a\nrestrict \(Self.first)\ncrop \(Self.second) a\n")
    #expect(list.entry(of: try token(Self.first))?.kind == .crop)
    #expect(list.token(.crop, rectName: "a")?.text == Self.first)
    #expect(list.entry(of: try token(Self.second))?.rectName == "a", "it is a token all the same")
  }

  @Test("A line is added behind what is there, whatever that is")
  func append() throws {
    for (before, between) in [("", ""), ("x y\u{e9}\r\n", ""), ("x y", "\n")] {
      var list = TokenList(parsing: before)
      list.append(.crop, try token(Self.first), rectName: nil)
      list.append(.restrict, try token(Self.second), rectName: "video")
      #expect(
        list.text
          == before + between + "crop \(Self.first)\nrestrict \(Self.second) video\n")
      #expect(list.entries == TokenList(parsing: list.text).entries)
    }
  }
}
