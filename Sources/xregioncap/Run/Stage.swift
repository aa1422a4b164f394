import CLinux
import CropEngine
import Glibc
import ScreenSource

/// What a COMMAND runs on: a display, and perhaps a window manager.
final class Stage {
  /// How long a window manager has to take the screen in hand, in ns.
  private static let patience = 20 * Clock.second

  /// nil where the display is somebody else's.
  private let server: PrivateServer?
  private var windowManager: ChildProcess?

  /// Starts an X server with such a screen, unless a display is named, and has whatever we start use
  /// the display from now on.
  ///
  /// Throws as ``PrivateServer`` does.
  init(
    display: String?, _ screen: ScreenSize, _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    if let display {
      server = nil
      unsafe _ = setenv("DISPLAY", display, 1)
      return
    }
    // What a keeper that was killed has kept comes to us.
    _ = clinux_adopt_orphans()
    let server = try PrivateServer(screen, signals)
    self.server = server
    unsafe _ = setenv("DISPLAY", server.displayName, 1)
    unsafe _ = setenv("XAUTHORITY", server.authority, 1)
    // Toolkits would rather go there.
    unsafe _ = unsetenv("WAYLAND_DISPLAY")
    unsafe _ = setenv("XDG_SESSION_TYPE", "x11", 1)
  }

  /// Starts a window manager, by a shell, and waits until it is at work.
  ///
  /// Throws `notFound` where it ends at once or does not take the screen in hand; `noFrame` where a
  /// signal asks to stop.
  func start(windowManager line: String, _ signals: borrowing SignalReader) throws(CaptureError) {
    let said = try MemoryFile("window manager")
    let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let process: ChildProcess
    do throws(ChildProcess.Failure) {
      process = try ChildProcess(
        ChildProcess.Settings(
          arguments: ["/bin/sh", "-c", "exec \(line)"],
          input: null, output: said.descriptor, errors: said.descriptor, deathSignal: SIGTERM))
    } catch {
      throw CaptureError(.notFound, "--wm", error.reason)
    }
    windowManager = process
    let connection = try Connection()
    let deadline = Clock.now + Self.patience
    while !connection.hasWindowManager {
      try connection.checkAlive()
      guard process.exit == nil, Clock.now < deadline else {
        let what = process.exit == nil ? "it does not manage the screen" : "it has ended"
        throw CaptureError(
          .notFound, "--wm", "'\(line)': \(what)" + said.lastWords(3))
      }
      try signals.wait(Opening.interval, or: process.descriptor, for: "the window manager")
    }
  }

  /// Whether a process is none but what COMMAND has brought about: on a server of our own, anyone but
  /// the window manager.
  func isAlone(_ process: Int?) -> Bool {
    guard server != nil else { return false }
    guard let process, let windowManager else { return true }
    return !ProcessTree.isInside(process, Int(windowManager.id))
  }

  /// Ends what was started for it.
  func end() {
    windowManager?.end(patience: Clock.second)
    guard let server else { return }
    server.end()
    // Only what lost its keeper is left.
    clinux_end_orphans()
  }
}
