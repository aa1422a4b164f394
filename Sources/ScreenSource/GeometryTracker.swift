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
    watch(id, StructureNotifyMask)
    let answer = connection.ask(id, [.attributes, .tree, .shape])
    guard let attributes = answer.attributes, let parent = answer.parent else {
      // An ancestor that is destroyed takes its children along: their own events are on the way.
      var node = WindowTree.Node(
        id: id, parent: nil, x: 0, y: 0, width: 0, height: 0, border: 0, isMapped: false,
        since: answer.since)
      node.isDestroyed = true
      return node
    }
    return WindowTree.Node(
      id: id, parent: parent == 0 ? nil : parent, x: attributes.x, y: attributes.y,
      width: attributes.width, height: attributes.height, border: attributes.border,
      isMapped: attributes.isMapped, shape: answer.shape, since: answer.since)
  }
}
