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
      let all = infos(Array(windows(under: surface, connection).dropFirst()))
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
    let client = clicked.first(where: isClient)
    if let client { return client }
    return try self.client(of: child, subject: subject)
  }

  private func child(
    _ selector: ChildSelector, of surface: WindowID, subject: String
  ) throws(CaptureError) -> WindowID {
    let ids = seen(connection.ask(surface, .tree).children)
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

  private func isManaged(_ window: WindowInfo) -> Bool { isClient(window.id) }

  private func isClient(_ id: WindowID) -> Bool {
    WindowProperties(connection, id).has("WM_STATE")
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

  /// Those that are there and can have pixels.
  func infos(_ ids: [WindowID]) -> [WindowInfo] {
    guard !ids.isEmpty else { return [] }
    let atoms = connection.existingAtoms(WindowInfo.names)
    let answers = connection.ask(ids, [.attributes, .propertyNames])
      .filter { $0.attributes?.isInputOnly == false }
    return zip(answers, WindowProperties.of(answers, atoms: atoms, connection)).compactMap {
      answer, properties in
      answer.attributes.map { WindowInfo($0, properties) }
    }
  }

  /// The windows that programs show: the root's children, or the clients in a window manager's
  /// frames.
  func clients() -> [WindowInfo] {
    let topLevels = connection.ask(connection.root, .tree).children
    return infos(zip(topLevels, clientsInside(topLevels)).map { $1 ?? $0 })
  }

  private func client(of id: WindowID, subject: String) throws(CaptureError) -> WindowID {
    guard let parent = connection.ask(id, .tree).parent else {
      try connection.checkAlive()
      throw CaptureError(.notFound, subject, "there is no such window")
    }
    // Only a child of the root can be a frame.
    return parent == connection.root ? clientsInside([id])[0] ?? id : id
  }

  /// Of each window the one that ICCCM's WM_STATE marks as a client: itself, or the first inside
  /// it, by levels; nil where there is none.
  func clientsInside(_ tops: [WindowID]) -> [WindowID?] {
    var clients = [WindowID?](repeating: nil, count: tops.count)
    // Without a window manager there is no such atom, and no window has to be asked.
    let state = connection.existingAtom("WM_STATE")
    guard state != 0 else { return clients }
    // Windows of one level, each with the index of the one that it is in.
    var level = tops.indices.map { (window: tops[$0], top: $0) }
    for _ in 0..<Self.frameDepth {
      let answers = connection.ask(level.map(\.window), .tree, properties: [state])
      for (answer, (window, top)) in zip(answers, level)
      where !answer.properties.isEmpty && clients[top] == nil {
        clients[top] = window
      }
      level = zip(answers, level).flatMap { answer, outer in
        clients[outer.top] == nil ? answer.children.map { ($0, outer.top) } : []
      }
    }
    return clients
  }

  private func focused(subject: String) throws(CaptureError) -> WindowID {
    let active = WindowProperties(connection, connection.root).number("_NET_ACTIVE_WINDOW") ?? 0
    if active != 0, connection.ask(active, .tree).parent != nil { return active }
    guard var id = inputFocus() else {
      try connection.checkAlive()
      throw CaptureError(.notFound, subject, "no window has the keyboard")
    }
    // The keyboard may be with a part of the window.
    while let parent = connection.ask(id, .tree).parent, parent != connection.root {
      if isClient(id) || parent == 0 { return id }
      id = parent
    }
    return clientsInside([id])[0] ?? id
  }

  private func inputFocus() -> WindowID? {
    var focus: Window = 0
    var revertTo: Int32 = 0
    unsafe XGetInputFocus(connection.display, &focus, &revertTo)
    return focus == 0 || focus == Window(PointerRoot) ? nil : focus
  }

  private func isInputOnly(_ id: WindowID) -> Bool {
    connection.ask(id, .attributes).attributes?.isInputOnly ?? false
  }

  /// Those that can have pixels, and are mapped with all their ancestors.
  private func seen(_ ids: [WindowID]) -> [WindowID] {
    connection.ask(ids, .attributes)
      .filter { $0.attributes.map { $0.isViewable && !$0.isInputOnly } ?? false }.map(\.window)
  }
}
