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
  private var windowManager: KeptProgram?

  /// Starts an X server with such a screen, unless a display is named, which is waited for until a
  /// time in ns; and has whatever we start use it from now on.
  ///
  /// Throws `notFound` where there is no such display, or no server comes up; `noFrame` where a signal
  /// asks to stop.
  init(
    display: String?, until deadline: Int64, _ screen: ScreenSize,
    _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    // What a keeper that was killed has kept comes to us.
    _ = clinux_adopt_orphans()
    if let display {
      _ = try Opening.waiting(until: deadline, signals) { () throws(CaptureError) in
        try Connection(displayName: display)
      }
      server = nil
      unsafe _ = setenv("DISPLAY", display, 1)
      return
    }
    let server = try PrivateServer(screen, signals)
    self.server = server
    unsafe _ = setenv("DISPLAY", server.displayName, 1)
    unsafe _ = setenv("XAUTHORITY", server.authority, 1)
    Self.forgetWayland()
  }

  /// Keeps toolkits from going to the user's own desktop.
  private static func forgetWayland() {
    // Without a name they try the usual one.
    unsafe _ = setenv("WAYLAND_DISPLAY", "", 1)
    unsafe _ = setenv("XDG_SESSION_TYPE", "x11", 1)
    for name in ["GDK_BACKEND", "QT_QPA_PLATFORM", "SDL_VIDEODRIVER"] {
      guard let value = unsafe getenv(name).map({ unsafe String(cString: $0) }) else { continue }
      if value.contains("wayland") { unsafe _ = unsetenv(name) }
    }
  }

  /// Starts a window manager, by a shell, and waits until it is at work.
  ///
  /// Throws `invalidState` where one is at work already, `notFound` where it ends at once or does not
  /// take the screen in hand; `noFrame` where a signal asks to stop.
  func start(windowManager line: String, _ signals: borrowing SignalReader) throws(CaptureError) {
    let connection = try Connection()
    guard !connection.hasWindowManager else {
      throw CaptureError(.invalidState, "--wm", "a window manager is at work there already")
    }
    let said = try MemoryFile("window manager")
    let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let program: KeptProgram
    do throws(ChildProcess.Failure) {
      program = try KeptProgram(
        ChildProcess.Settings(
          arguments: ["/bin/sh", "-c", line], input: null, output: said.descriptor,
          errors: said.descriptor, deathSignal: SIGKILL))
    } catch {
      throw CaptureError(.notFound, "--wm", error.reason)
    }
    windowManager = program
    let deadline = Clock.now + Self.patience
    while !connection.hasWindowManager {
      try connection.checkAlive()
      guard !program.hasEnded, Clock.now < deadline else {
        let what = program.hasEnded ? "it has ended" : "it does not manage the screen"
        throw CaptureError(.notFound, "--wm", "'\(line)': \(what)" + said.lastWords(3))
      }
      try signals.wait(Opening.interval, or: program.descriptor, for: "the window manager")
    }
  }

  /// Whether the server was ours and has ended.
  var isServerLost: Bool { server?.hasEnded ?? false }

  /// Whether a process is none but what COMMAND has brought about: on a server of our own, anyone but
  /// the window manager.
  func isAlone(_ process: Int?) -> Bool {
    guard server != nil else { return false }
    guard let process, let windowManager else { return true }
    return !ProcessTree.isInside(process, Int(windowManager.keeper))
  }

  /// Ends what was started for it.
  func end() {
    windowManager?.end(patience: Clock.second)
    server?.end()
    // Only what lost its keeper is left.
    clinux_end_orphans()
  }
}
