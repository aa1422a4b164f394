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
  private let socket: DisplaySocket?

  /// Starts it, and waits until it is ready.
  ///
  /// Throws `notFound` where there is no Xvfb, or it does not come up; `noFrame` where a signal asks
  /// to stop.
  init(_ screen: ScreenSize, _ signals: borrowing SignalReader) throws(CaptureError) {
    cookie = try DisplayCookie()
    let taken = TakenDisplays()
    var attempt = 1
    while true {
      let isLast = attempt == Self.attempts
      if let server = try Self.start(screen, cookie, isLast: isLast, signals) {
        (process, displayName) = server
        socket = DisplaySocket(displayName)
        break
      }
      attempt += 1
    }
    _ = consume taken
  }

  deinit { end() }

  /// Where X programs find the cookie, as `$XAUTHORITY` has it.
  var authority: String { cookie.path }

  /// nil where it has ended by itself, and is not the last to be tried.
  private static func start(
    _ screen: ScreenSize, _ cookie: DisplayCookie, isLast: Bool, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> (ChildProcess, String)? {
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
      if let number = try number(from: reading, signals) { return (process, ":\(number)") }
      if !isLast, process.wait(until: Clock.now + Clock.second) { return nil }
      throw failure("it does not come up" + said.lastWords(3))
    } catch {
      // Killed, it would leave its socket.
      process.end(patience: Clock.second)
      throw error
    }
  }

  /// The number of its display, which it tells when it is ready; nil where it tells none in time, or
  /// ends.
  private static func number(
    from descriptor: Int32, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> Int? {
    let deadline = Clock.now + patience
    var text = ""
    while Clock.now < deadline {
      try signals.wait(deadline - Clock.now, or: descriptor, for: "the X server")
      var byte: UInt8 = 0
      let count = unsafe read(descriptor, &byte, 1)
      // It closes the pipe when it ends, too.
      if count == 0 { return nil }
      if count == 1 { text.unicodeScalars.append(Unicode.Scalar(byte)) }
      if byte == UInt8(ascii: "\n"), let number = Int(text.dropLast()) { return number }
    }
    return nil
  }

  private static func failure(_ why: String) -> CaptureError {
    CaptureError(.notFound, "Xvfb", why)
  }

  /// Whether it has ended, by now.
  var hasEnded: Bool { process.exit != nil }

  /// Ends it, and sees that nothing is left of it.
  func end() {
    process.end(patience: 2 * Clock.second)
    removeRemains()
    cookie.remove()
  }

  /// Removes the socket of a server that was killed, unless it is another's by now.
  private func removeRemains() {
    if let socket, socket == DisplaySocket(displayName) { socket.remove() }
  }
}
