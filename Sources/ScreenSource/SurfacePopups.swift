import CropEngine

/// Menus, tooltips and dialogs over a surface that is captured apart from the screen.
extension SurfaceCapture {
  /// Looks for those that have come or gone.
  func findPopups(at now: Int64) {
    guard showsPopups, sources.contains(where: { $0 !== screen && $0.window == surface }) else {
      guard popupFinder != nil else { return }
      popupFinder?.end()
      popupFinder = nil
      return setPopups([])
    }
    if popupFinder == nil { popupFinder = PopupFinder(connection, of: surface, root: root) }
    let tree = tracker.tree
    if let found = popupFinder?.search(at: now, { tree.isInside(surface, of: $0) }) {
      setPopups(found)
    }
  }

  private func setPopups(_ windows: [WindowID]) {
    guard windows != popups.map(\.window) else { return }
    popups = windows.compactMap { window in
      if let known = sources.first(where: { $0.window == window }) { return known }
      // One that has gone meanwhile is none.
      let new = try? PixelSource(of: window, connection, noSharedMemory: noSharedMemory)
      if let new { sources.append(new) }
      return new
    }
    track()
    releaseSources()
  }

  /// The part of a popup of which it is to be found out whose its pixels are, in its px; nil where
  /// none.
  func needsClaim(_ popup: PixelSource, at now: Int64) -> Rect? {
    guard let viewport = tracker.tree.region(of: surface, within: .everywhere)?.onScreen,
      let region = tracker.tree.region(of: popup.window, within: viewport),
      popup.needsClaim(region.inSource, at: now)
    else { return nil }
    return region.inSource
  }

  /// Takes in what the grab needs of popups, for what it needs of the surface.
  func needPopups() {
    for index in popups.indices {
      let popup = popups[index]
      guard let region = popupRegion(popup),
        popup.isReady(region.inSource, checking: checksOwnership)
      else { continue }
      popup.need(region)
      popup.popupRegion = region
    }
  }

  /// Whether they are where they were when the grab began.
  var arePopupsStillKnown: Bool {
    for index in popups.indices {
      let popup = popups[index]
      if let region = popup.popupRegion, region != popupRegion(popup) { return false }
    }
    return true
  }

  private func popupRegion(_ popup: PixelSource) -> FrameRegion? {
    for index in sources.indices where sources[index].window == surface {
      let source = sources[index]
      guard source !== screen, let due = source.due else { continue }
      return tracker.tree.region(
        of: popup.window, within: due.offsetBy(dx: source.originX, dy: source.originY))
    }
    return nil
  }

  /// Draws those that were read, from the bottom, where their pixels are their own.
  func drawPopups(on source: PixelSource) {
    for index in popups.indices {
      let popup = popups[index]
      guard let region = popup.popupRegion else { continue }
      popup.resolve()
      guard !checksOwnership || popup.owns(region.inSource) else { continue }
      popup.compose()
      source.draw(popup)
    }
  }
}
