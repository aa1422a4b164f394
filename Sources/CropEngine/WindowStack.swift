/// What is known of a window and of all windows inside it: enough to say, at any moment, which of
/// them each pixel belongs to.
///
/// It is filled from the answers and events of an X server and asks for nothing itself. Where a
/// window is among its siblings comes from the order of QueryTree and from events alone, so that
/// an answer about one window leaves it where it is.
///
/// A window and those in it are to be asked for together, with their events selected before, while
/// the server serves no other client (GrabServer). The events that are taken in may be older.
public struct WindowStack: Sendable {
  /// One window, as the server last told it.
  public struct Node: Equatable, Sendable {
    /// Its number on the server.
    public let id: WindowID
    /// nil for the root of a screen.
    public var parent: WindowID?
    /// Left edge with the border, in px of the parent's inside.
    public var x: Int
    /// Top edge with the border, in px of the parent's inside.
    public var y: Int
    /// Width of the inside, in px.
    public var width: Int
    /// Height of the inside, in px.
    public var height: Int
    /// Width of the border, in px.
    public var border: Int
    /// Whether it is mapped; it is viewable where its ancestors are, too.
    public var isMapped: Bool
    /// Whether it has no pixels at all.
    public var isInputOnly: Bool
    /// Its shape with its border, in px of its own inside; nil where it is a plain rectangle.
    public var bounding: [Rect]?
    /// The shape of its inside, in px of its own inside; nil where it is a plain rectangle.
    public var clip: [Rect]?
    /// Whether its pixels, and those of the windows in it, are kept apart (XComposite).
    public var hasStorage: Bool
    /// Whether its pixels have an alpha (depth 32).
    public var isTranslucent: Bool
    /// Events older than the answer that this node was made from say nothing new.
    public var since: RequestSerial

    /// A window as an answer of the server tells it, lengths in px; `since` is the number of the
    /// request that was answered.
    public init(
      id: WindowID, parent: WindowID?, x: Int, y: Int, width: Int, height: Int, border: Int,
      isMapped: Bool, isInputOnly: Bool = false, bounding: [Rect]? = nil, clip: [Rect]? = nil,
      hasStorage: Bool = false, isTranslucent: Bool = false, since: RequestSerial
    ) {
      self.id = id
      self.parent = parent
      self.x = x
      self.y = y
      self.width = width
      self.height = height
      self.border = border
      self.isMapped = isMapped
      self.isInputOnly = isInputOnly
      self.bounding = bounding
      self.clip = clip
      self.hasStorage = hasStorage
      self.isTranslucent = isTranslucent
      self.since = since
    }

    /// Inner rectangle in px of the window itself.
    public var inside: Rect { Rect(x: 0, y: 0, width: width, height: height) }

    /// Outer rectangle, border included, in px of the window itself.
    public var outside: Rect {
      Rect(x: -border, y: -border, width: width + 2 * border, height: height + 2 * border)
    }
  }

  /// What an event means for those who rely on the stack.
  public enum Effect: Equatable, Sendable {
    /// It was known, or has nothing to do with these windows.
    case nothing
    /// Something is another way than before.
    case changed
    /// The window has to be asked for, with all windows inside it: it was created or put into the
    /// stack, has another shape, or the order in it was lost. Until then, not all is known.
    case incomplete(WindowID)
  }

  /// A window, and what is known of its place.
  private struct Entry: Equatable, Sendable {
    var node: Node
    /// The windows in it, from the bottom.
    var children: [WindowID] = []
    /// Events older than this say nothing new of its place among its siblings.
    var placedSince: RequestSerial
  }

  /// The window that all others are inside of.
  public let root: WindowID
  /// Each one but the root is among the children of its parent, and of no other.
  private var entries: [WindowID: Entry]
  /// Events older than this say nothing new, of whatever window.
  private let since: RequestSerial

  /// A window in which no windows are known yet. It has a storage.
  public init(root node: Node) {
    root = node.id
    since = node.since
    entries = [root: Entry(node: node, placedSince: node.since)]
    entries[root]?.node.hasStorage = true
  }

  /// What is known of a window; nil where nothing is.
  public subscript(id: WindowID) -> Node? { entries[id]?.node }

  /// The windows that are known, in no order. There are none once the root is destroyed.
  public var ids: [WindowID] { Array(entries.keys) }

  /// The windows right inside a window, from the bottom.
  public func children(of id: WindowID) -> [WindowID] { entries[id]?.children ?? [] }

  /// Whether a window other than the root keeps pixels of its own; they may be hidden.
  public var hasForeignStorages: Bool {
    entries.contains { id, entry in id != root && entry.node.hasStorage }
  }

  // MARK: Answers

  /// Learns of a window: a new one on top of its siblings, and anew of one that is known, at its
  /// place. One whose parent is not known is outside and forgotten.
  public mutating func insert(_ node: Node) {
    if node.id == root {
      guard entries[root] != nil else { return }
      entries[root]?.node = node
      entries[root]?.node.hasStorage = true
      return
    }
    guard let parent = node.parent, entries[parent] != nil else { return remove(node.id) }
    if entries[node.id] == nil {
      entries[node.id] = Entry(node: node, placedSince: node.since)
      entries[parent]?.children.append(node.id)
    } else {
      if self[node.id]?.parent != parent { move(node.id, into: parent) }
      // It may be gone, where its new parent was one of the windows in it.
      entries[node.id]?.node = node
    }
  }

