import CLinux
import CropEngine
import Glibc

/// Where a stream goes: an open descriptor, and how to write to it without being stuck.
@safe public struct OutputFile: ~Copyable {
  /// What came of a write.
  enum Outcome: Equatable {
    case wrote(Int)
    /// It takes no more for now: poll for POLLOUT.
    case full
    /// The reader is gone.
    case readerGone
  }

  private enum Kind {
    /// Never waits: a pipe that was opened anew for us alone.
    case nonBlocking
    /// Waits where more is written than there is room for: written in pieces that always fit
    /// where POLLOUT is said.
    case inPieces
    /// Has nobody at the other end to wait for.
    case direct
  }

  /// A pipe of this size takes some hundred small frames in one go, in bytes.
  private static let wantedPipeSize: Int32 = 1 << 20

  /// To be polled for POLLOUT while ``OutputFile`` takes no more.
  let descriptor: Int32
  let name: String
  private let kind: Kind
  private let isRegular: Bool
  /// Of a pipe, when it was opened, in bytes; nil of all else.
  let pipeSize: Int?
  /// Ours to close: opened here.
  private let isOwned: Bool
  /// Did not exist before: removed again where nothing comes to be in it.
  private let isNew: Bool
  /// Bytes written.
  private var byteCount = 0
  /// What came of giving it pages; nil while that works.
  private var spliceFault: String?

  /// Standard output. Throws `output` where it is closed.
  public static func standardOutput() throws(CaptureError) -> OutputFile {
    try descriptor(STDOUT_FILENO, name: "standard output")
  }

