import CropEngine

/// What a window tells of itself: enough to choose it by, and to recognise it in a list.
public struct WindowInfo: Sendable {
  /// Its number on the server.
  public let id: WindowID
  /// Title (`_NET_WM_NAME`, else WM_NAME); empty where it has none.
  public let name: String
  /// Instance (the first part of WM_CLASS); empty where it has none.
  public let instance: String
  /// Class (the second part of WM_CLASS); empty where it has none.
  public let className: String
  /// Process (`_NET_WM_PID`); nil where the window does not say.
  public let pid: Int?
  /// Size of its inside, in px.
  public let size: Size
  /// Whether it and all its ancestors are mapped.
  public let isViewable: Bool

  /// An id in the form that X11 programs print: `0x1e00007`.
  public static func hexadecimal(_ id: WindowID) -> String { "0x" + String(id, radix: 16) }
}

extension WindowTerm {
  /// Those of the windows of which the term holds.
  func filter(_ windows: [WindowInfo]) -> [WindowInfo] {
    switch self {
    case .name(let pattern): pattern.filter(windows, title: \.name)
    case .class(let text): windows.filter { text == $0.instance || text == $0.className }
    case .pid(let number): windows.filter { number == $0.pid }
    }
  }
}

extension WindowInfo: CustomStringConvertible {
  /// `0x1e00007 'title' (Class) 484x316`, on one line.
  public var description: String {
    var text = Self.hexadecimal(id)
    if !name.isEmpty { text += " '\(name)'" }
    if !className.isEmpty { text += " (\(className))" }
    return text.printable + " \(size)" + (isViewable ? "" : ", not viewable")
  }
}

extension WindowInfo {
  /// Names that are read: of properties, and of types.
  static let names = [
    "_NET_WM_NAME", "WM_NAME", "WM_CLASS", "_NET_WM_PID", "UTF8_STRING", "COMPOUND_TEXT",
  ]

  init(_ attributes: WindowAttributes, _ property: WindowProperties) {
    id = property.window
    name = property.text("_NET_WM_NAME") ?? property.text("WM_NAME") ?? ""
    let classes = property.text("WM_CLASS")?.split(
      separator: "\0", omittingEmptySubsequences: false)
    instance = classes.flatMap { $0.first.map(String.init) } ?? ""
    className = classes.flatMap { $0.dropFirst().first.map(String.init) } ?? ""
    pid = property.number("_NET_WM_PID").map { Int($0) }
    size = Size(width: attributes.width, height: attributes.height)
    isViewable = attributes.isViewable
  }
}
