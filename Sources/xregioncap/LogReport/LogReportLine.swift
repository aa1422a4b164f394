import CropEngine
import FoundationEssentials

/// A line of a frame log, understood and checked: what `EventLine` writes, read again.
enum LogReportLine {
  case event(StreamEvent)
  /// Of a stream that was begun beside the one that the log is of.
  case otherStream
  /// An event that later versions may tell of.
  case unknownType

  /// More than any screen has, in px: sums of them overflow nowhere.
  private static let farthest = 1_000_000
  /// Later than any clock, in ns, or higher than any count.
  private static let most = 1 << 60

  /// nil where the line is no event, or tells what cannot be.
  init?(_ line: [UInt8]) {
    // The decoder guesses at encodings, and takes what has a 0 in it for UTF-16.
    guard String(validating: line, as: UTF8.self) != nil, !line.contains(0),
      let read = try? JSONDecoder().decode(Self.self, from: Data(line))
    else { return nil }
    self = read
  }
}

extension LogReportLine: Decodable {
  private enum Key: String, CodingKey {
    case type, clone, canvas, pixFmt, framerate, surface, seq, version, t, rect, `repeat`, damage
    case firstSeq, kind, reason
  }

  private struct Extent: Decodable {
    let width: Int
    let height: Int
  }

  private struct Place: Decodable {
    let x: Int
    let y: Int
    let width: Int
    let height: Int
  }

  private enum Fault: Error { case impossible }

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Key.self)
    let type = try members.decode(String.self, forKey: .type)
    if try members.decodeIfPresent(Int.self, forKey: .clone) ?? 0 != 0 {
      self = .otherStream
      return
    }
    switch type {
    case "frame": self = .event(.frame(try Self.note(members)))
    case "stream":
      self = .event(
        .stream(
          canvas: try Self.size(try members.decode(Extent.self, forKey: .canvas)),
          pixelFormat: try members.decode(String.self, forKey: .pixFmt),
          rate: try FrameRate(
            parsing: try members.decode(String.self, forKey: .framerate), subject: "framerate"),
          surface: try members.decodeIfPresent(Extent.self, forKey: .surface).map(Self.size)))
    case "version":
      self = .event(
        .version(
          try Self.count(members, .version), firstSeq: try Self.count(members, .firstSeq),
          kind: try Self.word(members, .kind)))
    case "mute": self = .event(.mute(try Self.word(members, .reason)))
    case "unmute": self = .event(.unmute(try Self.word(members, .reason)))
    case "configurationchange":
      let surface = try Self.size(try members.decode(Extent.self, forKey: .surface))
      let rect = try Self.rect(try members.decode(Place.self, forKey: .rect))
      self = .event(
        .configurationChange(
          FrameRegion(onScreen: surface.bounds, rect: rect, surface: surface)))
    case "ended": self = .event(.ended(try members.decode(String.self, forKey: .reason)))
    default: self = .unknownType
    }
  }

  private static func note(_ members: KeyedDecodingContainer<Key>) throws -> FrameNote {
    let rect = try members.decodeIfPresent(Place.self, forKey: .rect).map(rect)
    let damage = try members.decodeIfPresent([Place].self, forKey: .damage)?.map {
      try Self.rect($0).offsetBy(dx: -(rect?.x ?? 0), dy: -(rect?.y ?? 0))
    }
    return FrameNote(
      seq: try count(members, .seq), version: try count(members, .version),
      time: Int64(try count(members, .t)), rect: rect,
      isRepeat: try members.decode(Bool.self, forKey: .repeat), damage: damage.map(DamageArea.init))
  }

  private static func count(_ members: KeyedDecodingContainer<Key>, _ key: Key) throws -> Int {
    let number = try members.decode(Int.self, forKey: key)
    guard (0..<most).contains(number) else { throw Fault.impossible }
    return number
  }

  private static func word<Word: RawRepresentable<String>>(
    _ members: KeyedDecodingContainer<Key>, _ key: Key
  ) throws -> Word {
    guard let word = Word(rawValue: try members.decode(String.self, forKey: key)) else {
      throw Fault.impossible
    }
    return word
  }

  private static func size(_ extent: Extent) throws -> Size {
    guard (1...farthest).contains(extent.width), (1...farthest).contains(extent.height) else {
      throw Fault.impossible
    }
    return Size(width: extent.width, height: extent.height)
  }

  private static func rect(_ place: Place) throws -> Rect {
    guard (-farthest...farthest).contains(place.x), (-farthest...farthest).contains(place.y),
      (0...farthest).contains(place.width), (0...farthest).contains(place.height)
    else { throw Fault.impossible }
    return Rect(x: place.x, y: place.y, width: place.width, height: place.height)
  }
}
