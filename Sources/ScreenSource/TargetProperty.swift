import CX11
import CropEngine

/// A property that is lines of text.
enum PropertyLines {
  /// Empty where there is none. `isCut` where it is longer than is read: whole lines of it.
  case text(String, isCut: Bool)
  /// Numbers, of which nothing is known.
  case noText
}

extension PublishedRects {
  init(_ lines: PropertyLines) {
    switch lines {
    case .text(let text, let isCut): self.init(parsing: text, isCut: isCut)
    case .noText: self.init(fault: "\(Self.property) is no text")
    }
  }
}

/// A property of ours on a window, read and written while the server serves nobody else.
struct TargetProperty {
  /// The root of the window's screen.
  let root: WindowID

  private let connection: Connection
  private let window: WindowID
  private let name: String
  private let subject: String

  /// Looks at the window. `subject` is what errors call it.
  ///
  /// Throws `type` where it is none, `notSupported` where it can have no pixels (InputOnly).
  init(
    _ connection: Connection, _ window: WindowID, name: String, subject: String
  ) throws(CaptureError) {
    (self.connection, self.window, self.name, self.subject) = (connection, window, name, subject)
    var attributes = unsafe XWindowAttributes()
    guard unsafe XGetWindowAttributes(connection.display, window, &attributes) != 0 else {
      _ = connection.takeError()
      try connection.checkAlive()
      throw CaptureError(.type, subject, "\(WindowInfo.hexadecimal(window)) is no window")
    }
    guard unsafe attributes.`class` == InputOutput else {
      throw CaptureError(.notSupported, subject, "an InputOnly window has no pixels")
    }
    unsafe root = attributes.root
  }

  /// What is written there; empty where nothing is.
  ///
  /// Throws `invalidState` where it is nothing that could be added to.
  func text() throws(CaptureError) -> String {
    switch WindowProperties(connection, window).lines(name) {
    case .text(let text, false): return text
    case .text: throw refusal("is too long")
    case .noText: throw refusal("is no text")
    }
  }

  /// Writes it (ChangeProperty, DeleteProperty where it is empty), and waits until that is done.
  ///
  /// Throws `invalidState` where it would be longer than is read, or the server refuses it.
  func set(_ text: String) throws(CaptureError) {
    let bytes = text.unicodeScalars.map { UInt8($0.value) }
    guard bytes.count <= WindowProperty.mostBytes else { throw refusal("would be too long") }
    let atom = connection.atom(name)
    let error = connection.trapping {
      if bytes.isEmpty {
        unsafe XDeleteProperty(connection.display, window, atom)
      } else {
        unsafe XChangeProperty(
          connection.display, window, atom, XA_STRING, 8, PropModeReplace, bytes,
          Int32(bytes.count))
      }
    }
    try connection.checkAlive()
    if let error { throw refusal("cannot be written (\(error.name))") }
  }

  private func refusal(_ why: String) -> CaptureError {
    CaptureError(
      .invalidState, subject,
      "the \(name) of window \(WindowInfo.hexadecimal(window)) \(why)")
  }
}

/// Visits a window and, where that `isDeep`, all inside it, in the order of a list of windows, each
/// with the lines of one property: QueryTree and GetProperty for each, and nothing where no client
/// knows the property.
func visitLines(
  of property: String, under top: WindowID, isDeep: Bool = true, _ connection: Connection,
  _ visit: (WindowID, PropertyLines) -> Void
) {
  let atom = connection.existingAtom(property)
  guard atom != 0 else { return }
  let ids = isDeep ? windows(under: top, connection) : [top]
  let queries = ids.map { WindowQuery($0, properties: [atom]) }
  connection.ask(queries) { visit($0.window, PropertyLines($0.properties.first?.value)) }
}

/// A window and all inside it, each after the one it is in, those of one parent from the bottom
/// (QueryTree). One that is given to another parent meanwhile is there once, or not at all.
func windows(under top: WindowID, _ connection: Connection) -> [WindowID] {
  var children: [WindowID: [WindowID]] = [:]
  var level = [top]
  while !level.isEmpty {
    let answers = connection.ask(level, .tree).filter { children[$0.window] == nil }
    for answer in answers { children[answer.window] = answer.children }
    level = answers.flatMap(\.children)
  }
  // Not by recursion: windows may lie thousands deep.
  var ids: [WindowID] = []
  var waiting = [top]
  while let id = waiting.popLast() {
    guard let inside = children.removeValue(forKey: id) else { continue }
    ids.append(id)
    waiting += inside.reversed()
  }
  return ids
}
