import CLinux
import CropEngine
import Glibc

/// A stream socket between processes of one machine, which is found by its path.
struct LocalSocket: ~Copyable {
  /// What came of reading or writing.
  enum Outcome: Equatable {
    /// So many bytes went over.
    case some(Int)
    /// Nothing goes over for now.
    case later
    /// The other side is gone.
    case ended
  }

  /// Bytes that a path may have: sun_path's, less the one that ends it.
  static let longestPath = 107

  let descriptor: Int32

  /// Takes over a descriptor.
  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// A new one, which does not block unless asked to. Throws `fault` where none is to be had.
  init(blocks: Bool = false) throws(CaptureError) {
    let flags = SOCK_CLOEXEC.rawValue | (blocks ? 0 : SOCK_NONBLOCK.rawValue)
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | flags), 0)
    guard descriptor >= 0 else {
      throw CaptureError(.fault, "socket", unsafe String(cString: strerror(errno)))
    }
  }

  deinit { close(descriptor) }

  /// Makes the file, for this user alone. Returns the number of the error, 0 where there was none.
  func bind(to path: String) -> Int32 {
    // The file gets the socket's mode: there is no moment at which it has another.
    guard fchmod(descriptor, 0o600) == 0 else { return errno }
    return unsafe Self.withAddress(path) { unsafe Glibc.bind(descriptor, $0, $1) == 0 ? 0 : errno }
  }

  /// Returns the number of the error, 0 where there was none.
  func connect(to path: String) -> Int32 {
    unsafe Self.withAddress(path) { address, length in
      while unsafe Glibc.connect(descriptor, address, length) != 0 {
        guard errno == EINTR else { return errno }
      }
      return 0
    }
  }

  /// One who has connected. nil where there is none, or it cannot be had, as `errno` says.
  func accept() -> LocalSocket? {
    let peer = clinux_accept(descriptor)
    return peer < 0 ? nil : LocalSocket(peer)
  }

  /// Whether the process at the other end is this user's (SO_PEERCRED).
  var hasPeerOfThisUser: Bool { clinux_peer_user(descriptor) == Int64(geteuid()) }

  /// Reads what is there. Never waits.
  func receive(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
    let flags = Int32(MSG_DONTWAIT)
    let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, flags)
    return count == 0 ? .ended : Self.outcome(count)
  }

  /// Writes what there is room for; all of it where the socket blocks.
  func send(_ bytes: UnsafeRawBufferPointer) -> Outcome {
    let flags = Int32(MSG_NOSIGNAL)
    return Self.outcome(unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags))
  }

  private static func outcome(_ count: Int) -> Outcome {
    guard count < 0 else { return .some(count) }
    return errno == EAGAIN || errno == EINTR ? .later : .ended
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    guard path.utf8.count <= longestPath else { return ENAMETOOLONG }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    return unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
