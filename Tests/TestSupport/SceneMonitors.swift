import CXClient
import CropEngine

/// Monitors that belong to no output.
extension Scene {
  /// Defines a monitor, or redefines it in one go, so that nobody sees it missing.
  public func setMonitor(_ name: String, _ rect: Rect, isPrimary: Bool = false, isNew: Bool = true)
  {
    atOnce {
      if !isNew { XRRDeleteMonitor(display, root, XInternAtom(display, name, False)) }
      client_set_monitor(
        display, name, Int32(rect.x), Int32(rect.y), Int32(rect.width), Int32(rect.height),
        isPrimary)
    }
  }

  public func moveMonitor(_ name: String, _ rect: Rect) {
    setMonitor(name, rect, isNew: false)
  }

  public func removeMonitor(_ name: String) {
    change { XRRDeleteMonitor(display, root, XInternAtom(display, name, False)) }
  }
}
