import CX11
import CropEngine

/// One frame: which part of the surface it is, and its pixels.
@safe public struct Frame {
  /// Where it was grabbed.
  public let region: FrameRegion
  /// Rows from the top, each pixel blue, green, red and a byte that means nothing. Good until the
  /// second next grab.
  public let pixels: UnsafeRawBufferPointer
  /// Bytes from one row to the next.
  public let stride: Int
}

/// What came of a grab.
public enum Grab {
  /// A new frame.
  case frame(Frame)
  /// The pixels are those of the frame before.
  case unchanged
  /// There is nothing to see.
  case nothing(MuteReason)
  /// The surface is destroyed.
  case ended
}

/// Frames of a surface, cut to a target, whose pixels and rectangle belong together.
///
/// X executes requests one by one and sends a client answers and events in that order. The
/// geometry that was in force when the pixels were read is therefore known for certain: it is
/// what all events numbered below the request for the image add up to.
public final class SurfaceCapture {
  /// Whether a frame's geometry is checked against the events that came before its pixels.
  /// Without that, frames bear rectangles that were wrong already; tests show that they can tell.
  package enum Bracket { case exact, off }

  /// How often a grab that was overtaken is done again before the server is held still for it.
  static let tries = 3

  /// The window that is captured, the root for a monitor; it never changes.
  public let surface: WindowID
  /// What the frames are limited to.
  public private(set) var target = Target.surface
  /// Grabs that were overtaken by a change of geometry and done again.
  public private(set) var retries = 0
  package var bracket = Bracket.exact

  private let connection: Connection
  private let root: WindowID
  private var tracker: GeometryTracker
  private var monitor: MonitorTracker?
  private var cursor: CursorSource?
  private var reader: ImageReader

  /// Begins to follow a monitor of the connection's screen.
  ///
  /// `subject` is what errors call it, `noSharedMemory` the reason not to use MIT-SHM; nil to use
  /// it where it works. Throws `notFound` where there is no such monitor, `notSupported` where the
  /// server has no RandR 1.5 or the screen's pixel layout is not read.
  public convenience init(
    _ connection: Connection, monitor: MonitorSelector, subject: String,
    noSharedMemory: String? = nil
  ) throws(CaptureError) {
    let monitor = try MonitorTracker(connection, monitor, subject: subject)
    try self.init(connection, surface: connection.root, noSharedMemory: noSharedMemory)
    self.monitor = monitor
  }

  /// Begins to follow a surface: a root window, or a window on a screen.
  ///
  /// `noSharedMemory` is the reason not to use MIT-SHM; nil to use it where it works. Throws
  /// `notFound` where there is no such window, `notSupported` where it cannot have pixels or the
  /// screen's pixel layout is not read.
  public init(
    _ connection: Connection, surface: WindowID, noSharedMemory: String? = nil
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
    unsafe root = attributes.root
    let layout = try unsafe PixelLayout(connection, screen: attributes.screen)
    reader = ImageReader(connection, layout, noSharedMemory: noSharedMemory)
    tracker = GeometryTracker(connection)
    tracker.track([surface])
  }

  /// Draws the mouse cursor into the frames from now on, as `mode` says.
  ///
  /// Throws `notSupported` where the server has no XFIXES; frames then come without it.
  public func showCursor(_ mode: CursorMode) throws(CaptureError) {
    cursor = mode == .never ? nil : try CursorSource(connection, root: root, mode: mode)
  }

