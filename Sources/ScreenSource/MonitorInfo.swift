import CX11
import CropEngine

/// A monitor of the screen, as RandR tells of it.
public struct MonitorInfo: Equatable, Sendable {
  /// Its name, such as `DP-1`.
  public let name: String
  /// Where it is on the screen, in px.
  public let rect: Rect
  /// Whether the user has set it as primary.
  public let isPrimary: Bool
  /// Whether it follows from the outputs; else somebody has defined it.
  public let isAutomatic: Bool
  /// Size of its picture, in mm; 0×0 where it is not known.
  public let millimetres: Size
}

extension MonitorInfo: CustomStringConvertible {
  /// `DP-1 1920x1080+0+0`, on one line.
  public var description: String { "\(name) \(rect)".printable }
}

extension MonitorInfo {
  /// The monitors that show something (RRGetMonitors), in the server's order.
  ///
  /// Throws `notSupported` where the server has no RandR 1.5, `connectionLost`.
  public static func all(_ connection: Connection) throws(CaptureError) -> [MonitorInfo] {
    if let reason = connection.useMonitors() {
      throw CaptureError(.notSupported, "display \(connection.name)", "no monitors: \(reason)")
    }
    let list = current(connection)
    try connection.checkAlive()
    return list
  }

  /// The same, of a server that is known to have them.
  static func current(_ connection: Connection) -> [MonitorInfo] {
    var count: Int32 = 0
    guard
      let list = unsafe XRRGetMonitors(connection.display, connection.root, True, &count)
    else {
      _ = connection.takeError()
      return []
    }
    defer { unsafe XRRFreeMonitors(list) }
    return unsafe UnsafeBufferPointer(start: list, count: Int(count)).map {
      unsafe MonitorInfo($0, connection)
    }
  }

  private init(_ info: XRRMonitorInfo, _ connection: Connection) {
    unsafe name = connection.name(of: info.name)
    unsafe rect = Rect(
      x: Int(info.x), y: Int(info.y), width: Int(info.width), height: Int(info.height))
    unsafe isPrimary = info.primary != 0
    unsafe isAutomatic = info.automatic != 0
    unsafe millimetres = Size(width: Int(info.mwidth), height: Int(info.mheight))
  }
}

extension MonitorSelector {
  /// The monitor that is meant.
  ///
  /// Throws `notFound`, listing those there are, where none fits.
  func find(
    among monitors: [MonitorInfo], subject: String
  ) throws(CaptureError) -> MonitorInfo {
    let found: MonitorInfo?
    let what: String
    switch self {
    case .primary:
      // Where there is one only, nobody has to say that it is the first.
      found = monitors.first(where: \.isPrimary) ?? (monitors.count == 1 ? monitors[0] : nil)
      what = "no monitor is set as primary"
    case .name(let name):
      found = monitors.first { $0.name == name }
      what = "there is no monitor '\(name)'"
    }
    if let found { return found }
    let all = monitors.map(\.description).joined(separator: "; ")
    throw CaptureError(.notFound, subject, what + (all.isEmpty ? ", nor any other" : ": \(all)"))
  }
}
