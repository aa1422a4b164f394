/// How often frames are due.
public enum FrameRate: Equatable, Sendable {
  /// So many frames in so many seconds, as the user wrote it.
  case perSecond(Int, over: Int)
  /// As fast as the reader takes them.
  case max

  /// The highest rate that a clock is kept for, in Hz; above it `max` is what is meant.
  public static let highest = 1000
}

extension FrameRate {
  /// Reads `30`, `29.97`, `30000/1001` or `max`.
  ///
  /// Throws `type` where it is none of these, `overconstrained` where it is not above 0 or more
  /// than ``highest``.
  public init(parsing text: String, subject: String) throws(CaptureError) {
    if text == "max" {
      self = .max
      return
    }
    guard let (frames, seconds) = Self.fraction(text) ?? Self.decimal(text) else {
      throw CaptureError(
        .type, subject, "'\(text)' is no frame rate: expected N, N/D or max")
    }
    guard frames > 0, seconds > 0 else {
      throw CaptureError(.overconstrained, subject, "'\(text)': a frame rate is more than 0")
    }
    guard frames <= Self.highest * seconds else {
      throw CaptureError(
        .overconstrained, subject,
        "'\(text)': more than \(Self.highest) frames a second; "
          + "max is as fast as the reader takes them"
      )
    }
    self = .perSecond(frames, over: seconds)
  }

  /// Longer numbers count as this one, so that they are too high, and no product overflows.
  private static let mostDigits = 12

  private static func number(_ text: Substring) -> Int? {
    let digits = text.first == "-" ? text.dropFirst() : text
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    let size = Int(digits.suffix(mostDigits)) ?? 0
    let isLonger = digits.drop { $0 == "0" }.count > mostDigits
    return (isLonger ? 1_000_000_000_000 : size) * (text.first == "-" ? -1 : 1)
  }

  private static func fraction(_ text: String) -> (Int, Int)? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return number(parts[0]).map { ($0, 1) }
    case 2:
      guard let frames = number(parts[0]), let seconds = number(parts[1]) else { return nil }
      // Slower than one frame in 30 years is not told apart.
      return (frames, min(seconds, 1_000_000_000))
    default: return nil
    }
  }

  private static func decimal(_ text: String) -> (Int, Int)? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...6).contains(parts[1].count), number(parts[1]) != nil,
      parts[1].first != "-", let digits = number(parts[0] + parts[1])
    else { return nil }
    return (digits, parts[1].reduce(1) { scale, _ in scale * 10 })
  }
}
