/// The part of a picture that comes from one storage.
public struct StoragePiece: Equatable, Sendable {
  /// The window that keeps the pixels.
  public let storage: WindowID
  /// The pixels, in px of the inside of the stack's root.
  public internal(set) var region: Region
  /// Where the left edge of the storage window's inside lies, in px of the inside of the stack's
  /// root.
  public let originX: Int
  /// Where the top edge of the storage window's inside lies, in px of the inside of the stack's
  /// root.
  public let originY: Int
}

/// A mapped window of a stack.
public struct MappedWindow: Equatable, Sendable {
  /// Its number on the server.
  public let id: WindowID
  /// Whether its ancestors are mapped, too, as far as the stack goes.
  public let isViewable: Bool
}

extension WindowStack {
  /// Which storage each pixel of a rectangle comes from, in px of the root's inside.
  ///
  /// A pixel belongs to the topmost window that has it, and its storage is that window's or that of
  /// the nearest one around it. Pixels outside the root's outer rectangle and shape, and all of
  /// them where the root is not mapped, are nobody's. No pixel is in two pieces, and no piece has
  /// none.
  public func pieces(of rect: Rect) -> [StoragePiece] {
    guard let node = self[root], node.isMapped, !node.isInputOnly else { return [] }
    var painter = Painter(stack: self, unclaimed: shown(of: rect, node))
    if hasForeignStorages {
      painter.claim(
        node, within: painter.unclaimed, x: 0, y: 0,
        StoragePiece(storage: root, region: Region(), originX: 0, originY: 0))
    } else if !painter.unclaimed.isEmpty {
      painter.pieces.append(
        StoragePiece(storage: root, region: painter.unclaimed, originX: 0, originY: 0))
    }
    return painter.pieces
  }

  /// The part of a rectangle that lies in the root's outer rectangle and shape, in px of the
  /// root's inside; nil where that is a plain rectangle.
  public func shownShape(of rect: Rect) -> Region? {
    guard let node = self[root], node.bounding != nil else { return nil }
    return shown(of: rect, node)
  }

  /// The mapped windows that have pixels, each after the one that it is in, from the root down.
  public var mappedDescendants: [MappedWindow] {
    var found: [MappedWindow] = []
    findMapped(root, isParentViewable: true, &found)
    return found
  }

  private func findMapped(
    _ id: WindowID, isParentViewable: Bool, _ found: inout [MappedWindow]
  ) {
    guard let node = self[id], !node.isInputOnly else { return }
    let isViewable = isParentViewable && node.isMapped
    if node.isMapped { found.append(MappedWindow(id: id, isViewable: isViewable)) }
    for child in children(of: id) {
      findMapped(child, isParentViewable: isViewable, &found)
    }
  }

  private func shown(of rect: Rect, _ node: Node) -> Region {
    node.outerRegion(x: 0, y: 0).intersection(rect)
  }
}

/// Hands out the pixels of a rectangle to the windows of a stack, from the top.
private struct Painter {
  let stack: WindowStack
  /// The pixels that no window has claimed yet.
  var unclaimed: Region
  var pieces: [StoragePiece] = []

  /// Lets a window claim its pixels, after the windows in it, which lie above it.
  ///
  /// `x` and `y` are where its inside is in px of the root's, `around` what it can have of its
  /// parent's, and `piece` an empty piece of the storage that its parent is in.
  mutating func claim(
    _ node: WindowStack.Node, within around: Region, x: Int, y: Int, _ piece: StoragePiece
  ) {
    let outer = node.outerRegion(x: x, y: y).intersection(around)
    guard !outer.isEmpty, !unclaimed.isEmpty else { return }
    var own = piece
    if node.hasStorage {
      own = StoragePiece(storage: node.id, region: Region(), originX: x, originY: y)
    }
    var inner = outer.intersection(node.inside.offsetBy(dx: x, dy: y))
    if let clip = node.clip {
      inner = inner.intersection(Region(clip).offsetBy(dx: x, dy: y))
    }
    for id in stack.children(of: node.id).reversed() {
      guard let child = stack[id], child.isMapped, !child.isInputOnly else { continue }
      claim(
        child, within: inner, x: x + child.x + child.border, y: y + child.y + child.border, own)
    }
    own.region = unclaimed.intersection(outer)
    unclaimed.subtract(outer)
    add(own)
  }

  private mutating func add(_ piece: StoragePiece) {
    guard !piece.region.isEmpty else { return }
    if let index = pieces.firstIndex(where: { $0.storage == piece.storage }) {
      pieces[index].region.formUnion(piece.region)
    } else {
      pieces.append(piece)
    }
  }
}

extension WindowStack.Node {
  /// The pixels of its outer rectangle and shape, for an inside that lies at `x`, `y`.
  fileprivate func outerRegion(x: Int, y: Int) -> Region {
    let outside = outside
    let outer = bounding.map { Region($0).intersection(outside) } ?? Region(outside)
    return outer.offsetBy(dx: x, dy: y)
  }
}
