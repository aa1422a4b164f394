import CropEngine

extension Unicode.Scalar {
  /// As JSON's strings may hold it, and a terminal may show it, where it is not harmless.
  public var escapedForJSON: String {
    let digits = String(value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

extension String {
  /// Appends the text as a JSON string, whoever wrote it.
  mutating func append(quoted text: String) {
    self += "\""
    for scalar in text.unicodeScalars {
      if !scalar.isHarmless {
        self += scalar.escapedForJSON
      } else {
        if scalar == "\"" || scalar == "\\" { self += "\\" }
        unicodeScalars.append(scalar)
      }
    }
    self += "\""
  }
}