  /// A descriptor that was open before, and that others may share. What its file holds stays, and
  /// it is not closed with this.
  ///
  /// Throws `output` where it is closed.
  static func descriptor(_ number: Int32, name: String) throws(CaptureError) -> OutputFile {
    guard let mode = fileMode(number) else { throw failure(name) }
    if mode == S_IFIFO {
      // O_NONBLOCK set on the descriptor itself would be set for all who share it.
      let own = unsafe Glibc.open("/proc/self/fd/\(number)", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
      if own >= 0 { return OutputFile(own, name, .nonBlocking, isOwned: true) }
    }
    let canBlock = mode == S_IFIFO || mode == S_IFSOCK || isatty(number) != 0
    return OutputFile(number, name, canBlock ? .inPieces : .direct, isRegular: mode == S_IFREG)
  }

  /// Opens a file, made where there is none. What is in it stays until something is written.
  ///
  /// nil where it is a FIFO that nobody reads yet. Throws `output` where it cannot be opened.
  public static func file(at path: String) throws(CaptureError) -> OutputFile? {
    let flags = O_WRONLY | O_NONBLOCK | O_CLOEXEC
    let fresh = unsafe Glibc.open(path, flags | O_CREAT | O_EXCL, 0o666)
    if fresh >= 0 {
      return OutputFile(fresh, path, .direct, isRegular: true, isOwned: true, isNew: true)
    }
    guard errno == EEXIST else { throw failure(path) }
    // A link to a file that is not there yet exists, and leads to a new file.
    let existing = unsafe Glibc.open(path, flags | O_CREAT, 0o666)
    guard existing >= 0 else {
      // Making up the error may change errno, as looking at the file does.
      let isUnread = errno == ENXIO
      let error = failure(path)
      if isUnread, isFIFO(path) { return nil }
      throw error
    }
    guard let mode = fileMode(existing) else {
      Glibc.close(existing)
      throw failure(path)
    }
    // A terminal can be full, too.
    return OutputFile(
      existing, path, mode == S_IFREG ? .direct : .nonBlocking, isRegular: mode == S_IFREG,
      isOwned: true)
  }

  /// The end of a pipe that is ours alone, does not block and is closed with this; named after what
  /// its reader makes of it.
  public static func pipe(_ descriptor: Int32, name: String) -> OutputFile {
    OutputFile(descriptor, name, .nonBlocking, isOwned: true)
  }

  /// Makes sure that another program can write a file at a path, and leaves all as it is.
  ///
  /// Throws `output` where it cannot, or where it is a FIFO.
  public static func checkFile(at path: String) throws(CaptureError) {
    guard !isFIFO(path) else {
      throw CaptureError(.output, path, "a video file cannot be a FIFO: use -f y4m")
    }
    _ = try file(at: path)
  }

  /// A FIFO that nobody reads yet, to be opened later.
  public static func awaited(at path: String) -> OutputFile {
    OutputFile(-1, path, .nonBlocking)
  }

  /// Whether there is something to write to.
  var isOpen: Bool { descriptor >= 0 }

  /// Opens a FIFO whose reader was awaited. Returns whether one is there now.
  ///
  /// Throws `output` where it cannot be opened any more.
  mutating func open() throws(CaptureError) -> Bool {
    guard let file = try Self.file(at: name) else { return false }
    self = file
    return true
  }

  /// Closes it: nothing is written any more.
  mutating func close() { self = .awaited(at: name) }

  /// A regular file that was opened for us alone; closed with this.
  static func regular(_ descriptor: Int32, _ name: String) -> OutputFile {
    OutputFile(descriptor, name, .direct, isRegular: true, isOwned: true)
  }

  private init(
    _ descriptor: Int32, _ name: String, _ kind: Kind, isRegular: Bool = false,
    isOwned: Bool = false, isNew: Bool = false
  ) {
    self.descriptor = descriptor
    self.name = name
    self.kind = kind
    self.isRegular = isRegular
    self.isOwned = isOwned
    self.isNew = isNew
    // As large as may be; a smaller one does as well.
    _ = clinux_set_pipe_size(descriptor, Self.wantedPipeSize)
    let size = clinux_pipe_size(descriptor)
    pipeSize = size < 0 ? nil : Int(size)
  }

  deinit {
    if isNew, byteCount == 0 { unsafe unlink(name) }
    if isOwned { Glibc.close(descriptor) }
  }

  /// Whether it takes something now, or fails at once.
  var isWritable: Bool {
    guard kind != .direct else { return true }
    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return unsafe clinux_poll(&poll, 1, 0) > 0
  }

  /// Writes what there is room for of two runs of bytes that follow one another.
  ///
  /// Throws `output` where it cannot be written, because the disk is full for one.
  mutating func write(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
  ) throws(CaptureError) -> Outcome {
    if byteCount == 0 { try begin() }
    var runs = unsafe (iovec(first), iovec(second))
    if kind == .inPieces {
      guard isWritable else { return .full }
      unsafe runs.0.iov_len = min(runs.0.iov_len, Int(PIPE_BUF))
      unsafe runs.1.iov_len = min(runs.1.iov_len, Int(PIPE_BUF) - runs.0.iov_len)
    }
    while true {
      let written = unsafe withUnsafeBytes(of: &runs) {
        unsafe writev(descriptor, $0.baseAddress!.assumingMemoryBound(to: iovec.self), 2)
      }
      if written >= 0 {
        byteCount += written
        return .wrote(written)
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .full
      case EPIPE, ECONNRESET: return .readerGone
      default: throw Self.failure(name)
      }
    }
  }

  /// Why pages cannot be given to it; nil where that can be tried, or a reader is awaited.
  var spliceLack: String? {
    if let spliceFault { return spliceFault }
    guard isOpen else { return nil }
    if pipeSize == nil { return "the output is no pipe" }
    // Whoever shares the descriptor would have to wait, too.
    return kind == .nonBlocking ? nil : "the pipe cannot be opened anew"
  }

  /// Whether that can be tried.
  var canSplice: Bool { spliceLack == nil }

  /// Bytes that a pipe holds, of all who write to it.
  var unreadCount: Int { Int(clinux_unread(descriptor)) }

  /// Gives a pipe the pages that bytes lie in, as far as there is room. They must stay as they are
  /// while they can be read. nil where it takes no pages, now and from here on.
  mutating func splice(_ bytes: UnsafeRawBufferPointer) -> Outcome? {
    while true {
      let given = unsafe clinux_vmsplice(descriptor, bytes.baseAddress, bytes.count)
      if given >= 0 {
        byteCount += given
        return .wrote(given)
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .full
      case EPIPE: return .readerGone
      case let error:
        spliceFault = "vmsplice: \(unsafe String(cString: strerror(error)))"
        return nil
      }
    }
  }

  /// Makes room for the first bytes: what a file of ours held before goes now, not earlier.
  private func begin() throws(CaptureError) {
    guard isRegular, isOwned else { return }
    guard ftruncate(descriptor, 0) == 0 else { throw Self.failure(name) }
  }

  /// Takes back what was written after so many bytes, so that a file ends with a whole frame.
  mutating func cut(to count: Int) {
    let position = lseek(descriptor, 0, SEEK_CUR)
    // A file that goes on behind what we wrote is somebody's who knows what he does.
    guard isRegular, byteCount > count, position == lseek(descriptor, 0, SEEK_END) else { return }
    guard ftruncate(descriptor, position - (byteCount - count)) == 0 else { return }
    byteCount = count
    // Others that write through the same descriptor go on from there.
    lseek(descriptor, 0, SEEK_END)
  }

  private static func isFIFO(_ path: String) -> Bool { kind(at: path) == S_IFIFO }

  /// Whether there is something at a path that is no regular file: a FIFO, or a device.
  public static func isSpecial(_ path: String) -> Bool {
    kind(at: path).map { $0 != S_IFREG } ?? false
  }

  private static func kind(at path: String) -> mode_t? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  private static func fileMode(_ descriptor: Int32) -> mode_t? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT
  }

  /// What `errno` says of a file.
  static func failure(_ name: String) -> CaptureError {
    CaptureError(.output, name, "cannot write: \(unsafe String(cString: strerror(errno)))")
  }
}

extension iovec {
  fileprivate init(_ bytes: UnsafeRawBufferPointer) {
    unsafe self.init(
      iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
  }
}
