import CXClient
import CropEngine

/// Pixels of any depth, and what they look like.
extension Scene {
  /// Makes a mapped window of pixel values, `width` in a row, whatever the screen's depth is.
  public func window(in parent: Window, x: Int, y: Int, pixels: [UInt], width: Int) -> Window {
    let size = Size(width: width, height: pixels.count / width)
    let window = self.window(
      in: parent, Rect(x: x, y: y, width: width, height: size.height), 0)
    put(pixels, width: width, in: window)
    return window
  }

  /// Writes pixel values into a window, from its left top on.
  public func put(_ pixels: [UInt], width: Int, in window: Window) {
    change { client_put_pixels(display, window, Int32(width), Int32(pixels.count / width), pixels) }
  }

  /// Paints what is seen of a window in one colour, but for what lies above it.
  public func paint(_ window: Window, _ colour: UInt32) {
    change {
      XSetWindowBackground(display, window, UInt(colour))
      return XClearWindow(display, window)
    }
  }

  /// Makes a window over the whole screen, above all others, in which each pixel tells its place.
  public func mapPlaces(size: Size) -> Window {
    window(
      in: root, x: 0, y: 0,
      pixels: (0..<size.height).flatMap { y in (0..<size.width).map { UInt(x: $0, y: y) } },
      width: size.width)
  }

  /// Makes a mapped window of depth 32 and one pixel value; nil where there is no such visual.
  public func translucentWindow(in parent: Window, _ rect: Rect, _ pixel: UInt) -> Window? {
    let window = client_create_argb_window(
      display, parent, Int32(rect.x), Int32(rect.y), UInt32(rect.width), UInt32(rect.height), pixel)
    guard window != 0 else { return nil }
    map(window)
    return window
  }

  /// The pixel value that is the nearest to a colour (XAllocColor); a place in the palette where
  /// the screen has one.
  public func pixel(of colour: UInt32) throws -> UInt {
    var wanted = XColor(colour, pixel: 0)
    guard XAllocColor(display, XDefaultColormap(display, 0), &wanted) != 0 else {
      throw Failure("no room in the palette")
    }
    return wanted.pixel
  }

  /// A place in the palette that is this client's to change (XAllocColorCells).
  public func changeablePixel(_ colour: UInt32) throws -> UInt {
    var pixel: UInt = 0
    guard
      XAllocColorCells(display, XDefaultColormap(display, 0), False, nil, 0, &pixel, 1) != 0
    else { throw Failure("no room in the palette") }
    store(colour, at: pixel)
    return pixel
  }

  /// Changes a place of the palette (XStoreColor).
  public func store(_ colour: UInt32, at pixel: UInt) {
    var colour = XColor(colour, pixel: pixel)
    change { XStoreColor(display, XDefaultColormap(display, 0), &colour) }
  }

  /// Shows another palette from now on, black but for these colours, which are its first.
  public func installPalette(_ colours: [UInt32]) {
    let palette = XCreateColormap(display, root, XDefaultVisual(display, 0), AllocAll)
    var entries = colours.enumerated().map { XColor($1, pixel: UInt($0)) }
    change {
      XStoreColors(display, palette, &entries, Int32(entries.count))
      return XInstallColormap(display, palette)
    }
  }
}

extension UInt {
  /// The pixel value that tells a place, on a screen of depth 24 and at most 4096 px a side.
  public init(x: Int, y: Int) { self = UInt(x << 12 | y) }
}

extension Picture {
  /// What is seen of such places in a rectangle of the screen.
  public static func places(_ rect: Rect) -> Picture {
    Picture(size: rect.size) { x, y in UInt32(UInt(x: rect.x + x, y: rect.y + y)) }
  }
}

extension XColor {
  fileprivate init(_ colour: UInt32, pixel: UInt) {
    func channel(_ shift: UInt32) -> UInt16 { UInt16(colour >> shift & 0xff) * 257 }
    self.init(
      pixel: pixel, red: channel(16), green: channel(8), blue: channel(0),
      flags: CChar(DoRed | DoGreen | DoBlue), pad: 0)
  }
}
