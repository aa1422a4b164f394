/// What becomes of a frame that has not the canvas's size.
public enum ResizePolicy: String, Sendable, CaseIterable {
  /// Scaled down, never up, and centred on black.
  case fit
  /// 1:1 from the left top, cut or padded with black.
  case crop
  /// Scaled to the canvas, whatever its shape.
  case stretch
  /// The canvas takes its size.
  case native
  /// The stream ends.
  case end
}

/// The frame that is written: its size stays while that of the picture changes. Where it is not to,
/// there is another canvas for each size.
public struct Canvas: Equatable, Sendable {
  /// Where a picture goes.
  public struct Placement: Equatable, Sendable {
    /// Part of the picture that is used, in px of the picture.
    public let source: Rect
    /// Where it is put, in px of the canvas; of another size where it is to be scaled.
    public let destination: Rect

    /// A part of the picture, and where it goes, both in px.
    public init(source: Rect, destination: Rect) {
      self.source = source
      self.destination = destination
    }

    /// Whether the picture has to be scaled.
    public var isScaled: Bool { source.size != destination.size }
  }

  /// Most pixels that a side or the whole may have: a window cannot be larger.
  public static let longestSide = 32767
  static let mostPixels = 1 << 28

  /// In px.
  public let size: Size
  private let policy: ResizePolicy
  private let firstPicture: Size

  /// A canvas of the given size, or of that of the first picture, in px.
  public init(size: Size?, firstPicture: Size, policy: ResizePolicy) {
    self.size = size ?? firstPicture
    self.policy = policy
    self.firstPicture = firstPicture
  }

  /// Whether a canvas of this size can be had.
  public static func canHave(_ size: Size) -> Bool {
    size.width <= longestSide && size.height <= longestSide
      && size.width * size.height <= mostPixels
  }

  /// Whether a picture of this size goes on this canvas, and needs none of its own.
  public func holds(_ picture: Size) -> Bool { policy != .native || picture == size }

  /// Where a picture of this size goes; nil where the stream is to end instead.
  public func place(_ picture: Size) -> Placement? {
    switch policy {
    case .end where picture != firstPicture:
      return nil
    case .fit, .end, .native:
      let fitted = fitted(picture)
      let destination = Rect(
        x: (size.width - fitted.width) / 2, y: (size.height - fitted.height) / 2,
        width: fitted.width, height: fitted.height)
      return Placement(source: picture.bounds, destination: destination)
    case .crop:
      let part = picture.bounds.intersection(size.bounds)
      return Placement(source: part, destination: part)
    case .stretch:
      return Placement(source: picture.bounds, destination: size.bounds)
    }
  }

  private func fitted(_ picture: Size) -> Size {
    guard picture.width > size.width || picture.height > size.height else { return picture }
    // The side that is too long by the larger factor decides.
    if picture.width * size.height >= picture.height * size.width {
      let height = (picture.height * size.width + picture.width / 2) / picture.width
      return Size(width: size.width, height: max(1, height))
    }
    let width = (picture.width * size.height + picture.height / 2) / picture.height
    return Size(width: max(1, width), height: size.height)
  }
}
