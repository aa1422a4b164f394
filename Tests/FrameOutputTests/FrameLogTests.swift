import CropEngine
import Glibc
import TestSupport
import Testing

@testable import FrameOutput

@Suite("The frame log")
struct FrameLogTests {
  private static let limit = 64 << 20
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func opened(_ name: String) throws -> FrameLog {
    guard let log = try FrameLog.open(name, subject: "--frame-log") else {
      throw Failure("nobody reads \(name)")
    }
    return log
  }

  private func frame(_ seq: Int) -> StreamEvent {
    .frame(
      FrameNote(
        seq: seq, version: 0, time: 5, rect: Rect(x: 0, y: 0, width: 2, height: 1),
        isRepeat: false))
  }

  private func lines(_ events: [StreamEvent]) -> [UInt8] {
    events.flatMap { Array((EventLine.json($0) + "\n").utf8) }
  }

  private func failure(_ name: String) -> CaptureError? {
    do {
      _ = try FrameLog.open(name, subject: "--frame-log")
      return nil
    } catch {
      return error
    }
  }

  private func failure(_ log: inout FrameLog) -> CaptureError? {
    do throws(CaptureError) {
      _ = try log.write()
      return nil
    } catch {
      return error
    }
  }

  /// Puts frames into the log until its reader takes no more. Returns what was put there.
  private func fill(_ log: inout FrameLog) throws -> [StreamEvent] {
    var events: [StreamEvent] = []
    while true {
      events.append(frame(events.count))
      log.append(events.last!)
      if try log.write() == .waiting { return events }
      guard events.count < 100_000 else { throw Failure("the log is never full") }
    }
  }

  /// Writes on while a descriptor is read. Returns what was read.
  private func finish(_ log: inout FrameLog, reading descriptor: Int32) throws -> [UInt8] {
    var read: [UInt8] = []
    while try log.write() == .waiting {
      read += try bytes(from: descriptor, within: Command.bound)
    }
    while isReadable(descriptor, within: 0) { read += try bytes(from: descriptor, within: 0) }
    return read
  }

  @Test("A file gets its lines when they are written, and nothing is left in hand")
  func file() throws {
    try folder.put("what was there")
    var log = try opened(folder.file())
    #expect(try log.write() == .whole)
    #expect(folder.content() == Array("what was there".utf8))
    log.append(frame(0))
    #expect(log.isEmpty == false)
    log.append(.mute(.empty))
    #expect(folder.content() == Array("what was there".utf8))
    #expect(try log.write() == .whole)
    #expect(log.isEmpty == true)
    #expect(folder.content() == lines([frame(0), .mute(.empty)]))
    log.append(.ended("done"))
    #expect(try log.write() == .whole)
    #expect(folder.content() == lines([frame(0), .mute(.empty), .ended("done")]))
  }

  @Test("A new file is gone again where nothing was written")
  func unusedFile() throws {
    do {
      let log = try opened(folder.file())
      #expect(folder.content() == [])
      _ = consume log
    }
    #expect(folder.names == [])
  }

  @Test("A FIFO that nobody reads is no log yet")
  func unreadFIFO() throws {
    #expect(mkfifo(folder.file(), 0o600) == 0)
    let isNone =
      if try FrameLog.open(folder.file(), subject: "") == nil { true } else { false }
    #expect(isNone)
  }

