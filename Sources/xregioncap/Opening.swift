import CropEngine
import FrameOutput
import ScreenSource

/// Gets ready what a capture needs, and waits for it as long as was asked for.
struct Opening {
  /// How often to look again for what is not there yet, in ns. It may be anything from a socket to
  /// a title, so that no one event tells of it.
  static let interval = 20 * Clock.millisecond

  private let settings: SourceSettings
  /// How long display, surface and target are waited for, in ns.
  private let wait: Int64
  private let report: Report
  /// What is to show the window; nil where it is there by itself.
  private let command: RunningCommand?
  /// When to wait no longer, in ns. The time that a click takes is not waited.
  private(set) var deadline: Int64

  init(_ settings: SourceSettings, _ report: Report, _ command: RunningCommand? = nil) {
    self.settings = settings
    self.report = report
    self.command = command
    // COMMAND's windows come when they come, or it ends.
    wait = settings.givenWait ?? (command == nil ? 0 : Self.century)
    deadline = Clock.now + wait
  }

  private static let century = 3_000_000_000 * Clock.second

  /// Finds the surface and the target. What the user has to click is asked for once.
  ///
  /// Throws what is said of them, where they are not there within the time.
  mutating func capture(
    _ signals: borrowing SignalReader
  ) throws(CaptureError) -> (Connection, SurfaceCapture) {
    let connection = try Self.waiting(until: deadline, signals, on: command) {
      () throws(CaptureError) in
      try Connection(displayName: settings.displayName)
    }
    // One that was clicked stays: no other window is looked for in its place.
    let clicked = try clickedSurface(connection, signals)
    let capture: SurfaceCapture
    if let target = settings.target.wanted, target.asksForClick {
      capture = try Self.waiting(until: deadline, signals, on: command) { () throws(CaptureError) in
        try surface(clicked, connection)
      }
      try clickTarget(target, capture, connection, signals)
    } else {
      capture = try Self.waiting(until: deadline, signals, on: command) { () throws(CaptureError) in
        let capture = try surface(clicked, connection)
        try capture.limit(capture.main, to: settings.target, connection)
        return capture
      }
    }
    capture.showsPopups = settings.showsPopups
    if capture.view == .visible { noteView(of: capture.surface, connection) }
    showCursor(capture)
    return (connection, capture)
  }

  /// Tries again while what it throws may change, until a time in ns, or until the COMMAND has ended
  /// that is to show the window.
  static func waiting<Value>(
    until deadline: Int64, _ signals: borrowing SignalReader, on command: RunningCommand? = nil,
    _ attempt: () throws(CaptureError) -> Value
  ) throws(CaptureError) -> Value {
    while true {
      do throws(CaptureError) {
        return try attempt()
      } catch {
        let mayCome = error.name == .notFound || error.name == .notAllowed
        guard mayCome, Clock.now < deadline else { throw error }
        try rest(signals, command, for: "the window", lacking: error)
      }
    }
  }

  /// Leaves what is not there yet some time. Throws `noFrame` where it will not come any more: `lack`
  /// is what was said of it.
  private static func rest(
    _ signals: borrowing SignalReader, _ command: RunningCommand?, for what: String,
    lacking lack: CaptureError? = nil
  ) throws(CaptureError) {
    guard let command else { return try signals.wait(interval, for: what) }
    try command.wait(until: Clock.now + interval, for: what, signals)
    guard !command.hasEnded else {
      // That COMMAND shows no window goes without saying.
      let why = lack.flatMap { $0.subject == command.name ? nil : " (\($0))" } ?? ""
      throw CaptureError(
        .noFrame, "no frame was written", "\(command.name) ended before \(what) was there\(why)")
    }
  }

