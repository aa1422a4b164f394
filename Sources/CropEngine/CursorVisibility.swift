/// When the mouse cursor is in the picture.
public enum CursorMode: String, Sendable, CaseIterable {
  /// Whenever it is over the picture.
  case always
  /// At no time.
  case never
  /// For a second after it moved.
  case motion
}

/// Decides whether the mouse cursor is shown. Times are in ns of one clock.
public struct CursorVisibility: Sendable {
  /// How long the cursor is seen after it moved, in ns.
  static let afterMotion: Int64 = 1_000_000_000

  private let mode: CursorMode
  private var position: (x: Int, y: Int)?
  /// When it was last seen at another place than before; nil where it never was.
  private var lastMotion: Int64?

  /// A cursor that has not moved yet.
  public init(_ mode: CursorMode) {
    self.mode = mode
  }

  /// When it is shown no more though it does not move, in ns; nil where that is at no time.
  public var nextChange: Int64? {
    mode == .motion ? lastMotion.map { $0 + Self.afterMotion } : nil
  }

  /// Whether the cursor is shown, with its hot spot at this place of the screen, in px.
  public mutating func isShown(x: Int, y: Int, at now: Int64) -> Bool {
    if let position, position != (x, y) { lastMotion = now }
    position = (x, y)
    return switch mode {
    case .always: true
    case .never: false
    case .motion: lastMotion.map { now - $0 < Self.afterMotion } ?? false
    }
  }
}
