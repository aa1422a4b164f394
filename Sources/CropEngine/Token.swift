/// What a token may be used for: the two kinds are not exchanged for one another.
public enum TargetKind: String, Sendable, CaseIterable {
  /// The surface's pixels inside the target: Region Capture's `CropTarget`.
  case crop
  /// The target's own pixels alone: Element Capture's `RestrictionTarget`.
  case restrict
}

/// An opaque name of a target: a random UUID (version 4), which tells nothing of what it names.
public struct Token: Hashable, Sendable {
  /// As it is printed, in lower case.
  public let text: String

  /// A token that nobody has seen before.
  public init(using generator: inout some RandomNumberGenerator) {
    var high: UInt64 = generator.next()
    var low: UInt64 = generator.next()
    high = high & 0xffff_ffff_ffff_0fff | 0x4000
    low = low & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000
    let digits = Self.digits(high) + Self.digits(low)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text.append("-") }
      text.append(digit)
    }
    self.text = text
  }

  private static func digits(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Reads a token. Throws `unknown` where it is none.
  public init(parsing text: String, subject: String) throws(CaptureError) {
    guard Self.isWellFormed(text) else {
      throw CaptureError(.unknown, subject, "'\(text)' is a malformed token")
    }
    self.text = text.lowercased()
  }

  private static func isWellFormed(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 36 else { return false }
    for (index, byte) in bytes.enumerated() {
      let scalar = Character(Unicode.Scalar(byte))
      switch index {
      case 8, 13, 18, 23: guard scalar == "-" else { return false }
      case 14: guard scalar == "4" else { return false }
      case 19: guard "89abAB".contains(scalar) else { return false }
      default: guard scalar.isHexDigit else { return false }
      }
    }
    return true
  }

  /// Whether the text is meant as a token, right or wrong: letters and digits with dashes among
  /// them, or too many of them for a word.
  public static func looksLikeOne(_ text: String) -> Bool {
    let bytes = text.utf8
    let isOfWords = bytes.allSatisfy {
      $0 == UInt8(ascii: "-") || Character(Unicode.Scalar($0)).isASCIIWord
    }
    guard isOfWords, bytes.first != UInt8(ascii: "-") else { return false }
    return bytes.contains(UInt8(ascii: "-")) || bytes.count >= 20
  }
}

extension Character {
  fileprivate var isASCIIWord: Bool { isASCII && (isLetter || isNumber) }
}
