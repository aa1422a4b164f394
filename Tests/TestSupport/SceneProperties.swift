import CXClient

/// What windows bear, and who watches them.
extension Scene {
  /// The text of a property; nil where there is none.
  public func property(_ window: Window, _ name: String) -> String? {
    var (type, count, rest): (Atom, UInt, UInt) = (0, 0, 0)
    var format: Int32 = 0
    var data: UnsafeMutablePointer<UInt8>?
    XGetWindowProperty(
      display, window, XInternAtom(display, name, False), 0, 1 << 20, False, UInt(AnyPropertyType),
      &type, &format, &count, &rest, &data)
    guard let data, type != 0 else { return nil }
    defer { XFree(data) }
    return String(decoding: UnsafeBufferPointer(start: data, count: Int(count)), as: UTF8.self)
  }

  /// Writes a property of text, as an application does.
  public func publish(_ text: String, on window: Window) {
    setProperty(window, "_XREGIONCAP_RECTS", type: "STRING", bytes: Array(text.utf8))
  }

  public func deleteProperty(_ window: Window, _ name: String) {
    change { XDeleteProperty(display, window, XInternAtom(display, name, False)) }
  }

  /// Whether some client has used the name (InternAtom).
  public func hasAtom(_ name: String) -> Bool { XInternAtom(display, name, True) != 0 }

  /// The events of a window that any client has asked for.
  public func watched(_ window: Window) -> Int {
    var attributes = XWindowAttributes()
    XGetWindowAttributes(display, window, &attributes)
    return attributes.all_event_masks
  }

  /// The window's children, from the bottom.
  public func children(_ window: Window) -> [Window] {
    var (root, parent): (Window, Window) = (0, 0)
    var list: UnsafeMutablePointer<Window>?
    var count: UInt32 = 0
    guard XQueryTree(display, window, &root, &parent, &list, &count) != 0 else { return [] }
    defer { if let list { XFree(list) } }
    return Array(UnsafeBufferPointer(start: list, count: Int(count)))
  }

  /// The root of another screen of the server.
  public func root(ofScreen number: Int32) -> Window { XRootWindow(display, number) }
}
