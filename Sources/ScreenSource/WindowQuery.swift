import CX11
import CropEngine

/// What a window is asked for. Xlib would wait for each answer before it asks for the next: see
/// ``Connection/ask(_:_:)``.
struct WindowQuery {
  struct Parts: OptionSet {
    let rawValue: UInt8

    /// GetWindowAttributes and GetGeometry.
    static let attributes = Parts(rawValue: 1 << 0)
    /// QueryTree.
    static let tree = Parts(rawValue: 1 << 1)
    /// ShapeQueryExtents.
    static let shape = Parts(rawValue: 1 << 2)
    /// ListProperties.
    static let propertyNames = Parts(rawValue: 1 << 3)
    /// GetGeometry alone, which pixmaps answer, too.
    static let presence = Parts(rawValue: 1 << 4)
    /// XResQueryClientIds, which only a server with X-Resource 1.2 answers.
    static let process = Parts(rawValue: 1 << 5)
  }

  let window: WindowID
  let parts: Parts
  /// GetProperty of each.
  let properties: [Atom]

  init(_ window: WindowID, _ parts: Parts = [], properties: [Atom] = []) {
    self.window = window
    self.parts = parts
    self.properties = properties
  }
}

/// What a window answers. What it was not asked for is as of a window that is no more there.
struct WindowAnswer {
  let window: WindowID
  /// The request that asked for the first of it.
  var since: RequestSerial = 0
  var attributes: WindowAttributes?
  /// The window that it is in, 0 of the root; nil where it is no more there.
  var parent: WindowID?
  /// The windows right inside it, from the bottom.
  var children: [WindowID] = []
  /// The request that asked for those.
  var childrenSince: RequestSerial = 0
  var shape = WindowShape()
  var propertyNames: [Atom] = []
  /// Those that it has of the properties that it was asked for, in that order.
  var properties: [(name: Atom, value: WindowProperty)] = []
  var isPresent = false
  /// The process whose connection it was made by; nil where the server does not know.
  var process: Int?
}

/// A window's place in its parent, and what it is.
struct WindowAttributes {
  /// Edges of the border, in px of the parent's inside.
  let (x, y): (Int, Int)
  /// Size of the inside, in px.
  let (width, height): (Int, Int)
  /// Width of the border, in px.
  let border: Int
  /// Bits of a pixel.
  let depth: Int
  let isMapped: Bool
  /// Whether it and all its ancestors are mapped.
  let isViewable: Bool
  /// Whether it can have no pixels.
  let isInputOnly: Bool
  /// Whether window managers leave it alone.
  let isOverrideRedirect: Bool
  /// Whether a window manager decides where its children are.
  let isManaged: Bool

  init(_ attributes: xcb_get_window_attributes_reply_t, _ geometry: xcb_get_geometry_reply_t) {
    (x, y) = (Int(geometry.x), Int(geometry.y))
    (width, height) = (Int(geometry.width), Int(geometry.height))
    border = Int(geometry.border_width)
    depth = Int(geometry.depth)
    isMapped = Int32(attributes.map_state) != IsUnmapped
    isViewable = Int32(attributes.map_state) == IsViewable
    isInputOnly = Int32(attributes._class) == InputOnly
    isOverrideRedirect = attributes.override_redirect != 0
    isManaged = Int(attributes.all_event_masks) & SubstructureRedirectMask != 0
  }
}

/// A property as the server has it.
struct WindowProperty {
  /// Larger ones are cut, in bytes.
  static let mostBytes = 64 * 1024

  let type: Atom
  /// Bits of an item: 8, 16 or 32.
  let format: Int
  let bytes: [UInt8]
  let isCut: Bool
}
