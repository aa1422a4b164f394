/// What is known of the windows between a target and the root: enough to say, at any moment, where
/// the target is and what of it can be seen.
///
/// It is filled from the answers and events of an X server and asks for nothing itself.
public struct WindowTree: Sendable {
  /// One window, as the server last told it.
  public struct Node: Equatable, Sendable {
    /// Its number on the server.
    public let id: WindowID
    /// nil for the root.
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
    /// The extents of its shapes (ShapeQueryExtents).
    public var shape: WindowShape
    /// Destroyed windows stay known, so that a new window of the same id is not taken for them.
    public var isDestroyed = false
    /// The rectangles that it publishes; nil where nobody wants to know.
    public internal(set) var published: PublishedRects?
    /// Whether those have to be asked for again.
    public internal(set) var hasNewRects = false
    /// Events older than the answer that this node was made from say nothing new.
    let since: RequestSerial
    /// The same of the answer that the published rectangles are from.
    var rectsSince: RequestSerial = 0

    /// A window as an answer of the server tells it, lengths in px; `since` is the number of the
    /// request that was answered.
    public init(
      id: WindowID, parent: WindowID?, x: Int, y: Int, width: Int, height: Int, border: Int,
      isMapped: Bool, shape: WindowShape = WindowShape(), since: RequestSerial
    ) {
      self.id = id
      self.parent = parent
      self.x = x
      self.y = y
      self.width = width
      self.height = height
      self.border = border
      self.isMapped = isMapped
      self.shape = shape
      self.since = since
    }

    /// Inner rectangle in px of the window itself.
    public var inside: Rect { Rect(x: 0, y: 0, width: width, height: height) }

    /// Outer rectangle, border included, in px of the window itself.
    public var outside: Rect {
      Rect(x: -border, y: -border, width: width + 2 * border, height: height + 2 * border)
    }

    /// What of its children can be seen, in px of the window itself.
    var clipForChildren: Rect {
      var clip = inside
      if let bounding = shape.bounding { clip = clip.intersection(bounding) }
      if let extents = shape.clip { clip = clip.intersection(extents) }
      return clip
    }
  }

  /// A chain is a handful of windows; looking through them beats hashing.
  private var nodes: [Node] = []

  /// A tree of which nothing is known yet.
  public init() {}

  /// What is known of a window; nil where nothing is.
  public subscript(id: WindowID) -> Node? { index(of: id).map { nodes[$0] } }

  /// A plain loop: the standard library's search by a closure allocates where it is not inlined,
  /// and this is done for each frame.
  private func index(of id: WindowID) -> Int? {
    for index in nodes.indices where nodes[index].id == id { return index }
    return nil
  }

  /// The windows that are known, in no order.
  public var ids: [WindowID] { nodes.map(\.id) }

  /// Learns of a window, or anew of one whose id was known.
  public mutating func insert(_ node: Node) {
    if let index = index(of: node.id) {
      nodes[index] = node
    } else {
      nodes.append(node)
    }
  }

  /// Forgets a window.
  public mutating func remove(_ id: WindowID) {
    nodes.removeAll { $0.id == id }
  }

  /// Takes in which rectangles a window publishes, by an answer to the request of this serial; nil
  /// where nobody wants to know any more.
  public mutating func publish(_ rects: PublishedRects?, by id: WindowID, since: RequestSerial) {
    guard let index = index(of: id) else { return }
    nodes[index].published = rects
    nodes[index].hasNewRects = false
    nodes[index].rectsSince = since
  }

