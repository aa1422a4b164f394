import CropEngine
import TestSupport

extension WindowStack {
  /// TOP and all windows in it, made from answers to requests up to number 100.
  static func scene() -> WindowStack {
    let (sib, bel) = (StoragePieceTests.sib, StoragePieceTests.bel)
    var stack = WindowStack(
      root: .make(Windows.top, in: Windows.root, Rect(x: 100, y: 100, width: 400, height: 300)))
    stack.insert(
      children: [
        .make(bel, in: Windows.top, Rect(x: 40, y: 40, width: 40, height: 40)),
        .make(Windows.t, in: Windows.top, Rect(x: 50, y: 50, width: 100, height: 80)),
        .make(sib, in: Windows.top, Rect(x: 100, y: 80, width: 100, height: 80)),
      ], of: Windows.top, since: 100)
    // BEL is covered by T in part only: its left top corner is seen.
    stack.insert(.make(Windows.tc, in: Windows.t, Rect(x: 10, y: 10, width: 20, height: 20)))
    return stack
  }

  /// A few windows of random places, borders, shapes and storages in each other.
  static func random(_ random: inout SeededRandom) -> WindowStack {
    var stack = WindowStack(root: .random(1, in: nil, &random))
    for id in 2..<WindowID.random(in: 3..<14, using: &random) {
      stack.insert(.random(id, in: .random(in: 1..<id, using: &random), &random))
    }
    return stack
  }

  /// Takes in something that happened to a window just now.
  @discardableResult
  mutating func apply(
    _ change: WindowEvent.Change, to window: WindowID, serial: RequestSerial = 200,
    above: WindowID? = nil
  ) -> Effect {
    apply(WindowEvent(window: window, serial: serial, change: change, above: above))
  }

  /// Learns of a window that is another way than before.
  mutating func change(_ id: WindowID, _ change: (inout Node) -> Void) {
    guard var node = self[id] else { return }
    change(&node)
    insert(node)
  }

  /// Where a window's inside lies in px of the root's.
  func origin(of id: WindowID) -> Pixel {
    guard id != root, let node = self[id], let parent = node.parent else {
      return Pixel(x: 0, y: 0)
    }
    let around = origin(of: parent)
    return Pixel(x: around.x + node.x + node.border, y: around.y + node.y + node.border)
  }

  /// The storage that holds a pixel of the root's inside, found by painting all windows over it,
  /// from the bottom.
  func painted(_ pixel: Pixel) -> WindowID? {
    var owner: WindowID?
    paint(root, pixel, storage: root, &owner)
    return owner
  }

  private func paint(
    _ id: WindowID, _ pixel: Pixel, storage: WindowID, _ owner: inout WindowID?
  ) {
    guard let node = self[id], node.isMapped, !node.isInputOnly else { return }
    let origin = origin(of: id)
    let own = Pixel(x: pixel.x - origin.x, y: pixel.y - origin.y)
    func isIn(_ shape: [Rect]?) -> Bool { shape?.contains { $0.contains(own) } ?? true }
    let outside = Rect(
      x: -node.border, y: -node.border, width: node.width + 2 * node.border,
      height: node.height + 2 * node.border)
    guard outside.contains(own), isIn(node.bounding) else { return }
    let storage = node.hasStorage ? id : storage
    owner = storage
    guard own.x >= 0, own.y >= 0, own.x < node.width, own.y < node.height, isIn(node.clip)
    else { return }
    for child in children(of: id) { paint(child, pixel, storage: storage, &owner) }
  }
}

extension WindowStack.Node {
  static func make(
    _ id: WindowID, in parent: WindowID?, _ rect: Rect, border: Int = 0, isMapped: Bool = true,
    since: RequestSerial = 100
  ) -> WindowStack.Node {
    WindowStack.Node(
      id: id, parent: parent, x: rect.x, y: rect.y, width: rect.width, height: rect.height,
      border: border, isMapped: isMapped, since: since)
  }

  static func random(
    _ id: WindowID, in parent: WindowID?, _ random: inout SeededRandom
  ) -> WindowStack.Node {
    func seldom() -> Bool { Int.random(in: 0..<8, using: &random) == 0 }
    let isRoot = parent == nil
    return WindowStack.Node(
      id: id, parent: parent, x: .random(in: -4..<12, using: &random),
      y: .random(in: -4..<12, using: &random),
      width: .random(in: isRoot ? 12..<20 : 1..<12, using: &random),
      height: .random(in: isRoot ? 12..<20 : 1..<12, using: &random),
      border: .random(in: 0..<3, using: &random), isMapped: isRoot || !seldom(),
      isInputOnly: !isRoot && seldom(),
      bounding: seldom() ? PixelRegionTests.randomRects(&random) : nil,
      clip: seldom() ? PixelRegionTests.randomRects(&random) : nil,
      hasStorage: .random(using: &random), since: 0)
  }
}
