import CX11
import CropEngine

/// Where the crops of a surface have their pixels from, and whose those are.
extension SurfaceCapture {
  /// Why windows cannot be captured apart from the screen; nil where they can (Composite 0.2).
  public static func compositeLack(_ connection: Connection) -> String? {
    var (event, error): (Int32, Int32) = (0, 0)
    // Asked for by the library, which keeps the answers, and says nothing of one that is missing.
    guard unsafe XCompositeQueryExtension(connection.display, &event, &error) != 0 else {
      return "the server has no Composite extension"
    }
    var (major, minor): (Int32, Int32) = (0, 4)
    _ = unsafe XCompositeQueryVersion(connection.display, &major, &minor)
    guard (major, minor) >= (0, 2) else {
      return "the server's Composite extension is \(major).\(minor), not 0.2 or later"
    }
    return nil
  }

  /// Why a window cannot be captured apart from the screen; nil where it can.
  public static func logicalLack(of window: WindowID, _ connection: Connection) -> String? {
    guard window != connection.root else { return "that is the screen, which nothing covers" }
    if let lack = compositeLack(connection) { return lack }
    var attributes = unsafe XWindowAttributes()
    guard unsafe XGetWindowAttributes(connection.display, window, &attributes) != 0 else {
      _ = connection.takeError()
      return nil
    }
    let size = unsafe Size(width: Int(attributes.width), height: Int(attributes.height))
    guard Canvas.canHave(size) else {
      return "a window of \(size) px is too large to be kept apart from the screen"
    }
    return nil
  }

  /// Where a target's pixels are read, or why it can have none.
  ///
  /// Throws `notSupported` where that cannot be done here, whatever the window.
  func origin(
    of target: Target, restricting: Bool, subject: String
  ) throws(CaptureError) -> Result<PixelSource, CaptureError> {
    let apart = restricting ? target.window ?? surface : view == .logical ? surface : root
    guard restricting || apart != root else { return .success(screen) }
    if let lack = Self.compositeLack(connection) {
      throw CaptureError(.notSupported, subject, lack)
    }
    guard apart != root else {
      throw CaptureError(
        .notSupported, subject,
        "the root window has no pixels apart from the screen: name a window, or crop to it")
    }
    if let known = sources.first(where: { $0.window == apart }) { return .success(known) }
    do throws(CaptureError) {
      let new = try PixelSource(of: apart, path)
      sources.append(new)
      return .success(new)
    } catch {
      return .failure(error)
    }
  }

  /// Lets go of the windows that no crop has its pixels from any more (UnredirectWindow).
  func releaseSources() {
    let used = crops.map(\.source) + popups.map(\.source) + [screen]
    let unused = sources.filter { source in !used.contains { $0 === source } }
    sources.removeAll { source in unused.contains { $0 === source } }
    for source in unused { source.release() }
  }

  /// Finds out of pixels whether they are the windows' own, where that is not known: while no other
  /// client is served (GrabServer), so that nobody draws in between.
  func claimPixels(of crops: [Crop]) {
    guard sources.count > 1 else { return }
    let now = monotonicTime()
    takeEvents()
    guard !connection.isLost else { return }
    for index in sources.indices { sources[index].findStorages(at: now) }
    findPopups(at: now)
    guard needsClaims(crops, at: now) else { return }
    unsafe XGrabServer(connection.display)
    unsafe _ = XSync(connection.display, False)
    takeEvents()
    guard !connection.isLost else { return }
    for crop in crops {
      guard let part = needsClaim(crop, at: now) else { continue }
      crop.source?.claim(part, at: now, screen: screenRect, checking: checksOwnership)
    }
    for popup in popups {
      guard let part = needsClaim(popup, at: now) else { continue }
      popup.source.claim(part, at: now, screen: screenRect, checking: checksOwnership)
    }
    unsafe XUngrabServer(connection.display)
    unsafe XFlush(connection.display)
  }

  /// By their indices: this is done for each frame, and is to allocate nothing.
  private func needsClaims(_ crops: [Crop], at now: Int64) -> Bool {
    for index in crops.indices where needsClaim(crops[index], at: now) != nil { return true }
    for index in popups.indices where needsClaim(popups[index], at: now) != nil { return true }
    return false
  }

  /// The part of the crop's source of which it is to be found out, in its px; nil where none.
  private func needsClaim(_ crop: Crop, at now: Int64) -> Rect? {
    guard let source = crop.source, source !== screen,
      case .visible(let region) = known(crop), source.needsClaim(region.inSource, at: now)
    else { return nil }
    return region.inSource
  }
}
