import CropEngine

/// How a picture lies in its file; the names are the endings of files.
public enum PictureFormat: String, CaseIterable, Sendable {
  case png
  /// P6, and of gray pixels P5.
  case ppm
  /// P5.
  case pgm
  /// P7.
  case pam

  /// The pixel formats that it can hold; the first is the default.
  public var pixelFormats: [PixelFormat] {
    switch self {
    case .png, .pam: [.rgb24, .rgba, .gray]
    case .ppm: [.rgb24, .gray]
    case .pgm: [.gray]
    }
  }

  /// What stands before the pixels; a PNG file says it in its own way.
  func header(_ size: Size, _ pixelFormat: PixelFormat) -> String {
    switch self {
    case .png: ""
    case .ppm, .pgm: NetpbmHeader.pnm(size, pixelFormat)
    case .pam: NetpbmHeader.pam(size, pixelFormat)
    }
  }
}
