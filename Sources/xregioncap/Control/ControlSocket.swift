import CropEngine
import Glibc

/// The socket that a session listens on, and its file, which goes with it.
struct ControlSocket: ~Copyable {
  /// Connections that may wait to be accepted.
  private static let backlog: Int32 = 128

  let listener: LocalSocket
  private let folder: ControlFolder
  private let path: String
  private let file: FileIdentity

  /// Makes it. A socket that nobody listens on any more is replaced.
  ///
  /// Throws `type` where the name is none, `invalidState` where it is in use, `security` where the
  /// folder is not this user's alone, or something else is in the file's place.
  init(session name: String) throws(CaptureError) {
    let path = try ControlFolder.socketPath(of: name)
    guard let folder = try ControlFolder.open(making: true) else {
      throw CaptureError(.security, path, "its folder is gone")
    }
    let listener = try LocalSocket()
    // From the look at the file until somebody listens: of two that start at once, one sees the
    // other.
    file = try folder.withLock { () throws(CaptureError) in
      try Self.makeRoom(at: path, session: name)
      let error = listener.bind(to: path)
      guard error == 0 else { throw Self.failure(path, error) }
      guard listen(listener.descriptor, Self.backlog) == 0, let file = FileIdentity(path) else {
        let error = errno
        unsafe unlink(path)
        throw Self.failure(path, error)
      }
      return file
    }
    self.folder = folder
    self.path = path
    self.listener = listener
  }

  deinit {
    // Somebody may have removed it, and another session taken its place. As long as this one is
    // open, no other file has its number.
    try? folder.withLock { () throws(CaptureError) in
      if FileIdentity(path) == file { unsafe unlink(path) }
    }
  }

  private static func failure(_ path: String, _ error: Int32) -> CaptureError {
    CaptureError(.security, path, "cannot listen there: \(unsafe String(cString: strerror(error)))")
  }

  private static func makeRoom(at path: String, session name: String) throws(CaptureError) {
    guard let file = FileIdentity(path) else { return }
    guard file.isSocket else {
      throw CaptureError(
        .security, path, "it is no socket of a session: remove it, or choose another name")
    }
    guard !ControlFolder.listens(path) else {
      throw CaptureError(
        .invalidState, "--session",
        "'\(name)' is running: choose another name, or end it with 'xregioncap ctl -s \(name) stop'"
      )
    }
    unsafe unlink(path)
  }
}

/// Which file a path leads to: itself, where it is a link.
private struct FileIdentity: Equatable {
  let device: dev_t
  let number: ino_t
  let isSocket: Bool

  /// nil where there is none.
  init?(_ path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return nil }
    (device, number) = (status.st_dev, status.st_ino)
    isSocket = status.st_mode & S_IFMT == S_IFSOCK
  }
}