  /// Limits the frames to a target, at once; a failure leaves the target as it was.
  ///
  /// `subject` is what errors call it. Throws `notAllowed` where a window is not inside the surface
  /// or not there at all, or where a region lies outside it.
  public func setTarget(_ new: Target, subject: String = "target") throws(CaptureError) {
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
      let dead = tracker.forgetDestroyed(id)
      tracker.track(watched(for: target) + [id])
      guard tracker.tree.isInside(id, of: surface) else {
        if let dead { tracker.recall(dead) }
        tracker.track(watched(for: target))
        try connection.checkAlive()
        throw CaptureError(
          .notAllowed, subject, "\(WindowInfo.hexadecimal(id)) is no window inside the surface")
      }
    }
    tracker.track(watched(for: new))
    target = new
  }

  private func watched(for target: Target) -> [WindowID] {
    if let window = target.window { [surface, window] } else { [surface] }
  }

  /// What can be seen of the target, by all that the server has told so far.
  ///
  /// `reading` says whether to look for more on the connection; without it this is no system call.
  /// Throws `connectionLost`.
  public func visibility(reading: Bool = true) throws(CaptureError) -> Visibility {
    if reading { takeEvents() } else { _ = takeEvents(before: .max) }
    try connection.checkAlive()
    return known
  }

  /// Whether the target was a window and is destroyed.
  public var isTargetDestroyed: Bool {
    guard let id = target.window else { return false }
    return tracker.tree[id]?.isDestroyed ?? true
  }

  /// Why the plain path is used; nil while shared memory is.
  public var plainReason: String? { reader.plainReason }

  private var part: SurfacePart { monitor?.part ?? .whole }

  private var known: Visibility {
    tracker.tree.visibility(of: target, in: surface, part: part)
  }

  /// Takes in all that the server has sent so far.
  private func takeEvents() {
    connection.readEvents()
    _ = takeEvents(before: .max)
  }

  /// Takes in the queued events that happened before the request of this serial.
  ///
  /// Returns whether something had to be asked for besides: that is known as of now, not as of
  /// that request.
  private func takeEvents(before limit: RequestSerial) -> Bool {
    // Answers bring more events along: those that belong to what was just taken in, too. Where
    // they never end, those that are left are the next call's.
    for round in 0..<Self.tries {
      while let event = connection.nextEvent(before: limit) { take(event) }
      let asksWindows = tracker.complete()
      let asksMonitor = monitor?.complete() ?? false
      guard asksWindows || asksMonitor else { return round > 0 }
    }
    return true
  }

  private func take(_ event: ServerEvent) {
    switch event {
    case .window(let event):
      tracker.take(event)
      if event.window == root { monitor?.noteChange() }
    case .monitorsChanged:
      monitor?.noteChange()
    case .cursorChanged:
      cursor?.noteChange()
    }
  }

  /// Grabs a frame. One round trip, and one for the cursor; more where geometry changed meanwhile.
  ///
  /// With `skippingUnchanged`, pixels that are those of the frame before are no frame. `now` is in
  /// ns: a cursor that has not moved for a while may be hidden.
  /// Throws `connectionLost`, or `notReadable` where the server does not give the pixels.
  public func grab(
    skippingUnchanged: Bool = false, at now: Int64 = 0
  ) throws(CaptureError) -> Grab {
    for _ in 0..<Self.tries {
      takeEvents()
      if let result = try attempt(skippingUnchanged, at: now) { return result }
      retries += 1
    }
    // Someone moves it faster than it can be read.
    unsafe XGrabServer(connection.display)
    defer {
      unsafe XUngrabServer(connection.display)
      unsafe XFlush(connection.display)
    }
    unsafe _ = XSync(connection.display, False)
    takeEvents()
    if let result = try attempt(skippingUnchanged, at: now) { return result }
    throw CaptureError(
      .notReadable, "window \(WindowInfo.hexadecimal(surface))",
      "the server gives no pixels of it")
  }

  /// One try; nil where the geometry changed before the pixels were read.
  private func attempt(
    _ skippingUnchanged: Bool, at now: Int64
  ) throws(CaptureError) -> Grab? {
    try connection.checkAlive()
    let before = known
    guard case .visible(let region) = before else { return Grab(withoutPixels: before) }
    let (serial, outcome) = reader.read(region.onScreen, of: root)
    try connection.checkAlive()
    if case .refused(let error) = outcome {
      throw CaptureError(
        .notReadable, "window \(WindowInfo.hexadecimal(surface))",
        "the server refuses the pixels (\(error.name))")
    }
    if bracket == .exact {
      let isNewer = takeEvents(before: serial)
      guard !isNewer, known == before else { return nil }
    }
    guard outcome == .read else { return nil }
    unsafe reader.draw { pixels, stride in
      unsafe cursor?.draw(on: pixels, of: region.onScreen, stride: stride, at: now)
    }
    if skippingUnchanged, reader.isUnchanged { return .unchanged }
    reader.keep()
    return unsafe .frame(
      Frame(region: region, pixels: reader.kept.pixels, stride: reader.kept.stride))
  }
}

extension Grab {
  fileprivate init?(withoutPixels visibility: Visibility) {
    switch visibility {
    case .visible: return nil
    case .nothing(let reason): self = .nothing(reason)
    case .ended: self = .ended
    }
  }
}
