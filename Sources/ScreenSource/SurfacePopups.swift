import CropEngine

/// A menu, tooltip or dialog over a surface.
final class Popup {
  let source: PixelSource
  let picture: SourcePicture
  /// Where it is seen in the grab in hand; nil where it is not there for that.
  var region: FrameRegion?

  init(_ source: PixelSource, _ path: GrabPath) {
    self.source = source
    picture = SourcePicture(path)
  }

  var window: WindowID { source.window }
}

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
      if let known = popups.first(where: { $0.window == window }) { return known }
      if let known = sources.first(where: { $0.window == window }) { return Popup(known, path) }
      // One that has gone meanwhile is none.
      guard let new = try? PixelSource(of: window, path) else { return nil }
      sources.append(new)
      return Popup(new, path)
    }
    // Those that were drawn over the surface are gone.
    for crop in crops { crop.picture.ring.invalidate(.everywhere) }
    track()
    releaseSources()
  }

  /// The part of a popup of which it is to be found out whose its pixels are, in its px; nil where
  /// none.
  func needsClaim(_ popup: Popup, at now: Int64) -> Rect? {
    guard let viewport = tracker.tree.region(of: surface, within: .everywhere)?.onScreen,
      let region = tracker.tree.region(of: popup.window, within: viewport),
      popup.source.needsClaim(region.inSource, at: now)
    else { return nil }
    return region.inSource
  }

  /// Asks for the popups that lie over what the grab needs of the surface.
  func preparePopups() {
    for index in popups.indices {
      let popup = popups[index]
      popup.region = region(of: popup)
      guard let region = popup.region else { continue }
      guard popup.source.isReady(region.inSource, checking: checksOwnership) else {
        popup.region = nil
        continue
      }
      popup.source.place(region)
      popup.picture.arrange(region, of: popup.source)
      popup.picture.ring.invalidate(.everywhere)
      if !popup.picture.request(&batch, screen: screenRect) { popup.region = nil }
    }
  }

  /// Whether they are where they were when the grab began.
  var arePopupsStillKnown: Bool {
    for index in popups.indices {
      let popup = popups[index]
      guard let region = popup.region else { continue }
      guard region == self.region(of: popup), popup.picture.isAsRead else { return false }
    }
    return true
  }

  private func region(of popup: Popup) -> FrameRegion? {
    var seen: Rect?
    for index in grabbed.indices where grabbed[index].isRead {
      guard case .visible(let region) = grabbed[index].before,
        grabbed[index].source?.window == surface, view == .logical
      else { continue }
      seen = seen?.boundingBox(with: region.onScreen) ?? region.onScreen
    }
    return seen.flatMap { tracker.tree.region(of: popup.window, within: $0) }
  }

  /// Puts those together that were read, where their pixels are their own.
  func completePopups() {
    for index in popups.indices {
      let popup = popups[index]
      guard let region = popup.region else { continue }
      popup.picture.resolve()
      if checksOwnership, !popup.source.owns(region.inSource) {
        popup.region = nil
      } else {
        popup.picture.compose()
      }
    }
  }
}
