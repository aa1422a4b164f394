import CX11
import CropEngine

/// The mouse cursor of a screen: its picture, where it is, and whether it is shown.
struct CursorSource {
  private let connection: Connection
  private let root: WindowID
  private var visibility: CursorVisibility
  private var image: CursorImage?
  private var isStale = true

  /// Throws `notSupported` where the server does not tell of the cursor.
  init(_ connection: Connection, root: WindowID, mode: CursorMode) throws(CaptureError) {
    if let reason = connection.useCursor() {
      throw CaptureError(.notSupported, "--cursor", "\(reason): the cursor is not in the picture")
    }
    self.connection = connection
    self.root = root
    visibility = CursorVisibility(mode)
    unsafe XFixesSelectCursorInput(
      connection.display, root, UInt(XFixesDisplayCursorNotifyMask))
  }

  /// The server has told that the cursor has another picture.
  mutating func noteChange() { isStale = true }

  /// Draws the cursor where it is now (QueryPointer) over a picture of BGRX, which shows `rect` of
  /// the screen, in px, its rows `stride` bytes apart. `now` is in ns.
  mutating func draw(
    on picture: UnsafeMutableRawBufferPointer, of rect: Rect, stride: Int, hasAlpha: Bool,
    at now: Int64
  ) {
    guard let (x, y) = position(), visibility.isShown(x: x, y: y, at: now) else { return }
    if isStale {
      isStale = false
      image = CursorImage(connection)
    }
    unsafe image?.draw(
      pointingAtX: x, y: y, on: picture, of: rect, stride: stride, hasAlpha: hasAlpha)
  }

  /// The place of the hot spot, in px of the root; nil where the mouse is on another screen.
  private func position() -> (x: Int, y: Int)? {
    var (rootBelow, child): (Window, Window) = (0, 0)
    var (x, y, childX, childY): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    var buttons: UInt32 = 0
    guard
      unsafe XQueryPointer(
        connection.display, root, &rootBelow, &child, &x, &y, &childX, &childY, &buttons) != 0
    else {
      _ = connection.takeError()
      return nil
    }
    return (Int(x), Int(y))
  }
}

extension CursorImage {
  /// The cursor's picture as it is now (XFIXES GetCursorImage); nil where there is none.
  init?(_ connection: Connection) {
    guard let sent = unsafe XFixesGetCursorImage(connection.display) else {
      _ = connection.takeError()
      return nil
    }
    defer { unsafe XFree(sent) }
    let info = unsafe sent.pointee
    unsafe size = Size(width: Int(info.width), height: Int(info.height))
    unsafe hotX = Int(info.xhot)
    unsafe hotY = Int(info.yhot)
    // Xlib hands each pixel out as a C long.
    let count = unsafe Int(info.width) * Int(info.height)
    pixels = unsafe UnsafeBufferPointer(start: info.pixels, count: count).map {
      UInt32(truncatingIfNeeded: $0)
    }
  }
}
