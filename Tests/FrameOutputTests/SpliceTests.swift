import CXClient
import CropEngine
import Glibc
import TestSupport
import Testing

@testable import FrameOutput

/// One way to read a pipe.
private protocol PipeReader: AnyObject {
  /// Takes something, or not.
  func step(_ random: inout SeededRandom)
  /// Takes all that is there. Returns whether there was something.
  func takeAll() -> Bool
  /// What was read, in each way.
  var results: [[UInt8]] { get }
}

/// Reads now and then.
private class StallingReader: PipeReader {
  let reader: Reader
  var read: [UInt8] = []
  var results: [[UInt8]] { [read] }

  init(_ reader: Reader) { self.reader = reader }

  func step(_ random: inout SeededRandom) {
    if Bool.random(using: &random) { read += reader.take(.random(in: 1...300_000, using: &random)) }
  }

  func takeAll() -> Bool {
    let more = reader.take()
    read += more
    return !more.isEmpty
  }
}

/// Makes the pipe larger and smaller.
private final class ResizingReader: StallingReader {
  override func step(_ random: inout SeededRandom) {
    if Int.random(in: 0..<4, using: &random) == 0 {
      _ = reader.resize(1 << [12, 16, 20, 23].randomElement(using: &random)!)
    }
    super.step(&random)
  }
}

/// Splices on into a pipe, and reads that late; by tee, it reads the first one, too.
private final class PassingReader: PipeReader {
  private let reader: Reader
  private let tees: Bool
  private var ends: [Int32] = [0, 0]
  private var (first, second) = ([UInt8](), [UInt8]())
  var results: [[UInt8]] { tees ? [first, second] : [second] }

  init(_ reader: Reader, size: Int, tees: Bool) throws {
    self.reader = reader
    self.tees = tees
    guard pipe(&ends) == 0, fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0,
      fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0, fcntl(ends[1], 1031, Int32(size)) == size
    else { throw Failure("a second pipe") }
  }

  deinit { for end in ends { close(end) } }

  func step(_ random: inout SeededRandom) {
    if Int.random(in: 0..<3, using: &random) > 0 {
      _ = pass(.random(in: 1...400_000, using: &random))
    }
    if Int.random(in: 0..<3, using: &random) == 0 { take(.random(in: 1...300_000, using: &random)) }
  }

  func takeAll() -> Bool {
    let before = second.count
    take(1 << 20)
    return pass(1 << 20) || second.count > before
  }

  private func pass(_ count: Int) -> Bool {
    guard tees else { return client_splice(reader.descriptor, ends[1], count) > 0 }
    let teed = client_tee(reader.descriptor, ends[1], count)
    guard teed > 0 else { return false }
    first += reader.take(teed)
    return true
  }

  private func take(_ count: Int) {
    second += [UInt8](unsafeUninitializedCapacity: count) { buffer, taken in
      taken = max(0, Glibc.read(ends[0], buffer.baseAddress, count))
    }
  }
}

@Suite("Frames by vmsplice", .serialized)
struct SpliceTests {
  enum Reading: CaseIterable {
    case stalling, passing4KiB, passing64KiB, passing1MiB, teeing64KiB, teeing1MiB, resizing

    fileprivate func reader(_ reader: Reader) throws -> any PipeReader {
      switch self {
      case .stalling: StallingReader(reader)
      case .resizing: ResizingReader(reader)
      case .passing4KiB: try PassingReader(reader, size: 1 << 12, tees: false)
      case .passing64KiB: try PassingReader(reader, size: 1 << 16, tees: false)
      case .passing1MiB: try PassingReader(reader, size: 1 << 20, tees: false)
      case .teeing64KiB: try PassingReader(reader, size: 1 << 16, tees: true)
      case .teeing1MiB: try PassingReader(reader, size: 1 << 20, tees: true)
      }
    }
  }

  private func settings(
    _ format: StreamFormat, _ pixelFormat: PixelFormat, size: Size? = nil,
    policy: ResizePolicy = .fit, refusal: String? = nil
  ) -> StreamSettings {
    StreamSettings(
      format: format, pixelFormat: pixelFormat, range: .limited, rate: .max, size: size,
      policy: policy, spliceRefusal: refusal)
  }

