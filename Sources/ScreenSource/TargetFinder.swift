import CropEngine

/// Targets that are written on windows: published rectangles, and what was minted.
extension WindowFinder {
  /// The one window inside the surface, or the surface, that publishes a rectangle of this name.
  func published(
    _ name: String, in surface: WindowID, subject: String
  ) throws(CaptureError) -> Target {
    var publishers: [WindowID] = []
    var names: Set<String> = []
    visitLines(of: PublishedRects.property, under: surface, connection) { id, lines in
      let rects = PublishedRects(lines)
      if rects[name] != nil { publishers.append(id) }
      names.formUnion(rects.entries.map(\.name))
    }
    let found = infos(publishers)
    let viewable = found.filter(\.isViewable)
    guard !found.isEmpty else {
      try connection.checkAlive()
      throw CaptureError(
        .notFound, subject,
        "no window inside the surface publishes '\(name)'\(Self.listed(names.sorted()))")
    }
    return .published(
      try only(
        among: viewable.isEmpty ? found : viewable, subject: subject, of: "the publishers"
      ) { [] }, name: name)
  }

  /// What a token was minted for. One that several windows bear, by somebody's copy, names none.
  func minted(
    _ token: Token, _ kind: TargetKind, in surface: WindowID, subject: String
  ) throws(CaptureError) -> Target {
    var found: (window: WindowID, entry: TokenList.Entry)?
    var isCopied = false
    // A window that is given to another parent meanwhile may be missed, but hardly twice.
    for _ in 0..<2 where found == nil {
      visitLines(of: TokenList.property, under: surface, connection) { id, lines in
        guard case .text(let text, _) = lines,
          let entry = TokenList(parsing: text).entry(of: token)
        else { return }
        isCopied = found != nil
        found = (id, entry)
      }
    }
    try connection.checkAlive()
    guard let (window, entry) = found, !isCopied else { throw .noTarget(subject) }
    guard entry.kind == kind else {
      throw CaptureError(
        .type, subject,
        kind == .crop
          ? "a restriction token names no crop target" : "a crop token names no restriction target")
    }
    return entry.rectName.map { .published(window, name: $0) } ?? .window(window)
  }
}
