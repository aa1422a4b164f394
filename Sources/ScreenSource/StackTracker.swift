import CX11
import CropEngine

/// Keeps a ``WindowStack`` true: asks for a window and all windows inside it, and follows their
/// events from then on (SubstructureNotify, ShapeNotify).
struct StackTracker {
  private let connection: Connection
  private let watcher: Watcher
  private(set) var stack: WindowStack
  /// Windows that have to be asked for.
  private var unknown: [WindowID] = []
  /// Whether the windows inside those inside are of interest.
  private let isDeep: Bool
  /// The windows, and how often something had changed when they were listed: a list that is kept
  /// allocates nothing.
  private var descendants: [WindowID] = []
  private var changesListed = -1
  /// How often something became another way than before.
  private(set) var changes = 0

  /// nil where the window is no more there.
  init?(_ connection: Connection, root: WindowID, isDeep: Bool = true) {
    self.connection = connection
    self.isDeep = isDeep
    watcher = connection.newWatcher()
    // Its parent tells nothing of the root: so it does itself.
    connection.watch(
      root, StructureNotifyMask | SubstructureNotifyMask, shapes: true, for: watcher)
    guard let (node, inside) = Self.look(at: root, connection) else { return nil }
    stack = WindowStack(root: node)
    insert(inside, of: root)
  }

  /// Is told of none of them any more.
  func end() {
    for id in isDeep ? stack.ids : [stack.root] {
      connection.watch(id, NoEventMask, shapes: false, for: watcher)
    }
  }

  /// Takes in what happened to a window. Returns whether it changed anything.
  mutating func take(_ event: WindowEvent) -> Bool {
    // Where windows come and go all the time, those that are gone again are not asked for.
    if case .destroyed = event.change { unknown.removeAll { $0 == event.window } }
    switch stack.apply(event) {
    case .nothing: return false
    case .changed: break
    case .incomplete(let id): note(id)
    }
    // While it was not mapped, nobody could know whether it has a storage.
    if case .mapped = event.change, event.window != stack.root { note(event.window) }
    changes += 1
    return true
  }

  /// Asks for what the events taken in have not told. Returns whether there was something; the
  /// answers are as of now, not as of then.
  mutating func complete() -> Bool {
    guard !unknown.isEmpty else { return false }
    let asked = unknown
    unknown = []
    for id in asked { ask(id) }
    changes += 1
    return true
  }

  /// Looks for windows that somebody else redirects: nothing tells of it. One round trip each.
  mutating func findStorages() {
    if changes != changesListed { (descendants, changesListed) = (stack.ids, changes) }
    for index in descendants.indices where descendants[index] != stack.root {
      let id = descendants[index]
      guard var node = stack[id] else { continue }
      let hasStorage = Self.hasStorage(id, connection)
      guard node.hasStorage != hasStorage else { continue }
      node.hasStorage = hasStorage
      stack.insert(node)
      changes += 1
    }
  }

  private mutating func note(_ id: WindowID) {
    if !unknown.contains(id) { unknown.append(id) }
  }

  private mutating func ask(_ id: WindowID) {
    if id != stack.root { watch(id) }
    guard let (node, inside) = Self.look(at: id, connection) else { return }
    stack.insert(node)
    if isDeep || id == stack.root { insert(inside, of: id) }
  }

  private func watch(_ id: WindowID) {
    guard isDeep else { return }
    connection.watch(id, SubstructureNotifyMask, shapes: true, for: watcher)
  }

  /// Asks for the windows that are inside a known one, and takes them in.
  private mutating func insert(_ inside: Inside, of id: WindowID) {
    guard stack[id] != nil else { return }
    var looks: [(node: WindowStack.Node, inside: Inside)] = []
    for child in inside.children {
      watch(child)
      // One that is given to another parent meanwhile tells of it by an event.
      if var look = Self.look(at: child, in: isDeep ? nil : id, connection) {
        look.node.parent = id
        looks.append(look)
      }
    }
    stack.insert(children: looks.map(\.node), of: id, since: inside.since)
    if isDeep { for look in looks { insert(look.inside, of: look.node.id) } }
  }

  /// The windows right inside a window, and the serial of the request that asked for them.
  private struct Inside {
    let children: [WindowID]
    let since: RequestSerial
  }

  /// What the server says of a window now; nil where it is no more there. Where its `parent` is
  /// given, its own shape, storage and inside are of no interest.
  private static func look(
    at id: WindowID, in parent: WindowID? = nil, _ connection: Connection
  ) -> (node: WindowStack.Node, inside: Inside)? {
    let since = connection.nextSerial
    var attributes = unsafe XWindowAttributes()
    guard unsafe XGetWindowAttributes(connection.display, id, &attributes) != 0 else {
      _ = connection.takeError()
      return nil
    }
    let treeSince = connection.nextSerial
    let isAlone = parent != nil
    guard let tree = parent.map({ ($0, []) }) ?? windowTree(of: id, connection) else { return nil }
    let (parent, children) = tree
    let shape = isAlone ? WindowShape() : connection.shapeExtents(of: id)
    let node = unsafe WindowStack.Node(
      id: id, parent: parent == 0 ? nil : parent, x: Int(attributes.x), y: Int(attributes.y),
      width: Int(attributes.width), height: Int(attributes.height),
      border: Int(attributes.border_width), isMapped: attributes.map_state != IsUnmapped,
      isInputOnly: attributes.`class` == InputOnly,
      bounding: shape.bounding.map { _ in rects(of: id, ShapeBounding, connection) },
      clip: shape.clip.map { _ in rects(of: id, ShapeClip, connection) },
      hasStorage: !isAlone && hasStorage(id, connection),
      isTranslucent: attributes.depth == 32, since: since)
    return (node, Inside(children: children, since: treeSince))
  }

  /// The rectangles of a shape (ShapeGetRectangles), in px of the window.
  private static func rects(
    of id: WindowID, _ kind: Int32, _ connection: Connection
  ) -> [Rect] {
    var (count, ordering): (Int32, Int32) = (0, 0)
    let list = unsafe XShapeGetRectangles(connection.display, id, kind, &count, &ordering)
    defer { if unsafe list != nil { unsafe XFree(list) } }
    _ = connection.takeError()
    return unsafe UnsafeBufferPointer(start: list, count: Int(count)).map {
      Rect(x: Int($0.x), y: Int($0.y), width: Int($0.width), height: Int($0.height))
    }
  }

  /// Whether a window's pixels are kept apart: only those of such windows have a name
  /// (NameWindowPixmap).
  private static func hasStorage(_ id: WindowID, _ connection: Connection) -> Bool {
    let display = unsafe connection.display
    let pixmap = unsafe XCompositeNameWindowPixmap(display, id)
    var (root, x, y): (Window, Int32, Int32) = (0, 0, 0)
    var (width, height, border, depth): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    let isNamed =
      unsafe XGetGeometry(display, pixmap, &root, &x, &y, &width, &height, &border, &depth) != 0
    if isNamed { unsafe XFreePixmap(display, pixmap) } else { _ = connection.takeError() }
    return isNamed
  }
}
