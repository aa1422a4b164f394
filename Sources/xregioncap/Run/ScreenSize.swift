import CropEngine

/// The screen of an X server of our own: `1280x720`, or `1280x720x16` with its depth.
struct ScreenSize: Equatable, CustomStringConvertible {
  static let usual = ScreenSize(size: Size(width: 1280, height: 720), depth: 24)

  /// Depths that captures can read.
  private static let depths = [8, 15, 16, 24, 30]
  /// Coordinates of X have 16 bits.
  private static let longest = 32767

  let size: Size
  /// Bits of a pixel.
  let depth: Int

  /// As Xvfb's `-screen` takes it.
  var description: String { "\(size)x\(depth)" }
}

extension ScreenSize {
  /// Throws `type` where it is no such size, `overconstrained` where there is no such screen.
  init(parsing text: String, subject: String) throws(CaptureError) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count <= 3 else {
      throw CaptureError(
        .type, subject, "'\(text)' is no size of a screen: expected 1280x720 or 1280x720x24")
    }
    size = try Size(parsing: parts.prefix(2).joined(separator: "x"), subject: subject)
    guard size.width <= Self.longest, size.height <= Self.longest else {
      throw CaptureError(
        .overconstrained, subject, "a screen has at most \(Self.longest) px each way")
    }
    let depth = parts.count == 3 ? Int(parts[2]) ?? 0 : 24
    guard Self.depths.contains(depth) else {
      let known = Self.depths.map(String.init).joined(separator: ", ")
      throw CaptureError(
        .overconstrained, subject, "'\(text)': a depth of \(known) bits can be captured")
    }
    self.depth = depth
  }
}
