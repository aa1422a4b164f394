/// What a stream is limited to, once it has been looked up.
public enum Target: Equatable, Sendable {
  /// The whole surface.
  case surface
  /// A window inside the surface, with its border.
  case window(WindowID)
  /// A rectangle that a window inside the surface publishes under a name.
  case published(WindowID, name: String)
  /// A fixed rectangle of the surface.
  case region(RegionGeometry)

  /// The window that it depends on, besides the surface.
  public var window: WindowID? {
    switch self {
    case .surface, .region: nil
    case .window(let id), .published(let id, _): id
    }
  }
}

/// How much of a window the surface is.
public enum SurfacePart: Equatable, Sendable {
  /// All of it.
  case whole
  /// A monitor's rectangle of the root window, in px.
  case monitor(Rect)
  /// A monitor that is there no more.
  case removedMonitor
}

/// Why there is nothing to see.
public enum MuteReason: String, Equatable, Sendable {
  /// The target has no pixel that could be seen: unmapped, of empty shape, or clipped away.
  case empty
  /// The target is destroyed, or is in the surface no more.
  case disconnected
  /// The surface is not on the screen.
  case unmapped
  /// The pixels that are to be shown are not known to be its own.
  case ineligible
}

/// Which pixels of a window that is captured are meant.
public enum SurfaceView: String, Equatable, Sendable {
  /// Those that are seen on the screen, with what covers it.
  case visible
  /// Its own, also where it is covered or off the screen.
  case logical
}

/// Which pixels make up a frame.
public struct FrameRegion: Equatable, Sendable {
  /// In px of the root window.
  public let onScreen: Rect
  /// In px of the window that they are read from.
  public let inSource: Rect
  /// In px of the surface's viewport.
  public let rect: Rect
  /// The surface's viewport, in px.
  public let surface: Size

  /// The same pixels in px of the root, of the viewport, and of the window that they are read from,
  /// which is the root where nil.
  public init(onScreen: Rect, rect: Rect, surface: Size, inSource: Rect? = nil) {
    self.onScreen = onScreen
    self.inSource = inSource ?? onScreen
    self.rect = rect
    self.surface = surface
  }
}

/// What can be seen of a target at one moment.
public enum Visibility: Equatable, Sendable {
  /// These pixels.
  case visible(FrameRegion)
  /// None now.
  case nothing(MuteReason)
  /// The surface is destroyed, for good.
  case ended
}

extension WindowTree {
  /// Region Capture's "crop to the target": target ∩ its ancestors ∩ the surface's viewport.
  ///
  /// A window target counts with its border and its shape's extents, a published rectangle where
  /// the window's children would be seen; the surface counts with neither border nor shape, but one
  /// of empty shape is not there to be seen. What the screen and the surface's own ancestors clip
  /// away is there all the same in the logical view.
  ///
  /// `source` is the window that the pixels are read from, the root where nil.
  public func visibility(
    of target: Target, in surface: WindowID, part: SurfacePart = .whole,
    view: SurfaceView = .visible, from source: WindowID? = nil
  ) -> Visibility {
    guard let surfaceNode = self[surface], let bounds = viewport(of: surface, part: part)
    else { return .ended }
    // A monitor may reach beyond the screen, where there are no pixels.
    let screen = bounds.intersection(surfaceNode.inside)
    let top = view == .logical ? surface : nil
    guard var viewport = sighting(of: surface, part: screen, clippedUpTo: top), viewport.isViewable
    else { return .nothing(.unmapped) }
    viewport.originX += bounds.x
    viewport.originY += bounds.y
    if let bounding = surfaceNode.shape.bounding, bounding.isEmpty { return .nothing(.empty) }

    let seen: Rect
    switch target {
    case .surface:
      seen = viewport.seen
    case .region(let region):
      let rect = region.rect(in: bounds.size)
      seen = rect.offsetBy(dx: viewport.originX, dy: viewport.originY).intersection(viewport.seen)
    case .window(let id), .published(let id, _):
      guard let part = ownPart(of: target), isInside(id, of: surface) else {
        return .nothing(.disconnected)
      }
      guard let sighting = sighting(of: id, part: part, clippedUpTo: top), sighting.isViewable
      else {
        return .nothing(.empty)
      }
      seen = sighting.seen.intersection(viewport.seen)
    }
    guard !seen.isEmpty else { return .nothing(.empty) }
    var inSource = seen
    if let source {
      guard let sighting = sighting(of: source, part: .empty) else {
        return .nothing(.disconnected)
      }
      inSource = seen.offsetBy(dx: -sighting.originX, dy: -sighting.originY)
    }
    return .visible(
      FrameRegion(
        onScreen: seen,
        rect: seen.offsetBy(dx: -viewport.originX, dy: -viewport.originY),
        surface: bounds.size, inSource: inSource))
  }

  /// The part of its window that a target is, in the window's own px; nil where it is not there.
  private func ownPart(of target: Target) -> Rect? {
    guard let id = target.window, let node = self[id] else { return nil }
    if case .published(_, let name) = target {
      return node.published?[name]?.intersection(node.clipForChildren)
    }
    guard let bounding = node.shape.bounding else { return node.outside }
    return node.outside.intersection(bounding)
  }

  /// The surface's rectangle in px of its window; nil where the surface is gone.
  public func viewport(of surface: WindowID, part: SurfacePart) -> Rect? {
    guard let node = self[surface], !node.isDestroyed else { return nil }
    return switch part {
    case .whole: node.inside
    case .monitor(let rect): rect
    case .removedMonitor: nil
    }
  }

  /// The part of a window, with its border and its shape's extents, that would be seen in a
  /// rectangle of the root if nothing clipped or covered it; nil where that is none.
  public func region(of window: WindowID, within onScreen: Rect) -> FrameRegion? {
    guard let part = ownPart(of: .window(window)), let node = self[window],
      let sighting = sighting(of: window, part: part, clippedUpTo: window), sighting.isViewable
    else { return nil }
    let seen = sighting.seen.intersection(onScreen)
    guard !seen.isEmpty else { return nil }
    let inside = seen.offsetBy(dx: -sighting.originX, dy: -sighting.originY)
    return FrameRegion(
      onScreen: seen, rect: inside, surface: node.inside.size, inSource: inside)
  }
}