  /// Learns of all windows right inside a window, from the bottom; `since` is the number of the
  /// request that told their order (QueryTree). Others that were known in it are forgotten.
  public mutating func insert(
    children nodes: [Node], of parent: WindowID, since: RequestSerial
  ) {
    for id in children(of: parent) where !nodes.contains(where: { $0.id == id }) { remove(id) }
    for node in nodes {
      insert(node)
      guard self[node.id]?.parent == parent else { continue }
      place(node.id, onTopOf: children(of: parent).last)
      entries[node.id]?.placedSince = since
    }
  }

  // MARK: Events

  /// Takes in what happened. Events that come twice, of a window and of its parent, are harmless.
  public mutating func apply(_ event: WindowEvent) -> Effect {
    switch event.change {
    case .created(let parent, let x, let y, let width, let height, let border):
      guard entries[parent] != nil, event.window != root else { return .nothing }
      guard isNew(event) else { return change(event) }
      // A window that is known under this id was destroyed before.
      remove(event.window)
      insert(
        Node(
          id: event.window, parent: parent, x: x, y: y, width: width, height: height,
          border: border, isMapped: false, since: event.serial))
      return .incomplete(event.window)
    case .reparented(let parent, let x, let y) where self[event.window] == nil:
      guard isNew(event), entries[parent] != nil else { return .nothing }
      insert(
        Node(
          id: event.window, parent: parent, x: x, y: y, width: 0, height: 0, border: 0,
          isMapped: false, since: event.serial))
      return .incomplete(event.window)
    case .destroyed:
      guard isNew(event), entries[event.window] != nil else { return .nothing }
      remove(event.window)
      return .changed
    default:
      return change(event)
    }
  }

  private func isNew(_ event: WindowEvent) -> Bool {
    event.serial >= self[event.window]?.since ?? since
  }

  /// Takes in what happened to a window that stays.
  private mutating func change(_ event: WindowEvent) -> Effect {
    guard let entry = entries[event.window] else { return .nothing }
    let siblings = entry.node.parent.map { children(of: $0) }
    var isPlaced = true
    if event.serial >= entry.placedSince { isPlaced = changePlace(event) }
    if event.serial >= entry.node.since, entries[event.window] != nil {
      entries[event.window]?.node.take(event.change)
      if case .shaped(_, .some) = event.change { return .incomplete(event.window) }
    }
    if !isPlaced, let parent = entry.node.parent { return .incomplete(parent) }
    guard entries[event.window] == entry, entry.node.parent.map({ children(of: $0) }) == siblings
    else { return .changed }
    return .nothing
  }

  /// Returns whether the place was told by a sibling that is known.
  private mutating func changePlace(_ event: WindowEvent) -> Bool {
    switch event.change {
    case .configured: return place(event.window, onTopOf: event.above)
    case .circulated(let toTop):
      let siblings = self[event.window]?.parent.map { children(of: $0) } ?? []
      return place(event.window, onTopOf: toTop ? siblings.last : nil)
    case .created(let parent, _, _, _, _, _), .reparented(let parent, _, _):
      move(event.window, into: parent)
      return true
    default: return true
    }
  }

  // MARK: The tree

  /// Puts a window right above a sibling, or below them all.
  ///
  /// Returns false where the sibling is not known there: an answer, newer than what happened, put
  /// it elsewhere already.
  @discardableResult
  private mutating func place(_ id: WindowID, onTopOf sibling: WindowID?) -> Bool {
    guard id != root, sibling != id, let parent = self[id]?.parent,
      var siblings = entries[parent]?.children
    else { return true }
    guard sibling.map(siblings.contains) ?? true else { return false }
    siblings.removeAll { $0 == id }
    let index = sibling.flatMap { siblings.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
    siblings.insert(id, at: index)
    entries[parent]?.children = siblings
    return true
  }

  /// Puts a window on top of those in a parent; out of the stack where that is not known.
  ///
  /// Where answers are newer than events, a parent can be inside the window. What comes after tells
  /// of both anew.
  private mutating func move(_ id: WindowID, into parent: WindowID) {
    guard id != root else {
      entries[root]?.node.parent = parent
      return
    }
    guard entries[parent] != nil, !isInside(parent, of: id) else { return remove(id) }
    if let old = self[id]?.parent { entries[old]?.children.removeAll { $0 == id } }
    entries[parent]?.children.append(id)
    entries[id]?.node.parent = parent
  }

  /// Whether a window of the stack is the other one or lies inside it.
  public func isInside(_ id: WindowID, of ancestor: WindowID) -> Bool {
    var next = id
    while next != ancestor {
      guard next != root, let parent = self[next]?.parent else { return false }
      next = parent
    }
    return true
  }

  /// Forgets a window and all windows in it.
  private mutating func remove(_ id: WindowID) {
    guard let entry = entries.removeValue(forKey: id) else { return }
    if let parent = entry.node.parent { entries[parent]?.children.removeAll { $0 == id } }
    for child in entry.children { remove(child) }
  }
}

extension WindowStack.Node {
  /// Takes in what happened to it; its parent and its place there are the stack's.
  fileprivate mutating func take(_ change: WindowEvent.Change) {
    switch change {
    case .configured(let x, let y, let width, let height, let border):
      (self.x, self.y, self.width, self.height) = (x, y, width, height)
      self.border = border
    case .moved(let x, let y):
      (self.x, self.y) = (x, y)
    case .reparented(_, let x, let y):
      (self.x, self.y) = (x, y)
    case .mapped: isMapped = true
    case .unmapped: isMapped = false
    // The event tells the extents alone.
    case .shaped(.bounding, let extents): bounding = extents.map { [$0] }
    case .shaped(.clip, let extents): clip = extents.map { [$0] }
    case .destroyed, .created, .circulated, .publishedChanged: break
    }
  }
}
