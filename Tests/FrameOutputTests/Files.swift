import FrameOutput
import Glibc
import TestSupport

extension TemporaryFolder {
  /// The file that frames go to, whether it is there or not.
  func file(_ name: String = "frames") -> String { self[name] }

  /// What is in a file; nil where there is none.
  func content(_ name: String = "frames") -> [UInt8]? { try? read(name) }

  /// Makes a file of frames that holds something else.
  func put(_ content: String) throws { try write(content.utf8, to: "frames") }
}

/// A FIFO with a reader that reads when it is told to.
final class Reader {
  private let folder: TemporaryFolder
  private(set) var descriptor: Int32
  var path: String { folder.file() }

  init() throws {
    folder = try TemporaryFolder()
    guard mkfifo(folder.file(), 0o600) == 0 else { throw Failure("mkfifo") }
    descriptor = open(folder.file(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  }

  deinit { leave() }

  /// Leaves room for one page in the pipe: what is written comes in parts.
  func narrow() throws {
    guard resize(4096) else { throw Failure("F_SETPIPE_SZ") }
  }

  /// Makes room for so many bytes. Returns whether that is so now.
  func resize(_ count: Int) -> Bool {
    let setPipeSize: Int32 = 1031
    return fcntl(descriptor, setPipeSize, Int32(count)) == count
  }

  /// What is there, at most so many bytes; empty where nothing is, or the writer is gone.
  func take(_ most: Int = 1 << 20) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      count = max(0, read(descriptor, buffer.baseAddress, most))
    }
  }

  /// Whether the writer is gone and all is read.
  var isAtEnd: Bool {
    var byte: UInt8 = 0
    return read(descriptor, &byte, 1) == 0
  }

  func leave() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }
}

extension OutputFile {
  /// Opens a file that is no FIFO without a reader.
  static func opened(_ path: String) throws -> OutputFile {
    guard let file = try OutputFile.file(at: path) else { throw Failure("nobody reads \(path)") }
    return file
  }
}

/// Keeps a signal that a write of this thread's brings about from doing anything.
func withoutSignal<Result>(_ signal: Int32, _ body: () throws -> Result) rethrows -> Result {
  var (set, before) = (sigset_t(), sigset_t())
  sigemptyset(&set)
  sigaddset(&set, signal)
  pthread_sigmask(SIG_BLOCK, &set, &before)
  defer {
    var now = timespec(tv_sec: 0, tv_nsec: 0)
    sigtimedwait(&set, nil, &now)
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }
  return try body()
}

/// Lets no file of this process grow beyond so many bytes meanwhile: more than any other file of
/// the tests has.
func withFileLimit(_ limit: Int, _ body: () throws -> Void) throws {
  var before = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before)
  var limited = rlimit(rlim_cur: UInt(limit), rlim_max: before.rlim_max)
  guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limited) == 0 else {
    throw Failure("setrlimit")
  }
  defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &before) }
  try withoutSignal(SIGXFSZ, body)
}
