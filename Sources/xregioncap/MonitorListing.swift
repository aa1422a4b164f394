import CropEngine
import ScreenSource

/// Monitors in the words of a list: a table to look at, or JSON.
struct MonitorListing {
  let monitors: [MonitorInfo]

  /// A line for each, after a line of titles; not longer than `width` columns, nil for no bound.
  func lines(width: Int?) -> [String] {
    var table = TextTable(columns: [
      TextTable.Column(title: "  MONITOR"), TextTable.Column(title: "GEOMETRY"),
      TextTable.Column(title: "SIZE", goes: 1), TextTable.Column(title: ""),
    ])
    table.rows = monitors.map { monitor in
      let size = monitor.millimetres
      return [
        (monitor.isPrimary ? "* " : "  ") + monitor.name.printable, "\(monitor.rect)",
        size.isEmpty ? "-" : "\(size) mm", monitor.isPrimary ? "primary" : "",
      ]
    }
    return table.lines(width: width)
  }

  /// The monitors as programs take them.
  var objects: [MonitorObject] { monitors.map(MonitorObject.init) }
}

/// A monitor in JSON.
struct MonitorObject: Encodable {
  private struct Millimetres: Encodable {
    let width: Int
    let height: Int
  }

  private let monitor: MonitorInfo

  init(_ monitor: MonitorInfo) { self.monitor = monitor }

  private enum CodingKeys: String, CodingKey {
    case name, x, y, width, height, primary, automatic, millimetres
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: CodingKeys.self)
    try object.encode(monitor.name, forKey: .name)
    try object.encode(monitor.rect.x, forKey: .x)
    try object.encode(monitor.rect.y, forKey: .y)
    try object.encode(monitor.rect.width, forKey: .width)
    try object.encode(monitor.rect.height, forKey: .height)
    try object.encode(monitor.isPrimary, forKey: .primary)
    try object.encode(monitor.isAutomatic, forKey: .automatic)
    let size = monitor.millimetres
    try object.encode(
      size.isEmpty ? nil : Millimetres(width: size.width, height: size.height),
      forKey: .millimetres)
  }
}
