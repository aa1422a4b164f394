import CX11
import CropEngine

/// Finds the windows that the user names. Where none or more than one fits, it says which there
/// are, and never falls back to another.
public struct WindowFinder {
  /// How deep under a window manager's frame its client is looked for.
  static let frameDepth = 4
  /// How many candidates an error lists.
  private static let mostListed = 8

  let connection: Connection

  /// Looks on this connection's screen.
  public init(_ connection: Connection) {
    self.connection = connection
  }

  /// The window to capture.
  ///
  /// A window manager's frame leads to the client inside. `clicked` are the windows under the place
  /// that the user clicked, from the root down, where the selector asks for that (see
  /// ``WindowPicker``); `subject` is what errors call it. Throws `notFound` where no window fits,
  /// `type` where several do.
  public func surface(
    _ selector: WindowSelector, clicked: [WindowID] = [], subject: String
  ) throws(CaptureError) -> WindowID {
    switch selector {
    case .root: return connection.root
    case .pick(let deepest):
      return try picked(clicked, in: connection.root, deepest: deepest, subject: subject)
    case .id(let id): return try client(of: id, subject: subject)
    case .focused: return try focused(subject: subject)
    case .matching(let terms):
      return try only(
        among: matching(terms, in: clients(), hidden: isManaged), subject: subject,
        of: "the screen's windows"
      ) { clients() }
    }
  }

  /// What a stream of the surface is to be limited to, for
  /// ``SurfaceCapture/setTarget(_:of:subject:)``. `clicked` and `subject` as for a surface, `kind`
  /// for what a token is to be good.
  ///
  /// Throws `notFound` where no window inside the surface fits, `type` where several do or the
  /// token is of the other kind, `notAllowed` where no window inside it has the token, `notSupported`
  /// where one can have no pixels. Whether a window is inside is for the capture to say.
  public func target(
    _ specifier: TargetSpecifier, in surface: WindowID, kind: TargetKind = .crop,
    clicked: [WindowID] = [], subject: String
  ) throws(CaptureError) -> Target {
    switch specifier {
    case .region(let region):
      return .region(region)
    case .token(let token):
      return try minted(token, kind, in: surface, subject: subject)
    case .published(let name):
      return try published(name, in: surface, subject: subject)
    case .window(.root):
      return .window(connection.root)
    case .window(.focused):
      return .window(inputFocus() ?? 0)
    case .window(.pick(let deepest)):
      return .window(try picked(clicked, in: surface, deepest: deepest, subject: subject))
    case .window(.id(let id)):
      // A restriction to one is accepted, and shows nothing (Element Capture).
      if kind == .crop, isInputOnly(id) {
        throw CaptureError(.notSupported, subject, "an InputOnly window has no pixels")
      }
      return .window(id)
    case .window(.matching(let terms)):
      let all = descendants(of: surface)
      return .window(
        try only(
          among: matching(terms, in: all), subject: subject, of: "the windows inside the surface"
        ) { all })
    case .child(let selector):
      return .window(try child(selector, of: surface, subject: subject))
    }
  }

  /// The window that a click in another one means: its child there, or the deepest one; the other
  /// one itself where it has none there. A child of the root is a client or leads to one.
  ///
  /// A click outside the other one gives what was clicked, for the capture to refuse.
  private func picked(
    _ clicked: [WindowID], in outer: WindowID, deepest: Bool, subject: String
  ) throws(CaptureError) -> WindowID {
    guard let last = clicked.last else {
      throw CaptureError(.notFound, subject, "no window was clicked")
    }
    guard !deepest, let child = clicked.drop(while: { $0 != outer }).dropFirst().first else {
      return last
    }
    guard outer == connection.root else { return child }
    // A frame can hold several clients, of which one is seen.
    let client = clicked.first { WindowProperties(connection, $0).has("WM_STATE") }
    if let client { return client }
    return try self.client(of: child, subject: subject)
  }

  private func child(
    _ selector: ChildSelector, of surface: WindowID, subject: String
  ) throws(CaptureError) -> WindowID {
    let ids = (windowTree(of: surface, connection)?.children ?? []).filter(isSeen)
    if case .position(let position) = selector, position <= ids.count { return ids[position - 1] }
    if case .only = selector, ids.count == 1 { return ids[0] }
    // What they tell of themselves is asked where that chooses one, or where an error lists them.
    let children = infos(ids)
    let all = "the surface's viewable children"
    switch selector {
    case .only:
      return try only(among: children, subject: subject, of: all) { children }
    case .name(let pattern):
      return try only(
        among: matching([.name(pattern)], in: children), subject: subject, of: all
      ) { children }
    case .position:
      throw CaptureError(
        .notFound, subject,
        "the surface has \(children.count) viewable children\(listed(children))")
    }
  }

