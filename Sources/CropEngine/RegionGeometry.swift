/// A fixed rectangle of a surface as the user wrote it: a size, and offsets from the edges of the
/// surface's viewport, in px.
///
/// Offsets from the right or bottom edge are kept as such, so that the region stays at its edge
/// when the surface is resized.
public struct RegionGeometry: Equatable, Sendable {
  /// An offset from an edge of the viewport, growing inwards.
  public enum Offset: Equatable, Sendable {
    /// From the left or top edge.
    case start(Int)
    /// From the right or bottom edge to the region's own right or bottom edge.
    case end(Int)

    func position(of length: Int, in available: Int) -> Int {
      switch self {
      case .start(let offset): offset
      case .end(let offset): available - length - offset
      }
    }
  }

  /// In px.
  public let size: Size
  /// Where it lies from left to right.
  public let x: Offset
  /// Where it lies from top to bottom.
  public let y: Offset

  /// A rectangle of this size at these places, in px.
  public init(size: Size, x: Offset, y: Offset) {
    self.size = size
    self.x = x
    self.y = y
  }

  /// The region's rectangle in a viewport of the given size, not clipped to it.
  public func rect(in viewport: Size) -> Rect {
    Rect(
      x: x.position(of: size.width, in: viewport.width),
      y: y.position(of: size.height, in: viewport.height),
      width: size.width, height: size.height)
  }
}

extension RegionGeometry {
  /// Reads `WxH+X+Y` (X11 style: `=` in front, `-X` from the right edge, `+-5` left of the left
  /// edge) or `X,Y WxH` (slurp's style).
  ///
  /// Throws `type` where it is neither, `overconstrained` where it holds no pixel.
  public init(parsing text: String, subject: String) throws(CaptureError) {
    try CaptureError.refuseEmpty(text, subject: subject)
    var scanner = Scanner(text)
    guard let region = Self.x11(&scanner) ?? Self.slurp(text) else {
      throw CaptureError(
        .type, subject, "'\(text)' is no geometry: expected WxH+X+Y or 'X,Y WxH'")
    }
    guard !region.size.isEmpty else {
      throw CaptureError(.overconstrained, subject, "'\(text)' holds no pixel")
    }
    self = region
  }

  /// Whether the text is meant as a geometry, right or wrong, and not as the id of a window.
  static func looksLikeOne(_ text: String) -> Bool {
    if text.hasPrefix("=") { return true }
    let isHexadecimalID = text.hasPrefix("0x") && !text.contains { "+- ".contains($0) }
    let rest = text.drop { $0 == "-" }.drop { $0.isASCII && $0.isNumber }
    return !isHexadecimalID && rest.count < text.count && (rest.first == "x" || rest.first == ",")
  }

  fileprivate static func x11(_ scanner: inout Scanner) -> RegionGeometry? {
    _ = scanner.take("=")
    guard let size = scanner.size(), let x = scanner.offset(), let y = scanner.offset(),
      scanner.isAtEnd
    else { return nil }
    return RegionGeometry(size: size, x: x, y: y)
  }

  fileprivate static func slurp(_ text: String) -> RegionGeometry? {
    var scanner = Scanner(text)
    guard let x = scanner.integer(), scanner.take(","), let y = scanner.integer(),
      scanner.take(" "), let size = scanner.size(), scanner.isAtEnd
    else { return nil }
    return RegionGeometry(size: size, x: .start(x), y: .start(y))
  }
}

extension Rect {
  /// Reads a geometry whose place does not depend on anything else's size; it may be without area.
  ///
  /// Throws `type` where it is none.
  public init(parsing text: String, subject: String) throws(CaptureError) {
    guard let rect = Self(text) ?? RegionGeometry.slurp(text)?.absolute else {
      throw CaptureError(
        .type, subject,
        "'\(text)' is no rectangle: expected WxH+X+Y or 'X,Y WxH', counted from the left top corner"
      )
    }
    self = rect
  }

  /// Reads `WxH+X+Y`, with `+-5` left of or above the origin; nil where it is anything else.
  init?(_ text: String) {
    // Pages are long, and what is scrolled away lies far off.
    var scanner = Scanner(text, mostDigits: 9)
    guard let rect = RegionGeometry.x11(&scanner)?.absolute else { return nil }
    self = rect
  }
}

extension RegionGeometry {
  /// The rectangle, where it is the same in viewports of all sizes.
  fileprivate var absolute: Rect? {
    guard case .start(let x) = x, case .start(let y) = y, size.width >= 0, size.height >= 0
    else { return nil }
    return Rect(x: x, y: y, width: size.width, height: size.height)
  }
}

extension Size {
  /// Reads `WxH`. Throws `type` where it is no size, `overconstrained` where it holds no pixel or
  /// more than a canvas can.
  public init(parsing text: String, subject: String) throws(CaptureError) {
    var scanner = Scanner(text, saturates: true)
    guard let size = scanner.size(), scanner.isAtEnd else {
      throw CaptureError(.type, subject, "'\(text)' is no size: expected WxH")
    }
    guard !size.isEmpty else {
      throw CaptureError(.overconstrained, subject, "'\(text)' holds no pixel")
    }
    guard Canvas.canHave(size) else {
      throw CaptureError(
        .overconstrained, subject,
        "'\(text)' is too large: at most \(Canvas.longestSide) px a side and "
          + "\(Canvas.mostPixels) in all")
    }
    self = size
  }
}

/// Reads the small number grammars of the command line from the left.
private struct Scanner {
  /// X coordinates are 16 bits wide, sizes too; five digits keep every sum far from overflow.
  private static let mostDigits = 5

  private var rest: Substring.UTF8View
  private let mostDigits: Int
  /// Whether longer numbers count as the largest that five digits hold.
  private let saturates: Bool

  init(_ text: String, mostDigits: Int = Self.mostDigits, saturates: Bool = false) {
    rest = text[...].utf8
    self.mostDigits = mostDigits
    self.saturates = saturates
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  /// Digits only.
  mutating func natural() -> Int? {
    let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard !digits.isEmpty, saturates || digits.count <= mostDigits else { return nil }
    rest = rest.dropFirst(digits.count)
    let most = saturates ? 99_999 : Int.max
    return digits.reduce(0) { min(most, $0 * 10 + Int($1 - UInt8(ascii: "0"))) }
  }

  /// Digits with an optional minus in front.
  mutating func integer() -> Int? {
    let negative = take("-")
    return natural().map { negative ? -$0 : $0 }
  }

  /// `WxH`; sizes below 0 are read, so that they can be refused as such.
  mutating func size() -> Size? {
    guard let width = integer(), take("x"), let height = integer() else { return nil }
    return Size(width: width, height: height)
  }

  /// `+N`, `+-N`, `-N` or `--N`, with the meanings that XParseGeometry gives them.
  mutating func offset() -> RegionGeometry.Offset? {
    if take("+") { return integer().map { .start($0) } }
    if take("-") { return integer().map { .end($0) } }
    return nil
  }
}
