import CX11
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

  /// Asks a window for it; nil where it is no more there or can have no pixels (InputOnly).
  /// `atoms` are those of all names in use.
  init?(of id: WindowID, _ connection: Connection, atoms: [String: Atom]) {
    var attributes = unsafe XWindowAttributes()
    guard unsafe XGetWindowAttributes(connection.display, id, &attributes) != 0 else {
      _ = connection.takeError()
      return nil
    }
    guard unsafe attributes.`class` == InputOutput else { return nil }
    unsafe self.init(id, attributes, WindowProperties(connection, id, atoms: atoms))
  }

  init(_ id: WindowID, _ attributes: XWindowAttributes, _ property: WindowProperties) {
    self.id = id
    name = property.text("_NET_WM_NAME") ?? property.text("WM_NAME") ?? ""
    let classes = property.text("WM_CLASS")?.split(
      separator: "\0", omittingEmptySubsequences: false)
    instance = classes.flatMap { $0.first.map(String.init) } ?? ""
    className = classes.flatMap { $0.dropFirst().first.map(String.init) } ?? ""
    pid = property.number("_NET_WM_PID").map { Int($0) }
    unsafe size = Size(width: Int(attributes.width), height: Int(attributes.height))
    unsafe isViewable = attributes.map_state == IsViewable
  }
}

/// Reads a window's properties (GetProperty).
struct WindowProperties {
  /// Text that is longer is cut, in bytes.
  static let mostBytes = 64 * 1024

  private let connection: Connection
  private let id: WindowID
  /// Atoms that were asked for before; nil where each is asked for when it is needed.
  private let atoms: [String: Atom]?
  /// The properties that the window has; nil where it was not asked for them.
  private let present: [Atom]?

  init(_ connection: Connection, _ id: WindowID) {
    self.connection = connection
    self.id = id
    atoms = nil
    present = nil
  }

  /// Asks for the properties' names first (ListProperties): most windows have none. `atoms` are
  /// those of all names in use.
  init(_ connection: Connection, _ id: WindowID, atoms: [String: Atom]) {
    self.connection = connection
    self.id = id
    self.atoms = atoms
    var count: Int32 = 0
    let list = unsafe XListProperties(connection.display, id, &count)
    _ = connection.takeError()
    defer { if unsafe list != nil { unsafe XFree(list) } }
    present = unsafe Array(UnsafeBufferPointer(start: list, count: Int(count)))
  }

  private func atom(_ name: String) -> Atom {
    atoms.map { $0[name] ?? 0 } ?? connection.existingAtom(name)
  }

  /// Whether the window has the property.
  func has(_ name: String) -> Bool { unsafe read(name) { _, _, _, _ in true } ?? false }

  /// Text of any encoding that ICCCM knows; one of another type is read as Latin-1.
  func text(_ name: String) -> String? {
    let compound = atom("COMPOUND_TEXT")
    let utf8 = atom("UTF8_STRING")
    return unsafe read(name) { type, format, bytes, _ in
      guard format == 8 else { return nil }
      let text: String
      if type == utf8 {
        text = unsafe String(decoding: bytes, as: UTF8.self)
      } else if type == compound, let decoded = unsafe decode(bytes, type) {
        text = decoded
      } else {
        text = unsafe String(
          String.UnicodeScalarView(bytes.lazy.map { Unicode.Scalar($0) }))
      }
      return text.isEmpty ? nil : text
    }
  }

  /// Lines of text, in Latin-1 whatever type they are said to be of.
  func lines(_ name: String) -> PropertyLines {
    unsafe read(name) { _, format, bytes, isCut in
      guard format == 8 else { return .noText }
      // What was cut off inside a line could be taken for another name.
      let end = unsafe isCut ? bytes.lastIndex(of: UInt8(ascii: "\n")) ?? 0 : bytes.count
      let text = unsafe String(
        String.UnicodeScalarView(bytes[..<end].lazy.map { Unicode.Scalar($0) }))
      return .text(text, isCut: isCut)
    } ?? .text("", isCut: false)
  }

  /// The first text of a list in an encoding that Xlib knows; nil where it cannot be read.
  private func decode(_ bytes: UnsafeRawBufferPointer, _ type: Atom) -> String? {
    let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress)
    var property = unsafe XTextProperty(
      value: start?.assumingMemoryBound(to: UInt8.self), encoding: type, format: 8,
      nitems: UInt(bytes.count))
    var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    var count: Int32 = 0
    let status = unsafe Xutf8TextPropertyToTextList(
      connection.display, &property, &list, &count)
    defer { if unsafe list != nil { unsafe XFreeStringList(list) } }
    guard status >= Success, count > 0, let first = unsafe list?[0] else { return nil }
    return unsafe String(cString: first)
  }

  /// The first number of a property of numbers.
  func number(_ name: String) -> UInt? {
    unsafe read(name) { _, format, bytes, _ in
      // Xlib hands 32-bit items out as C longs, with the sign spread over the upper half.
      format == 32 && bytes.count >= 8
        ? unsafe bytes.loadUnaligned(as: UInt.self) & 0xffff_ffff : nil
    }
  }

  /// Type, format, bytes, and whether there are more.
  private func read<Value>(
    _ name: String, _ use: (Atom, Int32, UnsafeRawBufferPointer, Bool) -> Value?
  ) -> Value? {
    let atom = atom(name)
    guard atom != 0, present?.contains(atom) ?? true else { return nil }
    var type: Atom = 0
    var format: Int32 = 0
    var count: UInt = 0
    var rest: UInt = 0
    var data: UnsafeMutablePointer<UInt8>?
    let status = unsafe XGetWindowProperty(
      connection.display, id, atom, 0, Self.mostBytes / 4, False, Atom(AnyPropertyType), &type,
      &format, &count, &rest, &data)
    defer { if unsafe data != nil { unsafe XFree(data) } }
    guard status == Success else {
      _ = connection.takeError()
      return nil
    }
    guard type != 0 else { return nil }
    let bytesPerItem = format == 32 ? MemoryLayout<CLong>.size : Int(format / 8)
    return unsafe use(
      type, format, UnsafeRawBufferPointer(start: data, count: Int(count) * bytesPerItem),
      rest > 0)
  }
}
