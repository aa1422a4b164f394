import CX11
import CropEngine

/// Frames of a surface, cut to targets, whose pixels and rectangles belong together.
///
/// X executes requests one by one and sends a client answers and events in that order. The
/// geometry that was in force when the pixels were read is therefore known for certain: it is
/// what all events numbered below the request for the image add up to.
///
/// A frame of a terminal's text area, wherever it is:
///
///     let connection = try Connection()
///     let finder = WindowFinder(connection)
///     let selector = try WindowSelector(parsing: "class:XTerm", subject: "window")
///     let surface = try finder.surface(selector, subject: "window")
///     let capture = try SurfaceCapture(connection, surface: surface)
///     let target = try finder.target(.child(.only), in: surface, subject: "target")
///     try capture.setTarget(target)
///     if case .frame(let frame) = try capture.grab() {
///       print(frame.region.rect, frame.pixels.count)
///     }
///
/// A target that is hidden is no error: ``grab(skippingUnchanged:at:)`` then says that there is
/// nothing to see, and why.
public final class SurfaceCapture {
  /// Whether a frame's geometry is checked against the events that came before its pixels.
  /// Without that, frames bear rectangles that were wrong already; tests show that they can tell.
  package enum Bracket { case exact, off }

  /// How often a grab that was overtaken is done again before the server is held still for it.
  static let tries = 3

  /// The window that is captured, the root for a monitor; it never changes.
  public let surface: WindowID
  /// The crop that is there from the start, of the whole surface.
  public let main: Crop
  /// Grabs that were overtaken by a change of geometry and done again.
  public internal(set) var retries = 0
  /// Whether the window's menus, tooltips and dialogs are in the picture, where it is captured as
  /// it is without other windows.
  public var showsPopups = false
  package var bracket = Bracket.exact
  /// Whether pixels are shown only where they are known to be the window's own. Without that,
  /// others come along; tests show that they can tell.
  package var checksOwnership = true

  /// The main one and those added.
  var crops: [Crop]
  /// The main one alone: made once, since a grab is to allocate nothing.
  private let mainAlone: [Crop]
  let screen: PixelSource
  /// The screen, and windows that crops have their pixels from.
  var sources: [PixelSource]
  /// Which pixels of the surface are meant.
  public let view: SurfaceView
  var isSurfaceDestroyed = false
  let connection: Connection
  let root: WindowID
  let path: GrabPath
  var tracker: GeometryTracker
  var monitor: MonitorTracker?
  var cursor: CursorSource?
  /// What looks for windows over the surface that belong to it, and those that are there.
  var popupFinder: PopupFinder?
  var popups: [Popup] = []
  /// What is asked of the server for the grab in hand, for which crops, and when that began, in ns.
  var batch: ImageBatch
  var grabbed: [Crop] = []
  var grabTime: Int64 = 0
  /// Whether a grab was begun and is not finished.
  public internal(set) var isGrabbing = false

  /// Begins to follow a monitor of the connection's screen.
  ///
  /// `subject` is what errors call it, `noSharedMemory` the reason not to use MIT-SHM, `noDamage` that
  /// not to use DAMAGE; nil to use them where they work. Throws `notFound` where there is no such monitor, `notSupported` where the
  /// server has no RandR 1.5 or the screen's pixel layout is not read.
  public convenience init(
    _ connection: Connection, monitor: MonitorSelector, subject: String,
    noSharedMemory: String? = nil, noDamage: String? = nil
  ) throws(CaptureError) {
    let monitor = try MonitorTracker(connection, monitor, subject: subject)
    try self.init(
      connection, surface: connection.root, noSharedMemory: noSharedMemory, noDamage: noDamage)
    self.monitor = monitor
  }

  /// Begins to follow a surface: a root window, or a window on a screen.
  ///
  /// `noSharedMemory` is the reason not to use MIT-SHM, `noDamage` that not to use DAMAGE; nil to use
  /// them where they work. Throws `notFound` where there is no such window, `notSupported` where it cannot have pixels, where the
  /// screen's pixel layout is not read, or where the server has no Composite 0.2 for `logical`.
  public init(
    _ connection: Connection, surface: WindowID, view: SurfaceView = .visible,
    noSharedMemory: String? = nil, noDamage: String? = nil
  ) throws(CaptureError) {
    let subject = WindowInfo.hexadecimal(surface)
    var attributes = unsafe XWindowAttributes()
    guard unsafe XGetWindowAttributes(connection.display, surface, &attributes) != 0 else {
      _ = connection.takeError()
      try connection.checkAlive()
      throw CaptureError(.notFound, "window \(subject)", "there is no such window")
    }
    guard unsafe attributes.`class` == InputOutput else {
      throw CaptureError(.notSupported, "window \(subject)", "an InputOnly window has no pixels")
    }
    self.connection = connection
    self.surface = surface
    path = GrabPath(connection, sharedMemoryLack: noSharedMemory, damageLack: noDamage)
    batch = ImageBatch(connection)
    main = Crop(path)
    crops = [main]
    mainAlone = [main]
    unsafe root = attributes.root
    let layout = try unsafe PixelLayout(connection, screen: attributes.screen)
    screen = PixelSource(screen: PixelStorage(screen: root, layout, path), path)
    sources = [screen]
    self.view = surface == root ? .visible : view
    tracker = GeometryTracker(connection)
    tracker.track(surface, [])
    main.origin = try origin(of: .surface, restricting: false, subject: "window \(subject)")
  }

