import CropEngine

/// A window in the list of a screen's windows: what it tells of itself, and its place among others.
public struct ListedWindow: Sendable {
  /// Whether it can be seen, as far as mapping goes.
  public enum Mapping: Sendable {
    /// It and all its ancestors are mapped.
    case viewable
    /// It is mapped, an ancestor is not.
    case unviewable
    /// It is not mapped.
    case unmapped
  }

  /// Id, title, class, process.
  public let info: WindowInfo
  /// The window that it is in, listed or not; nil for the root.
  public let parent: WindowID?
  /// How many listed windows it is in.
  public let depth: Int
  /// Its inside, in px of the root.
  public let rect: Rect
  /// Width of the border around that, in px.
  public let border: Int
  /// Whether it and its ancestors are mapped.
  public let mapping: Mapping
  /// Whether it can have no pixels.
  public let isInputOnly: Bool
  /// Whether window managers leave it alone, as they do with menus and tooltips.
  public let isOverrideRedirect: Bool
  /// ICCCM's WM_STATE, which a window manager sets on its clients.
  let state: ClientState?
  /// Whether it is the one that `focused` selects.
  public internal(set) var isFocused = false
  /// Whether it is a window manager's, around a client.
  public internal(set) var isFrame = false

  /// Whether it is a client that its user has put away.
  public var isIconified: Bool { state == .iconic && mapping != .viewable }
}

/// What WM_STATE says of a client.
enum ClientState: UInt {
  case withdrawn = 0
  case normal = 1
  case iconic = 3
}

extension ListedWindow {
  /// Names that are read: of properties, and of types.
  static let names = WindowInfo.names + ["WM_STATE"]

  /// `x` and `y` are the place of its parent's inside, in px of the root.
  init(
    _ attributes: WindowAttributes, _ properties: WindowProperties, in parent: WindowID?,
    x: Int, y: Int, depth: Int
  ) {
    info = WindowInfo(attributes, properties)
    state = properties.number("WM_STATE").map { ClientState(rawValue: $0) ?? .normal }
    self.parent = parent
    self.depth = depth
    border = attributes.border
    rect = Rect(
      x: x + attributes.x + border, y: y + attributes.y + border,
      width: attributes.width, height: attributes.height)
    isInputOnly = attributes.isInputOnly
    isOverrideRedirect = attributes.isOverrideRedirect
    mapping =
      attributes.isViewable ? .viewable : attributes.isMapped ? .unviewable : .unmapped
  }
}
