import CXClient
import CropEngine

/// The scene that the statements of Region Capture are tested on: windows without borders, each of
/// one colour, on a screen of 640×480 without a window manager.
///
/// Each change is done when its function returns.
public final class Scene {
  public static let root: UInt32 = 0x20_2020
  public static let top: UInt32 = 0x80_8080
  public static let t: UInt32 = 0xff_0000
  public static let tc: UInt32 = 0xff_ff00
  public static let sib: UInt32 = 0x00_00ff
  public static let bel: UInt32 = 0x00_ff00
  public static let ovl: UInt32 = 0xff_ffff

  public let server: Xvfb
  public let root: Window
  /// The captured window, 400×300+100+100 in the root.
  public let top: Window
  /// The target, 100×80+50+50 in TOP.
  public let t: Window
  /// 20×20+10+10 in T.
  public let tc: Window
  /// 100×80+100+80 in TOP, above T and over its lower right.
  public let sib: Window
  /// 40×40+40+40 in TOP, below T.
  public let bel: Window
  /// 80×80+0+0 in the root, another application's.
  public let other: Window
  /// 40×40+0+0 in OTHER.
  public let o1: Window
  let display: OpaquePointer

  public init(_ server: Xvfb) throws {
    self.server = server
    guard let display = client_open_display(server.displayName) else { throw Failure("no display") }
    self.display = display
    root = XDefaultRootWindow(display)
    func make(_ parent: Window, _ rect: Rect, _ colour: UInt32) -> Window {
      Self.make(display, in: parent, rect, colour)
    }
    XSetWindowBackground(display, root, UInt(Self.root))
    XClearWindow(display, root)
    Self.hideCursor(display, root)
    other = make(root, Rect(x: 0, y: 0, width: 80, height: 80), 0x40_4040)
    o1 = make(other, Rect(x: 0, y: 0, width: 40, height: 40), 0x60_6060)
    top = make(root, Rect(x: 100, y: 100, width: 400, height: 300), Self.top)
    bel = make(top, Rect(x: 40, y: 40, width: 40, height: 40), Self.bel)
    t = make(top, Rect(x: 50, y: 50, width: 100, height: 80), Self.t)
    sib = make(top, Rect(x: 100, y: 80, width: 100, height: 80), Self.sib)
    tc = make(t, Rect(x: 10, y: 10, width: 20, height: 20), Self.tc)
    XStoreName(display, top, "TOP")
    XStoreName(display, other, "OTHER")
    XStoreName(display, t, "T")
    for window in [o1, other, tc, bel, t, sib, top] { XMapWindow(display, window) }
    XSync(display, False)
  }

  deinit { XCloseDisplay(display) }

  /// Gives the root, and so all windows that have none of their own, a cursor without a pixel:
  /// Xvfb's stands in the middle of the screen.
  private static func hideCursor(_ display: OpaquePointer, _ root: Window) {
    let none = XCreateBitmapFromData(display, root, [0], 1, 1)
    var (ink, paper) = (XColor(), XColor())
    let cursor = XCreatePixmapCursor(display, none, none, &ink, &paper, 0, 0)
    XDefineCursor(display, root, cursor)
    XFreeCursor(display, cursor)
    XFreePixmap(display, none)
  }

  private static func make(
    _ display: OpaquePointer, in parent: Window, _ rect: Rect, _ colour: UInt32, border: Int = 0
  ) -> Window {
    XCreateSimpleWindow(
      display, parent, Int32(rect.x), Int32(rect.y), UInt32(rect.width), UInt32(rect.height),
      UInt32(border), 0, UInt(colour))
  }

  /// Makes a mapped window of one colour, with a border of black.
  public func window(
    in parent: Window, _ rect: Rect, _ colour: UInt32, border: Int = 0, isMapped: Bool = true
  ) -> Window {
    let window = Self.make(display, in: parent, rect, colour, border: border)
    if isMapped { XMapWindow(display, window) }
    XSync(display, False)
    return window
  }

  /// Destroys a window, and makes another one, in the root or in `parent`, that gets the same id.
  public func recycle(
    _ window: Window, in parent: Window? = nil, as rect: Rect, _ colour: UInt32
  ) {
    XDestroyWindow(display, window)
    client_create_window(
      display, window, parent ?? root, Int32(rect.x), Int32(rect.y), UInt32(rect.width),
      UInt32(rect.height), UInt(colour))
    XMapWindow(display, window)
    XSync(display, False)
  }

  /// Makes a mapped window that takes input alone, and has no pixels.
  public func inputOnlyWindow(in parent: Window) -> Window {
    let window = XCreateWindow(
      display, parent, 0, 0, 10, 10, 0, 0, UInt32(InputOnly), nil, 0, nil)
    XMapWindow(display, window)
    XSync(display, False)
    return window
  }

