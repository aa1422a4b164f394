/// A kind of video file that ffmpeg makes of a stream's frames.
public enum VideoFormat: String, CaseIterable, Sendable {
  /// H.264, its index in front so that it plays while it is loaded.
  case mp4
  /// H.264, readable however its making ends.
  case mkv
  /// VP9.
  case webm
  /// Pictures of 256 colours, which are chosen for the whole.
  case gif

  /// The pixel formats of the frames that it is made of; the first is the default.
  public var pixelFormats: [PixelFormat] {
    switch self {
    case .mp4, .mkv, .webm: [.yuv420p, .yuv444p]
    // It has a colour for each pixel: text stays crisp.
    case .gif: [.yuv444p]
    }
  }

  /// The ranges of their values; the first is the default.
  public var ranges: [ColorRange] {
    switch self {
    case .mp4, .mkv, .webm: [.limited, .full]
    case .gif: [.full]
    }
  }

  /// The most frames a second that are shown as fast as they should be; nil for any.
  public var highestRate: Int? {
    // Times are hundredths of a second, and players take one of them for a tenth.
    self == .gif ? 50 : nil
  }
}
