import CX11
import CropEngine

/// Lets the user choose a window by a click, as xwininfo does: the pointer is a crosshair, and the
/// window gets neither the click nor its release. What is grabbed is let go with this object.
public final class WindowPicker {
  /// The buttons that choose; the others are the wheel's and the browser's.
  private static let buttons = 1...3

  private let connection: Connection
  /// 0 where the server has no crosshair: the pointer stays as it is.
  private let crosshair: Cursor
  /// Whether the pointer is ours (GrabPointer).
  public private(set) var hasPointer = false
  /// Whether the keyboard is ours (GrabKeyboard), so that Escape is heard.
  public private(set) var hasKeyboard = false
  private var clicked: [WindowID]?
  private var isCancelled = false
  /// Buttons that are held down: the grab outlasts their release.
  private var held = 0

  /// Makes ready; nothing is grabbed yet.
  public init(_ connection: Connection) {
    self.connection = connection
    let display = unsafe connection.display
    var cursor: Cursor = 0
    let error = connection.trapping {
      unsafe cursor = XCreateFontCursor(display, UInt32(XC_crosshair))
    }
    crosshair = error == nil ? cursor : 0
  }

  deinit {
    if hasKeyboard { unsafe XUngrabKeyboard(connection.display, Time(CurrentTime)) }
    if hasPointer { unsafe XUngrabPointer(connection.display, Time(CurrentTime)) }
    if crosshair != 0 { unsafe XFreeCursor(connection.display, crosshair) }
    unsafe XFlush(connection.display)
  }

  /// Grabs the pointer and the keyboard, as far as they are not ours yet. Returns whether both are:
  /// a menu that is open, or a shortcut whose keys are still down, has them for a while.
  public func grab() -> Bool {
    let (display, root) = unsafe (connection.display, connection.root)
    let (mode, now) = (Int32(GrabModeAsync), Time(CurrentTime))
    if !hasPointer {
      let mask = UInt32(ButtonPressMask | ButtonReleaseMask)
      let status = unsafe XGrabPointer(
        display, root, False, mask, mode, mode, 0, crosshair, now)
      hasPointer = status == GrabSuccess
    }
    if !hasKeyboard {
      hasKeyboard = unsafe XGrabKeyboard(display, root, False, mode, mode, now) == GrabSuccess
    }
    return hasPointer && hasKeyboard
  }

  /// The windows under the place that was clicked, from the root down, each inside the one before;
  /// nil before that, and while a button is held down.
  ///
  /// Does not wait: to be asked anew when the connection's descriptor is readable. Throws `fault`
  /// where the user has cancelled. `subject` is what errors call it.
  public func windows(subject: String) throws(CaptureError) -> [WindowID]? {
    var event = CX11InputEvent()
    while unsafe cx11_next_input_event(connection.display, &event) { take(event) }
    try connection.checkAlive()
    guard held == 0 else { return nil }
    if isCancelled { throw CaptureError(.fault, subject, "cancelled: no window was clicked") }
    return clicked
  }

  private func take(_ event: CX11InputEvent) {
    switch event.type {
    case ButtonPress:
      held += 1
      if clicked == nil, event.on_screen, Self.buttons.contains(Int(event.button)) {
        clicked = windows(atX: Int(event.x), y: Int(event.y))
      }
    case ButtonRelease:
      held = max(0, held - 1)
    default:
      // The keyboard is ours: Control-C does not reach the terminal either.
      let isInterrupt = event.control && event.key == KeySym(XK_c)
      if event.key == KeySym(XK_Escape) || isInterrupt { isCancelled = true }
    }
  }

  /// Those that can be seen and clicked there, from the root down. `x` and `y` in px of the root.
  private func windows(atX x: Int, y: Int) -> [WindowID] {
    var path = [connection.root]
    var place = Rect(x: x, y: y, width: 1, height: 1)
    while let (id, inside) = child(of: path[path.count - 1], at: place) {
      path.append(id)
      // The border is the window's own: what lies behind it of a child is clipped.
      if inside.intersection(place).isEmpty { break }
      place = place.offsetBy(dx: -inside.x, dy: -inside.y)
    }
    return path
  }

  /// The topmost child there that has pixels, and its inner rectangle; all in px of its parent.
  ///
  /// Not the server's own search (TranslateCoordinates): it ends at InputOnly windows, which
  /// window managers and toolkits lay over others.
  private func child(of parent: WindowID, at place: Rect) -> (id: WindowID, inside: Rect)? {
    for id in connection.ask(parent, .tree).children.reversed() {
      var attributes = unsafe XWindowAttributes()
      guard unsafe XGetWindowAttributes(connection.display, id, &attributes) != 0 else {
        _ = connection.takeError()
        continue
      }
      guard unsafe attributes.map_state == IsViewable, unsafe attributes.`class` == InputOutput
      else { continue }
      let border = unsafe Int(attributes.border_width)
      let inside = unsafe Rect(
        x: Int(attributes.x) + border, y: Int(attributes.y) + border,
        width: Int(attributes.width), height: Int(attributes.height))
      let outside = Rect(
        x: inside.x - border, y: inside.y - border,
        width: inside.width + 2 * border, height: inside.height + 2 * border)
      // The X server forgets the right and the lower border in the shape of a window that has none.
      let (x, y) = (
        min(place.x - inside.x, inside.width - 1), min(place.y - inside.y, inside.height - 1)
      )
      if !outside.intersection(place).isEmpty,
        takesClicks(id, at: Rect(x: x, y: y, width: 1, height: 1))
      {
        return (id, inside)
      }
    }
    return nil
  }

  /// Whether the place is within the window's shape, and within that for input: what is laid over
  /// others to be seen alone lets clicks through. In px of the window's inside.
  private func takesClicks(_ id: WindowID, at place: Rect) -> Bool {
    guard connection.hasShape else { return true }
    return [ShapeBounding, ShapeInput].allSatisfy { kind in
      var (count, order): (Int32, Int32) = (0, 0)
      let list = unsafe XShapeGetRectangles(connection.display, id, kind, &count, &order)
      _ = connection.takeError()
      guard let list = unsafe list else { return false }
      defer { unsafe XFree(list) }
      return unsafe UnsafeBufferPointer(start: list, count: Int(count)).contains {
        !Rect(x: Int($0.x), y: Int($0.y), width: Int($0.width), height: Int($0.height))
          .intersection(place).isEmpty
      }
    }
  }
}