  /// Writes frames to a pipe whose reader reads in its way, and to a file the plain way. Returns why
  /// what was read is not what is in the file.
  private func difference(
    _ settings: StreamSettings, _ reading: Reading, seed: UInt64, frames: Int, inSlots: Bool,
    _ size: (_ picture: Int) -> Size
  ) throws -> String? {
    var random = SeededRandom(seed)
    let (pipe, folder) = (try Reader(), try TemporaryFolder())
    let reader = try reading.reader(pipe)
    var spliced = FrameStream(try .opened(pipe.path), settings)
    var plain = FrameStream(try .opened(folder.file()), settings)
    let source = SlotSource()
    var picture = 0
    while picture < frames || spliced.isBusy {
      if spliced.isBusy {
        if try spliced.write() == .readerGone { return "the reader is gone" }
      } else {
        switch Int.random(in: 0..<8, using: &random) {
        case 0 where spliced.hasLast:
          spliced.showLast()
          plain.showLast()
        case 1 where spliced.hasLast:
          guard spliced.showBlack(), plain.showBlack() else { return "no black" }
        default:
          let next = picture + 1 < frames ? size(picture + 1) : nil
          try source.show(
            picture, size: size(picture), next: next, on: &spliced, and: &plain, inSlot: inSlots)
          picture += 1
        }
        guard try plain.write() == .whole else { return "the file is full" }
      }
      reader.step(&random)
    }
    if let reason = spliced.plainReason { return "written: \(reason)" }
    // What is left in a second pipe, too.
    while reader.takeAll() {}
    let expected = try folder.read("frames")
    for result in reader.results {
      guard result.count == expected.count else {
        return "\(result.count), \(expected.count) bytes"
      }
      if memcmp(result, expected, expected.count) != 0 {
        return "byte \(zip(result, expected).enumerated().first { $0.1.0 != $0.1.1 }!.0)"
      }
    }
    return nil
  }

  @Test(
    "Every byte is that of the plain path, however the reader stalls and hands on",
    arguments: Reading.allCases)
  func raw(_ reading: Reading) throws {
    for (seed, side): (UInt64, (Int, Int)) in [
      (1, (400, 300)), (2, (150, 141)), (3, (1921, 1081)), (4, (640, 480)),
    ] {
      for inSlots in [true, false] {
        let difference = try difference(
          settings(.raw, .bgr0), reading, seed: seed, frames: side.0 > 1000 ? 6 : 40,
          inSlots: inSlots
        ) { _ in Size(width: side.0, height: side.1) }
        #expect(difference == nil, "seed \(seed), in slots: \(inSlots)")
      }
    }
  }

  @Test("Converted frames, and those that are put on a canvas", arguments: Reading.allCases)
  func converted(_ reading: Reading) throws {
    let size = Size(width: 403, height: 301)
    for (seed, settings) in [
      settings(.y4m, .yuv420p), settings(.raw, .nv12), settings(.pam, .rgba),
      settings(.raw, .bgr0, size: Size(width: 441, height: 333)),
      settings(.y4m, .gray, size: Size(width: 441, height: 333)),
      settings(.y4m, .yuv444p, size: Size(width: 398, height: 500), policy: .stretch),
    ].enumerated() {
      let difference = try difference(
        settings, reading, seed: UInt64(seed), frames: 40, inSlots: true
      ) { _ in size }
      #expect(difference == nil, "\(settings)")
    }
  }

  @Test(
    "Frames that change their size: what the pipe holds of memory that was given back stays",
    arguments: Reading.allCases)
  func native(_ reading: Reading) throws {
    for (seed, pixelFormat) in [(1, PixelFormat.rgb24), (2, .rgba)] {
      let difference = try difference(
        settings(.pam, pixelFormat, policy: .native), reading, seed: UInt64(seed), frames: 40,
        inSlots: true
      ) { Size(width: 300 + $0 / 3 * 17 % 200, height: 300 - $0 / 5 * 29 % 100) }
      #expect(difference == nil, "\(pixelFormat)")
    }
    let difference = try difference(
      settings(.raw, .bgr0, policy: .native), reading, seed: 3, frames: 80, inSlots: true
    ) { Size(width: 200 + $0 / 7 * 97 % 500, height: 200 + $0 / 7 * 53 % 300) }
    #expect(difference == nil)
  }

