import CropEngine

/// Gives targets their tokens, which live on the windows that they name and die with them.
public struct TargetRegistry {
  /// Tokens of a kind that the windows of one top-level may bear.
  static let quota = 100

  private let connection: Connection

  /// Mints on windows of this connection's server.
  public init(_ connection: Connection) {
    self.connection = connection
  }

  /// The token of a target: the one that it has, else a new one (ChangeProperty of
  /// `_XREGIONCAP_TARGETS`). When this returns, everyone who looks finds it.
  ///
  /// This is Region Capture's `CropTarget.fromElement`, of a window in place of an element.
  /// `subject` is what errors call the target. Throws `type` where it is no window, or a fixed
  /// rectangle, which has none; `notSupported` where the window can have no pixels; `invalidState`
  /// where it is on another screen, or its property is not to be added to; `notAllowed` where it is
  /// not inside the surface; `quotaExceeded` where there are too many.
  public func mint(
    _ kind: TargetKind, _ target: Target, in surface: WindowID, subject: String
  ) throws(CaptureError) -> Token {
    let (window, rectName) = try Self.name(of: target, subject: subject)
    // Nobody else mints or destroys anything between the look and the deed.
    return try connection.grabbingServer { () throws(CaptureError) in
      let property = try TargetProperty(
        connection, window, name: TokenList.property, subject: subject)
      guard property.root == connection.root else {
        throw CaptureError(
          .invalidState, subject,
          "window \(WindowInfo.hexadecimal(window)) is on another screen: name that in --display")
      }
      let path = path(to: window)
      guard path.contains(surface) else { throw .noTarget(subject) }
      var list = TokenList(parsing: try property.text())
      if let token = list.token(kind, rectName: rectName) { return token }
      try checkQuota(kind, of: path, subject: subject)
      var generator = SystemRandomNumberGenerator()
      let token = Token(using: &generator)
      list.append(kind, token, rectName: rectName)
      try property.set(list.text)
      return token
    }
  }

  /// The window and the rectangle that it publishes.
  private static func name(
    of target: Target, subject: String
  ) throws(CaptureError) -> (WindowID, String?) {
    switch target {
    case .window(let id): return (id, nil)
    case .published(let id, let name): return (id, name)
    case .surface, .region:
      throw CaptureError(
        .type, subject,
        "a fixed rectangle has no token: publish it on a window, and mint rect:NAME")
    }
  }

  /// The window and its ancestors, up to the root.
  private func path(to window: WindowID) -> [WindowID] {
    var path = [window]
    while let parent = connection.ask(path[path.count - 1], .tree).parent, parent != 0 {
      path.append(parent)
    }
    return path
  }

  private func checkQuota(
    _ kind: TargetKind, of path: [WindowID], subject: String
  ) throws(CaptureError) {
    var count = 0
    // The root has no top-level, and the windows inside it have quotas of their own.
    let topLevel = path.dropLast().last
    visitLines(
      of: TokenList.property, under: topLevel ?? path[0], isDeep: topLevel != nil, connection
    ) { _, lines in
      if case .text(let text, _) = lines {
        count += TokenList(parsing: text).entries.count { $0.kind == kind }
      }
    }
    guard count < Self.quota else {
      throw CaptureError(
        .quotaExceeded, subject,
        "window \(WindowInfo.hexadecimal(topLevel ?? path[0])) bears \(count) \(kind.rawValue) "
          + "tokens already: they go with the windows that they name")
    }
  }
}
