import CropEngine
import Glibc
import TestSupport
import Testing

@testable import FrameOutput

@Suite("Whole frames", .serialized)
struct FrameSinkTests {
  private static let limit = 64 << 20

  private func frame(_ count: Int, seed: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 31 &+ seed &* 7) ^ ($0 >> 8)) }
  }

  /// Writes a frame, the reader taking so many bytes at a time whenever the pipe is full.
  private func write(
    _ frame: [UInt8], to sink: inout FrameSink, _ reader: Reader, step: Int
  ) throws -> [UInt8] {
    var read: [UInt8] = []
    try frame.withUnsafeBytes { frame throws in
      sink.begin(frame)
      while try sink.write() == .waiting {
        let more = reader.take(step)
        guard !more.isEmpty else { throw Failure("the pipe is full and empty at once") }
        read += more
      }
    }
    return read
  }

  @Test("The stream's header stands once, the frame's before each frame")
  func headers() throws {
    let reader = try Reader()
    var sink = FrameSink(try .opened(reader.path))
    sink.announce(header: "HEAD\n", frameHeader: "F\n")
    #expect(try write([1, 2], to: &sink, reader, step: 1) == [])
    #expect(reader.take() == Array("HEAD\nF\n".utf8) + [1, 2])
    #expect(sink.frames == 1)
    #expect(sink.byteCount == 9)
    _ = try write([3, 4], to: &sink, reader, step: 1)
    #expect(reader.take() == Array("F\n".utf8) + [3, 4])
    #expect(sink.frames == 2)
    #expect(sink.byteCount == 13)
    #expect(sink.isBusy == false)
  }

  @Test("What stands before a frame may change between two, and the stream's header comes once")
  func otherHeaders() throws {
    let reader = try Reader()
    var sink = FrameSink(try .opened(reader.path))
    sink.announce(header: "HEAD\n", frameHeader: "A\n")
    for value: UInt8 in 1...2 { _ = try write([value], to: &sink, reader, step: 1) }
    sink.announce(frameHeader: "longer\n")
    for value: UInt8 in 3...4 { _ = try write([value], to: &sink, reader, step: 1) }
    #expect(
      reader.take()
        == Array("HEAD\nA\n".utf8) + [1] + Array("A\n".utf8) + [2] + Array("longer\n".utf8) + [3]
        + Array("longer\n".utf8) + [4])
    #expect(sink.byteCount == 5 + 2 + 2 + 7 + 7 + 4)
  }

  @Test("Without headers there is nothing but frames")
  func noHeaders() throws {
    let reader = try Reader()
    var sink = FrameSink(try .opened(reader.path))
    sink.announce(header: "", frameHeader: "")
    for value: UInt8 in 1...3 { _ = try write([value], to: &sink, reader, step: 1) }
    #expect(reader.take() == [1, 2, 3])
    #expect(sink.byteCount == 3)
  }

  @Test(
    "A slow reader with a small pipe gets every byte, headers that do not fit included",
    arguments: [1, 777, 4096, 100_000])
  func slowReader(_ step: Int) throws {
    let reader = try Reader()
    var sink = FrameSink(try .opened(reader.path))
    try reader.narrow()
    let header = String(repeating: "stream header ", count: 700)
    let frameHeader = String(repeating: "frame header ", count: 400)
    sink.announce(header: header, frameHeader: frameHeader)
    var (read, wanted) = ([UInt8](), Array(header.utf8))
    for index in 0..<4 {
      let frame = frame(9_999, seed: index)
      read += try write(frame, to: &sink, reader, step: step)
      wanted += Array(frameHeader.utf8) + frame
      #expect(sink.frames == index + 1)
      #expect(sink.byteCount == wanted.count)
    }
    while read.count < wanted.count {
      let more = reader.take()
      if more.isEmpty { break }
      read += more
    }
    #expect(read.count == wanted.count)
    #expect(read == wanted)
  }

  @Test("A frame counts when it is whole, and not before")
  func waiting() throws {
    let reader = try Reader()
    var sink = FrameSink(try .opened(reader.path))
    try reader.narrow()
    sink.announce(header: "", frameHeader: "")
    let frame = frame(8192, seed: 0)
    try frame.withUnsafeBytes { frame throws in
      sink.begin(frame)
      #expect(sink.isBusy == true)
      for _ in 0..<2 {
        #expect(try sink.write() == .waiting)
        #expect(sink.isBusy == true)
        #expect(sink.frames == 0)
        #expect(sink.byteCount == 0)
      }
      #expect(reader.take().count == 4096)
      #expect(try sink.write() == .whole)
    }
    #expect(sink.isBusy == false)
    #expect(sink.frames == 1)
    #expect(sink.byteCount == 8192)
    #expect(reader.take() == Array(frame[4096...]))
  }

  @Test("A reader that goes away within a frame leaves it unfinished")
  func readerGone() throws {
    let reader = try Reader()
    var sink = FrameSink(try .opened(reader.path))
    try reader.narrow()
    sink.announce(header: "", frameHeader: "")
    _ = try write([1], to: &sink, reader, step: 1)
    #expect(reader.take() == [1])
    try frame(8192, seed: 0).withUnsafeBytes { frame throws in
      sink.begin(frame)
      #expect(try sink.write() == .waiting)
      reader.leave()
      try withoutSignal(SIGPIPE) { () throws in #expect(try sink.write() == .readerGone) }
    }
    #expect(sink.isBusy == true)
    #expect(sink.frames == 1)
    #expect(sink.byteCount == 1)
  }

  private func failure(_ sink: inout FrameSink) -> CaptureError? {
    do throws(CaptureError) {
      while try sink.write() == .waiting {}
      return nil
    } catch {
      return error
    }
  }

  @Test("A file that can grow no more ends with the last whole frame")
  func cutBack() throws {
    let folder = try TemporaryFolder()
    var sink = FrameSink(try .opened(folder.file()))
    sink.announce(header: "HEAD\n", frameHeader: "F\n")
    let frame = [UInt8](repeating: 7, count: 24 << 20)
    let whole = 5 + 2 * (2 + frame.count)
    try withFileLimit(Self.limit) { () throws in
      try frame.withUnsafeBytes { frame throws in
        for _ in 0..<2 {
          sink.begin(frame)
          #expect(try sink.write() == .whole)
        }
        sink.begin(frame)
        #expect(
          failure(&sink) == CaptureError(.output, folder.file(), "cannot write: File too large"))
      }
    }
    #expect(sink.frames == 2)
    #expect(sink.byteCount == whole)
    let content = try #require(folder.content())
    #expect(content.count == whole)
    #expect(Array(content.prefix(8)) == Array("HEAD\nF\n".utf8) + [7])
  }

  @Test("A new file that not one frame fits into is not left behind")
  func firstFrameFails() throws {
    let folder = try TemporaryFolder()
    try withFileLimit(Self.limit) { () throws in
      var sink = FrameSink(try .opened(folder.file()))
      sink.announce(header: "HEAD\n", frameHeader: "F\n")
      [UInt8](repeating: 7, count: Self.limit + 1).withUnsafeBytes { frame in
        sink.begin(frame)
        #expect(failure(&sink)?.name == .output)
      }
      #expect(folder.content()?.count == 0)
    }
    #expect(folder.names == [])
  }
}
