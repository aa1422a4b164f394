import CropEngine

/// Which way pixels come from the server and changes are told: the fast one, else the plain one and
/// why. Chosen once by trying, for all pictures of a capture.
final class GrabPath {
  let connection: Connection
  /// Why memory is not shared with the server (MIT-SHM), and images come over the connection; nil
  /// while it is.
  private(set) var sharedMemoryLack: String?
  /// Why the server is not trusted to tell what was drawn on (DAMAGE), and everything is read each
  /// time; nil while it is.
  private(set) var damageLack: String?

  /// What is not to be used, and why; nil for what is to be used where it works.
  init(_ connection: Connection, sharedMemoryLack: String?, damageLack: String?) {
    self.connection = connection
    self.sharedMemoryLack = sharedMemoryLack
    self.damageLack = damageLack
  }

  /// Shares no memory any more, for this reason.
  func giveUpSharedMemory(_ reason: String) { sharedMemoryLack = reason }

  /// Has the server tell of no changes any more, for this reason; `isFault` where it was trusted
  /// to, and should not have been.
  func giveUpDamage(_ reason: String, isFault: Bool = false) {
    guard damageLack == nil else { return }
    damageLack = reason
    if isFault { faults.append("\(reason): everything is grabbed each time") }
  }

  private var faults: [String] = []

  /// What turned out to be wrong, in words, once.
  func takeFaults() -> [String] {
    defer { faults = [] }
    return faults
  }
}
