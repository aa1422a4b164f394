import CropEngine
import Glibc

/// A frame log: a line for each event of a stream, written before the frame it speaks of and
/// without ever waiting for the reader.
///
/// Lines are taken in hand by ``append(_:)`` and go out by ``write()``. A reader that goes away
/// stops nothing: later lines are dropped.
@safe public struct FrameLog: ~Copyable {
  private var file: OutputFile
  /// Lines in hand, each with its end; its memory is kept.
  private var lines = ""
  /// Bytes of them that are written.
  private var written = 0
  /// Bytes of lines written whole before them.
  private var byteCount = 0
  private var isReaderGone = false

  /// Opens a log: `fd:N` is a descriptor that the program was started with, anything else a file.
  ///
  /// nil where it is a FIFO that nobody reads yet. Throws `type` where there is no such descriptor
  /// or it is not open for writing, `output` where the file cannot be opened.
  public static func open(_ name: String, subject: String) throws(CaptureError) -> FrameLog? {
    if name.hasPrefix("fd:") {
      let number = try descriptor(named: name, subject: subject)
      // Its reader is not to wait for the end of programs that we start.
      _ = fcntl(number, F_SETFD, FD_CLOEXEC)
      return FrameLog(try .descriptor(number, name: name))
    }
    guard let file = try OutputFile.file(at: name) else { return nil }
    return FrameLog(file)
  }

  init(_ file: consuming OutputFile) {
    self.file = file
  }

  /// To be polled for POLLOUT while lines wait.
  public var descriptor: Int32 { file.descriptor }
  /// Whether the reader takes a line now, or is gone.
  public var isWritable: Bool { isReaderGone || file.isWritable }
  /// Whether no line waits.
  public var isEmpty: Bool { lines.isEmpty }

  /// Takes a line in hand.
  public mutating func append(_ event: StreamEvent) {
    guard !isReaderGone else { return }
    EventLine.append(event, to: &lines)
    lines += "\n"
  }

  /// Writes on as far as the reader takes it.
  ///
  /// Throws `output` where it cannot be written; a file then ends with the last whole line.
  public mutating func write() throws(CaptureError) -> FrameStream.Progress {
    while !isEmpty {
      let outcome: OutputFile.Outcome
      do throws(CaptureError) {
        outcome = try writeOnce()
      } catch {
        let begun = lines.utf8.prefix(written).reversed().prefix { $0 != UInt8(ascii: "\n") }
        byteCount += written - begun.count
        file.cut(to: byteCount)
        drop()
        throw error
      }
      switch outcome {
      case .wrote(let count):
        written += count
        if written == lines.utf8.count {
          byteCount += written
          drop()
        }
      case .full: return .waiting
      case .readerGone:
        isReaderGone = true
        drop()
      }
    }
    return isReaderGone ? .readerGone : .whole
  }

  private mutating func writeOnce() throws(CaptureError) -> OutputFile.Outcome {
    try unsafe lines.utf8Span.span.withUnsafeBytes { bytes throws(CaptureError) in
      try unsafe file.write(
        UnsafeRawBufferPointer(rebasing: bytes[written...]),
        UnsafeRawBufferPointer(start: nil, count: 0))
    }
  }

  private mutating func drop() {
    lines.removeAll(keepingCapacity: true)
    written = 0
  }

  private static func descriptor(
    named name: String, subject: String
  ) throws(CaptureError) -> Int32 {
    let digits = name.dropFirst("fd:".count)
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
      throw CaptureError(
        .type, subject, "'\(name)': expected fd:N; a file of that name is './\(name)'")
    }
    // Descriptors of our own, such as the display's, have FD_CLOEXEC; inherited ones cannot.
    guard let number = Int32(digits), fcntl(number, F_GETFD) == 0 else {
      throw CaptureError(.type, subject, "'\(name)': no such descriptor is open")
    }
    let mode = fcntl(number, F_GETFL) & O_ACCMODE
    guard mode == O_WRONLY || mode == O_RDWR else {
      throw CaptureError(.type, subject, "'\(name)': the descriptor is not open for writing")
    }
    return number
  }
}
