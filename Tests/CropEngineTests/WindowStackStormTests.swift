import CropEngine
import TestSupport
import Testing

@Suite("Windows in a window, in a storm")
struct WindowStackStormTests {
  @Test(
    "Answers and events that overtake each other come to the same in the end", arguments: 0..<300)
  func storm(_ seed: UInt64) throws {
    var server = FakeServer(seed)
    server.storm(20)
    server.select(FakeServer.top)
    let answer = server.answer(FakeServer.top)
    var stack = WindowStack(root: try #require(answer))
    server.ask(FakeServer.top, into: &stack)
    for _ in 0..<40 {
      server.storm(.random(in: 0..<6, using: &server.random))
      server.takeEvents(.random(in: 0..<30, using: &server.random), into: &stack)
    }
    while !server.events.isEmpty { server.takeEvents(1, into: &stack) }
    #expect(server.tells(of: stack), "seed \(seed)")
  }
}

/// Windows that are changed at random, told as an X server tells of them: requests are answered as
/// of now, and events wait until somebody takes them.
private struct FakeServer {
  static let root: WindowID = 1
  static let top: WindowID = 2

  var random: SeededRandom
  private(set) var events: [WindowEvent] = []
  private var nodes: [WindowID: WindowStack.Node] = [:]
  private var children: [WindowID: [WindowID]] = [:]
  private var selected: Set<WindowID> = []
  private var serial: RequestSerial = 10

  init(_ seed: UInt64) {
    random = SeededRandom(seed)
    let size = Rect(x: 0, y: 0, width: 100, height: 100)
    nodes[Self.root] = .make(Self.root, in: nil, size)
    nodes[Self.top] = .make(Self.top, in: Self.root, size)
    children[Self.root] = [Self.top]
  }

  // MARK: Other clients

  mutating func storm(_ count: Int) {
    for _ in 0..<count { changeSomething() }
  }

  private mutating func changeSomething() {
    // Few ids, so that they are used again.
    let id = WindowID.random(in: 3..<14, using: &random)
    let other = nodes.keys.sorted().randomElement(using: &random) ?? Self.root
    guard let node = nodes[id], let parent = node.parent else { return create(id, in: other) }
    switch Int.random(in: 0..<12, using: &random) {
    case 0: destroy(id)
    case 1, 2:
      guard !isInside(other, id) else { return }
      let wasSelected = selected.contains(parent)
      detach(id)
      children[other, default: []].append(id)
      change(id) { ($0.parent, $0.x, $0.y) = (other, 5, 6) }
      tell(.reparented(to: other, x: 5, y: 6), id, alsoTo: wasSelected)
    case 3:
      nodes[id]?.isMapped.toggle()
      tell(node.isMapped ? .unmapped : .mapped, id)
    case 4:
      let toTop = Bool.random(using: &random)
      detach(id)
      let count = children[parent]?.count ?? 0
      children[parent]?.insert(id, at: toTop ? count : 0)
      tell(.circulated(toTop: toTop), id)
    case 5:
      nodes[id]?.bounding = node.bounding == nil ? PixelRegionTests.randomRects(&random) : nil
      guard selected.contains(id) else { return }
      let extents = nodes[id]?.bounding.map { _ in Rect(x: 0, y: 0, width: 9, height: 9) }
      events.append(
        WindowEvent(window: id, serial: serial, change: .shaped(.bounding, extents: extents)))
    default: configure(id, in: parent)
    }
  }

  private mutating func create(_ id: WindowID, in parent: WindowID) {
    guard nodes[id] == nil else { return }
    let rect = Rect(x: 1, y: 2, width: Int(serial) + 3, height: 4)
    nodes[id] = .make(id, in: parent, rect, border: 5, isMapped: false)
    children[parent, default: []].append(id)
    guard selected.contains(parent) else { return }
    let change = WindowEvent.Change.created(
      parent: parent, x: rect.x, y: rect.y, width: rect.width, height: rect.height, border: 5)
    events.append(WindowEvent(window: id, serial: serial, change: change))
  }

  private mutating func configure(_ id: WindowID, in parent: WindowID) {
    detach(id)
    let index = Int.random(in: 0...(children[parent]?.count ?? 0), using: &random)
    children[parent]?.insert(id, at: index)
    let (x, width) = (
      Int.random(in: 0..<99, using: &random), Int.random(in: 1..<99, using: &random)
    )
    change(id) {
      ($0.x, $0.y, $0.width, $0.height, $0.border) = (x, 1, width, 2, 0)
    }
    tell(
      .configured(x: x, y: 1, width: width, height: 2, border: 0), id,
      above: index == 0 ? nil : children[parent]?[index - 1])
  }

  private mutating func destroy(_ id: WindowID) {
    for child in children[id] ?? [] { destroy(child) }
    tell(.destroyed, id)
    detach(id)
    nodes[id] = nil
    children[id] = nil
    selected.remove(id)
  }

  private mutating func change(_ id: WindowID, _ change: (inout WindowStack.Node) -> Void) {
    guard var node = nodes[id] else { return }
    change(&node)
    nodes[id] = node
  }

  private mutating func detach(_ id: WindowID) {
    guard let parent = nodes[id]?.parent else { return }
    children[parent]?.removeAll { $0 == id }
  }

  private func isInside(_ id: WindowID, _ ancestor: WindowID) -> Bool {
    id == ancestor || (nodes[id]?.parent).map { isInside($0, ancestor) } ?? false
  }

  /// To those who selected the window, its parent, and the one that it had before.
  private mutating func tell(
    _ change: WindowEvent.Change, _ id: WindowID, above: WindowID? = nil,
    alsoTo oldParent: Bool = false
  ) {
    let parent = nodes[id]?.parent ?? 0
    for isSelected in [selected.contains(id), oldParent, selected.contains(parent)] where isSelected
    {
      events.append(WindowEvent(window: id, serial: serial, change: change, above: above))
    }
  }

  // MARK: The client that watches

  mutating func select(_ id: WindowID) {
    serial += 1
    if nodes[id] != nil { selected.insert(id) }
  }

  mutating func answer(_ id: WindowID) -> WindowStack.Node? {
    serial += 1
    var node = nodes[id]
    node?.since = serial
    return node
  }

  /// Asks for a window and all windows in it, while nobody else is served.
  mutating func ask(_ id: WindowID, into stack: inout WindowStack) {
    select(id)
    guard let node = answer(id) else { return }
    stack.insert(node)
    serial += 1
    let (list, since) = (children[id] ?? [], serial)
    guard nodes[id] != nil else { return }
    var found: [WindowStack.Node] = []
    for child in list {
      select(child)
      if let node = answer(child) { found.append(node) }
    }
    stack.insert(children: found, of: id, since: since)
    for child in list where stack[child] != nil { ask(child, into: &stack) }
  }

  mutating func takeEvents(_ count: Int, into stack: inout WindowStack) {
    for _ in 0..<min(count, events.count) {
      if case .incomplete(let id) = stack.apply(events.removeFirst()) { ask(id, into: &stack) }
    }
  }

  /// Whether the stack is what there is.
  func tells(of stack: WindowStack) -> Bool {
    var count = 0
    func agrees(_ id: WindowID) -> Bool {
      count += 1
      guard var known = stack[id], let node = nodes[id] else { return false }
      known.since = node.since
      known.hasStorage = node.hasStorage
      return known == node && stack.children(of: id) == children[id] ?? []
        && stack.children(of: id).allSatisfy(agrees)
    }
    return agrees(Self.top) && stack.ids.count == count
  }
}
