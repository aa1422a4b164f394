import CropEngine

/// The windows that the statements of Region Capture are made on, as a tree: a root of 640×480,
/// TOP in it, T in TOP, and TC in T.
enum Windows {
  static let root: WindowID = 1
  static let top: WindowID = 10
  static let t: WindowID = 11
  static let tc: WindowID = 12
  /// Not in the tree: a window of the root.
  static let other: WindowID = 20
}

extension WindowTree {
  /// The scene, made from answers to requests up to number 100.
  static func scene(
    top: (inout Node) -> Void = { _ in }, t: (inout Node) -> Void = { _ in }
  ) -> WindowTree {
    var tree = WindowTree()
    tree.insert(.make(Windows.root, in: nil, Rect(x: 0, y: 0, width: 640, height: 480)))
    var topNode = Node.make(
      Windows.top, in: Windows.root, Rect(x: 100, y: 100, width: 400, height: 300))
    var tNode = Node.make(Windows.t, in: Windows.top, Rect(x: 50, y: 50, width: 100, height: 80))
    top(&topNode)
    t(&tNode)
    tree.insert(topNode)
    tree.insert(tNode)
    tree.insert(.make(Windows.tc, in: Windows.t, Rect(x: 10, y: 10, width: 20, height: 20)))
    return tree
  }

  /// Takes in something that happened to a window just now.
  @discardableResult
  mutating func apply(
    _ change: WindowEvent.Change, to window: WindowID, serial: RequestSerial = 200
  ) -> Bool {
    apply(WindowEvent(window: window, serial: serial, change: change))
  }

  /// The part of TOP that is seen, in px of TOP; nil where there is nothing to see.
  func seen(_ target: Target) -> Rect? {
    guard case .visible(let region) = visibility(of: target, in: Windows.top) else { return nil }
    return region.rect
  }
}

extension WindowTree.Node {
  static func make(
    _ id: WindowID, in parent: WindowID?, _ rect: Rect, border: Int = 0, isMapped: Bool = true,
    since: RequestSerial = 100
  ) -> WindowTree.Node {
    WindowTree.Node(
      id: id, parent: parent, x: rect.x, y: rect.y, width: rect.width, height: rect.height,
      border: border, isMapped: isMapped, since: since)
  }
}
