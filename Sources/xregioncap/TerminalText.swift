// Text in the columns of a terminal.

extension Character {
  /// How many columns a terminal gives it.
  var columns: Int {
    // What joins a letter takes no place of its own; an emoji of many scalars is one picture.
    unicodeScalars.map(\.columns).max() ?? 0
  }
}

extension Unicode.Scalar {
  /// East Asian letters and emoji (Unicode's East_Asian_Width W and F), roughly.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xa960...0xa97c, 0xac00...0xd7a3,
    0xf900...0xfaff, 0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f,
    0x1f680...0x1f6ff, 0x1f900...0x1faff, 0x20000...0x3fffd,
  ]

  fileprivate var columns: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return Self.wide.contains { $0.contains(value) } ? 2 : 1
    }
  }
}

extension String {
  /// How many columns it takes.
  var columns: Int { reduce(0) { $0 + $1.columns } }

  /// The text, `…` at its end where it takes more columns than there are.
  func cut(to width: Int) -> String {
    var (used, kept) = (0, startIndex)
    for index in indices {
      // One column is the sign's.
      if used < width { kept = index }
      used += self[index].columns
      if used > width { return width > 0 ? self[..<kept] + "…" : "" }
    }
    return self
  }

  /// The text, with spaces up to so many columns.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - columns))
  }

  /// The text's words on lines of so many columns; a longer word has a line of its own.
  func wrapped(to width: Int) -> [String] {
    var lines: [String] = []
    for word in split(separator: " ").map(String.init) {
      if let line = lines.last, line.columns + 1 + word.columns <= width {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(word)
      }
    }
    return lines
  }
}
