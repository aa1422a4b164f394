import CX11
import CropEngine

/// Finds windows whose pixels are kept apart (XComposite). What it holds is used again: but for the
/// first times, searches allocate nothing.
struct StorageSearch {
  private var queries: [WindowQuery] = []
  /// Of each window that was asked for last, whether it has a storage.
  private(set) var found: [Bool] = []

  /// Makes room for so many windows.
  mutating func reserve(_ count: Int) {
    queries.reserveCapacity(count)
    found.reserveCapacity(count)
  }

  /// Only pixels that are kept apart have a name (NameWindowPixmap).
  mutating func look(at ids: [WindowID], _ connection: Connection) {
    let display = unsafe connection.display
    queries.removeAll(keepingCapacity: true)
    found.removeAll(keepingCapacity: true)
    for index in ids.indices {
      unsafe queries.append(
        WindowQuery(XCompositeNameWindowPixmap(display, ids[index]), .presence))
    }
    connection.ask(queries) { answer in
      if answer.isPresent { unsafe XFreePixmap(display, answer.window) }
      found.append(answer.isPresent)
    }
    // What was refused has been told before the answers.
    _ = connection.takeError()
  }
}
