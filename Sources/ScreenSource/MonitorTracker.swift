import CX11
import CropEngine

/// Follows one monitor, and no other in its place.
struct MonitorTracker {
  /// Its name when it was chosen, which is what it is known by.
  let name: String
  /// Where it is on the root window, by the last answer.
  private(set) var part: SurfacePart
  private let connection: Connection
  private var isStale = false

  /// Throws `notFound` where there is no such monitor, `notSupported` where the server has no
  /// RandR 1.5.
  init(
    _ connection: Connection, _ selector: MonitorSelector, subject: String
  ) throws(CaptureError) {
    if let reason = connection.useMonitors() {
      throw CaptureError(
        .notSupported, subject, "\(reason): --screen with --geometry captures a part of it")
    }
    // Select first and ask then: what changes in between comes as an event.
    unsafe XRRSelectInput(
      connection.display, connection.root,
      Int32(RRScreenChangeNotifyMask | RRCrtcChangeNotifyMask | RROutputChangeNotifyMask))
    let monitors = MonitorInfo.current(connection)
    try connection.checkAlive()
    let monitor = try selector.find(among: monitors, subject: subject)
    self.connection = connection
    name = monitor.name
    part = .monitor(monitor.rect)
  }

  /// Something was told that may have changed it: an event of RandR's, or ConfigureNotify of the
  /// root window, which is all that is sent where somebody defines a monitor.
  mutating func noteChange() { isStale = true }

  /// Asks for what may have changed.
  ///
  /// Returns whether there was something to ask for. The answer is as of now, not as of then.
  mutating func complete() -> Bool {
    guard isStale else { return false }
    isStale = false
    // One that comes back is another one.
    guard part != .removedMonitor else { return false }
    let monitor = MonitorInfo.current(connection).first { $0.name == name }
    part = monitor.map { .monitor($0.rect) } ?? .removedMonitor
    return true
  }
}
