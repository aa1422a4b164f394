import CropEngine

/// A window that was minted, or a rectangle that one publishes, minted or not.
public struct ListedTarget: Sendable {
  /// The window that it is, or that publishes it.
  public let window: WindowInfo
  /// The rectangle's name; nil for the window itself.
  public let name: String?
  /// In px of the window's inside; nil for a rectangle that was minted and is published no more.
  public let rect: Rect?
  /// The kinds of token that it has. The tokens themselves are for those who minted them.
  public let minted: [TargetKind]
}

extension ListedTarget {
  /// Lists what a window and those inside it have, in the order of a list of windows;
  /// nothing is asked for where nothing was ever minted or published.
  ///
  /// Throws `connectionLost`.
  public static func targets(
    in surface: WindowID, of connection: Connection
  ) throws(CaptureError) -> [ListedTarget] {
    let atoms = connection.existingAtoms([PublishedRects.property, TokenList.property])
    var targets: [ListedTarget] = []
    if !atoms.isEmpty {
      let answers = connection.ask(
        windows(under: surface, connection), .propertyNames)
      for properties in WindowProperties.of(answers, atoms: atoms, connection) {
        targets += Self.targets(properties, connection)
      }
    }
    try connection.checkAlive()
    return targets
  }

  /// The window itself, the rectangles that it publishes, and those that it does no more.
  private static func targets(
    _ properties: WindowProperties, _ connection: Connection
  ) -> [ListedTarget] {
    let rects = PublishedRects(properties.lines(PublishedRects.property))
    var tokens: [TokenList.Entry] = []
    if case .text(let text, _) = properties.lines(TokenList.property) {
      tokens = TokenList(parsing: text).entries
    }
    var names: [String?] = tokens.contains { $0.rectName == nil } ? [nil] : []
    for name in rects.entries.map(\.name) + tokens.compactMap(\.rectName)
    where !names.contains(name) {
      names.append(name)
    }
    guard !names.isEmpty, let window = WindowFinder(connection).infos([properties.window]).first
    else {
      return []
    }
    return names.map { name in
      ListedTarget(
        window: window, name: name,
        rect: name.map { rects[$0] }
          ?? Rect(
            x: 0, y: 0, width: window.size.width, height: window.size.height),
        minted: TargetKind.allCases.filter { kind in
          tokens.contains { $0.kind == kind && $0.rectName == name }
        })
    }
  }
}
