import CX11
import CropEngine
import Glibc

/// Memory that the X server writes images into: a System V segment attached on both sides.
///
/// Only this user can read it (0600), and it is marked for removal as soon as we hold it, so that
/// nothing is left behind however we end: killed while a server does not answer, too. On Linux, the
/// server can attach it all the same.
@safe struct SharedSegment: ~Copyable {
  /// MADV_POPULATE_WRITE, which is newer than some headers and kernels: those refuse it.
  private static let populateForWriting: Int32 = 23

  let bytes: UnsafeMutableRawBufferPointer
  /// XShm reads segment and address from here.
  private let info: UnsafeMutablePointer<XShmSegmentInfo>
  private let connection: Connection

  /// `usedAtOnce` is how much of it is written to next.
  ///
  /// Throws the reason where either side cannot attach: the server may be on another machine, or
  /// in another IPC namespace.
  init(
    _ connection: Connection, byteCount: Int, usedAtOnce: Int
  ) throws(SharedMemoryUnavailable) {
    guard unsafe XShmQueryExtension(connection.display) != 0 else {
      throw SharedMemoryUnavailable(reason: "the server has no MIT-SHM extension")
    }
    let id = shmget(IPC_PRIVATE, byteCount, IPC_CREAT | 0o600)
    guard id >= 0 else {
      throw SharedMemoryUnavailable(reason: "shmget: \(unsafe String(cString: strerror(errno)))")
    }
    // shmat says failure with the address −1.
    let address = unsafe shmat(id, nil, 0)
    let error = errno
    shmctl(id, IPC_RMID, nil)
    guard let address = unsafe address, Int(bitPattern: address) != -1 else {
      throw SharedMemoryUnavailable(reason: "shmat: \(unsafe String(cString: strerror(error)))")
    }
    // All pages at once cost less than one by one, when the server comes upon them.
    _ = unsafe madvise(address, usedAtOnce, Self.populateForWriting)
    let info = UnsafeMutablePointer<XShmSegmentInfo>.allocate(capacity: 1)
    unsafe info.initialize(to: XShmSegmentInfo())
    unsafe info.pointee.shmid = id
    unsafe info.pointee.shmaddr = address.assumingMemoryBound(to: CChar.self)
    if let error = connection.trapping({ unsafe XShmAttach(connection.display, info) }) {
      // No XShmDetach: it was not attached.
      unsafe shmdt(address)
      unsafe info.deallocate()
      throw SharedMemoryUnavailable(
        reason: "the server cannot attach the segment (\(error.name)): "
          + "it is on another machine or in another IPC namespace")
    }
    unsafe bytes = UnsafeMutableRawBufferPointer(start: address, count: byteCount)
    unsafe self.info = info
    self.connection = connection
  }

  /// Its number on the server.
  var id: UInt { unsafe info.pointee.shmseg }

  deinit {
    // Xlib takes no request any more where the server is gone.
    if !connection.isLost { unsafe XShmDetach(connection.display, info) }
    unsafe shmdt(bytes.baseAddress)
    unsafe info.deallocate()
  }
}

/// Why there is no shared memory with the server.
struct SharedMemoryUnavailable: Error {
  let reason: String
}