  @Test("A file that cannot be opened is an error that says which and why")
  func cannotBeOpened() {
    #expect(
      failure(folder.path) == CaptureError(.output, folder.path, "cannot write: Is a directory"))
  }

  @Test("A reader that takes no more is waited for, and gets each line once")
  func blockedReader() throws {
    let reader = try Reader()
    var log = try opened(reader.path)
    try reader.narrow()
    var events = try fill(&log)
    log.append(.ended("done"))
    events.append(.ended("done"))
    #expect(try log.write() == .waiting)
    var read = reader.take()
    while try log.write() == .waiting { read += reader.take() }
    #expect(log.isEmpty == true)
    read += reader.take()
    let isWhole = read == lines(events)
    #expect(isWhole)
  }

  @Test("A line longer than a pipe goes out in parts")
  func longLine() throws {
    let reader = try Reader()
    var log = try opened(reader.path)
    try reader.narrow()
    let event = StreamEvent.ended(String(repeating: "long ", count: 5000))
    log.append(event)
    var read: [UInt8] = []
    while try log.write() == .waiting { read += reader.take(1000) }
    read += reader.take()
    let isWhole = read == lines([event])
    #expect(isWhole)
  }

  @Test("A reader that is gone is said to be gone, and later lines are dropped")
  func readerGone() throws {
    let reader = try Reader()
    var log = try opened(reader.path)
    log.append(frame(0))
    #expect(try log.write() == .whole)
    reader.leave()
    log.append(frame(1))
    try withoutSignal(SIGPIPE) { () throws in #expect(try log.write() == .readerGone) }
    #expect(log.isEmpty == true)
    log.append(frame(2))
    #expect(log.isEmpty == true)
    #expect(try log.write() == .readerGone)
  }

  @Test("A full disk is an error that says so")
  func fullDisk() throws {
    var log = try opened("/dev/full")
    log.append(frame(0))
    #expect(
      failure(&log)
        == CaptureError(.output, "/dev/full", "cannot write: No space left on device"))
  }

  @Test("A file that can grow no more ends with the last whole line")
  func cutBack() throws {
    try folder.put("")
    let descriptor = open(folder.file(), O_WRONLY)
    defer { close(descriptor) }
    let name = "fd:\(descriptor)"
    var log = try opened(name)
    let whole = lines([frame(0), frame(1), frame(2)]).count
    // Room for three lines and a part of the fourth, behind what others wrote.
    let begin = Self.limit - whole - 10
    #expect(lseek(descriptor, begin, SEEK_SET) == begin)
    try withFileLimit(Self.limit) { () throws in
      log.append(frame(0))
      #expect(try log.write() == .whole)
      for seq in 1...3 { log.append(frame(seq)) }
      #expect(failure(&log) == CaptureError(.output, name, "cannot write: File too large"))
    }
    #expect(log.isEmpty == true)
    #expect(lseek(descriptor, 0, SEEK_END) == begin + whole)
  }

  @Test("A descriptor's file is written from where it stands")
  func descriptorOfFile() throws {
    try folder.put("before|")
    let descriptor = open(folder.file(), O_WRONLY | O_APPEND)
    do {
      var log = try opened("fd:\(descriptor)")
      log.append(frame(0))
      #expect(try log.write() == .whole)
    }
    #expect(folder.content() == Array("before|".utf8) + lines([frame(0)]))
    // It was not ours to close.
    #expect(close(descriptor) == 0)
  }

  @Test("A pipe that others share is never waited for, nor made non-blocking for them")
  func sharedPipe() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    var log = try opened("fd:\(ends[1])")
    let events = try fill(&log)
    #expect(fcntl(ends[1], F_GETFL) & O_NONBLOCK == 0)
    #expect(fcntl(ends[0], F_GETFL) & O_NONBLOCK == 0)
    let isWhole = try finish(&log, reading: ends[0]) == lines(events)
    #expect(isWhole)
  }

  @Test("A socket that others share is never waited for, nor made non-blocking for them")
  func socket() throws {
    var ends: [Int32] = [0, 0]
    #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { for end in ends { close(end) } }
    var log = try opened("fd:\(ends[1])")
    let events = try fill(&log)
    #expect(fcntl(ends[1], F_GETFL) & O_NONBLOCK == 0)
    let isWhole = try finish(&log, reading: ends[0]) == lines(events)
    #expect(isWhole)
  }

  @Test("A socket whose reader is gone is said to be so")
  func socketReaderGone() throws {
    var ends: [Int32] = [0, 0]
    #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { close(ends[1]) }
    var log = try opened("fd:\(ends[1])")
    close(ends[0])
    log.append(frame(0))
    try withoutSignal(SIGPIPE) { () throws in #expect(try log.write() == .readerGone) }
  }

  @Test("What is no descriptor of another's is refused by its name")
  func noDescriptor() throws {
    func refused(_ name: String) -> CaptureError {
      CaptureError(.type, "--frame-log", "'\(name)': no such descriptor is open")
    }
    for name in ["fd:999999", "fd:99999999999999999999"] {
      #expect(failure(name) == refused(name))
    }
    // One that was opened here, as the display's connection is.
    let own = open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { close(own) }
    #expect(failure("fd:\(own)") == refused("fd:\(own)"))
  }

  @Test("A descriptor that is open for reading alone is refused")
  func readOnly() throws {
    let descriptor = open("/dev/null", O_RDONLY)
    defer { close(descriptor) }
    #expect(
      failure("fd:\(descriptor)")
        == CaptureError(
          .type, "--frame-log", "'fd:\(descriptor)': the descriptor is not open for writing"))
  }

  @Test("What is not a number is refused", arguments: ["fd:", "fd:x", "fd:-1", "fd:+1", "fd: 1"])
  func noNumber(_ name: String) {
    #expect(
      failure(name)
        == CaptureError(
          .type, "--frame-log", "'\(name)': expected fd:N; a file of that name is './\(name)'"))
  }
}
