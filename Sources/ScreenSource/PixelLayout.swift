import CX11
import CropEngine

/// A screen's pixels, as far as they can be read: 32 bits each, blue first in memory.
@safe struct PixelLayout {
  let depth: UInt32
  let visual: UnsafeMutablePointer<Visual>

  /// Throws `notSupported`, naming the layout, where the screen has another one.
  init(_ connection: Connection, screen: UnsafeMutablePointer<Screen>) throws(CaptureError) {
    let display = unsafe connection.display
    let depth = unsafe XDefaultDepthOfScreen(screen)
    guard let visual = unsafe XDefaultVisualOfScreen(screen) else {
      throw CaptureError(.fault, "display \(connection.name)", "a screen without a visual")
    }
    let bits = unsafe Self.bitsPerPixel(display, depth: depth)
    let isLittleEndian = unsafe XImageByteOrder(display) == LSBFirst
    guard bits == 32, isLittleEndian, unsafe visual.pointee.red_mask == 0xff0000,
      unsafe visual.pointee.green_mask == 0xff00, unsafe visual.pointee.blue_mask == 0xff
    else {
      throw CaptureError(
        .notSupported, "display \(connection.name)",
        "depth \(depth) at \(bits) bits a pixel, \(isLittleEndian ? "least" : "most") significant "
          + "byte first, is not read yet: only 8 bits a colour in 32-bit pixels are")
    }
    self.depth = UInt32(depth)
    unsafe self.visual = visual
  }

  private static func bitsPerPixel(_ display: OpaquePointer, depth: Int32) -> Int32 {
    var count: Int32 = 0
    guard let formats = unsafe XListPixmapFormats(display, &count) else { return 0 }
    defer { unsafe XFree(formats) }
    let list = unsafe UnsafeBufferPointer(start: formats, count: Int(count))
    return unsafe list.first { $0.depth == depth }?.bits_per_pixel ?? 0
  }
}
