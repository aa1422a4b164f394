import FrameOutput
import Glibc
import TestSupport

/// A folder of a test's own, that is gone after it with all that is in it.
final class Folder {
  let path: String

  init() throws {
    var template = Array("/tmp/frame-output-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure("mkdtemp") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in names { unlink(path + "/" + name) }
    rmdir(path)
  }

  /// A file in it, whether it is there or not.
  func file(_ name: String = "frames") -> String { path + "/" + name }

  var names: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// What is in a file; nil where there is none.
  func content(_ name: String = "frames") -> [UInt8]? {
    let descriptor = open(file(name), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let count = Int(lseek(descriptor, 0, SEEK_END))
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, 0))
    }
  }

  func put(_ content: String, in name: String = "frames") {
    let descriptor = open(file(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    _ = write(descriptor, content, content.utf8.count)
  }
}

/// A FIFO with a reader that reads when it is told to.
final class Reader {
  private let folder: Folder
  private var descriptor: Int32
  var path: String { folder.file() }

  init() throws {
    folder = try Folder()
    guard mkfifo(folder.file(), 0o600) == 0 else { throw Failure("mkfifo") }
    descriptor = open(folder.file(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  }

  deinit { leave() }

  /// Leaves room for one page in the pipe: what is written comes in parts.
  func narrow() throws {
    let setPipeSize: Int32 = 1031
    guard fcntl(descriptor, setPipeSize, 4096) == 4096 else { throw Failure("F_SETPIPE_SZ") }
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
