import CX11
import CropEngine

/// Pixels that are read from a window: from the root, the screen's; from one that is redirected
/// (XComposite), its own and those of the windows in it that are not.
final class PixelStorage {
  let window: WindowID
  private(set) var layout: PixelLayout
  /// Who tells what is drawn on; nil before anything was read, and where that is not used.
  private(set) var damage: DamageWatch?
  /// Which pixels are the window's own; nil of the screen, where that is not asked.
  var ownership: PixelOwnership?
  /// Whether the pixels stay at their places when the window gets another size (NorthWestGravity),
  /// as last asked.
  var staysInPlace = false
  /// What was seen of the window when they were made, in its px; nil once they were claimed.
  var seen: PixelRegion? = PixelRegion(.everywhere)

  /// Whether it is a window's, apart from the screen.
  let isApart: Bool
  /// Width of the window's border, in px.
  var border = 0
  private let path: GrabPath
  private var wasRead = false

  /// The screen's, of this root window.
  init(screen root: WindowID, _ layout: PixelLayout, _ path: GrabPath) {
    window = root
    self.layout = layout
    self.path = path
    isApart = false
  }

  /// A window's own, whoever redirects it.
  ///
  /// Throws `notSupported` where the layout of the pixels is not read or there can be none,
  /// `notFound` where the window is no more there.
  init(of window: WindowID, _ path: GrabPath) throws(CaptureError) {
    let connection = path.connection
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
    self.path = path
    unsafe border = Int(attributes.border_width)
    isApart = true
    ownership = PixelOwnership(path, self)
  }

  /// Has the server tell what is drawn on from the second grab on, while that is trusted. Returns
  /// whether it begins to.
  func watchDamage() -> Bool {
    guard path.damageLack == nil else {
      damage = nil
      return false
    }
    guard damage == nil else { return false }
    // The first frame is read whole in any case: it is not to wait for this.
    guard wasRead else {
      wasRead = true
      return false
    }
    let paletteLack =
      layout.hasPalette ? "colours of a palette change without being drawn" : nil
    if let lack = paletteLack ?? path.connection.useDamage() {
      path.giveUpDamage(lack)
      return false
    }
    damage = DamageWatch(path.connection, window)
    return true
  }

  /// Asks for the palette that the screen shows now; nothing where it has none.
  func updatePalette() { layout.updatePalette(path.connection) }

  /// Takes in that the window is another way than before.
  func note(_ change: WindowEvent.Change, before old: WindowStack.Node) {
    switch change {
    case .configured(_, _, let width, let height, let border):
      let size = Size(width: width, height: height)
      guard size != old.inside.size || border != old.border else { return }
      let stays = staysInPlace && border == old.border
      self.border = border
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