  /// Viewable windows come first: programs keep hidden ones of the same name and class. `hidden`
  /// says which of the others may be meant.
  private func matching(
    _ terms: [WindowTerm], in windows: [WindowInfo], hidden: (WindowInfo) -> Bool = { _ in true }
  ) -> [WindowInfo] {
    let found = terms.reduce(windows) { windows, term in term.filter(windows) }
    let viewable = found.filter(\.isViewable)
    return viewable.isEmpty ? found.filter(hidden) : viewable
  }

  private func isManaged(_ window: WindowInfo) -> Bool {
    WindowProperties(connection, window.id).has("WM_STATE")
  }

  func only(
    among found: [WindowInfo], subject: String, of all: String, others: () -> [WindowInfo]
  ) throws(CaptureError) -> WindowID {
    if let only = found.first, found.count == 1 { return only.id }
    try connection.checkAlive()
    guard found.isEmpty else {
      throw CaptureError(.type, subject, "\(found.count) windows fit\(listed(found))")
    }
    throw CaptureError(
      .notFound, subject, "none of \(all) fits\(listed(others().filter(\.isViewable)))")
  }

  private func listed(_ windows: [WindowInfo]) -> String {
    Self.listed(windows.map(\.description))
  }

  /// A few of them, behind a colon.
  static func listed(_ names: [String]) -> String {
    guard !names.isEmpty else { return "" }
    let more = names.count - mostListed
    return ": " + names.prefix(mostListed).joined(separator: "; ")
      + (more > 0 ? "; and \(more) more" : "")
  }

  /// Those that are there and can have pixels: 2 round trips for each, and one for each property
  /// of interest that it has.
  func infos(_ ids: [WindowID]) -> [WindowInfo] {
    guard !ids.isEmpty else { return [] }
    let atoms = connection.existingAtoms(WindowInfo.names)
    return ids.compactMap { WindowInfo(of: $0, connection, atoms: atoms) }
  }

  /// The windows that programs show: the root's children, or the clients in a window manager's
  /// frames.
  private func clients() -> [WindowInfo] {
    let topLevels = windowTree(of: connection.root, connection)?.children ?? []
    return infos(hasManager ? topLevels.map { clientInside($0) ?? $0 } : topLevels)
  }

  private func descendants(of id: WindowID) -> [WindowInfo] {
    var ids: [WindowID] = []
    visitWindows(under: id, connection) { inside in
      if inside != id { ids.append(inside) }
      return true
    }
    return infos(ids)
  }

  private func client(of id: WindowID, subject: String) throws(CaptureError) -> WindowID {
    guard let tree = windowTree(of: id, connection) else {
      try connection.checkAlive()
      throw CaptureError(.notFound, subject, "there is no such window")
    }
    // Only a child of the root can be a frame.
    return tree.parent == connection.root ? clientInside(id) ?? id : id
  }

  /// Without a window manager there is no such atom, and no window has to be asked.
  private var hasManager: Bool { connection.existingAtom("WM_STATE") != 0 }

  /// The window that ICCCM's WM_STATE marks as a client: this one, or the first inside it, by
  /// levels; nil where there is none.
  func clientInside(_ id: WindowID) -> WindowID? {
    guard hasManager else { return nil }
    var level = [id]
    for _ in 0..<Self.frameDepth {
      if let client = level.first(where: { WindowProperties(connection, $0).has("WM_STATE") }) {
        return client
      }
      level = level.flatMap { windowTree(of: $0, connection)?.children ?? [] }
    }
    return nil
  }

  private func focused(subject: String) throws(CaptureError) -> WindowID {
    let active = WindowProperties(connection, connection.root).number("_NET_ACTIVE_WINDOW") ?? 0
    if active != 0, windowTree(of: active, connection) != nil { return active }
    guard var id = inputFocus() else {
      try connection.checkAlive()
      throw CaptureError(.notFound, subject, "no window has the keyboard")
    }
    // The keyboard may be with a part of the window.
    while let tree = windowTree(of: id, connection), tree.parent != connection.root {
      if WindowProperties(connection, id).has("WM_STATE") || tree.parent == 0 { return id }
      id = tree.parent
    }
    return clientInside(id) ?? id
  }

  private func inputFocus() -> WindowID? {
    var focus: Window = 0
    var revertTo: Int32 = 0
    unsafe XGetInputFocus(connection.display, &focus, &revertTo)
    return focus == 0 || focus == Window(PointerRoot) ? nil : focus
  }

  private func isInputOnly(_ id: WindowID) -> Bool {
    unsafe attributes(of: id)?.`class` == InputOnly
  }

  /// Whether it can have pixels, and it and all its ancestors are mapped.
  private func isSeen(_ id: WindowID) -> Bool {
    guard let attributes = unsafe attributes(of: id) else { return false }
    return unsafe attributes.`class` == InputOutput && attributes.map_state == IsViewable
  }

  private func attributes(of id: WindowID) -> XWindowAttributes? {
    var attributes = unsafe XWindowAttributes()
    guard unsafe XGetWindowAttributes(connection.display, id, &attributes) != 0 else {
      _ = connection.takeError()
      return nil
    }
    return unsafe attributes
  }
}
