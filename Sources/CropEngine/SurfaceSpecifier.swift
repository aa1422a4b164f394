/// Which surface is meant: what the options of the command line say.
public enum SurfaceSpecifier: Equatable, Sendable {
  /// A window; the whole screen is its root.
  case window(WindowSelector)
  /// A monitor of the screen.
  case monitor(MonitorSelector)
}

/// Which monitor is meant.
public enum MonitorSelector: Equatable, Sendable {
  /// The one that the user has set as primary.
  case primary
  /// The one of this name.
  case name(String)

  /// Reads `primary` or a monitor's name. Throws `type` where there is none.
  public init(parsing text: String, subject: String) throws(CaptureError) {
    guard !text.isEmpty else { throw CaptureError(.type, subject, "it names no monitor") }
    self = text == "primary" ? .primary : .name(text)
  }
}
