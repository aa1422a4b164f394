/// The rectangles that a window publishes, as they are written on it: a line `name WxH+X+Y` each,
/// in px of the window's inside.
///
/// The first line of a name is the one that counts. Other lines are left as they are.
public struct PublishedRects: Equatable, Sendable {
  /// The property that it is.
  public static let property = "_XREGIONCAP_RECTS"

  /// A rectangle and its name.
  public struct Entry: Equatable, Sendable {
    /// 1 to 64 of `A-Za-z0-9._-`.
    public let name: String
    /// In px of the window's inside; one without area is there, but empty.
    public let rect: Rect

    /// A rectangle to publish; the name is not checked here.
    public init(name: String, rect: Rect) {
      self.name = name
      self.rect = rect
    }
  }

  private struct Line: Equatable {
    var text: String
    /// nil where it was not understood.
    var entry: Entry?
  }

  private var lines: [Line] = []
  /// What is wrong with it, in words for whoever wrote it: the first such thing.
  public private(set) var fault: String?

  /// None, for a reason that whoever wrote it should know.
  public init(fault: String) {
    self.fault = fault
  }

  /// Reads the property's text; `isCut` where it was longer than that.
  public init(parsing text: String, isCut: Bool = false) {
    for (index, line) in text.propertyLines.enumerated() where !line.isEmpty {
      let entry = Entry(line)
      lines.append(Line(text: String(line), entry: entry))
      if entry == nil, fault == nil {
        fault = "line \(index + 1) of \(Self.property) is no 'name WxH+X+Y': \(line.quoted)"
      }
    }
    if isCut, fault == nil { fault = "\(Self.property) is too long: its end is not read" }
  }

  /// The rectangle of this name.
  public subscript(name: String) -> Rect? {
    // Asked for each frame: a plain loop allocates nothing.
    for line in lines {
      if let entry = line.entry, entry.name == name { return entry.rect }
    }
    return nil
  }

  /// One of each name, in the order of their lines.
  public var entries: [Entry] {
    var names: Set<String> = []
    return lines.compactMap(\.entry).filter { names.insert($0.name).inserted }
  }

  /// Gives the name this rectangle.
  public mutating func set(_ entry: Entry) {
    let line = Line(text: "\(entry.name) \(entry.rect)", entry: entry)
    guard let first = lines.firstIndex(where: { $0.entry?.name == entry.name }) else {
      lines.append(line)
      return
    }
    remove(entry.name)
    lines.insert(line, at: first)
  }

  /// Takes the name away. Returns whether there was one.
  @discardableResult
  public mutating func remove(_ name: String) -> Bool {
    let count = lines.count
    lines.removeAll { $0.entry?.name == name }
    return lines.count < count
  }

  /// The property's text.
  public var text: String { lines.map { $0.text + "\n" }.joined() }
}

extension PublishedRects.Entry {
  fileprivate init?(_ line: Substring) {
    let words = line.propertyWords
    guard words.count >= 2, words[0].isPlainName, let rect = Rect(words[1]) else { return nil }
    self.init(name: words[0], rect: rect)
  }
}

extension Substring {
  /// Its beginning, as a word of an error.
  fileprivate var quoted: String {
    "'\(String(prefix(40)).printable)\(count > 40 ? "…" : "")'"
  }
}
