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
    var found: [WindowID] = []
    for id in tracker.stack.children(of: tracker.stack.root).reversed() {
      // What is below is seen nowhere that the surface is not.
      if holdsSurface(id) { break }
      guard let node = tracker.stack[id], node.isMapped, !node.isInputOnly else { continue }
      if let popup = popup(id) { found.append(popup) }
    }
    return found.reversed()
  }

  /// A window, or the one that it is a window manager's frame of; nil where that is a stranger.
  private func popup(_ id: WindowID) -> WindowID? {
    if isTransient(id) { return id }
    if unsafe cx11_is_same_client(connection.display, id, surface) {
      return isMenu(id) ? id : nil
    }
    guard let client = WindowFinder(connection).clientInside(id), client != id else { return nil }
    return isTransient(client) ? client : nil
  }

  private func isTransient(_ id: WindowID) -> Bool {
    WindowProperties(connection, id).number("WM_TRANSIENT_FOR") == UInt(surface)
  }

  /// Whether no window manager takes care of it.
  private func isMenu(_ id: WindowID) -> Bool {
    var attributes = unsafe XWindowAttributes()
    guard unsafe XGetWindowAttributes(connection.display, id, &attributes) != 0 else {
      _ = connection.takeError()
      return false
    }
    return unsafe attributes.override_redirect != 0
  }
}