  @Test("No byte of a frame in a slot is copied: what is changed there is read")
  func notCopied() throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.raw, .bgr0))
    let size = Size(width: 400, height: 300)
    let bytes = SlotSource.map(480_000)
    defer { munmap(bytes.baseAddress!, bytes.count) }
    // Pages that nobody has written to yet are all one, and not ours.
    memset(bytes.baseAddress!, 1, bytes.count)
    #expect(stream.heldSlots() == 0)
    #expect(stream.show(UnsafeRawBufferPointer(bytes), stride: 1600, size: size, slot: 63) == true)
    #expect(stream.heldSlots() == 1 << 63)
    #expect(try stream.write() == .whole)
    #expect(stream.heldSlots() == 1 << 63)
    stream.forgetLast()
    #expect(stream.heldSlots() == 1 << 63)
    memset(bytes.baseAddress!, 7, bytes.count)
    let isChanged = reader.take().allSatisfy { $0 == 7 }
    #expect(isChanged)
    // In the converter's slots, nothing of it can be changed.
    #expect(stream.show(UnsafeRawBufferPointer(bytes), stride: 1600, size: size) == true)
    #expect(stream.heldSlots() == 1 << 63)
    #expect(try stream.write() == .whole)
    memset(bytes.baseAddress!, 9, bytes.count)
    let isKept = reader.take().allSatisfy { $0 == 7 }
    #expect(isKept)
  }

  @Test("A frame that is given up holds its slot while it may be shown again, and no longer")
  func discarded() throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.raw, .bgr0))
    let size = Size(width: 400, height: 300)
    let bytes = SlotSource.map(480_000)
    defer { munmap(bytes.baseAddress!, bytes.count) }
    func show(_ slot: Int) {
      #expect(
        stream.show(UnsafeRawBufferPointer(bytes), stride: 1600, size: size, slot: slot) == true)
    }
    show(0)
    stream.discard()
    #expect(stream.heldSlots() == 0, "the first is not shown again")
    show(1)
    #expect(try stream.write() == .whole)
    show(2)
    #expect(stream.heldSlots() == 0b110)
    stream.discard()
    #expect(stream.heldSlots() == 0b110)
    #expect(stream.hasLast == true)
    stream.forgetLast()
    #expect(stream.heldSlots() == 0b010, "1 is in the pipe yet")
    show(3)
    stream.forgetLast()
    #expect(stream.heldSlots() == 0b1010, "it is in hand")
  }

  @Test("Half a frame is held, and stays so when the reader is gone")
  func halfWritten() throws {
    let reader = try Reader()
    var stream = FrameStream(try .opened(reader.path), settings(.raw, .bgr0))
    try reader.narrow()
    let size = Size(width: 400, height: 300)
    let bytes = SlotSource.map(480_000)
    defer { munmap(bytes.baseAddress!, bytes.count) }
    #expect(stream.show(UnsafeRawBufferPointer(bytes), stride: 1600, size: size, slot: 5) == true)
    #expect(try stream.write() == .waiting)
    #expect(stream.hasBegun == true)
    #expect(stream.writtenCount == 4096)
    stream.forgetLast()
    #expect(stream.heldSlots() == 1 << 5)
    reader.leave()
    try withoutSignal(SIGPIPE) { () throws in #expect(try stream.write() == .readerGone) }
    #expect(stream.heldSlots() == 1 << 5)
    #expect(stream.frames == 0)
    #expect(stream.byteCount == 0)
  }

  @Test("Why frames are written: what is no pipe, small frames, and where it is not wanted")
  func reasons() throws {
    let (reader, folder) = (try Reader(), try TemporaryFolder())
    func reason(_ path: String, _ width: Int, refusal: String? = nil) throws -> String? {
      let size = Size(width: width, height: 300)
      var stream = FrameStream(
        try .opened(path), settings(.raw, .bgr0, size: size, refusal: refusal))
      #expect(stream.showBlack() == true)
      #expect(try stream.write() == .whole)
      _ = reader.take()
      return stream.plainReason
    }
    #expect(try reason(reader.path, 400) == nil)
    #expect(try reason(reader.path, 60) == "they are small")
    #expect(try reason(folder.file(), 400) == "the output is no pipe")
    #expect(try reason("/dev/null", 400) == "the output is no pipe")
    let refusal = "--no-splice was given"
    #expect(try reason(reader.path, 400, refusal: refusal) == refusal)
  }
}