  /// Opens an output; waits for the reader of a FIFO as long as that takes.
  func output(
    _ path: String, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> OutputFile {
    while true {
      if let file = try OutputFile.file(at: path) { return file }
      try Self.rest(signals, command, for: "a reader of the output")
    }
  }

  /// Waits for the readers of a stream's FIFOs, as long as that takes.
  func complete(
    _ files: inout StreamFiles, _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    while try !files.openMore() {
      try Self.rest(signals, command, for: "a reader of the output")
    }
  }

  /// A crop beside the main one; waits for its target.
  func crop(
    _ target: TargetSettings, of capture: SurfaceCapture,
    _ connection: Connection, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> Crop {
    let crop = capture.addCrop()
    try Self.waiting(until: deadline, signals, on: command) { () throws(CaptureError) in
      try capture.limit(crop, to: target, connection)
    }
    return crop
  }

  private func foundSurface(_ connection: Connection) throws(CaptureError) -> SurfaceCapture {
    let option = settings.surface.option
    if let command, !settings.isSurfaceNamed {
      let first = try WindowFinder(connection).firstWindow(subject: command.name) {
        command.mayOwn($0)
      }
      return try follow(first, connection)
    }
    switch settings.surface.value {
    case .window(let selector):
      return try follow(
        WindowFinder(connection).surface(selector, subject: option), connection)
    case .monitor(let selector):
      return try SurfaceCapture(
        connection, monitor: selector, subject: option, noSharedMemory: noSharedMemory,
        noDamage: noDamage)
    }
  }

  private func follow(
    _ surface: WindowID, _ connection: Connection
  ) throws(CaptureError) -> SurfaceCapture {
    try SurfaceCapture(
      connection, surface: surface, view: try view(of: surface, connection),
      noSharedMemory: noSharedMemory, noDamage: noDamage)
  }

  /// Which pixels of a window are captured: those that were asked for, else its own where the
  /// server can tell them. Throws `notSupported` where those that were asked for cannot be had.
  private func view(
    of window: WindowID, _ connection: Connection
  ) throws(CaptureError) -> SurfaceView {
    guard let lack = SurfaceCapture.logicalLack(of: window, connection) else {
      return settings.view?.value ?? .logical
    }
    if let view = settings.view, view.value == .logical {
      throw CaptureError(.notSupported, view.option, "\(lack): leave it out")
    }
    return .visible
  }

  /// Says where a window's own pixels were wanted, though nobody asked for them, and cannot be had.
  private func noteView(of window: WindowID, _ connection: Connection) {
    guard settings.view == nil, window != connection.root,
      let lack = SurfaceCapture.logicalLack(of: window, connection)
    else { return }
    report.note(
      "\(settings.surface.option): \(lack): the window is captured as it is seen on the screen")
  }

  private var noSharedMemory: String? {
    settings.usesSharedMemory ? nil : "--no-shm was given"
  }

  private var noDamage: String? { settings.usesDamage ? nil : "--no-damage was given" }

  /// The surface that was clicked, else the one that is found now; on the screen, where somebody
  /// wants to wait until it is.
  private func surface(
    _ clicked: SurfaceCapture?, _ connection: Connection
  ) throws(CaptureError) -> SurfaceCapture {
    let capture = if let clicked { clicked } else { try foundSurface(connection) }
    switch try capture.visibility() {
    case .ended where clicked != nil:
      throw CaptureError(.noFrame, "no frame was written", "the window was closed")
    case .nothing(.unmapped):
      guard wait == 0 else {
        throw CaptureError(
          .notFound, settings.surface.option, "the window is there, but not mapped")
      }
      report.note("\(settings.surface.option): the window is not mapped: no frames until it is")
    default:
      break
    }
    return capture
  }

  /// The surface that the user clicks; nil where it is not to be clicked.
  private mutating func clickedSurface(
    _ connection: Connection, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> SurfaceCapture? {
    guard case .window(let selector) = settings.surface.value, selector.asksForClick else {
      return nil
    }
    let option = settings.surface.option
    let clicked = try click("the window to capture", option, connection, signals)
    let id = try WindowFinder(connection).surface(selector, clicked: clicked, subject: option)
    report.detail("\(option): window \(WindowInfo.hexadecimal(id))")
    return try follow(id, connection)
  }

  private mutating func clickTarget(
    _ target: TargetSettings.Wanted, _ capture: SurfaceCapture, _ connection: Connection,
    _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    let clicked = try click("the part of it to follow", target.option, connection, signals)
    try capture.limit(capture.main, to: settings.target, connection, clicked: clicked)
    if let id = capture.main.target.window {
      report.detail("\(target.option): window \(WindowInfo.hexadecimal(id))")
    }
  }

  /// The windows under the place that the user clicks, from the root down.
  private mutating func click(
    _ what: String, _ option: String, _ connection: Connection, _ signals: borrowing SignalReader
  ) throws(CaptureError) -> [WindowID] {
    let start = Clock.now
    let clicked = try ClickRequest(option: option, what: what)
      .windows(connection, report, signals)
    deadline += Clock.now - start
    return clicked
  }

  private func showCursor(_ capture: SurfaceCapture) {
    do throws(CaptureError) {
      try capture.showCursor(settings.cursor)
    } catch {
      report.note("\(error)")
    }
  }
}
