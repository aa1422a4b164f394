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
  /// Whether that is what the user has named.
  var isSurfaceNamed: Bool
  /// Which pixels of a window, and the option that says so; nil for its own where the server can
  /// tell them.
  var view: Named<SurfaceView>?
  /// Whether a window's menus, tooltips and dialogs are shown with it.
  var showsPopups: Bool
  var target: TargetSettings
  /// How long to wait for display, surface and target, in ns; nil where nobody has said.
  var givenWait: Int64?
  var cursor: CursorMode
  var usesSharedMemory: Bool
  /// Whether the server may tell what changes.
  var usesDamage: Bool
}

extension SourceSettings {
  /// Understands and checks the options, before anything is asked of an X server.
  init(
    _ surface: SurfaceOptions, _ target: TargetOptions, defaultCursor: CursorMode
  ) throws(CaptureError) {
    displayName = surface.display
    self.surface = try Self.surface(surface)
    isSurfaceNamed = surface.screen || surface.monitor != nil || surface.window != nil
    view = try Self.view(surface, of: self.surface)
    showsPopups = surface.popups == .own
    self.target = try TargetSettings(target)
    givenWait = try Clock.nanoseconds(surface.wait, "--wait")
    cursor = surface.cursor ?? defaultCursor
    usesSharedMemory = !surface.noShm
    usesDamage = !surface.noDamage
  }

  private static func surface(
    _ options: SurfaceOptions
  ) throws(CaptureError) -> Named<SurfaceSpecifier> {
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

  private static func view(
    _ options: SurfaceOptions, of surface: Named<SurfaceSpecifier>
  ) throws(CaptureError) -> Named<SurfaceView>? {
    let logical =
      options.logical ? "--logical" : options.popups == .own ? "--popups own" : nil
    guard let logical else {
      return options.visible ? Named(value: .visible, option: "--visible") : nil
    }
    guard !options.visible else {
      throw CaptureError(
        .type, logical, "--visible was given too: it is the one or the other")
    }
    switch surface.value {
    case .window(.root), .monitor:
      throw CaptureError(
        .type, logical, "only a window has pixels of its own: name one with --window")
    case .window:
      return Named(value: .logical, option: logical)
    }
  }
}
