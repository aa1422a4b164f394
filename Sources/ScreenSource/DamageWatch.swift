import CX11
import CropEngine

/// Is told what of a window is drawn on (DAMAGE): of each pixel once, until it is read.
///
/// Only what is read is taken out of the server's account. The rest stays in it, where all of the
/// window is from the start, so that drawing elsewhere in the window is told of no more.
final class DamageWatch {
  private let connection: Connection
  private let damage: Damage
  /// What is taken out of the account, as the server knows it.
  private let repair: XserverRegion
  private var repairRect = Rect.empty

  /// Begins to be told (DamageCreate, DeltaRectangles).
  init(_ connection: Connection, _ window: WindowID) {
    self.connection = connection
    let display = unsafe connection.display
    damage = unsafe XDamageCreate(display, window, XDamageReportDeltaRectangles)
    repair = unsafe XFixesCreateRegion(display, nil, 0)
  }

  deinit {
    // Xlib takes no request any more.
    guard !connection.isLost else { return }
    unsafe XDamageDestroy(connection.display, damage)
    unsafe XFixesDestroyRegion(connection.display, repair)
  }

  /// Wants to be told anew of this part, in px of the window (DamageSubtract): what is drawn there
  /// from now on.
  func renew(_ part: Rect) {
    let display = unsafe connection.display
    if part != repairRect {
      repairRect = part
      var rectangle = XRectangle(
        x: Int16(clamping: part.x), y: Int16(clamping: part.y),
        width: UInt16(clamping: part.width), height: UInt16(clamping: part.height))
      unsafe XFixesSetRegion(display, repair, &rectangle, 1)
    }
    unsafe XDamageSubtract(display, damage, repair, 0)
  }
}
