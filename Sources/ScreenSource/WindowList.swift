import CX11
import CropEngine

/// The windows of a screen, each after the one it is in, those of one parent in stacking order
/// from the bottom.
public struct WindowList {
  /// Which windows are listed.
  public enum Scope: Sendable {
    /// Those that a user would mean: clients, put away or not, without their frames; other
    /// children of the root that can be seen; and what can be seen inside those. What is not
    /// larger than 1×1 px is a program's helper.
    case usual
    /// Every one, from the root on.
    case all
  }

  private let connection: Connection
  private let atoms: [String: Atom]
  /// What windows answered.
  private var looks: [WindowID: Look] = [:]
  private var windows: [ListedWindow] = []
  /// Where each lies in the list. One that gets another parent meanwhile is listed once.
  private var places: [WindowID: Int] = [:]

  /// Lists them: 2 round trips for each level of windows, and for each 1,000 of a level.
  ///
  /// Windows that go away meanwhile are left out. Throws `connectionLost`.
  public static func windows(
    _ scope: Scope, of connection: Connection
  ) throws(CaptureError) -> [ListedWindow] {
    var list = WindowList(connection)
    switch scope {
    case .usual:
      let topLevels = connection.ask(connection.root, .tree).children
      list.ask(topLevels, scope)
      for window in topLevels { list.addTopLevel(window) }
    case .all:
      list.ask([connection.root], scope)
      if let (root, children) = list.look(at: connection.root) {
        list.add(root, children, scope: .all)
      }
      list.markFrames()
    }
    list.markFocused()
    try connection.checkAlive()
    return list.windows
  }

  private init(_ connection: Connection) {
    self.connection = connection
    atoms = connection.existingAtoms(ListedWindow.names)
  }

  private struct Look {
    let attributes: WindowAttributes
    let properties: WindowProperties
    /// From the bottom.
    let children: [WindowID]
  }

  /// Asks windows, and those inside them that may be listed, level by level.
  private mutating func ask(_ tops: [WindowID], _ scope: Scope) {
    var (level, number) = (tops, 0)
    while !level.isEmpty {
      let answers = connection.ask(level, [.attributes, .tree, .propertyNames])
      level = []
      for (answer, properties) in zip(
        answers, WindowProperties.of(answers, atoms: atoms, connection))
      where looks[answer.window] == nil {
        guard let attributes = answer.attributes else { continue }
        looks[answer.window] = Look(
          attributes: attributes, properties: properties, children: answer.children)
        // In what is not seen only clients are looked for.
        if scope == .all || attributes.isViewable || mayHoldClients(at: number) {
          level += answer.children
        }
      }
      number += 1
    }
  }

  /// Whether clients are looked for inside windows of a level: without a window manager there is
  /// no such atom, and no window to be looked for.
  private func mayHoldClients(at level: Int) -> Bool {
    atoms["WM_STATE"] != nil && level < WindowFinder.frameDepth
  }

  /// A window, and its children from the bottom; nil where it is no more there.
  private func look(
    at id: WindowID, in parent: ListedWindow? = nil, depth: Int = 0
  ) -> (window: ListedWindow, children: [WindowID])? {
    guard let look = looks[id] else { return nil }
    let window = ListedWindow(
      look.attributes, look.properties,
      in: parent?.info.id ?? (id == connection.root ? nil : connection.root),
      x: parent?.rect.x ?? 0, y: parent?.rect.y ?? 0, depth: depth)
    return (window, look.children)
  }

  /// Adds what a user would mean by a child of the root: the clients inside, or the window itself.
  private mutating func addTopLevel(_ id: WindowID) {
    let count = windows.count
    guard let (window, children) = look(at: id) else { return }
    addClients(window, children, level: 0)
    guard windows.count == count, window.hasPixels else { return }
    add(window, children, scope: .usual)
  }

  /// Adds the clients that a window is, or that are inside it. One that was withdrawn is none.
  private mutating func addClients(_ window: ListedWindow, _ children: [WindowID], level: Int) {
    if let state = window.state {
      if state != .withdrawn || window.hasPixels { add(window, children, scope: .usual) }
      return
    }
    guard mayHoldClients(at: level) else { return }
    for child in children {
      guard let (inner, innerChildren) = look(at: child, in: window) else { continue }
      addClients(inner, innerChildren, level: level + 1)
    }
  }

  /// Adds a window and what is inside it. Not by recursion: windows may lie thousands deep.
  private mutating func add(_ window: ListedWindow, _ children: [WindowID], scope: Scope) {
    guard append(window) else { return }
    var waiting = children.reversed().map { (id: $0, parent: window) }
    while let (id, parent) = waiting.popLast() {
      guard let (window, children) = look(at: id, in: parent, depth: parent.depth + 1),
        scope == .all || window.hasPixels, append(window)
      else { continue }
      waiting += children.reversed().map { ($0, window) }
    }
  }

  private mutating func append(_ window: ListedWindow) -> Bool {
    guard places[window.info.id] == nil else { return false }
    places[window.info.id] = windows.count
    windows.append(window)
    return true
  }

  private mutating func markFrames() {
    for client in windows where client.state != nil {
      var inner = client
      while let parent = inner.parent, parent != connection.root, let place = places[parent],
        windows[place].state == nil, !windows[place].isFrame
      {
        windows[place].isFrame = true
        inner = windows[place]
      }
    }
  }

  private mutating func markFocused() {
    let finder = WindowFinder(connection)
    guard let focused = try? finder.surface(.focused, subject: ""), let place = places[focused]
    else { return }
    windows[place].isFocused = true
  }
}

extension ListedWindow {
  /// Whether some of it may be seen, and more than one pixel.
  fileprivate var hasPixels: Bool {
    mapping == .viewable && !isInputOnly && (rect.width > 1 || rect.height > 1)
  }
}
