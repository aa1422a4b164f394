import CropEngine

/// Writes a stream as whole frames, one at a time, without ever waiting for the reader.
@safe struct FrameSink: ~Copyable {
  /// How much is written in one go, in bytes.
  private static let longestTurn = 1 << 26

  private var file: OutputFile
  /// What a pipe can still read from.
  private(set) var account: PipeAccount
  /// Why nothing is spliced, though the file may allow it; nil where it is tried.
  private let refusal: String?
  /// The stream's header, once, and the frame's behind it.
  private var headers = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var frameHeaderCount = 0
  /// What stands before the payload of the frame in hand.
  private var prefix = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
  private var payload = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
  /// Where the frame in hand lies; nil where it is not spliced.
  private var splicedSlot: PipeAccount.Slot?
  /// Bytes of the frame in hand that are written.
  private var written = 0
  /// Whether a frame is not wholly written yet.
  private(set) var isBusy = false
  /// Frames wholly written.
  private(set) var frames = 0
  /// Bytes of the headers and whole frames written.
  private(set) var byteCount = 0

  /// `refusal` is why frames are not to be spliced, whatever the file is; nil where they may be.
  init(_ file: consuming OutputFile, refusal: String? = nil) {
    account = PipeAccount(pipeSize: file.pipeSize ?? 0)
    self.file = file
    self.refusal = refusal
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
  mutating func open() throws(CaptureError) -> Bool {
    guard try file.open() else { return false }
    account = PipeAccount(pipeSize: file.pipeSize ?? 0)
    return true
  }

  /// Says that nothing is written any more: whoever reads comes to the end.
  mutating func close() { file.close() }

  /// To be polled for POLLOUT while a frame waits.
  var descriptor: Int32 { file.descriptor }

  /// Why frames of so many bytes are written and not spliced; nil where they are spliced.
  func plainReason(_ byteCount: Int) -> String? {
    if let reason = refusal ?? file.spliceLack { return reason }
    return splices(byteCount) ? nil : "they are small"
  }

  /// Whether frames that are not small are spliced.
  var canSplice: Bool { refusal == nil && file.canSplice }

  /// Whether frames of so many bytes are spliced, where the pipe is no larger than it was.
  func splices(_ byteCount: Int) -> Bool { canSplice && byteCount >= account.shortestFrame }

  /// How many slots frames of so many bytes need; 1 where they are written.
  func slotCount(_ byteCount: Int) -> Int {
    splices(byteCount) || account.isHolding && byteCount >= account.shortestFrame
      ? account.slotCount(for: byteCount) : 1
  }

  /// Looks at what the pipe holds: once for each frame, before it is taken in hand.
  mutating func measure(_ byteCount: Int) {
    guard splices(byteCount) || account.isHolding else { return }
    account.measure(unread: file.unreadCount)
  }

  /// Whether a frame of so many bytes is spliced now.
  func canSplice(_ byteCount: Int) -> Bool { splices(byteCount) && !account.isOverfull }

  /// Takes a frame in hand. Its bytes must stay as they are until it is whole, and where they lie in
  /// a slot for as long as the account says.
  mutating func begin(_ bytes: UnsafeRawBufferPointer, in slot: PipeAccount.Slot? = nil) {
    precondition(!isBusy, "a frame is in hand already")
    unsafe payload = bytes
    splicedSlot = canSplice(bytes.count) ? slot : nil
    written = 0
    isBusy = true
  }

  /// Says that slots, one bit each, have other memory now.
  mutating func renew(_ slots: UInt64, of memory: PipeAccount.Memory) {
    account.renew(slots, of: memory)
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
        enter(count)
        if unsafe written == prefix.count + payload.count { finishFrame() }
      case .full: return .waiting
      case .readerGone: return .readerGone
      }
    }
    return .whole
  }

  private mutating func writeOnce() throws(CaptureError) -> OutputFile.Outcome {
    let prefixWritten = unsafe min(written, prefix.count)
    let header = unsafe UnsafeRawBufferPointer(rebasing: prefix[prefixWritten...])
    let rest = unsafe UnsafeRawBufferPointer(
      rebasing: payload[(written - prefixWritten)...].prefix(Self.longestTurn))
    guard splicedSlot != nil else { return try unsafe file.write(header, rest) }
    guard unsafe header.isEmpty else {
      return try unsafe file.write(header, UnsafeRawBufferPointer(start: nil, count: 0))
    }
    if let outcome = unsafe file.splice(rest) { return outcome }
    // What was spliced of it stays where it is.
    splicedSlot = nil
    return try unsafe file.write(header, rest)
  }

  private mutating func enter(_ count: Int) {
    if let slot = splicedSlot, unsafe written >= prefix.count {
      unsafe account.give(count, of: payload.count, in: slot)
    } else {
      account.give(count)
    }
    written += count
  }

  private mutating func finishFrame() {
    byteCount += written
    frames += 1
    isBusy = false
    unsafe prefix = UnsafeRawBufferPointer(rebasing: prefix.suffix(frameHeaderCount))
  }
}
