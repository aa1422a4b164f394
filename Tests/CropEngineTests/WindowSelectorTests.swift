import CropEngine
import Testing

@Suite("The window selector grammar")
struct WindowSelectorTests {
  private func selector(_ text: String) throws -> WindowSelector {
    try WindowSelector(parsing: text, subject: "--window")
  }

  private func title(_ source: String) throws -> WindowTerm {
    .name(try TitlePattern(source, subject: "--window"))
  }

  @Test(
    "An id is hexadecimal, octal or decimal",
    arguments: [
      ("0x1e00007", 0x1e00007), ("0X1E00007", 0x1e00007), ("0x1E00007", 0x1e00007),
      ("31457287", 0x1e00007), ("0o170000007", 0x1e00007), ("1", 1), ("0x1", 1), ("0o1", 1),
      ("0123", 123), ("0x1fffffff", 0x1fff_ffff), ("536870911", 0x1fff_ffff),
      ("0o3777777777", 0x1fff_ffff),
    ] as [(String, WindowID)])
  func ids(_ text: String, _ id: WindowID) throws {
    #expect(try selector(text) == .id(id))
  }

  @Test(
    "What is no X resource id is an error of type",
    arguments: [
      "0", "0x0", "0o0", "0x20000000", "536870912", "0o4000000000", "0xffffffffffffffff",
      "0x10000000000000000", "99999999999999999999", "-1", "+1", "0x", "0o", "0xg", "0o8", "0b1",
      "1.0", "1 ", " 1", "0x1e00007 ", "1_000", "١",
    ])
  func notIDs(_ text: String) {
    let error = #expect(throws: CaptureError.self) { try selector(text) }
    #expect(error?.name == .type)
    #expect(error?.subject == "--window")
    #expect(error?.reason.hasPrefix("'\(text)' names no window: expected an id") == true)
  }

  @Test("An empty one is what a selection that was cancelled leaves, and is called that")
  func empty() {
    let error = #expect(throws: CaptureError.self) { try selector("") }
    #expect(
      error == CaptureError(.type, "--window", "it is empty: was the selection cancelled?"))
  }

  @Test("A sign within an id is an error of type", arguments: ["0x+5", "0o+5"])
  func signedIDs(_ text: String) {
    let error = #expect(throws: CaptureError.self) { try selector(text) }
    #expect(error?.name == .type)
  }

  @Test("A negative number in hexadecimal is an error of type")
  func negativeHexadecimal() {
    let error = #expect(throws: CaptureError.self) { try selector("0x-5") }
    #expect(error?.name == .type)
  }

  @Test("root, focused, pick and pick:child are words, and only as they are written")
  func words() throws {
    #expect(try selector("root") == .root)
    #expect(try selector("focused") == .focused)
    #expect(try selector("pick") == .pick(deepest: false))
    #expect(try selector("pick:child") == .pick(deepest: true))
    for text in [
      "Root", "FOCUSED", "root ", "roots", ",", ":", "name", "title:x", "Name:x", "Pick",
      "pick ", "pick:", "pick:Child", "pick:child:1", "pick,pid:1", "picks",
    ] {
      let error = #expect(throws: CaptureError.self) { try selector(text) }
      #expect(error?.name == .type, "\(text)")
    }
  }

  @Test("pick alone asks for a click")
  func clicks() throws {
    #expect(try selector("pick").asksForClick)
    #expect(try selector("pick:child").asksForClick)
    for text in ["root", "focused", "0x1", "name:pick"] {
      #expect(try !selector(text).asksForClick, "\(text)")
    }
  }

  @Test("An error lists the selectors")
  func listed() {
    #expect(
      #expect(throws: CaptureError.self) { try selector("pik") }
        == CaptureError(
          .type, "--window",
          "'pik' names no window: expected an id, root, focused, pick, pick:child, or "
            + "name:REGEX, class:NAME, pid:N joined by commas"))
  }

  @Test("One term alone")
  func oneTerm() throws {
    #expect(try selector("name:Mozilla.*") == .matching([title("Mozilla.*")]))
    #expect(try selector("class:Firefox") == .matching([.class("Firefox")]))
    #expect(try selector("pid:4711") == .matching([.pid(4711)]))
  }

  @Test("Terms are split at the commas that a term follows, and at no others")
  func severalTerms() throws {
    #expect(
      try selector("name:a,class:B,pid:3") == .matching([title("a"), .class("B"), .pid(3)]))
    #expect(try selector("pid:3,name:a") == .matching([.pid(3), title("a")]))
    #expect(try selector("name:a,b") == .matching([title("a,b")]))
    #expect(try selector("name:x{1,3},pid:3") == .matching([title("x{1,3}"), .pid(3)]))
    #expect(try selector("name:a,,class:B") == .matching([title("a,"), .class("B")]))
    #expect(try selector("name:a,") == .matching([title("a,")]))
    #expect(try selector("class:a,b") == .matching([.class("a,b")]))
    #expect(try selector("name:a,name:b") == .matching([title("a"), title("b")]))
    #expect(try selector("name:class:x") == .matching([title("class:x")]))
    #expect(try selector("name:a, pid:3") == .matching([title("a, pid:3")]))
  }

  @Test(
    "A term without a value is an error of type that names the term",
    arguments: [
      ("name:", "name:"), ("class:", "class:"), ("pid:", "pid:"), ("name:,pid:3", "name:"),
      ("pid:3,name:", "name:"), ("name:a,class:,pid:3", "class:"),
    ])
  func emptyValues(_ text: String, _ term: String) {
    let error = #expect(throws: CaptureError.self) { try selector(text) }
    #expect(error == CaptureError(.type, "--window", "'\(term)' says nothing after the colon"))
  }

  @Test(
    "What is no regular expression is an error of type", arguments: ["(", "[a", "a)", "*", "\\"])
  func badPatterns(_ source: String) {
    let expected = CaptureError(.type, "--window", "'\(source)' is no regular expression")
    #expect(#expect(throws: CaptureError.self) { try selector("name:\(source)") } == expected)
    let second = #expect(throws: CaptureError.self) { try selector("pid:3,name:\(source)") }
    #expect(second == expected)
  }

  @Test(
    "What is no process id is an error of type",
    arguments: ["0", "-1", "x", "1x", " 1", "1.5", "99999999999999999999", "0x10", "3,4"])
  func badProcessIDs(_ value: String) {
    let error = #expect(throws: CaptureError.self) { try selector("pid:\(value)") }
    #expect(error == CaptureError(.type, "--window", "'\(value)' is no process id"))
  }

  @Test(
    "A title matches where the expression is found anywhere in it",
    arguments: [
      ("Term", "XTerm 3", true), ("Term", "my Terminal", true), ("^Term", "my Terminal", false),
      ("^my .*l$", "my Terminal", true), ("(?i)term", "XTERM", true), ("a,b", "xa,by", true),
      ("", "anything", true), ("é", "café", true), ("x{2,3}", "yxxy", true),
      ("x{2,3}", "yxy", false),
    ])
  func matching(_ source: String, _ title: String, _ expected: Bool) throws {
    let pattern = try TitlePattern(source, subject: "--window")
    #expect(pattern.filter([title]) { $0 }.isEmpty != expected)
    #expect(pattern.source == source)
  }
}
