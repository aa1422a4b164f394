import CX11
import CropEngine

/// Finds windows whose pixels are kept apart (XComposite). What it holds is used again, so that
/// searches allocate nothing.
struct StorageSearch {
  private var queries: [WindowQuery] = []
  /// Of each window that was asked for last, whether it has a storage.
  private(set) var found: [Bool] = []

  /// Makes room for so many windows.
  mutating func reserve(_ count: Int) {
    guard queries.count != count else { return }
    queries = Array(repeating: WindowQuery(0), count: count)
    found = Array(repeating: false, count: count)
  }

  /// Only pixels that are kept apart have a name (NameWindowPixmap).
  mutating func look(at ids: [WindowID], _ connection: Connection) {
    let display = unsafe connection.display
    reserve(ids.count)
    // Xlib takes no request any more where the server is gone.
    guard !connection.isLost else { return }
    for index in ids.indices {
      unsafe queries[index] =
        WindowQuery(XCompositeNameWindowPixmap(display, ids[index]), .presence)
    }
    var index = 0
    connection.ask(queries) { answer in
      if answer.isPresent { unsafe XFreePixmap(display, answer.window) }
      found[index] = answer.isPresent
      index += 1
    }
    // What was refused has been told before the answers.
    _ = connection.takeError()
  }
}
