import CropEngine

/// An event as programs read it: one JSON object on one line, `type` first.
public enum EventLine {
  /// The event, without the line's end; `clone` is the number of the stream that it is of, where
  /// there are several.
  public static func json(_ event: StreamEvent, clone: Int? = nil) -> String {
    var line = ""
    append(event, clone: clone, to: &line)
    return line
  }

  /// The same, put behind what `line` holds: the lines of many frames share its memory.
  static func append(_ event: StreamEvent, clone: Int? = nil, to line: inout String) {
    line += "{\"type\":"
    line.append(quoted: event.type)
    if let clone { line.append("clone", clone) }
    switch event {
    case .stream(let canvas, let pixelFormat, let rate, let surface):
      line.append("canvas", canvas)
      line.append("pixFmt", pixelFormat)
      line.append("framerate", rate.text)
      line.append("surface", surface)
    case .frame(let note):
      line.append("seq", note.seq)
      line.append("version", note.version)
      line.append("t", Int(note.time))
      line.append("rect", note.rect)
      line.append("repeat", note.isRepeat)
      // A new frame counts as changed all over.
      line.append("damage", note.damagedRects)
    case .version(let version, let firstSeq, let kind):
      line.append("version", version)
      line.append("firstSeq", firstSeq)
      line.append("kind", kind.rawValue)
    case .mute(let reason), .unmute(let reason):
      line.append("reason", reason.rawValue)
    case .configurationChange(let region):
      line.append("rect", region.rect)
      line.append("surface", region.surface)
    case .ended(let reason):
      line.append("reason", reason)
    }
    line += "}"
  }
}

extension StreamEvent {
  fileprivate var type: String {
    switch self {
    case .stream: "stream"
    case .frame: "frame"
    case .version: "version"
    case .mute: "mute"
    case .unmute: "unmute"
    case .configurationChange: "configurationchange"
    case .ended: "ended"
    }
  }
}

extension FrameRate {
  /// As `--framerate` reads it.
  fileprivate var text: String {
    switch self {
    case .perSecond(let frames, let seconds): "\(frames)/\(seconds)"
    case .max: "max"
    }
  }
}

/// Members of an object that is begun already.
extension String {
  private mutating func begin(_ name: String) {
    self += ",\""
    self += name
    self += "\":"
  }

  fileprivate mutating func append(_ name: String, _ value: Int) {
    begin(name)
    self += String(value)
  }

  fileprivate mutating func append(_ name: String, _ value: Bool) {
    begin(name)
    self += value ? "true" : "false"
  }

  fileprivate mutating func append(_ name: String, _ value: String) {
    begin(name)
    append(quoted: value)
  }

  fileprivate mutating func append(_ name: String, _ size: Size?) {
    begin(name)
    guard let size else {
      self += "null"
      return
    }
    self += "{\"width\":"
    self += String(size.width)
    append("height", size.height)
    self += "}"
  }

  fileprivate mutating func append(_ name: String, _ rect: Rect?) {
    begin(name)
    if let rect { append(rect) } else { self += "null" }
  }

  fileprivate mutating func append(_ name: String, _ rects: [Rect]) {
    begin(name)
    self += "["
    for (index, rect) in rects.enumerated() {
      if index > 0 { self += "," }
      append(rect)
    }
    self += "]"
  }

  private mutating func append(_ rect: Rect) {
    self += "{\"x\":"
    self += String(rect.x)
    append("y", rect.y)
    append("width", rect.width)
    append("height", rect.height)
    self += "}"
  }
}
