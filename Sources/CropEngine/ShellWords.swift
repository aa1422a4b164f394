/// Words of a line, as a shell parts them: by spaces, unless quotes or a backslash keep them
/// together. Nothing is put in the place of `$`, `*` and the like.
public enum ShellWords {
  private enum Quote {
    case none, single, double
  }

  /// The words of a line. Throws `type` where a quote is not closed, or a backslash
  /// stands last.
  public static func split(_ line: String, subject: String) throws(CaptureError) -> [String] {
    var words: [String] = []
    var word: String?
    var quote = Quote.none
    var rest = line.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch (quote, scalar) {
      case (.none, " "), (.none, "\t"), (.none, "\n"):
        if let word { words.append(word) }
        word = nil
        continue
      case (.none, "'"): quote = .single
      case (.none, "\""): quote = .double
      case (.single, "'"), (.double, "\""): quote = .none
      case (.none, "\\"), (.double, "\\"):
        guard let next = rest.popFirst() else {
          throw CaptureError(.type, subject, "nothing follows its last backslash")
        }
        // Between double quotes it stands for itself, but before those that it would part.
        let isKept = quote == .double && !#"\"$`"#.unicodeScalars.contains(next)
        word = (word ?? "") + (isKept ? "\\" : "") + String(next)
        continue
      default:
        word = (word ?? "") + String(scalar)
        continue
      }
      // Quotes alone are a word, of nothing.
      word = word ?? ""
    }
    guard quote == .none else { throw CaptureError(.type, subject, "a quote is not closed") }
    if let word { words.append(word) }
    return words
  }

  /// A line that is parted into these words again.
  public static func join(_ words: [String]) -> String {
    words.map { word in
      let isPlain = word.utf8.allSatisfy(isPlain) && !word.isEmpty
      return isPlain ? word : "'" + word.replacingQuotes + "'"
    }.joined(separator: " ")
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "+")...UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "="):
      true
    default: false
    }
  }
}

extension String {
  /// With each `'` said outside of the quotes that it would end.
  fileprivate var replacingQuotes: String {
    var text = ""
    for scalar in unicodeScalars {
      if scalar == "'" { text += #"'\''"# } else { text.unicodeScalars.append(scalar) }
    }
    return text
  }
}
