import CropEngine
import Testing

@Suite("Words of a line, as a shell parts them")
struct ShellWordsTests {
  @Test(
    "Spaces part words; quotes and backslashes keep them together",
    arguments: [
      ("", []), (" \t\n ", []), ("-crf 30", ["-crf", "30"]), ("  a   b ", ["a", "b"]),
      ("'a b' c", ["a b", "c"]), ("a' 'b", ["a b"]), ("''", [""]), ("a '' b", ["a", "", "b"]),
      (#""a b"c"#, ["a bc"]), (#"a\ b"#, ["a b"]), (#"\'a"#, ["'a"]), (#"'\n'"#, [#"\n"#]),
      (#""\"\\\$\`\n""#, [#""\$`\n"#]), (#""it's""#, ["it's"]), (#"'"'"#, ["\""]),
      ("$HOME *.c ~ # `x`", ["$HOME", "*.c", "~", "#", "`x`"]), ("é\u{301} ü", ["é\u{301}", "ü"]),
    ])
  func split(_ line: String, _ words: [String]) throws {
    #expect(try ShellWords.split(line, subject: "x") == words)
  }

  @Test(
    "What is not closed is no line", arguments: ["'", "\"", "a 'b", #""a\""#, #"a\"#])
  func unclosed(_ line: String) {
    let error = #expect(throws: CaptureError.self) { try ShellWords.split(line, subject: "x") }
    #expect(error?.name == .type && error?.subject == "x")
  }

  @Test("Words that are joined are parted into the same again")
  func join() throws {
    let words = [
      "ffmpeg", "", "a b", "it's", #"\"$`"#, "-c:v", "[0]x;y", "~", "file:é x", "\n", "'",
    ]
    let line = ShellWords.join(words)
    #expect(line.hasPrefix("ffmpeg '' 'a b' "))
    #expect(try ShellWords.split(line, subject: "x") == words)
  }
}
