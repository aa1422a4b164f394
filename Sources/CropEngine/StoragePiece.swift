/// The part of a picture that comes from one storage.
public struct StoragePiece: Equatable, Sendable {
  /// The window that keeps the pixels.
  public let storage: WindowID
  /// The pixels, in px of the inside of the stack's root.
  public internal(set) var region: PixelRegion
  /// Where the left edge of the storage window's inside lies, in px of the inside of the stack's
  /// root.
  public let originX: Int
  /// Where the top edge of the storage window's inside lies, in px of the inside of the stack's
  /// root.
  public let originY: Int
}

/// The part of a picture that belongs to one window and to none of those inside it.
public struct WindowArea: Equatable, Sendable {
  /// The window whose pixels they are.
  public let window: WindowID
  /// Where its inside lies, in px of the inside of the stack's root.
  public let inside: Rect
  /// The pixels, its border's too, in px of the inside of the stack's root, and their storage.
  public let piece: StoragePiece
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
    guard hasForeignStorages else {
      let region = shown(of: rect, node)
      if region.isEmpty { return [] }
      return [StoragePiece(storage: root, region: region, originX: 0, originY: 0)]
    }
    var pieces: [StoragePiece] = []
    for area in areas(of: rect) {
      let piece = area.piece
      if let index = pieces.firstIndex(where: { $0.storage == piece.storage }) {
        pieces[index].region.formUnion(piece.region)
      } else {
        pieces.append(piece)
      }
    }
    return pieces
  }

  /// Which window each pixel of a rectangle belongs to, in px of the root's inside, by the rules of
  /// ``pieces(of:)``. No pixel is in two areas, and no area has none.
  public func areas(of rect: Rect) -> [WindowArea] {
    guard let node = self[root], node.isMapped, !node.isInputOnly else { return [] }
    var painter = Painter(stack: self, unclaimed: shown(of: rect, node))
    painter.claim(
      node, within: painter.unclaimed, x: 0, y: 0,
      StoragePiece(storage: root, region: PixelRegion(), originX: 0, originY: 0))
    return painter.areas
  }

  /// The part of a rectangle that lies in the root's outer rectangle and shape, in px of the
  /// root's inside; nil where that is a plain rectangle.
  public func shownShape(of rect: Rect) -> PixelRegion? {
    guard let node = self[root], node.bounding != nil else { return nil }
    return shown(of: rect, node)
  }

  private func shown(of rect: Rect, _ node: Node) -> PixelRegion {
    node.outerRegion(x: 0, y: 0).intersection(rect)
  }
}

/// Hands out the pixels of a rectangle to the windows of a stack, from the top.
private struct Painter {
  let stack: WindowStack
  /// The pixels that no window has claimed yet.
  var unclaimed: PixelRegion
  var areas: [WindowArea] = []

  /// Lets a window claim its pixels, after the windows in it, which lie above it.
  ///
  /// `x` and `y` are where its inside is in px of the root's, `around` what it can have of its
  /// parent's, and `piece` an empty piece of the storage that its parent is in.
  mutating func claim(
    _ node: WindowStack.Node, within around: PixelRegion, x: Int, y: Int, _ piece: StoragePiece
  ) {
    let outer = node.outerRegion(x: x, y: y).intersection(around)
    guard !outer.isEmpty, !unclaimed.isEmpty else { return }
    // Taken empty, and filled below.
    var own = piece
    if node.hasStorage {
      own = StoragePiece(storage: node.id, region: PixelRegion(), originX: x, originY: y)
    }
    var inner = outer.intersection(node.inside.offsetBy(dx: x, dy: y))
    if let clip = node.clip {
      inner = inner.intersection(PixelRegion(clip).offsetBy(dx: x, dy: y))
    }
    for id in stack.children(of: node.id).reversed() {
      guard let child = stack[id], child.isMapped, !child.isInputOnly else { continue }
      claim(
        child, within: inner, x: x + child.x + child.border, y: y + child.y + child.border, own)
    }
    own.region = unclaimed.intersection(outer)
    unclaimed.subtract(outer)
    guard !own.region.isEmpty else { return }
    areas.append(
      WindowArea(window: node.id, inside: node.inside.offsetBy(dx: x, dy: y), piece: own))
  }
}

extension WindowStack.Node {
  /// The pixels of its outer rectangle and shape, for an inside that lies at `x`, `y`.
  fileprivate func outerRegion(x: Int, y: Int) -> PixelRegion {
    let outside = outside
    let outer = bounding.map { PixelRegion($0).intersection(outside) } ?? PixelRegion(outside)
    return outer.offsetBy(dx: x, dy: y)
  }
}

extension WindowArea {
  /// The same, counted from an origin that lies at (−dx, −dy) of this one's.
  public func offsetBy(dx: Int, dy: Int) -> WindowArea {
    WindowArea(
      window: window, inside: inside.offsetBy(dx: dx, dy: dy),
      piece: StoragePiece(
        storage: piece.storage, region: piece.region.offsetBy(dx: dx, dy: dy),
        originX: piece.originX + dx, originY: piece.originY + dy))
  }
}
