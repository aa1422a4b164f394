import CropEngine
import Glibc
import TestSupport
import Testing

@testable import FrameOutput

extension OutputFile {
  /// Writes two runs of bytes.
  mutating func write(_ first: [UInt8], _ second: [UInt8] = []) throws -> Outcome {
    try first.withUnsafeBytes { first in
      try second.withUnsafeBytes { second in try write(first, second) }
    }
  }
}

@Suite("Where a stream goes")
struct OutputFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test("A new file is there at once, and gone again where nothing was written")
  func newFile() throws {
    do {
      let file = try OutputFile.opened(folder.file())
      #expect(folder.content() == [])
      _ = consume file
    }
    #expect(folder.names == [])
  }

  @Test("A new file stays where something was written")
  func newFileWithContent() throws {
    do {
      var file = try OutputFile.opened(folder.file())
      #expect(try file.write(bytes("one "), bytes("two")) == .wrote(7))
      #expect(try file.write(bytes(", three")) == .wrote(7))
    }
    #expect(folder.content() == bytes("one two, three"))
  }

  @Test("A file's content stays where nothing was written")
  func contentStays() throws {
    try folder.put("what was there")
    do {
      let file = try OutputFile.opened(folder.file())
      #expect(folder.content() == bytes("what was there"))
      _ = consume file
    }
    #expect(folder.content() == bytes("what was there"))
  }

  @Test("A file's content goes with the first bytes written, all of it")
  func contentGoes() throws {
    try folder.put("what was there")
    var file = try OutputFile.opened(folder.file())
    #expect(try file.write(bytes("new")) == .wrote(3))
    #expect(folder.content() == bytes("new"))
  }

  @Test("A file is cut back to where it is told")
  func cut() throws {
    try folder.put("what was there")
    var file = try OutputFile.opened(folder.file())
    file.cut(to: 0)
    #expect(folder.content() == bytes("what was there"))
    _ = try file.write(bytes("whole|part"))
    file.cut(to: 6)
    #expect(folder.content() == bytes("whole|"))
  }

  @Test("A file that goes on behind what was written is left alone")
  func cutLeavesOthersAlone() throws {
    var file = try OutputFile.opened(folder.file())
    _ = try file.write(bytes("ours"))
    let another = open(folder.file(), O_WRONLY | O_APPEND | O_CLOEXEC)
    #expect(write(another, "theirs", 6) == 6)
    close(another)
    file.cut(to: 0)
    #expect(folder.content() == bytes("ourstheirs"))
  }

  @Test("A FIFO that nobody reads is no file yet")
  func fifoWithoutReader() throws {
    #expect(mkfifo(folder.file(), 0o600) == 0)
    let isNone = if try OutputFile.file(at: folder.file()) == nil { true } else { false }
    #expect(isNone)
    #expect(folder.names == ["frames"])
  }

  @Test("A FIFO that is read takes what there is room for, and says when it is full")
  func fifo() throws {
    let reader = try Reader()
    var file = try OutputFile.opened(reader.path)
    try reader.narrow()
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    #expect(try file.write(bytes) == .wrote(4096))
    #expect(try file.write(Array(bytes[4096...])) == .full)
    #expect(reader.take() == Array(bytes[..<4096]))
    #expect(try file.write(Array(bytes[4096..<5000]), Array(bytes[5000...])) == .wrote(4096))
    #expect(reader.take() == Array(bytes[4096..<8192]))
    file.cut(to: 0)
    #expect(reader.take() == [])
  }

  @Test("The reader sees the end when the file is let go of")
  func closed() throws {
    let reader = try Reader()
    do {
      var file = try OutputFile.opened(reader.path)
      #expect(try file.write([1, 2, 3]) == .wrote(3))
      #expect(reader.take() == [1, 2, 3])
      #expect(reader.isAtEnd == false)
      _ = consume file
    }
    #expect(reader.isAtEnd)
  }

  @Test("A reader that is gone is said to be gone, and is no error")
  func readerGone() throws {
    let reader = try Reader()
    var file = try OutputFile.opened(reader.path)
    #expect(try file.write([1]) == .wrote(1))
    reader.leave()
    try withoutSignal(SIGPIPE) { () throws in
      #expect(try file.write([2]) == .readerGone)
      #expect(try file.write([3]) == .readerGone)
    }
  }

  @Test("A full disk is an error that says so")
  func fullDisk() throws {
    var file = try OutputFile.opened("/dev/full")
    var caught: CaptureError?
    do { _ = try file.write([1]) } catch { caught = error as? CaptureError }
    #expect(
      caught == CaptureError(.output, "/dev/full", "cannot write: No space left on device"))
  }

  @Test("A device that takes everything takes it all at once")
  func nullDevice() throws {
    var file = try OutputFile.opened("/dev/null")
    #expect(try file.write(Array(repeating: 0, count: 1 << 21)) == .wrote(1 << 21))
  }

  private func failure(_ path: String) -> CaptureError? {
    do {
      _ = try OutputFile.file(at: path)
      return nil
    } catch {
      return error
    }
  }

  @Test("What cannot be opened is an error that says which and why")
  func cannotBeOpened() {
    #expect(
      failure(folder.path)
        == CaptureError(.output, folder.path, "cannot write: Is a directory"))
    let path = folder.file("none") + "/frames"
    #expect(failure(path) == CaptureError(.output, path, "cannot write: No such file or directory"))
    #expect(failure("") == CaptureError(.output, "", "cannot write: No such file or directory"))
  }

  @Test("A socket is not waited for as a FIFO is")
  func socketFile() throws {
    let path = folder.file()
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    try #require(isBound)
    #expect(failure(path)?.name == .output)
  }

  @Test("A link whose file is not there yet is followed, as other tools do")
  func danglingLink() throws {
    #expect(symlink(folder.file("aim"), folder.file("link")) == 0)
    #expect(failure(folder.file("link")) == nil)
  }
}
