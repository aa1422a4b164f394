/// Number of a request on a connection. X numbers events with the last request that it had
/// executed, so that serials tell what happened before what.
public typealias RequestSerial = UInt

/// Something that happened to a window, as the X server told it.
public struct WindowEvent: Equatable, Sendable {
  /// What happened.
  public enum Change: Equatable, Sendable {
    /// CreateNotify: place in the parent, size without the border, and border, in px.
    case created(parent: WindowID, x: Int, y: Int, width: Int, height: Int, border: Int)
    /// ConfigureNotify: place in the parent, size without the border, and border, in px.
    case configured(x: Int, y: Int, width: Int, height: Int, border: Int)
    /// CirculateNotify: put above all its siblings, or below them.
    case circulated(toTop: Bool)
    /// GravityNotify: moved because the parent was resized, in px of the parent.
    case moved(x: Int, y: Int)
    /// MapNotify.
    case mapped
    /// UnmapNotify.
    case unmapped
    /// ReparentNotify, with the place in the new parent, in px.
    case reparented(to: WindowID, x: Int, y: Int)
    /// DestroyNotify.
    case destroyed
    /// ShapeNotify: the extents of the shape in px of the window; nil where it has none any more.
    case shaped(WindowShape.Kind, extents: Rect?)
    /// PropertyNotify of the rectangles that it publishes; it does not say which there are now.
    case publishedChanged
  }

  /// The window that it happened to.
  public let window: WindowID
  /// The last request of this connection that the server had executed before.
  public let serial: RequestSerial
  /// What happened to it.
  public let change: Change
  /// Where it was configured: the sibling right below it; nil where it is below all of them.
  public let above: WindowID?

  /// An event of a window.
  public init(
    window: WindowID, serial: RequestSerial, change: Change, above: WindowID? = nil
  ) {
    self.window = window
    self.serial = serial
    self.change = change
    self.above = above
  }
}

/// The extents of a window's shapes, in px from its inner left top corner; nil where the window is
/// a plain rectangle.
public struct WindowShape: Equatable, Sendable {
  /// Which of a window's two shapes.
  public enum Kind: Equatable, Sendable {
    /// Of the window with its border.
    case bounding
    /// Of its inside, which is where its children are seen.
    case clip
  }

  /// Of the window with its border.
  public var bounding: Rect?
  /// Of its inside.
  public var clip: Rect?

  /// A window of these shapes; a plain rectangle where none is given.
  public init(bounding: Rect? = nil, clip: Rect? = nil) {
    self.bounding = bounding
    self.clip = clip
  }
}

extension WindowEvent.Change {
  /// Whether the pixels of a window may be at another place afterwards.
  public var movesPixels: Bool {
    switch self {
    case .configured, .moved, .reparented: true
    case .created, .circulated, .mapped, .unmapped, .destroyed, .shaped, .publishedChanged: false
    }
  }
}
