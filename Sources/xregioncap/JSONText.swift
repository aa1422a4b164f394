import CropEngine
import FoundationEssentials

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

  /// JSON allows DEL and the controls above it in strings, which is where they are; terminals obey
  /// them.
  private static func escapingControls(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if (0x7f...0x9f).contains(scalar.value) {
        result += "\\u00" + String(scalar.value, radix: 16)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
