import CXClient
import CropEngine

/// Another client than the scene's: it is told of what happens to windows, as the program is that
/// they belong to, and paints those that it has a colour for when it is told to.
public final class Application {
  /// What it was told of a window.
  public struct News: Equatable, Sendable {
    /// How often something of it was to be painted: runs of Expose events.
    public var exposures = 0
    /// How often it was more or less covered (VisibilityNotify).
    public var visibilities = 0
    /// Mapped, unmapped, moved, resized, restacked, reparented, or the keyboard's focus come or
    /// gone.
    public var changes = 0

    public init(exposures: Int = 0, visibilities: Int = 0, changes: Int = 0) {
      self.exposures = exposures
      self.visibilities = visibilities
      self.changes = changes
    }
  }

  private let display: OpaquePointer
  private var colours: [Window: UInt] = [:]
  private var news: [Window: News] = [:]
  /// Whether it paints what is exposed.
  public var isAnswering = true

  public init(_ scene: Scene) throws {
    guard let display = client_open_display(scene.server.displayName) else {
      throw Failure("no display")
    }
    self.display = display
  }

  deinit { XCloseDisplay(display) }

  /// Makes a mapped window of its own, of one colour. `isMenu`, no window manager takes care of it.
  public func window(
    in parent: Window, _ rect: Rect, _ colour: UInt32, isMenu: Bool = false
  ) -> Window {
    let window = XCreateSimpleWindow(
      display, parent, Int32(rect.x), Int32(rect.y), UInt32(rect.width), UInt32(rect.height), 0, 0,
      UInt(colour))
    if isMenu { setOverrideRedirect(display, window) }
    XMapWindow(display, window)
    XSync(display, False)
    return window
  }

  /// Is told of a window from now on, and paints what is exposed of it where a pixel value is given.
  public func watch(_ window: Window, painting pixel: UInt? = nil) {
    colours[window] = pixel
    news[window] = News()
    XSelectInput(
      display, window,
      ExposureMask | StructureNotifyMask | VisibilityChangeMask | FocusChangeMask)
    XSync(display, False)
  }

  /// What it was told of a window since the last call.
  public func takeNews(of window: Window) -> News {
    respond()
    defer { news[window] = News() }
    return news[window] ?? News()
  }

  /// Takes in what it was told, and paints what is to be painted; all is done when it returns.
  public func respond() {
    XSync(display, False)
    while XPending(display) > 0 {
      var event = XEvent()
      XNextEvent(display, &event)
      take(&event)
    }
    XSync(display, False)
  }

  private func take(_ event: inout XEvent) {
    let window = event.xany.window
    switch event.type {
    case Expose:
      if event.xexpose.count == 0 { news[window, default: News()].exposures += 1 }
      if isAnswering, let pixel = colours[window] { paint(event.xexpose, pixel) }
    case VisibilityNotify:
      news[window, default: News()].visibilities += 1
    default:
      news[window, default: News()].changes += 1
    }
  }

  private func paint(_ exposed: XExposeEvent, _ pixel: UInt) {
    let context = XCreateGC(display, exposed.window, 0, nil)
    XSetForeground(display, context, pixel)
    XFillRectangle(
      display, exposed.window, context, exposed.x, exposed.y, UInt32(exposed.width),
      UInt32(exposed.height))
    XFreeGC(display, context)
  }
}