  /// Draws the mouse cursor into the frames from now on, as `mode` says (XFixesGetCursorImage).
  ///
  /// Throws `notSupported` where the server has no XFIXES; frames then come without it.
  public func showCursor(_ mode: CursorMode) throws(CaptureError) {
    cursor = mode == .never ? nil : try CursorSource(connection, root: root, mode: mode)
  }

  /// Adds a crop, of the whole surface at first.
  public func addCrop() -> Crop {
    let crop = Crop(path)
    // Of the same view as the main one, which was had.
    if let origin = try? origin(of: .surface, restricting: false, subject: "surface") {
      crop.origin = origin
    }
    crops.append(crop)
    return crop
  }

  /// Forgets a crop that was added.
  public func remove(_ crop: Crop) {
    precondition(crop !== main, "the main crop stays")
    abandon()
    crops.removeAll { $0 === crop }
    track()
    releaseSources()
  }

  /// Limits a crop, the main one where nil, to a target, at once; a failure leaves it as it was.
  ///
  /// This is Region Capture's `cropTo`, and Element Capture's `restrictTo` where it is
  /// `restricting`: then only the target's own pixels are shown, of a region the surface's own.
  /// ``Target/surface`` reverts. The next grab is of the new target, and what was grabbed before is
  /// of the old one.
  ///
  /// `subject` is what errors call it. Throws `notAllowed` where a window is not inside the surface
  /// or not there at all, or where a region lies outside it; `notSupported` where it cannot be
  /// restricted to.
  public func setTarget(
    _ new: Target, restricting: Bool = false, of crop: Crop? = nil, subject: String = "target"
  ) throws(CaptureError) {
    abandon()
    switch new {
    case .surface:
      break
    case .region(let region):
      takeEvents()
      if let viewport = tracker.tree.viewport(of: surface, part: part)?.size,
        region.rect(in: viewport).intersection(viewport.bounds).isEmpty
      {
        throw CaptureError(
          .notAllowed, subject,
          "\(region.rect(in: viewport)) lies outside the surface, which is \(viewport)")
      }
    case .window(let id), .published(let id, _):
      takeEvents()
      tracker.forgetDestroyed(id)
      track(new)
      guard tracker.tree.isInside(id, of: surface) else {
        track()
        try connection.checkAlive()
        throw .noTarget(subject)
      }
    }
    let origin: Result<PixelSource, CaptureError>
    do throws(CaptureError) {
      origin = try self.origin(of: new, restricting: restricting, subject: subject)
    } catch {
      track()
      throw error
    }
    let crop = crop ?? main
    crop.target = new
    crop.isRestricted = restricting
    crop.origin = origin
    crop.ineligibility = nil
    crop.isTargetDestroyed = false
    // The first frame of it is a new one, whatever it looks like.
    crop.forgetShown()
    track()
    releaseSources()
  }

  /// Watches what the crops depend on, and one target more.
  func track(_ more: Target? = nil) {
    let targets =
      crops.filter { !$0.isTargetDestroyed }.map(\.target) + popups.map { .window($0.window) }
    tracker.track(surface, targets + (more.map { [$0] } ?? []))
  }

  /// What is wrong with the rectangles that windows publish, in words for whoever wrote them: once
  /// for each window, and not again. It never ends anything.
  ///
  /// And whether DAMAGE turned out not to tell everything.
  public func takeFaults() -> [String] { tracker.takeFaults() + path.takeFaults() }

  /// What can be seen of a crop's target, the main one's where nil, by all that the server has
  /// told so far.
  ///
  /// `reading` says whether to look for more on the connection; without it this is no system call.
  /// Throws `connectionLost`.
  public func visibility(
    of crop: Crop? = nil, reading: Bool = true
  ) throws(CaptureError) -> Visibility {
    // What happens before the pixels in hand are read belongs to them.
    if !isGrabbing {
      if reading { takeEvents() } else { _ = takeEvents(before: .max) }
    }
    try connection.checkAlive()
    return known(crop ?? main)
  }

  /// Why the plain path is used; nil while shared memory is.
  public var plainReason: String? { path.sharedMemoryLack }

  /// Why everything is grabbed each time; nil while the server is trusted to tell what changes.
  public var damageLack: String? { path.damageLack }

  /// In px of the root.
  var screenRect: Rect { tracker.tree[root]?.inside ?? .empty }

  private var part: SurfacePart { monitor?.part ?? .whole }

  func known(_ crop: Crop) -> Visibility {
    if isSurfaceDestroyed { return .ended }
    if crop.isTargetDestroyed { return .nothing(.disconnected) }
    let source = crop.source.flatMap { $0 === screen ? nil : $0.window }
    return tracker.tree.visibility(
      of: crop.target, in: surface, part: part, view: view, from: source)
  }

  /// Grabs a frame of the main crop, as ``grab(_:at:)`` does.
  ///
  /// With `skippingUnchanged`, pixels that are those of the frame before are no frame.
  public func grab(
    skippingUnchanged: Bool = false, at now: Int64 = 0
  ) throws(CaptureError) -> Grab {
    main.skipsUnchanged = skippingUnchanged
    try grab(mainAlone, at: now == 0 ? monotonicTime() : now)
    return main.result
  }
}
