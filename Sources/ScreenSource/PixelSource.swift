import CX11
import CropEngine

/// Where crops have their pixels from: the screen, or a window apart from the screen, put together
/// from its storage and those of windows in it.
final class PixelSource {
  /// What is read; of a window, its own.
  let storage: PixelStorage
  /// The windows that are in the picture; nil of the screen.
  private(set) var stack: StackTracker?
  /// Those of windows inside that have a storage of their own.
  private(set) var nested: [PixelStorage] = []
  /// Where the window's inside lies, in px of the root.
  private(set) var (originX, originY) = (0, 0)
  /// Why there can be no pixels, in words; nil where there can.
  var ineligibility: String? { refusal ?? unreadable }
  /// Why the window could not be redirected.
  private var refusal: String?
  /// What of the windows inside cannot be read.
  private var unreadable: String?

  private let path: GrabPath
  private var connection: Connection { path.connection }
  private var isRedirected = false
  private var otherChanges = 0
  /// When windows were asked to draw last, in ns.
  private var asked: Int64?
  /// Since when windows are awaited to draw, in ns; nil where they are not.
  var awaitedSince: Int64?
  /// When storages inside were looked for last, in ns.
  private var searched: Int64 = 0

  /// The screen's.
  init(screen storage: PixelStorage, _ path: GrabPath) {
    self.storage = storage
    self.path = path
  }

  /// A window's. It is redirected (XComposite) from the first claim until this is released.
  ///
  /// Throws `notSupported` where its pixels cannot be read, `notFound` where it is no more there.
  init(of window: WindowID, _ path: GrabPath) throws(CaptureError) {
    storage = try PixelStorage(of: window, path)
    stack = StackTracker(path.connection, root: window)
    searched = monotonicTime()
    self.path = path
    arrangeStorages()
  }

  deinit { release() }

  /// Lets go of the window (UnredirectWindow), and is told of nothing any more.
  func release() {
    stack?.end()
    stack = nil
    guard isRedirected, !connection.isLost else { return }
    isRedirected = false
    unsafe XCompositeUnredirectWindow(
      connection.display, storage.window, CompositeRedirectAutomatic)
    unsafe XFlush(connection.display)
  }

  var window: WindowID { storage.window }

  /// How often something became another way than before, so that all has to be read anew.
  var changes: Int { (stack?.changes ?? 0) + otherChanges }

  /// Takes in that all may look otherwise.
  func noteChange() { otherChanges += 1 }

  /// Has the server tell what is drawn on.
  func watchDamage() {
    if storage.watchDamage() { noteChange() }
    for index in nested.indices where nested[index].watchDamage() { noteChange() }
  }

  /// Takes in where it is seen.
  func place(_ region: FrameRegion) {
    originX = region.onScreen.x - region.inSource.x
    originY = region.onScreen.y - region.inSource.y
  }

  /// The window's shape within a part of it, in its px; nil where it has none.
  func shape(of part: Rect) -> PixelRegion? { stack?.stack.shownShape(of: part) }

  /// Whether the fourth byte of its pixels is an alpha.
  var hasAlpha: Bool {
    guard let stack = stack?.stack else { return false }
    return storage.layout.isTranslucent || stack[window]?.bounding != nil
  }

  /// Whether some of the pixels are not the windows' own yet.
  var isPending: Bool {
    if storage.ownership?.isPending == true { return true }
    for index in nested.indices where nested[index].ownership?.isPending == true { return true }
    return false
  }

  // MARK: Events

  /// Takes in what happened to a window.
  func take(_ event: WindowEvent) {
    let old = stack?.stack[event.window]
    guard stack?.take(event) == true else { return }
    for index in 0...nested.count {
      let storage = index == 0 ? storage : nested[index - 1]
      if storage.window == event.window {
        if let old { storage.note(event.change, before: old) }
      } else if stack?.stack.isInside(storage.window, of: event.window) == true {
        // Where what it is in appears, it does.
        if event.change == .mapped || event.change == .unmapped { storage.ownership?.reset() }
      } else if storage.ownership?.isPending == true, event.change.movesPixels {
        // Pixels that are not its own may be anywhere now.
        storage.ownership?.reset()
      }
    }
  }

  /// Takes in that the window is shown anew, or not any more, with one that it is in.
  func noteAppearance() { storage.ownership?.reset() }

  /// Asks for what events have not told. Returns whether there was something.
  func complete() -> Bool {
    guard stack?.complete() == true else { return false }
    arrangeStorages()
    return true
  }

  private func arrangeStorages() {
    guard let stack = stack?.stack else { return }
    unreadable = nil
    nested.removeAll { stack[$0.window]?.hasStorage != true }
    for id in stack.ids where id != window && stack[id]?.hasStorage == true {
      guard !nested.contains(where: { $0.window == id }) else { continue }
      do throws(CaptureError) {
        nested.append(try PixelStorage(of: id, path))
      } catch {
        if error.name == .notSupported { unreadable = "\(error)" }
      }
    }
  }

  // MARK: Ownership

  /// How often to look for storages inside, in ns.
  static let searchInterval: Int64 = 2_000_000_000
  /// A repaint is asked for again after this long, in ns.
  private static let repaintInterval: Int64 = 1_000_000_000
  /// And of a storage that was made anew after this long.
  private static let renewalInterval: Int64 = 100_000_000

