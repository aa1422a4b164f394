import CX11
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

  /// Asks a window for it (GetWindowAttributes, GetGeometry, ListProperties, GetProperty); nil
  /// where it is no more there. `x` and `y` are the place of its parent's inside, in px of the root.
  init?(
    of id: WindowID, in parent: WindowID?, x: Int, y: Int, depth: Int, atoms: [String: Atom],
    _ connection: Connection
  ) {
    var attributes = unsafe XWindowAttributes()
    guard unsafe XGetWindowAttributes(connection.display, id, &attributes) != 0 else {
      _ = connection.takeError()
      return nil
    }
    let property = WindowProperties(connection, id, atoms: atoms)
    unsafe info = WindowInfo(id, attributes, property)
    state = property.number("WM_STATE").map { ClientState(rawValue: $0) ?? .normal }
    self.parent = parent
    self.depth = depth
    border = unsafe Int(attributes.border_width)
    rect = unsafe Rect(
      x: x + Int(attributes.x) + border, y: y + Int(attributes.y) + border,
      width: Int(attributes.width), height: Int(attributes.height))
    unsafe isInputOnly = attributes.`class` == InputOnly
    unsafe isOverrideRedirect = attributes.override_redirect != 0
    mapping =
      switch unsafe attributes.map_state {
      case IsViewable: .viewable
      case IsUnviewable: .unviewable
      default: .unmapped
      }
  }
}
