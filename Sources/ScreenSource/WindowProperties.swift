import CX11
import CropEngine

/// Reads a window's properties (GetProperty).
struct WindowProperties {
  let window: WindowID
  private let connection: Connection
  /// Atoms that were asked for before; nil where each is asked for when it is needed.
  private let atoms: [String: Atom]?
  /// Properties that were asked for before; nil where each is asked for when it is needed.
  private let values: [(name: Atom, value: WindowProperty)]?

  init(_ connection: Connection, _ window: WindowID) {
    self.window = window
    self.connection = connection
    atoms = nil
    values = nil
  }

  private init(_ connection: Connection, _ answer: WindowAnswer, atoms: [String: Atom]) {
    window = answer.window
    self.connection = connection
    self.atoms = atoms
    values = answer.properties
  }

  /// Asks windows that were asked for their properties' names (ListProperties) for those of
  /// interest: most windows have none. `atoms` are those of all names in use.
  static func of(
    _ answers: [WindowAnswer], atoms: [String: Atom], _ connection: Connection
  ) -> [WindowProperties] {
    let interesting = Set(atoms.values)
    var properties: [WindowProperties] = []
    properties.reserveCapacity(answers.count)
    let queries = answers.map {
      WindowQuery($0.window, properties: $0.propertyNames.filter(interesting.contains))
    }
    connection.ask(queries) { properties.append(Self(connection, $0, atoms: atoms)) }
    return properties
  }

  private func atom(_ name: String) -> Atom {
    atoms.map { $0[name] ?? 0 } ?? connection.existingAtom(name)
  }

  /// Whether the window has the property.
  func has(_ name: String) -> Bool { read(name) != nil }

  /// Text of any encoding that ICCCM knows; one of another type is read as Latin-1.
  func text(_ name: String) -> String? {
    guard let property = read(name), property.format == 8 else { return nil }
    let text: String
    if property.type == atom("UTF8_STRING") {
      text = String(decoding: property.bytes, as: UTF8.self)
    } else if property.type == atom("COMPOUND_TEXT"), let decoded = decode(property) {
      text = decoded
    } else {
      text = String(latin1: property.bytes)
    }
    return text.isEmpty ? nil : text
  }

  /// Lines of text, in Latin-1 whatever type they are said to be of.
  func lines(_ name: String) -> PropertyLines { PropertyLines(read(name)) }

  /// The first text of a list in an encoding that Xlib knows; nil where it cannot be read.
  private func decode(_ text: WindowProperty) -> String? {
    var bytes = text.bytes
    return unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      var property = unsafe XTextProperty(
        value: buffer.baseAddress, encoding: text.type, format: 8, nitems: UInt(buffer.count))
      var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
      var count: Int32 = 0
      let status = unsafe Xutf8TextPropertyToTextList(
        connection.display, &property, &list, &count)
      defer { if unsafe list != nil { unsafe XFreeStringList(list) } }
      guard status >= Success, count > 0, let first = unsafe list?[0] else { return nil }
      return unsafe String(cString: first)
    }
  }

  /// The first number of a property of numbers.
  func number(_ name: String) -> UInt? { read(name)?.number }

  private func read(_ name: String) -> WindowProperty? {
    let atom = atom(name)
    guard atom != 0 else { return nil }
    let values = values ?? connection.ask(window, properties: [atom]).properties
    return values.first { $0.name == atom }?.value
  }
}

extension WindowProperty {
  /// The first of numbers.
  var number: UInt? {
    guard format == 32, bytes.count >= 4 else { return nil }
    return unsafe bytes.withUnsafeBytes { unsafe UInt($0.load(as: UInt32.self)) }
  }
}

extension PropertyLines {
  /// In Latin-1 whatever type they are said to be of.
  init(_ property: WindowProperty?) {
    guard let property else {
      self = .text("", isCut: false)
      return
    }
    guard property.format == 8 else {
      self = .noText
      return
    }
    let bytes = property.bytes
    // What was cut off inside a line could be taken for another name.
    let end = property.isCut ? bytes.lastIndex(of: UInt8(ascii: "\n")) ?? 0 : bytes.count
    self = .text(String(latin1: bytes[..<end]), isCut: property.isCut)
  }
}

extension String {
  fileprivate init(latin1 bytes: some Sequence<UInt8>) {
    self.init(String.UnicodeScalarView(bytes.lazy.map { Unicode.Scalar($0) }))
  }
}
