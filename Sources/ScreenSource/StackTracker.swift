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
  private var storages = StorageSearch()
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
    guard let look = Self.looks(at: [root], connection)[0] else { return nil }
    stack = WindowStack(root: look.node)
    insertInside([look])
    listDescendants()
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
    for id in asked where id != stack.root { watch(id) }
    let looks = Self.looks(at: asked, connection).compactMap(\.self)
    for look in looks { stack.insert(look.node) }
    insertInside(looks.filter { isDeep || $0.node.id == stack.root })
    changes += 1
    return true
  }

  /// Looks for windows that somebody else redirects: nothing tells of it.
  mutating func findStorages() {
    if changes != changesListed { listDescendants() }
    storages.look(at: descendants, connection)
    for index in descendants.indices where descendants[index] != stack.root {
      guard var node = stack[descendants[index]], node.hasStorage != storages.found[index]
      else { continue }
      node.hasStorage = storages.found[index]
      stack.insert(node)
      changes += 1
    }
  }

  private mutating func listDescendants() {
    (descendants, changesListed) = (stack.ids, changes)
    storages.reserve(descendants.count)
  }

  private mutating func note(_ id: WindowID) {
    if !unknown.contains(id) { unknown.append(id) }
  }

  private func watch(_ id: WindowID) {
    guard isDeep else { return }
    connection.watch(id, SubstructureNotifyMask, shapes: true, for: watcher)
  }

  /// What the server says of a window.
  private struct Look {
    var node: WindowStack.Node
    /// The windows right inside it, and the serial of the request that asked for them.
    let children: [WindowID]
    let childrenSince: RequestSerial
  }

  /// Asks for the windows that are inside known ones, level by level, and takes them in.
  private mutating func insertInside(_ outer: [Look]) {
    var level = outer
    while !level.isEmpty {
      let children = level.flatMap(\.children)
      for id in children { watch(id) }
      var looks = Self.looks(at: children, isAlone: !isDeep, connection)[...]
      var inner: [Look] = []
      for look in level {
        var inside = looks.prefix(look.children.count).compactMap(\.self)
        looks.removeFirst(look.children.count)
        guard stack[look.node.id] != nil else { continue }
        // One that is given to another parent meanwhile tells of it by an event.
        for index in inside.indices { inside[index].node.parent = look.node.id }
        stack.insert(
          children: inside.map(\.node), of: look.node.id, since: look.childrenSince)
        inner += inside
      }
      level = isDeep ? inner : []
    }
  }

  /// What the server says of windows now; nil of one that is no more there. Of those that are
  /// looked at `isAlone`, shape, storage and inside are of no interest.
  private static func looks(
    at ids: [WindowID], isAlone: Bool = false, _ connection: Connection
  ) -> [Look?] {
    let answers = connection.ask(ids, isAlone ? .attributes : [.attributes, .tree, .shape])
    var storages = StorageSearch()
    if !isAlone { storages.look(at: ids, connection) }
    return answers.indices.map { index in
      let answer = answers[index]
      guard let attributes = answer.attributes, isAlone || answer.parent != nil else { return nil }
      let node = WindowStack.Node(
        id: answer.window, parent: answer.parent == 0 ? nil : answer.parent,
        x: attributes.x, y: attributes.y, width: attributes.width, height: attributes.height,
        border: attributes.border,
        isMapped: attributes.isMapped, isInputOnly: attributes.isInputOnly,
        bounding: answer.shape.bounding.map { _ in
          rects(of: answer.window, ShapeBounding, connection)
        },
        clip: answer.shape.clip.map { _ in rects(of: answer.window, ShapeClip, connection) },
        hasStorage: !isAlone && storages.found[index], isTranslucent: attributes.depth == 32,
        since: answer.since)
      return Look(node: node, children: answer.children, childrenSince: answer.childrenSince)
    }
  }

  /// The rectangles of a shape (ShapeGetRectangles), in px of the window.
  private static func rects(
    of id: WindowID, _ kind: Int32, _ connection: Connection
  ) -> [Rect] {
    var (count, ordering): (Int32, Int32) = (0, 0)
    let list = unsafe XShapeGetRectangles(connection.display, id, kind, &count, &ordering)
    defer { if unsafe list != nil { unsafe XFree(list) } }
    _ = connection.takeError()
    return unsafe UnsafeBufferPointer(start: list, count: Int(count)).map { Rect($0) }
  }
}