  /// Looks for storages that windows inside were given by others, now and then.
  func findStorages(at now: Int64) {
    guard stack != nil, now - searched >= Self.searchInterval else { return }
    searched = now
    let changes = stack?.changes
    stack?.findStorages()
    if changes != stack?.changes { arrangeStorages() }
  }

  /// Whether this part can be read, and be told from others' pixels if that is to be checked.
  func isReady(_ part: Rect, checking: Bool) -> Bool {
    guard stack != nil else { return true }
    return ineligibility == nil && isRedirected && (!checking || knows(part))
  }

  /// Whether it has to be found out of pixels of this part whose they are.
  func needsClaim(_ part: Rect, at now: Int64) -> Bool {
    guard stack != nil, ineligibility == nil else { return false }
    guard isRedirected, knows(part) else { return true }
    return !owns(part) && now - (asked ?? 0) >= Self.repaintInterval
  }

  /// Has the pixels of this part be the window's own. No other client is served meanwhile, and all
  /// is known of the windows. `screen` is in px of the root; without `checking`, the window is
  /// redirected and no more.
  func claim(_ part: Rect, at now: Int64, screen: Rect, checking: Bool) {
    guard let stack = stack?.stack, let outside = stack[window]?.outside else { return }
    if !isRedirected {
      storage.seen = seenPart()
      let error = connection.trapping {
        unsafe XCompositeRedirectWindow(
          connection.display, storage.window, CompositeRedirectAutomatic)
      }
      if let error {
        refusal =
          "window \(WindowInfo.hexadecimal(window)): the server does not keep its pixels "
          + "apart (\(error.name))"
        return
      }
      isRedirected = true
    }
    noteChange()
    guard checking else { return }
    let mayAsk = asked.map { now - $0 >= Self.renewalInterval } ?? true
    let areas = stack.areas(of: outside)
    for (storage, region) in pieces(of: part) {
      let own = areas.filter { $0.piece.storage == storage.window }
      guard let piece = own.first?.piece, let node = stack[storage.window],
        let part = region.bounds
      else { continue }
      let others = areas.filter { $0.piece.storage != storage.window }
        .map { $0.piece.region.offsetBy(dx: -piece.originX, dy: -piece.originY) }
      let hasAsked = storage.claim(
        own.map { $0.offsetBy(dx: -piece.originX, dy: -piece.originY) },
        outside: node.outside, part: part,
        screen: screen.offsetBy(dx: -originX - piece.originX, dy: -originY - piece.originY),
        hidden: PixelRegion(others.flatMap(\.rects)).intersection(node.outside),
        asking: mayAsk, connection)
      guard hasAsked else { continue }
      asked = now
      awaitedSince = awaitedSince ?? now
    }
  }

  /// What is seen of the window on the screen now, in its px.
  private func seenPart() -> PixelRegion {
    let (display, window) = unsafe (connection.display, storage.window)
    let region = unsafe XCompositeCreateRegionFromBorderClip(display, window)
    defer { unsafe XFixesDestroyRegion(display, region) }
    var count: Int32 = 0
    let list = unsafe XFixesFetchRegion(display, region, &count)
    defer { if unsafe list != nil { unsafe XFree(list) } }
    _ = connection.takeError()
    return PixelRegion(
      unsafe UnsafeBufferPointer(start: list, count: Int(count)).map {
        Rect(x: Int($0.x), y: Int($0.y), width: Int($0.width), height: Int($0.height))
      })
  }

  /// Whether it is known of all pixels of this part whose they are.
  private func knows(_ part: Rect) -> Bool {
    guard isInOnePiece else {
      return pieces(of: part).allSatisfy { storage, region in
        storage.ownership?.knows(region) ?? true
      }
    }
    return storage.ownership?.knows(part) ?? true
  }

  /// Whether all pixels of this part were the window's own in the image read last.
  func owns(_ part: Rect) -> Bool {
    guard isInOnePiece else {
      return pieces(of: part).allSatisfy { storage, region in
        guard let ownership = storage.ownership, let bounds = region.bounds else { return true }
        return ownership.knows(region) && ownership.owns(bounds)
      }
    }
    return storage.ownership?.owns(part) ?? true
  }

  /// Whether windows were asked to draw and have had a second for it.
  var isOverdue: Bool {
    awaitedSince.map { monotonicTime() - $0 >= Self.repaintInterval } ?? false
  }

  /// The storage that a piece is from; nil where that is the window's own.
  func nestedStorage(of piece: StoragePiece) -> PixelStorage? {
    for index in nested.indices where nested[index].window == piece.storage {
      return nested[index]
    }
    return nil
  }

  /// Whether there are no storages inside, and were none when the pixels were claimed.
  private var isInOnePiece: Bool { nested.isEmpty && storage.ownership?.hidden.isEmpty ?? true }

  /// The storages that a part is put together from, and which part of each, in its own px.
  private func pieces(of part: Rect) -> [(storage: PixelStorage, part: PixelRegion)] {
    guard let stack = stack?.stack else { return [(storage, PixelRegion(part))] }
    return stack.pieces(of: part).map { piece in
      (
        nestedStorage(of: piece) ?? storage,
        piece.region.offsetBy(dx: -piece.originX, dy: -piece.originY)
      )
    }
  }
}
