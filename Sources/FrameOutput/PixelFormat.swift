import CropEngine

/// How a frame's pixels lie in its bytes; the names are ffmpeg's.
public enum PixelFormat: String, CaseIterable, Sendable {
  /// Y, U and V planes, chroma halved both ways and sited in the centre.
  case yuv420p
  /// Y, U and V planes of full size.
  case yuv444p
  /// A Y plane alone.
  case gray
  /// Blue, green, red and a byte that means nothing.
  case bgr0
  /// Blue, green, red, alpha; the colours are not multiplied by it.
  case bgra
  /// Red, green, blue.
  case rgb24
  /// Red, green, blue, alpha; the colours are not multiplied by it.
  case rgba
  /// A Y plane, and one of U and V in turn, chroma halved both ways.
  case nv12

  /// Whether one chroma sample stands for two by two pixels.
  var isSubsampled: Bool { self == .yuv420p || self == .nv12 }

  /// Size of the frames that are written for a canvas, in px: even where chroma is halved.
  public func codedSize(of canvas: Size) -> Size {
    guard isSubsampled else { return canvas }
    return Size(width: (canvas.width + 1) & ~1, height: (canvas.height + 1) & ~1)
  }

  /// Bytes of one frame of a canvas.
  func byteCount(of canvas: Size) -> Int {
    let coded = codedSize(of: canvas)
    let pixels = coded.width * coded.height
    return switch self {
    case .yuv420p, .nv12: pixels * 3 / 2
    case .yuv444p, .rgb24: pixels * 3
    case .gray: pixels
    case .bgr0, .bgra, .rgba: pixels * 4
    }
  }
}

/// Which values stand for black and white in Y planes.
public enum ColorRange: String, CaseIterable, Sendable {
  /// 16 and 235.
  case limited
  /// 0 and 255.
  case full
}
