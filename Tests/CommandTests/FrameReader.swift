import CropEngine
import Glibc
import TestSupport

/// The reader of a stream in PAM that tells of each frame which of the known pictures it is.
final class FrameReader {
  /// What the command writes to; it is to be closed here when the command has it.
  let output: Int32
  /// The frames so far, by the names of their pictures; "another" of its size for what is none.
  private(set) var names: [String] = []
  /// Whether no byte comes any more.
  private(set) var isAtEnd = false

  private let input: Int32
  private let known: [(name: String, bytes: [UInt8])]
  private var received: [UInt8] = []
  /// How many bytes of them are frames that were told of.
  private var taken = 0
  /// Bytes of the frame that has begun; nil where its header is not there yet.
  private var awaited: Int?

  init(_ pictures: [String: Picture]) throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure("pipe") }
    (input, output) = (ends[0], ends[1])
    known = pictures.map { ($0, $1.pam) }
  }

  deinit { close(input) }

  /// Gives the pipe, which is empty, room for so many bytes: the command has taken as much as it
  /// could.
  func setCapacity(_ bytes: Int32) throws {
    // F_SETPIPE_SZ, which Glibc does not tell of.
    guard fcntl(input, 1031, bytes) == bytes else { throw Failure("F_SETPIPE_SZ") }
  }

  /// Bytes read.
  private(set) var byteCount = 0

  /// Whether it read a part of a frame, and not all of it.
  var isInsideFrame: Bool { received.count > taken }

  /// Reads at most so many bytes. Returns whether any came within so many seconds.
  @discardableResult func read(
    atMost count: Int = 1 << 20, within seconds: Double = Command.bound
  ) throws -> Bool {
    guard !isAtEnd, isReadable(input, within: seconds) else { return false }
    let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, got in
      got = Glibc.read(input, buffer.baseAddress, count)
      guard got >= 0 else { throw Failure("read: \(String(cString: strerror(errno)))") }
    }
    isAtEnd = bytes.isEmpty
    received += bytes
    byteCount += bytes.count
    while let name = try next() { names.append(name) }
    if taken > 1 << 20 || taken == received.count {
      received.removeFirst(taken)
      taken = 0
    }
    return !isAtEnd
  }

  /// Reads until a frame of now is this picture, however often: at least `count` times in a row.
  func wait(for name: String, count: Int = 1) throws {
    let first = names.count
    let end = ContinuousClock.now + .seconds(Command.bound)
    while names.count < first + count || names.suffix(count).contains(where: { $0 != name }) {
      guard try read(), .now < end else {
        throw Failure("no \(name) came, but \(names[first...].suffix(5))")
      }
    }
  }

  /// Reads until nothing comes for so many seconds.
  func drain(silence seconds: Double) throws {
    let end = ContinuousClock.now + .seconds(Command.bound)
    while try read(within: seconds) {
      guard .now < end else { throw Failure("it does not fall silent") }
    }
  }

  /// The frames from one on, each name once for all that follow one another.
  func runs(from first: Int = 0) -> [String] {
    names[first...].reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  /// Takes a whole frame; nil where none is there.
  private func next() throws -> String? {
    if awaited == nil { awaited = try sizeOfFrame() }
    guard let count = awaited, received.count - taken >= count else { return nil }
    defer {
      taken += count
      awaited = nil
    }
    return received.withUnsafeBytes { all in
      let frame = all.baseAddress! + taken
      let picture = known.first {
        $0.bytes.count == count && memcmp($0.bytes, frame, count) == 0
      }
      return picture?.name ?? "another of \(count) bytes"
    }
  }

  /// Bytes of the frame that begins, from its header.
  private func sizeOfFrame() throws -> Int? {
    let header = received[taken...].prefix(128)
    guard let end = header.firstRange(of: Array("ENDHDR\n".utf8))?.upperBound else { return nil }
    let words = String(decoding: header[..<end], as: UTF8.self)
      .split { $0 == " " || $0 == "\n" }
    guard words[0] == "P7", words[1] == "WIDTH", let width = Int(words[2]),
      words[3] == "HEIGHT", let height = Int(words[4]), words[5...6] == ["DEPTH", "3"]
    else { throw Failure("another header: \(words)") }
    return end - taken + width * height * 3
  }
}

extension Picture {
  /// As a frame of a stream in PAM.
  fileprivate var pam: [UInt8] {
    let header = """
      P7
      WIDTH \(size.width)
      HEIGHT \(size.height)
      DEPTH 3
      MAXVAL 255
      TUPLTYPE RGB
      ENDHDR

      """
    return Array(header.utf8)
      + pixels.flatMap { [UInt8($0 >> 16 & 0xff), UInt8($0 >> 8 & 0xff), UInt8($0 & 0xff)] }
  }
}
