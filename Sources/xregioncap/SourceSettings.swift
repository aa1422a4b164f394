import CropEngine
import ScreenSource

/// What is to be captured, and how it is looked for: the options, understood and checked.
struct SourceSettings {
  /// An option's value with the option's name, for errors.
  struct Named<Value> {
    let value: Value
    let option: String
  }

  var displayName: String?
  var surface: Named<SurfaceSpecifier>
  var target: Named<TargetSpecifier>?
  /// How long to wait for display, surface and target, in ns.
  var wait: Int64
  var cursor: CursorMode
  var usesSharedMemory: Bool
}

extension SourceSettings {
  /// Understands and checks the options, before anything is asked of an X server.
  init(
    _ surface: SurfaceOptions, _ target: TargetOptions, defaultCursor: CursorMode
  ) throws(CaptureError) {
    displayName = surface.display
    self.surface = try Self.surface(surface)
    self.target = try Self.target(target)
    wait = try Clock.nanoseconds(surface.wait, "--wait") ?? 0
    cursor = surface.cursor ?? defaultCursor
    usesSharedMemory = !surface.noShm
  }

  private static func surface(
    _ options: SurfaceOptions
  ) throws(CaptureError) -> Named<SurfaceSpecifier> {
    if options.logical {
      throw CaptureError(
        .notSupported, "--logical", "only what is seen on the screen can be captured yet")
    }
    let given = [
      options.screen ? "--screen" : nil, options.monitor.map { _ in "--monitor" },
      options.window.map { _ in "--window" },
    ].compactMap { $0 }
    guard given.count <= 1 else {
      throw CaptureError(
        .type, given[0], "\(given[1]) was given too: only one surface can be captured")
    }
    if let window = options.window {
      let selector = try WindowSelector(parsing: window, subject: "--window")
      return Named(value: .window(selector), option: "--window")
    }
    if let monitor = options.monitor {
      return Named(
        value: .monitor(try MonitorSelector(parsing: monitor, subject: "--monitor")),
        option: "--monitor")
    }
    return Named(value: .window(.root), option: "--screen")
  }

  private static func target(
    _ options: TargetOptions
  ) throws(CaptureError) -> Named<TargetSpecifier>? {
    switch (options.cropTo, options.geometry) {
    case (nil, nil):
      return nil
    case (let text?, nil):
      return Named(
        value: try TargetSpecifier(parsing: text, subject: "--crop-to"), option: "--crop-to")
    case (nil, let text?):
      return Named(
        value: .region(try RegionGeometry(parsing: text, subject: "--geometry")),
        option: "--geometry")
    case (_?, _?):
      throw CaptureError(.type, "--geometry", "--crop-to was given too: there is one target")
    }
  }
}
