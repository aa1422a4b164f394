import CX11
import CropEngine

/// Keeps a ``WindowTree`` true: asks for each window once, and follows its events from then on.
///
/// Only the surface, the targets' windows and their ancestors are watched (StructureNotify,
/// ShapeNotify), and the properties of those alone of which a published rectangle is a target.
struct GeometryTracker {
  private let connection: Connection
  private let watcher: Watcher
  private(set) var tree = WindowTree()
  private var tracked: [WindowID] = []
  /// Those of them whose published rectangles matter.
  private var publishers: [WindowID] = []
  private var isIncomplete = false
  private var faults: [String] = []
  /// Windows whose fault was told, or is about to be.
  private var faulty: [WindowID] = []

  init(_ connection: Connection) {
    self.connection = connection
    watcher = connection.newWatcher()
  }

  /// Watches what these depend on, and no other windows. Those that are no more there are known as
  /// destroyed afterwards.
  mutating func track(_ surface: WindowID, _ targets: [Target]) {
    tracked = [surface] + targets.compactMap(\.window)
    publishers = targets.compactMap {
      if case .published(let id, _) = $0 { id } else { nil }
    }
    lookThroughAncestors()
    lookAtPublishers()
  }

  /// What is wrong with published rectangles: once for each window.
  mutating func takeFaults() -> [String] {
    defer { faults = [] }
    return faults
  }

  /// Forgets a window that was destroyed: its id is said anew, and may be another window's now.
  mutating func forgetDestroyed(_ id: WindowID) {
    if tree[id]?.isDestroyed == true { tree.remove(id) }
  }

  /// Takes in what happened to a window.
  mutating func take(_ event: WindowEvent) {
    if tree.apply(event) { isIncomplete = true }
  }

  /// Asks for what the events taken in have not told: ancestors that are new to a window, and
  /// rectangles that are published anew.
  ///
  /// Returns whether there was something to ask for. The answers are as of now, not as of then.
  mutating func complete() -> Bool {
    guard isIncomplete else { return false }
    lookThroughAncestors()
    lookAtPublishers()
    return true
  }

  private mutating func lookThroughAncestors() {
    isIncomplete = false
    for id in tracked {
      while let unknown = tree.unknownAncestor(of: id), !connection.isLost {
        let node = query(unknown)
        // A parent that answers is alive: what was destroyed had the id before it.
        if let parent = node.parent { forgetDestroyed(parent) }
        tree.insert(node)
      }
    }
    for id in tree.ids
    where !tracked.contains(where: { $0 == id || tree.isInside($0, of: id) }) {
      if tree[id]?.isDestroyed == false { watch(id, NoEventMask, shapes: false) }
      tree.remove(id)
      faulty.removeAll { $0 == id }
    }
  }

  /// Reads what is published where that matters, and watches the properties there and nowhere else.
  private mutating func lookAtPublishers() {
    for id in tree.ids where tree[id]?.isDestroyed == false {
      let isWatched = tree[id]?.published != nil
      if publishers.contains(id) {
        if !isWatched {
          connection.watchPublishedRects()
          watch(id, StructureNotifyMask | PropertyChangeMask)
        }
        if !isWatched || tree[id]?.hasNewRects == true { readRects(of: id) }
      } else if isWatched {
        watch(id, StructureNotifyMask)
        tree.publish(nil, by: id, since: connection.nextSerial)
      }
    }
  }

  private mutating func readRects(of id: WindowID) {
    let since = connection.nextSerial
    let rects = PublishedRects(WindowProperties(connection, id).lines(PublishedRects.property))
    tree.publish(rects, by: id, since: since)
    guard let fault = rects.fault, !faulty.contains(id) else { return }
    faulty.append(id)
    faults.append("window \(WindowInfo.hexadecimal(id)): \(fault)")
  }

  private func watch(_ id: WindowID, _ events: Int, shapes: Bool = true) {
    connection.watch(id, events, shapes: shapes, for: watcher)
  }

  /// Selects first and asks then: what changes in between comes as an event.
  private func query(_ id: WindowID) -> WindowTree.Node {
    let display = unsafe connection.display
    watch(id, StructureNotifyMask)
    let since = connection.nextSerial
    var attributes = unsafe XWindowAttributes()
    guard unsafe XGetWindowAttributes(display, id, &attributes) != 0,
      let parent = unsafe parent(of: id, root: attributes.root)
    else {
      // An ancestor that is destroyed takes its children along: their own events are on the way.
      _ = connection.takeError()
      var node = WindowTree.Node(
        id: id, parent: nil, x: 0, y: 0, width: 0, height: 0, border: 0, isMapped: false,
        since: since)
      node.isDestroyed = true
      return node
    }
    return unsafe WindowTree.Node(
      id: id, parent: parent == 0 ? nil : parent,
      x: Int(attributes.x), y: Int(attributes.y),
      width: Int(attributes.width), height: Int(attributes.height),
      border: Int(attributes.border_width),
      isMapped: attributes.map_state != IsUnmapped, shape: connection.shapeExtents(of: id),
      since: since)
  }

  /// 0 for the root; nil where the window is no more there.
  private func parent(of id: WindowID, root: WindowID) -> WindowID? {
    id == root ? 0 : windowTree(of: id, connection)?.parent
  }
}

extension Connection {
  /// The extents of a window's shapes (ShapeQueryExtents); of none where it is no more there.
  func shapeExtents(of id: WindowID) -> WindowShape {
    guard hasShape else { return WindowShape() }
    var (hasBounding, hasClip): (Int32, Int32) = (0, 0)
    var (boundingX, boundingY, clipX, clipY): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    var (boundingWidth, boundingHeight, clipWidth, clipHeight): (UInt32, UInt32, UInt32, UInt32) =
      (0, 0, 0, 0)
    guard
      unsafe XShapeQueryExtents(
        display, id, &hasBounding, &boundingX, &boundingY, &boundingWidth,
        &boundingHeight, &hasClip, &clipX, &clipY, &clipWidth, &clipHeight) != 0
    else { return WindowShape() }
    return WindowShape(
      bounding: hasBounding == 0
        ? nil
        : Rect(
          x: Int(boundingX), y: Int(boundingY), width: Int(boundingWidth),
          height: Int(boundingHeight)),
      clip: hasClip == 0
        ? nil
        : Rect(x: Int(clipX), y: Int(clipY), width: Int(clipWidth), height: Int(clipHeight)))
  }
}

/// A window's parent, and its children in stacking order from the bottom (QueryTree); nil where
/// the window is no more there.
func windowTree(of id: WindowID, _ connection: Connection) -> (
  parent: WindowID, children: [WindowID]
)? {
  var root: Window = 0
  var parent: Window = 0
  var list: UnsafeMutablePointer<Window>?
  var count: UInt32 = 0
  guard unsafe XQueryTree(connection.display, id, &root, &parent, &list, &count) != 0 else {
    _ = connection.takeError()
    return nil
  }
  defer { if unsafe list != nil { unsafe XFree(list) } }
  return unsafe (parent, Array(UnsafeBufferPointer(start: list, count: Int(count))))
}
