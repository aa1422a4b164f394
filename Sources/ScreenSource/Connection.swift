import CX11
import CropEngine
import Glibc

/// A connection to an X server. All use of one connection is on one thread.
///
/// The first one sets Xlib's error handlers for the whole process: errors of the server do not end
/// it any more, and neither does a server that goes away (see ``checkAlive()``). Who uses Xlib
/// besides does not set others.
///
/// Who waits for the server polls the ``descriptor`` for input, but not while ``hasReadEvents``.
@safe public final class Connection {
  let display: OpaquePointer
  /// The root window of the default screen.
  public let root: WindowID
  /// Of the extensions in use, for the events to be told apart.
  private var eventBases = CX11EventBases()
  private let lost: UnsafeMutablePointer<Bool>
  /// What is asked to be told of windows.
  private var watched: [WindowID: WatchedWindow] = [:]
  private var watcherCount = 0
  /// Room that questions to windows use again.
  var sequenceBuffer: [UInt32] = []

  /// Connects to a display, `$DISPLAY` where nil (XOpenDisplay).
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
    eventBases.shape = unsafe cx11_first_shape_event(display)
  }

  /// The first event code of an extension; 0 where the server has none.
  private func firstEvent(
    _ query: (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>) -> Int32
  ) -> Int32 {
    var event: Int32 = 0
    var error: Int32 = 0
    return unsafe query(&event, &error) != 0 ? event : 0
  }

  /// Whether the server has an extension of this name (QueryExtension).
  func hasExtension(_ name: String) -> Bool {
    var (opcode, event, error): (Int32, Int32, Int32) = (0, 0, 0)
    return unsafe XQueryExtension(display, name, &opcode, &event, &error) != 0
  }

  /// Whether the server has an extension (QueryExtension).
  public func has(_ extension: DisplayFacts.Extension) -> Bool {
    hasExtension(`extension`.rawValue)
  }

  /// Whether a window manager is at work on the screen (SubstructureRedirect of its root).
  public var hasWindowManager: Bool { ask(root, .attributes).attributes?.isManaged ?? false }

  /// Whether the server has the Shape extension.
  var hasShape: Bool { eventBases.shape != 0 }

  /// Makes ready to be told of monitors (RandR 1.5). Returns why not, where the server cannot.
  func useMonitors() -> String? {
    eventBases.randr = unsafe firstEvent { unsafe XRRQueryExtension(display, $0, $1) }
    var (major, minor): (Int32, Int32) = (0, 0)
    guard eventBases.randr != 0, unsafe XRRQueryVersion(display, &major, &minor) != 0 else {
      return "the server has no RANDR extension"
    }
    guard (major, minor) >= (1, 5) else {
      return "the server's RANDR extension is \(major).\(minor), not 1.5 or later"
    }
    return nil
  }

  /// Makes ready to be told of the cursor (XFIXES). Returns why not, where the server cannot.
  func useCursor() -> String? { useFixes() }

  private func useFixes() -> String? {
    eventBases.fixes = unsafe firstEvent { unsafe XFixesQueryExtension(display, $0, $1) }
    var (major, minor): (Int32, Int32) = (0, 0)
    // The server takes no other request of the extension before it was asked for the version.
    guard eventBases.fixes != 0, unsafe XFixesQueryVersion(display, &major, &minor) != 0 else {
      return "the server has no XFIXES extension"
    }
    return nil
  }

  /// Makes ready to be told what is drawn on (DAMAGE). Returns why not, where the server cannot.
  func useDamage() -> String? {
    if let reason = useFixes() { return reason }
    eventBases.damage = unsafe firstEvent { unsafe XDamageQueryExtension(display, $0, $1) }
    return eventBases.damage == 0 ? "the server has no DAMAGE extension" : nil
  }

  /// Asks to be told of each motion of the mouse (XInput 2.2: also while somebody grabs it). Returns
  /// whether the server can.
  func useMotion(of root: WindowID) -> Bool {
    var (opcode, event, error, major, minor): (Int32, Int32, Int32, Int32, Int32) = (0, 0, 0, 2, 2)
    guard unsafe XQueryExtension(display, "XInputExtension", &opcode, &event, &error) != 0,
      unsafe XIQueryVersion(display, &major, &minor) == Success, (major, minor) >= (2, 2)
    else { return false }
    eventBases.input = opcode
    return unsafe cx11_select_motion(display, root)
  }

  /// Makes ready to be told of the rectangles that windows publish.
  func watchPublishedRects() { eventBases.rects = atom(PublishedRects.property) }

  deinit {
    guard !isLost else {
      // Xlib would send what it has left to say. The display's memory is given up for that.
      close(descriptor)
      return
    }
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
  var nextSerial: RequestSerial {
    takeCount()
    return unsafe XNextRequest(display)
  }

  /// Whether requests were sent that Xlib has not counted yet.
  private var isBehind = false

  /// Requests were sent past Xlib.
  func noteOtherRequests() { isBehind = true }

  /// Has Xlib count the requests that were sent past it.
  private func takeCount() {
    if isBehind { unsafe XFlush(display) }
    isBehind = false
  }

  /// Whether events wait that were read already, so that the descriptor is silent about them.
  ///
  /// An answer can bring events along that xcb keeps to itself until something is read, so that
  /// this flushes and reads, without waiting. To be asked before ``descriptor`` is polled.
  public var hasReadEvents: Bool { unsafe XEventsQueued(display, QueuedAfterFlush) > 0 }

  /// Flushes requests and takes in what the server has sent, without waiting.
  func readEvents() {
    unsafe cx11_read_events(display)
    isBehind = false
  }

  /// Takes the oldest event whose serial is below the limit.
  func nextEvent(before limit: RequestSerial) -> ServerEvent? {
    var event = CX11Event()
    guard unsafe cx11_next_event(display, eventBases, limit, &event) else { return nil }
    return switch event.kind {
    case CX11MonitorsNotify: .monitorsChanged
    case CX11CursorNotify: .cursorChanged
    case CX11MotionNotify: .pointerMoved
    case CX11DamageNotify:
      .drawn(
        event.window,
        Rect(
          x: Int(event.x), y: Int(event.y), width: Int(event.width), height: Int(event.height)),
        event.serial)
    default: .window(WindowEvent(event))
    }
  }

  /// Asks to be told of a window, besides what others ask of it (SelectInput: the server keeps one
  /// mask for each client).
  ///
  /// `events` is 0 for nothing any more, `shapes` whether to be told of its shapes, too.
  func watch(_ window: WindowID, _ events: Int, shapes: Bool, for watcher: Watcher) {
    var all = watched[window] ?? WatchedWindow()
    all.wishes.removeAll { $0.watcher == watcher }
    if events != 0 { all.wishes.append((watcher, events, shapes)) }
    all.since = nextSerial
    watched[window] = all.wishes.isEmpty ? nil : all
    // Xlib takes no request any more where the server is gone.
    guard !isLost else { return }
    // Said again where it was said before: of a recycled id that was another window.
    unsafe XSelectInput(display, window, all.mask)
    guard hasShape else { return }
    unsafe XShapeSelectInput(display, window, all.hasShapes ? UInt(ShapeNotifyMask) : 0)
  }

  /// Somebody else who may ask to be told of windows.
  func newWatcher() -> Watcher {
    watcherCount += 1
    return Watcher(number: watcherCount)
  }

  /// Forgets what was asked of a window that was destroyed before the request of this serial.
  func forgetWatched(_ window: WindowID, at serial: RequestSerial) {
    if let all = watched[window], all.since <= serial { watched[window] = nil }
  }

  /// Runs requests and returns the first error that any of them caused, after XSync.
  ///
  /// Not to be nested. Requests that have an answer need none of this: see ``takeError()``.
  func trapping(_ requests: () -> Void) -> ServerError? {
    // Errors of earlier requests without an answer may still be on the way.
    if unsafe XLastKnownRequestProcessed(display) + 1 != nextSerial {
      unsafe _ = XSync(display, False)
    }
    _ = takeError()
    requests()
    unsafe _ = XSync(display, False)
    return takeError()
  }

  /// Runs requests while the server serves no other client (GrabServer).
  func grabbingServer<Value>(
    _ body: () throws(CaptureError) -> Value
  ) throws(CaptureError) -> Value {
    unsafe XGrabServer(display)
    defer {
      unsafe XUngrabServer(display)
      unsafe XFlush(display)
    }
    return try body()
  }

  /// The first error kept since the last call. Those of a request with an answer are there when
  /// the answer is.
  func takeError() -> ServerError? {
    var error = CX11Error()
    return unsafe cx11_take_error(&error) ? ServerError(error) : nil
  }

  /// The name of an atom; empty where there is no such atom.
  func name(of atom: Atom) -> String {
    guard let name = unsafe XGetAtomName(display, atom) else {
      _ = takeError()
      return ""
    }
    defer { unsafe XFree(name) }
    return unsafe String(cString: name)
  }

  /// The atom of this name (InternAtom).
  func atom(_ name: String) -> Atom { unsafe XInternAtom(display, name, False) }

  /// The atom of this name; 0 where no client has ever used it.
  func existingAtom(_ name: String) -> Atom { unsafe XInternAtom(display, name, True) }

  /// The atoms of those of the names that some client has used: one round trip. Xlib asks again and
  /// again for those that nobody has.
  func existingAtoms(_ names: [String]) -> [String: Atom] {
    var texts = unsafe names.map { unsafe strdup($0) }
    defer { for index in unsafe texts.indices { unsafe free(texts[index]) } }
    var atoms = [Atom](repeating: 0, count: names.count)
    unsafe XInternAtoms(display, &texts, Int32(names.count), True, &atoms)
    return Dictionary(zip(names, atoms).filter { $1 != 0 }) { first, _ in first }
  }
}

/// Who wants to be told of windows.
struct Watcher: Equatable {
  fileprivate let number: Int
}

/// What each watcher wants to be told of a window.
private struct WatchedWindow {
  var wishes: [(watcher: Watcher, events: Int, shapes: Bool)] = []
  /// The request that said so last.
  var since: RequestSerial = 0

  var mask: Int { wishes.reduce(0) { $0 | $1.events } }
  var hasShapes: Bool { wishes.contains { $0.shapes } }
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