  /// OVL: another application's window above TOP, 60×60+120+120.
  public func mapOverlay() -> Window {
    window(in: root, Rect(x: 120, y: 120, width: 60, height: 60), Self.ovl)
  }

  public func move(_ window: Window, x: Int, y: Int) {
    change { XMoveWindow(display, window, Int32(x), Int32(y)) }
  }

  public func resize(_ window: Window, width: Int, height: Int) {
    change { XResizeWindow(display, window, UInt32(width), UInt32(height)) }
  }

  public func map(_ window: Window) { change { XMapWindow(display, window) } }
  public func unmap(_ window: Window) { change { XUnmapWindow(display, window) } }
  public func raise(_ window: Window) { change { XRaiseWindow(display, window) } }
  public func destroy(_ window: Window) { change { XDestroyWindow(display, window) } }

  public func reparent(_ window: Window, to parent: Window, x: Int, y: Int) {
    change { XReparentWindow(display, window, parent, Int32(x), Int32(y)) }
  }

  /// Gives a window the shape of a rectangle, or none where nil; an empty one hides it.
  public func shape(_ window: Window, to rect: Rect?) {
    change {
      guard let rect else {
        XShapeCombineMask(display, window, ShapeBounding, 0, 0, 0, ShapeSet)
        return
      }
      var part = XRectangle(
        x: Int16(rect.x), y: Int16(rect.y), width: UInt16(rect.width), height: UInt16(rect.height))
      XShapeCombineRectangles(
        display, window, ShapeBounding, 0, 0, &part, rect.isEmpty ? 0 : 1, ShapeSet, Unsorted)
    }
  }

  public func setTitle(_ window: Window, _ title: String) {
    change { XStoreName(display, window, title) }
  }

  public func setClass(_ window: Window, instance: String, class: String) {
    setProperty(window, "WM_CLASS", type: "STRING", bytes: Array("\(instance)\0\(`class`)\0".utf8))
  }

  public func setProperty(_ window: Window, _ name: String, type: String, bytes: [UInt8]) {
    let atom = XInternAtom(display, name, 0)
    let typeAtom = XInternAtom(display, type, 0)
    change {
      XChangeProperty(
        display, window, atom, typeAtom, 8, PropModeReplace, bytes, Int32(bytes.count))
    }
  }

  public func setProperty(_ window: Window, _ name: String, type: String, number: UInt) {
    let atom = XInternAtom(display, name, 0)
    let typeAtom = XInternAtom(display, type, 0)
    change {
      withUnsafeBytes(of: number) {
        XChangeProperty(
          display, window, atom, typeAtom, 32, PropModeReplace,
          $0.baseAddress!.assumingMemoryBound(to: UInt8.self), 1)
      }
    }
  }

  /// Makes a window the owner of a selection, as a compositor does.
  public func own(_ selection: String, by window: Window) {
    change {
      XSetSelectionOwner(display, XInternAtom(display, selection, 0), window, UInt(CurrentTime))
    }
  }

  public func focus(_ window: Window) {
    change { XSetInputFocus(display, window, RevertToParent, UInt(CurrentTime)) }
  }

  /// The synthetic ConfigureNotify that a window manager sends, with root coordinates.
  public func sendSyntheticConfigure(_ window: Window, x: Int, y: Int, width: Int, height: Int) {
    var event = XEvent()
    event.xconfigure.type = ConfigureNotify
    event.xconfigure.event = window
    event.xconfigure.window = window
    event.xconfigure.x = Int32(x)
    event.xconfigure.y = Int32(y)
    event.xconfigure.width = Int32(width)
    event.xconfigure.height = Int32(height)
    change { XSendEvent(display, window, False, StructureNotifyMask, &event) }
  }

  /// Makes a series of changes that no other client's request comes between.
  public func atOnce(_ body: () -> Void) {
    XGrabServer(display)
    body()
    XUngrabServer(display)
    XSync(display, False)
  }

  func change(_ request: () -> some Any) {
    _ = request()
    XSync(display, False)
  }
}

extension Picture {
  /// TOP as it is seen in the scene.
  public static let ofTop = Picture(
    size: Size(width: 400, height: 300),
    [
      (Rect(x: 0, y: 0, width: 400, height: 300), Scene.top),
      (Rect(x: 40, y: 40, width: 40, height: 40), Scene.bel),
      (Rect(x: 50, y: 50, width: 100, height: 80), Scene.t),
      (Rect(x: 60, y: 60, width: 20, height: 20), Scene.tc),
      (Rect(x: 100, y: 80, width: 100, height: 80), Scene.sib),
    ])

  /// T as it is seen in the scene, SIB over its lower right.
  public static let ofT = Picture(
    size: Size(width: 100, height: 80),
    [
      (Rect(x: 0, y: 0, width: 100, height: 80), Scene.t),
      (Rect(x: 10, y: 10, width: 20, height: 20), Scene.tc),
      (Rect(x: 50, y: 30, width: 50, height: 50), Scene.sib),
    ])
}
