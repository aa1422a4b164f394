import CX11
import CropEngine

/// Pixels that are read from a window: from the root, the screen's; from one that is redirected
/// (XComposite), its own and those of the windows in it that are not.
final class PixelStorage {
  let window: WindowID
  let layout: PixelLayout
  var reader: ImageReader
  /// Which pixels are the window's own; nil of the screen, where that is not asked.
  var ownership: PixelOwnership?
  /// Whether the pixels stay at their places when the window gets another size (NorthWestGravity),
  /// as last asked.
  var staysInPlace = false
  /// What was seen of the window when they were made, in its px; nil once they were claimed.
  var seen: PixelRegion? = PixelRegion(.everywhere)

  /// The screen's, of this root window.
  init(screen root: WindowID, _ layout: PixelLayout, _ reader: consuming ImageReader) {
    window = root
    self.layout = layout
    self.reader = reader
  }

  /// A window's own, whoever redirects it.
  ///
  /// Throws `notSupported` where the layout of the pixels is not read or there can be none,
  /// `notFound` where the window is no more there.
  init(
    of window: WindowID, _ connection: Connection, noSharedMemory: String?
  ) throws(CaptureError) {
    let subject = "window \(WindowInfo.hexadecimal(window))"
    var attributes = unsafe XWindowAttributes()
    guard unsafe XGetWindowAttributes(connection.display, window, &attributes) != 0 else {
      _ = connection.takeError()
      throw CaptureError(.notFound, subject, "there is no such window")
    }
    guard unsafe attributes.`class` == InputOutput else {
      throw CaptureError(.notSupported, subject, "it is InputOnly: it has no pixels")
    }
    do throws(CaptureError) {
      layout = try unsafe PixelLayout(
        connection, screen: attributes.screen, visual: attributes.visual, depth: attributes.depth)
    } catch {
      throw CaptureError(error.name, subject, error.reason)
    }
    self.window = window
    reader = ImageReader(connection, layout, noSharedMemory: noSharedMemory)
    ownership = PixelOwnership(connection, window, layout, noSharedMemory: noSharedMemory)
  }

  /// Takes in that the window is another way than before.
  func note(_ change: WindowEvent.Change, before old: WindowStack.Node) {
    switch change {
    case .configured(_, _, let width, let height, let border):
      let size = Size(width: width, height: height)
      guard size != old.inside.size || border != old.border else { return }
      let stays = staysInPlace && border == old.border
      ownership?.reset(keeping: stays ? size.bounds.intersection(old.inside) : nil)
    case .mapped, .unmapped, .reparented, .shaped:
      ownership?.reset()
    case .created, .circulated, .moved, .destroyed, .publishedChanged:
      break
    }
  }

  /// Has all pixels of the areas be the window's own, sooner or later; `outside` is the window's
  /// outer rectangle, `part` what is to be seen, `screen` the screen's, and `hidden` what lies
  /// below storages inside, all in px of the window. No other client is served meanwhile. Returns whether windows were asked to draw, for which they have to be
  /// `asking`.
  func claim(
    _ areas: [WindowArea], outside: Rect, part: Rect, screen: Rect, hidden: PixelRegion,
    asking: Bool, _ connection: Connection
  ) -> Bool {
    let hasAsked = ownership?.establish(
      areas, outside: outside, part: part, screen: screen, seen: seen, hidden: hidden,
      asking: asking)
    seen = nil
    var attributes = unsafe XWindowAttributes()
    let isThere = unsafe XGetWindowAttributes(connection.display, window, &attributes) != 0
    if !isThere { _ = connection.takeError() }
    staysInPlace = unsafe isThere && attributes.bit_gravity == NorthWestGravity
    return hasAsked ?? false
  }
}
