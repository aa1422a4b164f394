import CropEngine
import ScreenSource

/// Targets in the words of a list: a table to look at, or JSON.
struct TargetListing {
  let targets: [ListedTarget]

  /// A line for each, after a line of titles; not longer than `width` columns, nil for no bound.
  func lines(width: Int?) -> [String] {
    var table = TextTable(columns: [
      TextTable.Column(title: "WINDOW"), TextTable.Column(title: "RECT"),
      TextTable.Column(title: "GEOMETRY", goes: 2), TextTable.Column(title: "MINTED", goes: 1),
      TextTable.Column(title: "TITLE"),
    ])
    table.rows = targets.map { target in
      [
        WindowInfo.hexadecimal(target.window.id), target.name ?? "-",
        target.rect.map(\.description) ?? "-",
        target.minted.isEmpty ? "-" : target.minted.map(\.rawValue).joined(separator: ","),
        target.window.name.printable,
      ]
    }
    return table.lines(width: width)
  }

  /// The targets as programs take them.
  var objects: [TargetObject] { targets.map(TargetObject.init) }
}

/// A target in JSON.
struct TargetObject: Encodable {
  private let target: ListedTarget

  init(_ target: ListedTarget) { self.target = target }

  private enum CodingKeys: String, CodingKey {
    case window, name, rect, x, y, width, height, minted
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: CodingKeys.self)
    try object.encode(WindowInfo.hexadecimal(target.window.id), forKey: .window)
    try object.encode(target.window.name, forKey: .name)
    try object.encode(target.name, forKey: .rect)
    try object.encode(target.rect?.x, forKey: .x)
    try object.encode(target.rect?.y, forKey: .y)
    try object.encode(target.rect?.width, forKey: .width)
    try object.encode(target.rect?.height, forKey: .height)
    try object.encode(target.minted.map(\.rawValue), forKey: .minted)
  }
}