  /// Takes in what happened. Returns whether something has to be asked for now: the ancestors of a
  /// window that has another parent, or what one publishes.
  @discardableResult
  public mutating func apply(_ event: WindowEvent) -> Bool {
    guard let index = index(of: event.window),
      event.serial >= nodes[index].since, !nodes[index].isDestroyed
    else { return false }
    switch event.change {
    case .configured(let x, let y, let width, let height, let border):
      // A screen that is resized tells of its root in the same way.
      nodes[index].x = x
      nodes[index].y = y
      nodes[index].width = width
      nodes[index].height = height
      nodes[index].border = border
    case .moved(let x, let y):
      nodes[index].x = x
      nodes[index].y = y
    case .mapped:
      nodes[index].isMapped = true
    case .unmapped:
      nodes[index].isMapped = false
    case .reparented(let parent, let x, let y):
      nodes[index].parent = parent
      nodes[index].x = x
      nodes[index].y = y
      // A window that takes children in is alive: this is another one of a recycled id.
      if self[parent]?.isDestroyed == true { remove(parent) }
      return true
    case .destroyed:
      nodes[index].isDestroyed = true
    case .shaped(.bounding, let extents):
      nodes[index].shape.bounding = extents
    case .shaped(.clip, let extents):
      nodes[index].shape.clip = extents
    case .created, .circulated:
      // Siblings are nothing to it.
      break
    case .publishedChanged:
      guard nodes[index].published != nil, event.serial >= nodes[index].rectsSince else {
        return false
      }
      nodes[index].hasNewRects = true
      return true
    }
    return false
  }

  /// The first ancestor of the window, itself included, of which nothing is known yet.
  public func unknownAncestor(of id: WindowID) -> WindowID? {
    var unknown: WindowID?
    ascend(from: id) { id, node in
      if node == nil { unknown = id }
      return true
    }
    return unknown
  }

  /// Whether the window is the other one or lies inside it.
  public func isInside(_ id: WindowID, of ancestor: WindowID) -> Bool {
    var isFound = false
    ascend(from: id) { id, node in
      guard let node, !node.isDestroyed else { return false }
      isFound = id == ancestor
      return !isFound
    }
    return isFound
  }

  /// Visits the window and its ancestors, up to the root, to one that is destroyed, or to one that
  /// is not known (nil), for as long as the visitor wants.
  ///
  /// There are at most as many as are known: where an answer is newer than the events that were
  /// taken in, parents can go round in a circle until those are.
  private func ascend(from id: WindowID, _ visit: (WindowID, Node?) -> Bool) {
    var next = id
    for _ in 0...nodes.count {
      let node = self[next]
      guard visit(next, node), let node, !node.isDestroyed, let parent = node.parent else { return }
      next = parent
    }
  }

  /// Where a window is on the screen, and what of it is not clipped away.
  struct Sighting {
    /// Root coordinates of the window's own inner left top corner, in px.
    var originX = 0
    var originY = 0
    /// What can be seen of the part asked for, in px of the root.
    var seen: Rect
    /// Whether the window and all its ancestors are mapped, up to a root.
    var isViewable = true
  }

  /// Follows a part of a window, given in the window's own px, through its ancestors to the root.
  ///
  /// Each ancestor clips it to its inner rectangle and to the extents of its shape, up to `top`
  /// where one is given. nil where the window or an ancestor is destroyed or unknown.
  func sighting(of id: WindowID, part: Rect, clippedUpTo top: WindowID? = nil) -> Sighting? {
    var sighting = Sighting(seen: part)
    var child: Node?
    var reachesRoot = false
    var isBelowTop = true
    ascend(from: id) { id, node in
      guard let node, !node.isDestroyed else { return false }
      if let child {
        let dx = child.x + child.border
        let dy = child.y + child.border
        sighting.originX += dx
        sighting.originY += dy
        sighting.seen = sighting.seen.offsetBy(dx: dx, dy: dy)
        if isBelowTop { sighting.seen = sighting.seen.intersection(node.clipForChildren) }
      }
      if id == top { isBelowTop = false }
      sighting.isViewable = sighting.isViewable && node.isMapped
      child = node
      reachesRoot = node.parent == nil
      return true
    }
    return reachesRoot ? sighting : nil
  }
}
