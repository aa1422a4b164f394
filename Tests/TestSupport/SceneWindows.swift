import CXClient
import CropEngine

/// Windows that are not of one colour by themselves.
extension Scene {
  /// Makes a mapped window without background: until somebody paints it, it holds what was seen
  /// in its place. Of depth 32 where it has alpha, and nil then where there is no such visual.
  public func bareWindow(
    in parent: Window, _ rect: Rect, border: Int = 0, borderPixel: UInt = 0,
    hasAlpha: Bool = false, isMapped: Bool = true
  ) -> Window? {
    let window = client_create_bare_window(
      display, parent, Int32(rect.x), Int32(rect.y), UInt32(rect.width), UInt32(rect.height),
      UInt32(border), borderPixel, hasAlpha)
    guard window != 0 else { return nil }
    // Others know of it when this returns.
    XSync(display, False)
    if isMapped { map(window) }
    return window
  }

  /// Paints a rectangle of a window with a pixel value (XFillRectangle), and nothing of those in it.
  public func fill(_ window: Window, _ rect: Rect, _ pixel: UInt) {
    let context = XCreateGC(display, window, 0, nil)
    XSetForeground(display, context, pixel)
    change {
      XFillRectangle(
        display, window, context, Int32(rect.x), Int32(rect.y), UInt32(rect.width),
        UInt32(rect.height))
    }
    XFreeGC(display, context)
  }

  /// Writes a line of text on a window with a pixel value (XDrawString), its left end at a place of
  /// the window, and nothing on those in it.
  public func write(_ text: String, on window: Window, x: Int, y: Int, _ pixel: UInt) {
    let context = XCreateGC(display, window, 0, nil)
    XSetForeground(display, context, pixel)
    change {
      XDrawString(
        display, window, context, Int32(x), Int32(y), text, Int32(text.utf8.count))
    }
    XFreeGC(display, context)
  }

  /// Copies a part of a window to another place in it, as a program that scrolls does (XCopyArea).
  public func scroll(_ window: Window, _ rect: Rect, toX x: Int, y: Int) {
    let context = XCreateGC(display, window, 0, nil)
    change {
      XCopyArea(
        display, window, window, context, Int32(rect.x), Int32(rect.y), UInt32(rect.width),
        UInt32(rect.height), Int32(x), Int32(y))
    }
    XFreeGC(display, context)
  }

  /// Gives a window a background in which each pixel tells its place, counted from a corner of the
  /// test's choice.
  public func setPlaces(of window: Window, size: Size, fromX x: Int = 0, y: Int = 0) {
    let pixels = (0..<size.height).flatMap { row in
      (0..<size.width).map { UInt(x: x + $0, y: y + row) }
    }
    change {
      client_set_background(display, window, Int32(size.width), Int32(size.height), pixels)
    }
  }

  /// Lets a window show its parent's background in place of one of its own.
  public func setParentRelative(_ window: Window) {
    change {
      XSetWindowBackgroundPixmap(display, window, Pixmap(ParentRelative))
      return XClearWindow(display, window)
    }
  }

  /// Gives a window another border, in px and of a pixel value.
  public func setBorder(_ window: Window, width: Int, _ pixel: UInt) {
    change {
      XSetWindowBorder(display, window, pixel)
      return XSetWindowBorderWidth(display, window, UInt32(width))
    }
  }

  /// Gives a window the shape of several rectangles.
  public func shape(_ window: Window, to rects: [Rect]) {
    var parts = rects.map {
      XRectangle(
        x: Int16($0.x), y: Int16($0.y), width: UInt16($0.width), height: UInt16($0.height))
    }
    change {
      XShapeCombineRectangles(
        display, window, ShapeBounding, 0, 0, &parts, Int32(parts.count), ShapeSet, Unsorted)
    }
  }

  /// Makes a mapped window above all others that no window manager takes care of, as menus and
  /// tooltips are.
  public func menu(_ rect: Rect, _ colour: UInt32) -> Window {
    let window = self.window(in: root, rect, colour, isMapped: false)
    setOverrideRedirect(display, window)
    map(window)
    return window
  }

  /// Says of a window that it is a dialog of another (WM_TRANSIENT_FOR).
  public func setTransient(_ window: Window, for owner: Window) {
    change { XSetTransientForHint(display, window, owner) }
  }

  /// The window that has the keyboard's focus.
  public var focused: Window {
    var (window, revert): (Window, Int32) = (0, 0)
    XGetInputFocus(display, &window, &revert)
    return window
  }
}

func setOverrideRedirect(_ display: OpaquePointer, _ window: Window) {
  var attributes = XSetWindowAttributes()
  attributes.override_redirect = True
  XChangeWindowAttributes(display, window, UInt(CWOverrideRedirect), &attributes)
}

/// How many pixels of a picture in BGRX or BGRA, rows `stride` bytes apart, have any of these bits.
public func count(
  _ bits: UInt32, in pixels: UnsafeRawBufferPointer, size: Size, stride: Int
) -> Int {
  client_count_bits(pixels.baseAddress, stride, size.width, size.height, bits)
}

/// The pixels of a picture in BGRX or BGRA, rows `stride` bytes apart, row by row; of each of them
/// these bits.
public func pixels(
  _ pixels: UnsafeRawBufferPointer, size: Size, stride: Int, bits: UInt32
) -> [UInt32] {
  [UInt32](unsafeUninitializedCapacity: size.width * size.height) { buffer, count in
    client_copy_pixels(
      buffer.baseAddress, pixels.baseAddress, stride, size.width, size.height, bits)
    count = size.width * size.height
  }
}
