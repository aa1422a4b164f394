import CropEngine

/// How frames follow one another in a stream.
public enum StreamFormat: String, CaseIterable, Sendable {
  /// YUV4MPEG2: a header line, and a line before each frame.
  case y4m
  /// Nothing but frames.
  case raw
  /// PAM pictures, one behind the other: each frame has a header of its own, and its own size.
  case pam

  /// The pixel formats that it can hold; the first is the default.
  public var pixelFormats: [PixelFormat] {
    switch self {
    case .y4m: [.yuv420p, .yuv444p, .gray]
    case .raw: [.bgr0, .bgra, .rgb24, .nv12, .yuv420p, .yuv444p, .gray]
    case .pam: [.rgb24, .rgba, .gray]
    }
  }

  /// The ranges that it can hold; the first is the default.
  public var ranges: [ColorRange] {
    switch self {
    case .y4m, .raw: [.limited, .full]
    case .pam: [.full]
    }
  }

  /// Whether frames may have different sizes.
  public var holdsSizes: Bool { self == .pam }

  /// What stands at the beginning of the stream.
  public func header(
    canvas: Size, pixelFormat: PixelFormat, range: ColorRange, rate: FrameRate
  ) -> String {
    guard self == .y4m else { return "" }
    let size = pixelFormat.codedSize(of: canvas)
    let colour =
      switch pixelFormat {
      case .yuv444p: "C444"
      case .gray: "Cmono"
      default: "C420jpeg"
      }
    // 0:0 is the format's word for a rate that is not known.
    let (frames, seconds) = if case .perSecond(let n, let d) = rate { (n, d) } else { (0, 0) }
    return "YUV4MPEG2 W\(size.width) H\(size.height) F\(frames):\(seconds) Ip A1:1 \(colour) "
      + "XCOLORRANGE=\(range.rawValue.uppercased())\n"
  }

  /// What stands before each frame of a canvas's size.
  public func frameHeader(canvas: Size, pixelFormat: PixelFormat) -> String {
    switch self {
    case .y4m: "FRAME\n"
    case .raw: ""
    case .pam: NetpbmHeader.pam(canvas, pixelFormat)
    }
  }
}

extension StreamFormat {
  /// What stands before a frame of Y4M that says which it is. ffmpeg takes lines of 80 bytes.
  public static func y4mFrameHeader(_ note: FrameNote) -> String {
    let rect = note.rect.map { " XRECT=\($0)" } ?? ""
    return "FRAME XSEQ=\(note.seq) XVER=\(note.version)\(rect)\n"
  }
}
