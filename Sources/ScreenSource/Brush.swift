import CX11
import CropEngine

/// Draws on a window of another client, but not on the windows in it.
@safe struct Brush: ~Copyable {
  private let connection: Connection
  private let window: WindowID
  private let context: GC

  /// `function` is that of CreateGC: GXcopy, GXxor.
  init?(_ connection: Connection, _ window: WindowID, _ function: Int32, _ value: UInt) {
    var values = XGCValues()
    values.function = function
    values.foreground = value
    guard
      let context = unsafe XCreateGC(
        connection.display, window, UInt(GCFunction | GCForeground), &values)
    else { return nil }
    self.connection = connection
    self.window = window
    unsafe self.context = context
  }

  /// Draws on a rectangle, in px of the window's inside (PolyFillRectangle).
  func fill(_ rect: Rect) {
    unsafe XFillRectangle(
      connection.display, window, context, Int32(rect.x), Int32(rect.y), UInt32(rect.width),
      UInt32(rect.height))
  }

  /// Draws on a region; in that region's px, `inside` is the window's inside.
  func fill(_ region: PixelRegion, from inside: Rect) {
    for rect in region.rects { fill(rect.offsetBy(dx: -inside.x, dy: -inside.y)) }
  }

  deinit {
    // Xlib takes no request any more where the server is gone.
    if !connection.isLost { unsafe XFreeGC(connection.display, context) }
  }
}
