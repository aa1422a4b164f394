import CLinux
import CropEngine
import Glibc

/// An X server of our own (Xvfb), without a screen that anyone sees, for whoever has its cookie.
///
/// Nothing of it is left behind: it ends by itself where we are killed, and where it is killed, its
/// socket is removed. It has no lock: Xvfb makes none where it chooses its number.
final class PrivateServer {
  /// How long it has to be ready, in ns.
  private static let patience = 30 * Clock.second
  /// How often another is tried where one has ended at once: someone else took its number.
  private static let attempts = 3

  /// As `$DISPLAY` has it.
  let displayName: String
  private let cookie: DisplayCookie
  private let process: ChildProcess
  private let socket: SocketFile?

  /// Starts it, and waits until it is ready.
  ///
  /// Throws `notFound` where there is no Xvfb, or it does not come up; `noFrame` where a signal asks
  /// to stop.
  init(_ screen: ScreenSize, _ signals: borrowing SignalReader) throws(CaptureError) {
    cookie = try DisplayCookie()
    var attempt = 1
    while true {
      do throws(CaptureError) {
        (process, displayName) = try Self.start(screen, cookie, signals)
        socket = SocketFile(displayName)
        return
      } catch {
        guard error.name == .notFound, attempt < Self.attempts else { throw error }
        attempt += 1
      }
    }
  }

  deinit { end() }

  /// Where X programs find the cookie, as `$XAUTHORITY` has it.
  var authority: String { cookie.path }

  private static func start(
    _ screen: ScreenSize, _ cookie: DisplayCookie, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> (ChildProcess, String) {
    var ends: [Int32] = [-1, -1]
    guard unsafe clinux_pipe(&ends) == 0 else { throw failure("a pipe cannot be made") }
    let (reading, writing) = (ends[0], ends[1])
    defer { close(reading) }
    let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let said = try MemoryFile("Xvfb")
    let process: ChildProcess
    do throws(ChildProcess.Failure) {
      defer { close(writing) }
      process = try ChildProcess(
        ChildProcess.Settings(
          arguments: [
            "Xvfb", "-displayfd", "\(writing)", "-screen", "0", screen.description,
            "-auth", cookie.path, "-nolisten", "tcp", "-noreset",
          ],
          input: null, output: null, errors: said.descriptor, handedOn: writing,
          // It removes its socket then.
          deathSignal: SIGTERM))
    } catch {
      guard error.number == ENOENT else { throw failure(error.reason) }
      throw failure("it is not there: install it (apt-get install xvfb), or name a --display")
    }
    do throws(CaptureError) {
      return (process, ":\(try number(from: reading, process, said, signals))")
    } catch {
      // Killed, it would leave its socket.
      process.end(patience: Clock.second)
      throw error
    }
  }

  /// The number of its display, which it tells when it is ready.
  private static func number(
    from descriptor: Int32, _ process: ChildProcess, _ said: MemoryFile,
    _ signals: borrowing SignalReader
  ) throws(CaptureError) -> Int {
    let deadline = Clock.now + patience
    var text = ""
    while Clock.now < deadline {
      try signals.wait(deadline - Clock.now, or: descriptor, for: "the X server")
      var byte: UInt8 = 0
      let count = unsafe read(descriptor, &byte, 1)
      // It closes the pipe when it ends, too.
      if count == 0 { break }
      if count == 1 { text.unicodeScalars.append(Unicode.Scalar(byte)) }
      if byte == UInt8(ascii: "\n"), let number = Int(text.dropLast()) { return number }
    }
    throw failure("it does not come up" + said.lastWords(3))
  }

  private static func failure(_ why: String) -> CaptureError {
    CaptureError(.notFound, "Xvfb", why)
  }

  /// Readable once it has ended.
  var descriptor: Int32 { process.descriptor }

  /// Ends it, and sees that nothing is left of it.
  func end() {
    process.end(patience: 2 * Clock.second)
    removeRemains()
    cookie.remove()
  }

  /// Removes the socket of a server that was killed, unless it is another's by now.
  private func removeRemains() {
    if let socket, socket == SocketFile(displayName) { unsafe _ = unlink(socket.path) }
  }
}

/// A server's socket as it lies in the file system: which one it is, however it is named.
private struct SocketFile: Equatable {
  let path: String
  private let device: dev_t
  private let number: ino_t
  /// Numbers are given again.
  private let seconds: Int
  private let nanoseconds: Int

  /// nil where there is none.
  init?(_ displayName: String) {
    path = "/tmp/.X11-unix/X\(displayName.dropFirst())"
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    (device, number) = (status.st_dev, status.st_ino)
    (seconds, nanoseconds) = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
  }
}
