import CX11
import CropEngine

/// How a drawable's pixels lie in memory, and how they are read.
@safe struct PixelLayout {
  let depth: UInt32
  let visual: UnsafeMutablePointer<Visual>
  /// What the pixels mean. A palette is that of the moment when it was last asked for.
  private(set) var decoder: PixelDecoder
  private let bitsPerPixel: Int
  /// Rows begin at multiples of this many bits.
  private let rowUnit: Int
  private let root: WindowID
  /// Whether what the pixels mean may change.
  let hasPalette: Bool
  /// In words: `TrueColor of depth 24 at 32 bits a pixel`.
  let description: String
  /// Of red, green and blue, a low bit of a pixel's that makes a difference once it is decoded.
  let lowBits: [UInt]

  /// Of a screen's root window.
  ///
  /// Throws `notSupported`, naming the layout, where the screen has one that is not read.
  init(_ connection: Connection, screen: UnsafeMutablePointer<Screen>) throws(CaptureError) {
    try unsafe self.init(
      connection, screen: screen, visual: XDefaultVisualOfScreen(screen),
      depth: XDefaultDepthOfScreen(screen))
  }

  /// Of a window of this visual and depth on a screen.
  ///
  /// Throws `notSupported`, naming the layout, where it is one that is not read.
  init(
    _ connection: Connection, screen: UnsafeMutablePointer<Screen>,
    visual: UnsafeMutablePointer<Visual>?, depth: Int32
  ) throws(CaptureError) {
    let display = unsafe connection.display
    guard let visual = unsafe visual, let format = unsafe Self.format(display, depth: depth) else {
      throw CaptureError(.fault, "display \(connection.name)", "a screen without a visual")
    }
    let bits = Int(format.bits_per_pixel)
    let isBigEndian = unsafe XImageByteOrder(display) == MSBFirst
    let look = unsafe visual.pointee
    self.depth = UInt32(depth)
    unsafe self.visual = visual
    bitsPerPixel = bits
    rowUnit = Int(format.scanline_pad)
    unsafe root = XRootWindowOfScreen(screen)
    hasPalette = unsafe look.class <= PseudoColor && bits == 8
    unsafe lowBits =
      hasPalette
      ? [1] : [look.blue_mask, look.green_mask, look.red_mask].map(Self.lowBit)
    let byMasks =
      unsafe look.class == TrueColor
      ? unsafe PixelDecoder(
        bitsPerPixel: bits, isBigEndian: isBigEndian, red: look.red_mask, green: look.green_mask,
        blue: look.blue_mask) : nil
    let name = unsafe Self.className(look.class)
    description = "\(name) of depth \(depth) at \(bits) bits a pixel"
    guard let decoder = hasPalette ? PixelDecoder(palette: []) : byMasks else {
      throw CaptureError(
        .notSupported, "display \(connection.name)",
        "\(description) is not read; TrueColor of depth 24, 30, 16 or 15 is, and a palette "
          + "of 8 bits")
    }
    self.decoder = decoder
  }

  /// Channels of more than 8 bits are rounded to those: their lowest bits make no difference.
  private static func lowBit(of mask: UInt) -> UInt {
    let surplus = max(0, mask.nonzeroBitCount - 8)
    return mask & (~mask &+ 1) &<< (surplus == 0 ? 0 : surplus + 1)
  }

  /// Whether pixels have an alpha.
  var isTranslucent: Bool { depth == 32 }

  /// Bytes from one row of an image to the next.
  func stride(width: Int) -> Int {
    (width * bitsPerPixel + rowUnit - 1) / rowUnit * rowUnit / 8
  }

  /// Asks for the palette that the screen shows now (QueryColors); nothing where it has none.
  mutating func updatePalette(_ connection: Connection) {
    guard hasPalette else { return }
    var count: Int32 = 0
    guard let installed = unsafe XListInstalledColormaps(connection.display, root, &count) else {
      _ = connection.takeError()
      return
    }
    defer { unsafe XFree(installed) }
    let entries = unsafe Int(visual.pointee.map_entries)
    var colours = (0..<min(256, entries)).map { pixel in
      var colour = XColor()
      colour.pixel = UInt(pixel)
      return colour
    }
    unsafe XQueryColors(connection.display, installed[0], &colours, Int32(colours.count))
    guard connection.takeError() == nil else { return }
    decoder = PixelDecoder(
      palette: colours.map {
        UInt32($0.red >> 8) << 16 | UInt32($0.green >> 8) << 8 | UInt32($0.blue >> 8)
      })
  }

  private static func format(_ display: OpaquePointer, depth: Int32) -> XPixmapFormatValues? {
    var count: Int32 = 0
    guard let formats = unsafe XListPixmapFormats(display, &count) else { return nil }
    defer { unsafe XFree(formats) }
    return unsafe UnsafeBufferPointer(start: formats, count: Int(count)).first { $0.depth == depth }
  }

  /// The name of a visual's class in the X protocol.
  private static func className(_ number: Int32) -> String {
    let names = [
      "StaticGray", "GrayScale", "StaticColor", "PseudoColor", "TrueColor", "DirectColor",
    ]
    return names.indices.contains(Int(number)) ? names[Int(number)] : "visual class \(number)"
  }
}
