import CX11
import CropEngine

/// Finds the windows that are shown over another one and belong to it: menus and tooltips, which
/// no window manager takes care of, of the same client, and dialogs of it (WM_TRANSIENT_FOR).
struct PopupFinder {
  /// How often to look again though no window came or went: properties change, too. In ns.
  private static let interval: Int64 = 1_000_000_000

  private let connection: Connection
  private let surface: WindowID
  /// The windows right inside the root.
  private var tracker: StackTracker
  private var searched: Int64?
  private var changesSearched = 0

  /// nil where the root is no more there.
  init?(_ connection: Connection, of surface: WindowID, root: WindowID) {
    guard let tracker = StackTracker(connection, root: root, isDeep: false) else { return nil }
    self.connection = connection
    self.surface = surface
    self.tracker = tracker
  }

  /// Is told of nothing any more.
  func end() { tracker.end() }

  /// How often the windows have changed.
  var changes: Int { tracker.changes }

  /// Takes in what happened to a window.
  mutating func take(_ event: WindowEvent) { _ = tracker.take(event) }

  /// Asks for what events have not told. Returns whether there was something.
  mutating func complete() -> Bool { tracker.complete() }

  /// Those that are there now, from the bottom; nil where there is no reason to look again.
  /// `holdsSurface` says of a window whether the surface is it or lies in it.
  mutating func search(at now: Int64, _ holdsSurface: (WindowID) -> Bool) -> [WindowID]? {
    let isFresh = searched.map { now - $0 < Self.interval } ?? false
    guard !isFresh || changesSearched != changes else { return nil }
    (searched, changesSearched) = (now, changes)
    var candidates: [WindowID] = []
    for id in tracker.stack.children(of: tracker.stack.root).reversed() {
      // What is below is seen nowhere that the surface is not.
      if holdsSurface(id) { break }
      guard let node = tracker.stack[id], node.isMapped, !node.isInputOnly else { continue }
      candidates.append(id)
    }
    return popups(among: candidates.reversed())
  }

  /// Those of the windows that belong to the surface, or the clients in them that do, where they
  /// are a window manager's frames.
  private func popups(among windows: [WindowID]) -> [WindowID] {
    var found: [WindowID?] = []
    let queries = windows.map {
      WindowQuery($0, isKin($0) ? .attributes : [], properties: [XA_WM_TRANSIENT_FOR])
    }
    connection.ask(queries) { answer in
      // Only of kin that is known: no window manager takes care of menus.
      let isMenu = answer.attributes?.isOverrideRedirect ?? false
      found.append(isMenu || isTransient(answer) ? answer.window : nil)
    }
    let strangers = windows.indices.filter { found[$0] == nil && !isKin(windows[$0]) }
    let clients = WindowFinder(connection).clientsInside(strangers.map { windows[$0] })
    let framed = zip(strangers, clients).compactMap { index, client in
      client.flatMap { $0 == windows[index] ? nil : (index: index, client: $0) }
    }
    let answers = connection.ask(framed.map(\.client), properties: [XA_WM_TRANSIENT_FOR])
    for (answer, (index, _)) in zip(answers, framed) where isTransient(answer) {
      found[index] = answer.window
    }
    return found.compactMap { $0 }
  }

  /// Whether it is of the surface's client.
  private func isKin(_ id: WindowID) -> Bool {
    unsafe cx11_is_same_client(connection.display, id, surface)
  }

  private func isTransient(_ answer: WindowAnswer) -> Bool {
    answer.properties.first?.value.number == surface
  }
}
