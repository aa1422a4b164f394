import CropEngine
import Glibc

extension String {
  /// As the text of an element or the value of an attribute, whoever wrote it.
  var escapedForMarkup: String {
    var text = ""
    for scalar in printable.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      // No character of XML.
      case "\u{FFFE}", "\u{FFFF}": text += "?"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

extension Double {
  /// With at most so many decimals, and no zeros at the end.
  func decimal(_ places: Int) -> String {
    let scale = pow(10, Double(places))
    let scaled = (self * scale).rounded()
    guard scaled.magnitude < 1e18 else { return "\(self)" }
    let (whole, part) = Int(scaled.magnitude).quotientAndRemainder(dividingBy: Int(scale))
    var digits = String(part + Int(scale)).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    let sign = scaled < 0 ? "\u{2212}" : ""
    return sign + whole.grouped + (digits.isEmpty ? "" : ".\(digits)")
  }

  /// With three digits or more that mean something.
  var short: String { decimal(magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 2) }
}

extension Int {
  /// With a narrow space between thousands, which no language reads as a decimal sign.
  var grouped: String {
    var text = ""
    for (index, digit) in String(magnitude).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3) { text.append("\u{202F}") }
      text.append(digit)
    }
    return (self < 0 ? "\u{2212}" : "") + String(text.reversed())
  }

  /// Such as `1 frame` and `2 frames`.
  func of(_ thing: String) -> String { "\(grouped) \(thing)\(self == 1 ? "" : "s")" }

  /// So much of another number, in a hundred.
  func share(of all: Int) -> String {
    guard all > 0 else { return "0\u{202F}%" }
    let share = 100 * Double(self) / Double(all)
    if self > 0, share < 0.1 { return "<0.1\u{202F}%" }
    if self < all, share > 99.9 { return ">99.9\u{202F}%" }
    return share.decimal(1) + "\u{202F}%"
  }
}

/// Times and lengths of time, in ns, for a reader.
enum ReportPageTime {
  private static let second = Double(Clock.second)

  /// How long something took.
  static func length(_ time: Int64) -> String {
    let seconds = Double(time) / second
    if seconds < 1 { return milliseconds(Double(time)) }
    if seconds < 60 { return "\(seconds.decimal(2)) s" }
    let whole = Int(seconds.rounded())
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0 ? "\(hours.grouped) h \(minutes) min" : "\(minutes) min \(whole % 60) s"
  }

  /// A length that may be short.
  static func milliseconds(_ time: Double) -> String {
    time < second ? "\((time / 1e6).short) ms" : length(Int64(time))
  }

  /// When something was: `1.25`, `2:05.3` or `1:02:05`, as finely as `step` ns need it.
  static func clock(_ time: Int64, step: Int64) -> String {
    let places = step >= Clock.second ? 0 : step >= Clock.second / 10 ? 1 : 3
    let unit = Clock.second / Int64(pow(10, Double(places)))
    let rounded = (time + unit / 2) / unit * unit
    let (seconds, rest) = rounded.quotientAndRemainder(dividingBy: Clock.second)
    let part =
      places == 0 ? "" : "." + String(rest / unit + Int64(pow(10, Double(places)))).dropFirst()
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if hours > 0 { return "\(hours):\(two(minutes)):\(two(seconds % 60))\(part)" }
    return minutes > 0 ? "\(minutes):\(two(seconds % 60))\(part)" : "\(seconds)\(part)"
  }
}

extension FrameRate {
  /// For a reader.
  var spoken: String {
    switch self {
    case .max: "max"
    case .perSecond(let frames, 1): "\(frames) a second"
    case .perSecond(let frames, let seconds):
      "\((Double(frames) / Double(seconds)).decimal(3)) a second (\(frames)/\(seconds))"
    }
  }

  /// In Hz; nil for as fast as the reader takes them.
  var hertz: Double? {
    guard case .perSecond(let frames, let seconds) = self else { return nil }
    return Double(frames) / Double(seconds)
  }
}

extension Size {
  var spoken: String { "\(width) × \(height)" }
}

extension Rect {
  var spoken: String { "\(width) × \(height) at \(x), \(y)".replacing("-", with: "\u{2212}") }
}
