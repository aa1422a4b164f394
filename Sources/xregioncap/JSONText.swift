import CropEngine
import FoundationEssentials
import FrameOutput

/// What programs read in place of a table.
enum JSONText {
  /// The value as JSON: UTF-8, keys sorted, a line for each.
  static func encode(_ value: some Encodable) throws(CaptureError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      throw CaptureError(.fault, "--json", "it cannot be written as JSON")
    }
    return escapingControls(String(decoding: data, as: UTF8.self)) + "\n"
  }

  /// The value on one line, without what ends it; keys sorted.
  static func line(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { preconditionFailure("it is no JSON") }
    return escapingControls(String(decoding: data, as: UTF8.self))
  }

  /// JSON allows most controls in strings, which is where they are; terminals obey them.
  private static func escapingControls(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.isHarmless || scalar == "\n" {
        result.unicodeScalars.append(scalar)
      } else {
        result += scalar.escapedForJSON
      }
    }
    return result
  }
}
