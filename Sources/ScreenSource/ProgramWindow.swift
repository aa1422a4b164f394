import CropEngine

extension WindowFinder {
  /// The first window that a program shows: of those that can be seen, the lowest in stacking order,
  /// menus and tooltips last.
  ///
  /// `belongs` says whether a process is the program's: the one that made the window, as the server
  /// knows it (XResQueryClientIds), else as the window says (`_NET_WM_PID`), nil where neither does.
  /// Throws `notFound` where no window fits.
  public func firstWindow(
    subject: String, ofProgram belongs: (Int?) -> Bool
  ) throws(CaptureError) -> WindowID {
    let seen = clients().filter { $0.isViewable && $0.size != Size(width: 1, height: 1) }
    let ids = seen.map(\.id)
    let knows = connection.hasExtension("X-Resource")
    let answers = connection.ask(ids, knows ? [.attributes, .process] : .attributes)
    try connection.checkAlive()
    let own = zip(seen, answers).filter { belongs($1.process ?? $0.pid) }
    let managed = own.first { $1.attributes?.isOverrideRedirect == false }
    guard let first = managed ?? own.first else {
      throw CaptureError(
        .notFound, subject, "it shows no window\(Self.listed(seen.map(\.description)))")
    }
    return first.0.id
  }
}
