import Glibc

/// Bytes that come in pieces, taken out by lines. What it holds is bounded, whatever comes.
struct LineBuffer {
  enum Line: Equatable {
    /// Without what ends it.
    case whole([UInt8])
    /// It was longer than lines may be, and is dropped.
    case tooLong
  }

  /// Bytes that a line may have, without what ends it.
  static let longest = 1 << 16

  private var bytes: [UInt8] = []
  /// Where the first line begins that was not taken out.
  private var start = 0
  /// Where it ends; nil where that did not come yet.
  private var end: Int?
  /// Whether the rest of a line that was too long is still to come.
  private var isSkipping = false

  /// Whether there is a line to take out.
  var hasLine: Bool { end != nil || bytes.count - start > Self.longest }

  /// Whether more is to be put in: not before what is there makes room.
  var hasRoom: Bool { bytes.count - start <= Self.longest }

  mutating func append(_ new: UnsafeRawBufferPointer) {
    var new = unsafe new
    if isSkipping {
      guard let newline = unsafe Self.newline(in: new) else { return }
      isSkipping = false
      unsafe new = UnsafeRawBufferPointer(rebasing: new[(newline + 1)...])
    }
    bytes.removeFirst(start)
    end = end.map { $0 - start }
    start = 0
    let old = bytes.count
    unsafe bytes.append(contentsOf: new)
    if end == nil { find(from: old) }
  }

  /// Takes out the first line; nil where it is not whole yet.
  mutating func next() -> Line? {
    guard let end else {
      guard hasLine else { return nil }
      bytes = []
      start = 0
      isSkipping = true
      return .tooLong
    }
    let line = bytes[start..<end]
    start = end + 1
    find(from: start)
    return line.count > Self.longest ? .tooLong : .whole(Array(line))
  }

  /// What stands behind the last line that was taken out.
  var rest: [UInt8] { Array(bytes[start...]) }

  private mutating func find(from place: Int) {
    end = unsafe bytes.withUnsafeBytes {
      unsafe Self.newline(in: UnsafeRawBufferPointer(rebasing: $0[place...]))
    }.map { place + $0 }
  }

  private static func newline(in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress,
      let found = unsafe memchr(base, Int32(UInt8(ascii: "\n")), bytes.count)
    else { return nil }
    return unsafe base.distance(to: found)
  }
}
