import CropEngine
import Glibc

/// The folder of the sockets of this user's sessions, which nobody else can enter.
struct ControlFolder: ~Copyable {
  private static let ending = ".sock"

  private let path: String
  private let descriptor: Int32

  /// Opens it. nil where there is none, and none is to be made.
  ///
  /// Throws `security` where it is not this user's alone, or cannot be had.
  static func open(making: Bool) throws(CaptureError) -> ControlFolder? {
    let path = path
    if making, unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
      throw failure(path, unsafe String(cString: strerror(errno)))
    }
    // A link is not followed: who made it could lead it elsewhere.
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else {
      let error = errno
      if error == ENOENT, !making { return nil }
      let isOther = error == ELOOP || error == ENOTDIR
      throw failure(path, isOther ? "it is no folder" : unsafe String(cString: strerror(error)))
    }
    let folder = ControlFolder(path: path, descriptor: descriptor)
    try folder.check()
    return folder
  }

  deinit { close(descriptor) }

  private func check() throws(CaptureError) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_uid == geteuid() else {
      throw Self.failure(path, "it is another user's")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw CaptureError(.security, path, "others may enter it: 'chmod 700' makes it yours alone")
    }
  }

  private static var path: String {
    if let folder = unsafe getenv("XDG_RUNTIME_DIR"),
      let text = unsafe String(validatingCString: folder), text.hasPrefix("/")
    {
      return text + "/xregioncap"
    }
    return "/tmp/xregioncap-\(geteuid())"
  }

  private static func failure(_ path: String, _ why: String) -> CaptureError {
    CaptureError(
      .security, path, "\(why): remove it, or set $XDG_RUNTIME_DIR to a folder of yours")
  }

  /// Where a session listens. Throws `type` where the name is none, or too long.
  static func socketPath(of session: String) throws(CaptureError) -> String {
    guard session.isPlainName else {
      throw CaptureError(
        .type, "--session", "'\(session)' is no name: expected 1 to 64 of A-Za-z0-9._-")
    }
    let socket = path + "/" + session + Self.ending
    guard socket.utf8.count <= LocalSocket.longestPath else {
      throw CaptureError(
        .type, "--session",
        "\(socket) is longer than the \(LocalSocket.longestPath) bytes of a socket's path: "
          + "use a shorter name, or a shorter $XDG_RUNTIME_DIR")
    }
    return socket
  }

  /// The names of the sessions that run, in order.
  func sessions() -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let file = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      guard file.hasSuffix(Self.ending) else { continue }
      let name = String(file.dropLast(Self.ending.count))
      if let path = try? Self.socketPath(of: name), Self.listens(path) { names.append(name) }
    }
    return names.sorted()
  }

  /// Whether somebody listens there; one who is too busy to answer does.
  static func listens(_ path: String) -> Bool {
    guard let socket = try? LocalSocket() else { return false }
    let error = socket.connect(to: path)
    return error != ECONNREFUSED && error != ENOENT
  }

  /// Does what no other process of xregioncap is to come between.
  func withLock<Result: ~Copyable>(
    _ body: () throws(CaptureError) -> Result
  ) throws(CaptureError) -> Result {
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }
}
