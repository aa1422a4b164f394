import Glibc

/// A display's socket as it lies in the file system: which one it is, however it is named.
struct DisplaySocket: Equatable {
  private static let folder = "/tmp/.X11-unix"

  let path: String
  private let device: dev_t
  private let number: ino_t
  /// Numbers are given again.
  private let seconds: Int
  private let nanoseconds: Int

  /// nil where there is none. `displayName` is as `$DISPLAY` has it.
  init?(_ displayName: String) {
    path = "\(Self.folder)/X\(displayName.dropFirst())"
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    (device, number) = (status.st_dev, status.st_ino)
    (seconds, nanoseconds) = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
  }

  /// Removes the file.
  func remove() { unsafe _ = unlink(path) }

  /// The paths of all that there are.
  fileprivate static var paths: [String] {
    guard let list = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(list) }
    var paths: [String] = []
    while let entry = unsafe readdir(list) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.first == "X", Int(name.dropFirst()) != nil { paths.append("\(folder)/\(name)") }
    }
    return paths
  }
}

/// The numbers of displays that have a socket in the file system, for as long as it is there: kept from
/// being chosen.
///
/// Xvfb looks for a number that is free among abstract sockets alone, which a container does not share
/// with its host, where it shares the folder; and it would remove the file of the other.
struct TakenDisplays: ~Copyable {
  private let sockets: [Int32]

  init() {
    sockets = DisplaySocket.paths.compactMap { path in
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
      guard descriptor >= 0 else { return nil }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path)!
      let length = start + 1 + path.utf8.count
      guard length <= MemoryLayout<sockaddr_un>.size else { return descriptor }
      // An abstract name begins with a 0. Where its server has it, it is taken anyway.
      unsafe withUnsafeMutableBytes(of: &address) { bytes in
        unsafe bytes[(start + 1)...].copyBytes(from: Array(path.utf8))
        let address = unsafe bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
        unsafe _ = bind(descriptor, address, socklen_t(length))
      }
      return descriptor
    }
  }

  deinit { for socket in sockets { close(socket) } }
}
