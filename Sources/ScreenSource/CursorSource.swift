import CX11
import CropEngine

/// The mouse cursor of a screen: its picture, where it is, and whether it is shown.
struct CursorSource {
  /// How often the server is asked for the place though it told of no motion: of a pointer that a
  /// program warps it does not tell. In ns.
  static let askInterval: Int64 = 100_000_000

  /// A cursor in a picture: another one is another look.
  struct Drawn: Equatable {
    /// In px of the root.
    let rect: Rect
    fileprivate let imageNumber: Int
  }

  private let connection: Connection
  private let root: WindowID
  private var visibility: CursorVisibility
  private var image: CursorImage?
  private var imageNumber = 0
  private var isStale = true
  /// Whether the server tells of motion (XInput); nil before the first frame, which is not to wait
  /// for that.
  private var tellsMotion: Bool?
  private var hasMoved = true
  /// When the server was asked last, in ns; nil before the first time.
  private var asked: Int64?
  /// The place of the hot spot, in px of the root; nil where it is on another screen.
  private var place: (x: Int, y: Int)?
  /// Whether it is shown there.
  private var isShown = false

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

  /// The server has told that the mouse was moved.
  mutating func noteMotion() { hasMoved = true }

  private var nextAsk: Int64 {
    hasMoved || tellsMotion != true ? .min : (asked ?? 0) + Self.askInterval
  }

  /// When to look again though the server tells nothing, in ns; `now` where it has told something.
  func nextLook(after now: Int64) -> Int64 {
    // One that is shown for a while after it moved goes at its time.
    max(now, isStale && isShown ? now : min(nextAsk, visibility.nextChange ?? .max))
  }

  /// Sees where it is at `now`, in ns (QueryPointer), where it may be elsewhere than before.
  mutating func update(at now: Int64) {
    if asked != nil, tellsMotion == nil {
      tellsMotion = connection.useMotion(of: root)
      // Of what happened before it tells nothing.
      hasMoved = true
    }
    if now >= nextAsk {
      (hasMoved, asked) = (false, now)
      place = position()
    }
    isShown = place.map { visibility.isShown(x: $0.x, y: $0.y, at: now) } ?? false
    guard isShown, isStale else { return }
    isStale = false
    image = CursorImage(connection)
    imageNumber += 1
  }

  /// What of it is to be seen in a part of the screen, in px; nil where nothing.
  func drawn(in part: Rect) -> Drawn? {
    guard isShown, let place, let image else { return nil }
    let rect = image.rect(pointingAtX: place.x, y: place.y)
    guard !rect.intersection(part).isEmpty else { return nil }
    return Drawn(rect: rect, imageNumber: imageNumber)
  }

  /// Draws it over a picture of BGRX, which shows `rect` of the screen, in px, its rows `stride`
  /// bytes apart.
  func draw(
    on picture: UnsafeMutableRawBufferPointer, of rect: Rect, stride: Int, hasAlpha: Bool
  ) {
    guard isShown, let place, let image else { return }
    unsafe image.draw(
      pointingAtX: place.x, y: place.y, on: picture, of: rect, stride: stride,
      hasAlpha: hasAlpha)
  }

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
