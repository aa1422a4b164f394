import CropEngine
import ScreenSource

/// Windows in the words of a list: a tree to look at, or JSON.
struct WindowListing {
  /// Windows may lie thousands deep: the tree is not drawn wider than for so many.
  private static let deepest = 20

  let windows: [ListedWindow]
  /// Whether it is the list of every window, which says more of each.
  let listsAll: Bool

  /// The tree, a line for each window, after a line of titles; not longer than `width` columns, nil
  /// for no bound.
  func lines(width: Int?) -> [String] {
    var table = TextTable(columns: [
      TextTable.Column(title: "  WINDOW"), TextTable.Column(title: "GEOMETRY", goes: 3),
      TextTable.Column(title: "PID", goes: 1), TextTable.Column(title: "CLASS", most: 18, goes: 2),
      TextTable.Column(title: "TITLE"),
    ])
    table.rows = windows.map { window in
      let info = window.info
      let indent = String(repeating: "  ", count: min(window.depth, Self.deepest))
      let notes = notes(window)
      let remark = notes.isEmpty ? "" : "(\(notes.joined(separator: ", "))) "
      return [
        (window.isFocused ? "* " : "  ") + indent + WindowInfo.hexadecimal(info.id),
        "\(window.rect)", info.pid.map(String.init) ?? "-", Self.classes(info),
        remark + info.name.printable,
      ]
    }
    return table.lines(width: width)
  }

  /// Instance and class; the one where there is no other.
  private static func classes(_ info: WindowInfo) -> String {
    var names = [info.instance, info.className].filter { !$0.isEmpty }
    if names.count == 2, names[0] == names[1] { names.removeLast() }
    return names.isEmpty ? "-" : names.joined(separator: "/").printable
  }

  /// What is particular about a window.
  private func notes(_ window: ListedWindow) -> [String] {
    var notes: [String] = []
    if window.parent == nil { notes.append("root") }
    if window.isFrame { notes.append("frame") }
    if listsAll, window.isOverrideRedirect { notes.append("override-redirect") }
    if window.isInputOnly { notes.append("InputOnly") }
    if listsAll, window.isIconified { notes.append("iconified") }
    switch window.mapping {
    case .viewable: break
    case .unviewable: notes.append("not viewable")
    case .unmapped: notes.append(listsAll ? "not mapped" : "not viewable")
    }
    return notes
  }

  /// The windows as programs take them.
  var objects: [WindowObject] { windows.map { WindowObject($0, listsAll: listsAll) } }
}

/// A window in JSON.
struct WindowObject: Encodable {
  private let window: ListedWindow
  private let listsAll: Bool

  init(_ window: ListedWindow, listsAll: Bool) {
    self.window = window
    self.listsAll = listsAll
  }

  private enum CodingKeys: String, CodingKey {
    case id, parent, name, instance, `class`, pid, x, y, width, height, border, viewable, focused
    case inputOnly, overrideRedirect, frame
  }

  func encode(to encoder: any Encoder) throws {
    let info = window.info
    var object = encoder.container(keyedBy: CodingKeys.self)
    try object.encode(WindowInfo.hexadecimal(info.id), forKey: .id)
    try object.encode(window.parent.map(WindowInfo.hexadecimal), forKey: .parent)
    try object.encode(info.name, forKey: .name)
    try object.encode(info.instance, forKey: .instance)
    try object.encode(info.className, forKey: .class)
    try object.encode(info.pid, forKey: .pid)
    try object.encode(window.rect.x, forKey: .x)
    try object.encode(window.rect.y, forKey: .y)
    try object.encode(window.rect.width, forKey: .width)
    try object.encode(window.rect.height, forKey: .height)
    try object.encode(window.border, forKey: .border)
    try object.encode(window.mapping == .viewable, forKey: .viewable)
    try object.encode(window.isFocused, forKey: .focused)
    guard listsAll else { return }
    try object.encode(window.isInputOnly, forKey: .inputOnly)
    try object.encode(window.isOverrideRedirect, forKey: .overrideRedirect)
    try object.encode(window.isFrame, forKey: .frame)
  }
}
