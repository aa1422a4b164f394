import CX11
import CropEngine

/// What a display is and what works on it, as far as captures go: found by asking and by trying.
public struct DisplayFacts: Sendable {
  /// Extensions of the X server, by the names that it knows them by.
  public enum Extension: String, CaseIterable, Sendable {
    /// Pixels without their way through the connection.
    case sharedMemory = "MIT-SHM"
    /// The image of the mouse cursor.
    case fixes = "XFIXES"
    /// What has changed in a window.
    case damage = "DAMAGE"
    /// A window's own pixels, whatever covers it.
    case composite = "Composite"
    /// Monitors.
    case randr = "RANDR"
    /// Windows that are no rectangles.
    case shape = "SHAPE"
  }

  /// What is known of a window manager.
  public enum WindowManager: Equatable, Sendable {
    /// There is none.
    case none
    /// One that bears this name.
    case running(String)
    /// One that is gone, though the root window still tells of it.
    case stale
  }

  /// The display's name, as given or found.
  public let name: String
  /// Number of the screen.
  public let screen: Int
  /// Size of the screen, in px.
  public let size: Size
  /// Who made the server.
  public let vendor: String
  /// The server's version, in its maker's counting.
  public let release: Int
  /// Versions that server and client share (QueryVersion); nil for those that are not there.
  public let versions: [Extension: String]
  /// How pixels lie in memory, in words; else why they are not read.
  public let layout: Result<String, CaptureError>
  /// Why no pixel of the root window can be read; nil where one was (GetImage).
  public let grabError: CaptureError?
  /// Why pixels do not come through shared memory; nil where one did (MIT-SHM GetImage), or where
  /// none came at all.
  public let plainReason: String?
  /// The monitors; else why there are none.
  public let monitors: Result<[MonitorInfo], CaptureError>
  /// By EWMH's `_NET_SUPPORTING_WM_CHECK`.
  public let windowManager: WindowManager
  /// Owner of the selection `_NET_WM_CM_Sn`, by its title or id; nil where there is none.
  public let compositor: String?

  /// Asks, and reads a pixel.
  ///
  /// Throws `connectionLost`.
  public init(_ connection: Connection) throws(CaptureError) {
    let display = unsafe connection.display
    name = connection.name
    let number = unsafe XDefaultScreen(display)
    screen = Int(number)
    size = unsafe Size(
      width: Int(XDisplayWidth(display, number)), height: Int(XDisplayHeight(display, number)))
    vendor = unsafe String(cString: XServerVendor(display))
    release = unsafe Int(XVendorRelease(display))
    versions = Self.versions(connection)
    layout = Result { () throws(CaptureError) in
      try unsafe PixelLayout(connection, screen: XDefaultScreenOfDisplay(display)).description
    }
    (grabError, plainReason) = Self.grab(connection)
    monitors = Result { () throws(CaptureError) in try MonitorInfo.all(connection) }
    windowManager = Self.windowManager(connection)
    compositor = Self.compositor(connection, screen: screen)
    try connection.checkAlive()
  }

  private static func versions(_ connection: Connection) -> [Extension: String] {
    var versions: [Extension: String] = [:]
    // Asked for a version first, Xlib says on standard error that an extension is missing.
    for `extension` in Extension.allCases where connection.hasExtension(`extension`.rawValue) {
      var (major, minor): (Int32, Int32) = (0, 0)
      var hasPixmaps: Int32 = 0
      let display = unsafe connection.display
      let isThere =
        switch `extension` {
        case .sharedMemory: unsafe XShmQueryVersion(display, &major, &minor, &hasPixmaps)
        case .fixes: unsafe XFixesQueryVersion(display, &major, &minor)
        case .damage: unsafe XDamageQueryVersion(display, &major, &minor)
        case .composite: unsafe XCompositeQueryVersion(display, &major, &minor)
        case .randr: unsafe XRRQueryVersion(display, &major, &minor)
        case .shape: unsafe XShapeQueryVersion(display, &major, &minor)
        }
      if isThere != 0 { versions[`extension`] = "\(major).\(minor)" }
    }
    return versions
  }

  /// Reads the first pixel of the root window as captures do.
  private static func grab(
    _ connection: Connection
  ) -> (error: CaptureError?, plainReason: String?) {
    do throws(CaptureError) {
      let capture = try SurfaceCapture(connection, surface: connection.root)
      try capture.setTarget(
        .region(
          RegionGeometry(size: Size(width: 1, height: 1), x: .start(0), y: .start(0))))
      guard case .frame = try capture.grab() else {
        return (
          CaptureError(.notReadable, "display \(connection.name)", "its screen has no pixels"), nil
        )
      }
      return (nil, capture.plainReason)
    } catch {
      return (error, nil)
    }
  }

  private static func windowManager(_ connection: Connection) -> WindowManager {
    let check = "_NET_SUPPORTING_WM_CHECK"
    guard let window = WindowProperties(connection, connection.root).number(check), window != 0
    else { return .none }
    // The window tells of itself too: an id that was left behind may be another's by now.
    let property = WindowProperties(connection, window)
    guard property.number(check) == window else { return .stale }
    return .running(property.text("_NET_WM_NAME") ?? WindowInfo.hexadecimal(window))
  }

  private static func compositor(_ connection: Connection, screen: Int) -> String? {
    let selection = connection.existingAtom("_NET_WM_CM_S\(screen)")
    guard selection != 0 else { return nil }
    let owner = unsafe XGetSelectionOwner(connection.display, selection)
    guard owner != 0 else { return nil }
    let property = WindowProperties(connection, owner)
    return property.text("_NET_WM_NAME") ?? property.text("WM_NAME")
      ?? WindowInfo.hexadecimal(owner)
  }
}
