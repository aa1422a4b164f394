import CropEngine
import Glibc

/// Reads a frame log to its end, as it comes.
struct LogReportReader {
  /// What of the log could not be read.
  struct Faults: Equatable {
    /// Lines that are no events, or contradict those before.
    var lines = 0
    /// The first of them, from 1.
    var firstLine: Int?
    /// Whether the log ends within a line.
    var isCut = false
  }

  private let name: String
  private(set) var statistics = LogReportStatistics()
  private(set) var faults = Faults()
  private var lineNumber = 0
  private var hasBegun = false

  /// Reads a file; nil is standard input.
  ///
  /// Throws `notFound` where there is none, `notReadable` where it cannot be read, `type` where it
  /// is no frame log.
  static func read(_ path: String?) throws(CaptureError) -> LogReportReader {
    let name = path ?? "standard input"
    let descriptor = path.map { unsafe open($0, O_RDONLY | O_CLOEXEC) } ?? STDIN_FILENO
    guard descriptor >= 0 else { throw failure(name) }
    defer { if path != nil { close(descriptor) } }
    var reader = LogReportReader(name: name)
    var lines = LineBuffer()
    var bytes = [UInt8](repeating: 0, count: LineBuffer.longest)
    while true {
      let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(name) }
      if count == 0 { break }
      unsafe bytes.withUnsafeBytes { unsafe lines.append(.init(rebasing: $0[..<count])) }
      while let line = lines.next() { try reader.take(line) }
    }
    try reader.finish(lines.rest)
    return reader
  }

  init(name: String) { self.name = name }

  /// Takes a line in. Throws `type` where the first one is none of a frame log.
  mutating func take(_ line: LineBuffer.Line) throws(CaptureError) {
    lineNumber += 1
    guard case .whole(let bytes) = line else { return try refuse() }
    guard bytes.contains(where: { !Self.isSpace($0) }) else { return }
    guard let read = LogReportLine(bytes) else { return try refuse() }
    switch read {
    case .unknownType:
      guard hasBegun else { return try refuse() }
      statistics.unknownTypes += 1
    case .otherStream: statistics.otherStreams += 1
    case .event(let event): if !statistics.take(event) { try refuse() }
    }
    hasBegun = true
  }

  /// The log has ended, with this behind its last whole line.
  ///
  /// Throws `type` where nothing of a frame log has come.
  mutating func finish(_ rest: [UInt8]) throws(CaptureError) {
    if rest.contains(where: { !Self.isSpace($0) }) {
      if hasBegun, LogReportLine(rest) == nil {
        faults.isCut = true
      } else {
        try take(.whole(rest))
      }
    }
    guard hasBegun else { throw CaptureError(.type, name, "it is empty: \(Self.wanted)") }
    statistics.finish()
  }

  private mutating func refuse() throws(CaptureError) {
    guard hasBegun else {
      throw CaptureError(
        .type, name, "line \(lineNumber) is no event of a frame log: \(Self.wanted)")
    }
    faults.lines += 1
    if faults.firstLine == nil { faults.firstLine = lineNumber }
  }

  private static let wanted = "expected a file that --frame-log has written"

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  private static func failure(_ name: String) -> CaptureError {
    let why = unsafe String(cString: strerror(errno))
    let isMissing = errno == ENOENT || errno == ENOTDIR
    return CaptureError(isMissing ? .notFound : .notReadable, name, "cannot read: \(why)")
  }
}
