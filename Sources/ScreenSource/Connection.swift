import CX11
import CropEngine

/// A connection to an X server. All use of one connection is on one thread.
@safe public final class Connection {
  let display: OpaquePointer
  /// The root window of the default screen.
  public let root: WindowID
  /// First event code of the Shape extension; 0 where the server has none.
  let shapeEventBase: Int32
  private let lost: UnsafeMutablePointer<Bool>

  /// Connects to a display, `$DISPLAY` where nil.
  ///
  /// Throws `notFound` where there is no such display.
  public init(displayName: String? = nil) throws(CaptureError) {
    cx11_install_error_handlers()
    guard let display = unsafe XOpenDisplay(displayName) else {
      let name = unsafe String(cString: XDisplayName(displayName))
      throw CaptureError(
        .notFound, name.isEmpty ? "display" : "display \(name)",
        name.isEmpty ? "$DISPLAY is not set: name one with --display" : "cannot connect to it")
    }
    unsafe self.display = display
    root = unsafe XDefaultRootWindow(display)
    unsafe lost = .allocate(capacity: 1)
    unsafe lost.initialize(to: false)
    unsafe cx11_watch_connection(display, lost)
    var eventBase: Int32 = 0
    var errorBase: Int32 = 0
    shapeEventBase =
      unsafe XShapeQueryExtension(display, &eventBase, &errorBase) != 0 ? eventBase : 0
  }

  deinit {
    unsafe XCloseDisplay(display)
    unsafe lost.deallocate()
  }

  /// Readable when the server has sent something; what Xlib has read already does not show here.
  public var descriptor: Int32 { unsafe XConnectionNumber(display) }

  /// Whether the server has gone away.
  public var isLost: Bool { unsafe lost.pointee }

  /// Throws `connectionLost` where the server has gone away.
  public func checkAlive() throws(CaptureError) {
    guard !isLost else {
      throw CaptureError(
        .connectionLost, "display \(name)", "the connection was lost")
    }
  }

  /// The display's name, as given or found.
  public var name: String { unsafe String(cString: XDisplayString(display)) }

  /// The number that the next request will have.
  var nextSerial: RequestSerial { unsafe XNextRequest(display) }

  /// Flushes requests and takes in what the server has sent, without waiting.
  func readEvents() { unsafe _ = XEventsQueued(display, QueuedAfterFlush) }

  /// Takes the oldest event of a window's structure whose serial is below the limit.
  func nextEvent(before limit: RequestSerial) -> WindowEvent? {
    var event = CX11Event()
    guard unsafe cx11_next_event(display, shapeEventBase, limit, &event) else { return nil }
    return WindowEvent(event)
  }

  /// Runs requests and returns the first error that any of them caused, after XSync.
  ///
  /// Not to be nested. Requests that have an answer need none of this: see ``takeError()``.
  func trapping(_ requests: () -> Void) -> ServerError? {
    // Errors of earlier requests without an answer may still be on the way.
    unsafe _ = XSync(display, False)
    _ = takeError()
    requests()
    unsafe _ = XSync(display, False)
    return takeError()
  }

  /// The first error kept since the last call. Those of a request with an answer are there when
  /// the answer is.
  func takeError() -> ServerError? {
    var error = CX11Error()
    return unsafe cx11_take_error(&error) ? ServerError(error) : nil
  }

  /// The atom of this name; 0 where no client has ever used it.
  func existingAtom(_ name: String) -> Atom { unsafe XInternAtom(display, name, True) }
}

/// An error that the X server sent.
struct ServerError: Equatable {
  let code: Int32
  let request: UInt8
  let minor: UInt8

  init(_ error: CX11Error) {
    code = Int32(error.code)
    request = error.request
    minor = error.minor
  }

  /// The name in the X protocol, for those that captures meet.
  var name: String {
    switch code {
    case BadWindow: "BadWindow"
    case BadDrawable: "BadDrawable"
    case BadMatch: "BadMatch"
    case BadAccess: "BadAccess"
    case BadAlloc: "BadAlloc"
    default: "X error \(code) of request \(request).\(minor)"
    }
  }
}

extension WindowEvent {
  fileprivate init(_ event: CX11Event) {
    let x = Int(event.x)
    let y = Int(event.y)
    let width = Int(event.width)
    let height = Int(event.height)
    let change: Change =
      switch event.kind {
      case CX11ConfigureNotify:
        .configured(x: x, y: y, width: width, height: height, border: Int(event.border))
      case CX11GravityNotify: .moved(x: x, y: y)
      case CX11MapNotify: .mapped
      case CX11UnmapNotify: .unmapped
      case CX11ReparentNotify: .reparented(to: event.parent, x: x, y: y)
      case CX11DestroyNotify: .destroyed
      case CX11ShapeNotify:
        .shaped(
          event.shape_kind == ShapeClip ? .clip : .bounding,
          extents: event.shaped ? Rect(x: x, y: y, width: width, height: height) : nil)
      default: preconditionFailure("cx11_next_event returns the kinds of its enum only")
      }
    self.init(window: event.window, serial: event.serial, change: change)
  }
}
