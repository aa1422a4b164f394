import CropEngine

/// Writes a stream as whole frames, one at a time, without ever waiting for the reader.
@safe struct FrameSink: ~Copyable {
  /// How much is written in one go, in bytes.
  private static let longestTurn = 1 << 26

  private var file: OutputFile
  /// The stream's header, once, and the frame's behind it.
  private var headers = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var frameHeaderCount = 0
  /// What stands before the payload of the frame in hand.
  private var prefix = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var payload = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
  /// Bytes of the frame in hand that are written.
  private var written = 0
  /// Whether a frame is not wholly written yet.
  private(set) var isBusy = false
  /// Frames wholly written.
  private(set) var frames = 0
  /// Bytes of the headers and whole frames written.
  private(set) var byteCount = 0

  init(_ file: consuming OutputFile) {
    self.file = file
  }

  /// Says what stands before the next frame, or the one in hand, and what before each one from
  /// there on.
  mutating func announce(header: String = "", frameHeader: String) {
    precondition(!hasBegun, "a frame is being written")
    let bytes = Array((header + frameHeader).utf8)
    frameHeaderCount = frameHeader.utf8.count
    unsafe headers.deallocate()
    unsafe headers = .allocate(byteCount: bytes.count, alignment: 1)
    unsafe headers.copyBytes(from: bytes)
    unsafe prefix = UnsafeRawBufferPointer(headers)
  }

  deinit {
    unsafe headers.deallocate()
  }

  /// Whether there is a file to write to.
  var isOpen: Bool { file.isOpen }

  /// Opens a FIFO whose reader was awaited. Returns whether one is there now.
  mutating func open() throws(CaptureError) -> Bool { try file.open() }

  /// To be polled for POLLOUT while a frame waits.
  var descriptor: Int32 { file.descriptor }

  /// Takes a frame in hand. Its bytes must stay as they are until it is whole.
  mutating func begin(_ bytes: UnsafeRawBufferPointer) {
    precondition(!isBusy, "a frame is in hand already")
    unsafe payload = bytes
    written = 0
    isBusy = true
  }

  /// Whether a byte of the frame in hand is written, so that it has to be written wholly.
  var hasBegun: Bool { isBusy && written > 0 }

  /// Bytes written, of the frame in hand too.
  var writtenCount: Int { byteCount + (isBusy ? written : 0) }

  /// Whether the reader takes something now, or is gone.
  var isWritable: Bool { file.isWritable }

  /// Gives the frame in hand up. None of it may be written yet.
  mutating func discard() {
    precondition(!hasBegun, "a stream never ends inside a frame")
    isBusy = false
  }

  /// The bytes of the frame in hand are to be read from elsewhere now, where they are the same.
  mutating func replacePayload(_ bytes: UnsafeRawBufferPointer) {
    unsafe payload = bytes
  }

  /// Writes on as far as the reader takes it.
  ///
  /// Throws `output` where it cannot be written; a file then ends with the last whole frame.
  mutating func write() throws(CaptureError) -> FrameStream.Progress {
    // A file takes all at once, and others would have to wait for it.
    let turn = writtenCount + Self.longestTurn
    while isBusy {
      if writtenCount >= turn { return .waiting }
      let outcome: OutputFile.Outcome
      do throws(CaptureError) {
        outcome = try writeOnce()
      } catch {
        file.cut(to: byteCount)
        isBusy = false
        throw error
      }
      switch outcome {
      case .wrote(let count):
        written += count
        if unsafe written == prefix.count + payload.count { finishFrame() }
      case .full: return .waiting
      case .readerGone: return .readerGone
      }
    }
    return .whole
  }

  private mutating func writeOnce() throws(CaptureError) -> OutputFile.Outcome {
    let prefixWritten = unsafe min(written, prefix.count)
    let payloadWritten = written - prefixWritten
    return try unsafe file.write(
      UnsafeRawBufferPointer(rebasing: prefix[prefixWritten...]),
      UnsafeRawBufferPointer(rebasing: payload[payloadWritten...].prefix(Self.longestTurn)))
  }

  private mutating func finishFrame() {
    byteCount += written
    frames += 1
    isBusy = false
    unsafe prefix = UnsafeRawBufferPointer(rebasing: prefix.suffix(frameHeaderCount))
  }
}
