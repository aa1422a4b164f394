import CropEngine
import ScreenSource

/// What a stream is limited to: the options, understood and checked.
struct TargetSettings {
  /// A target that was asked for.
  struct Wanted {
    let specifier: TargetSpecifier
    /// Whether what covers it is seen.
    let kind: TargetKind
    /// The option that names it, for errors.
    let option: String

    /// Whether the user has to click it.
    var asksForClick: Bool {
      if case .window(let selector) = specifier { selector.asksForClick } else { false }
    }
  }

  /// nil for the whole surface.
  var wanted: Wanted?
  /// Whether pixels that are not known to be its own are black, and the others shown.
  var showsPartial = false
}

extension TargetSettings {
  /// Understands and checks the options. Errors call each by its name, or all of them `subject`.
  init(_ options: TargetOptions, subject: String? = nil) throws(CaptureError) {
    showsPartial = options.partial == .black
    let given = [
      options.cropTo.map { ("--crop-to", $0) }, options.restrictTo.map { ("--restrict-to", $0) },
      options.geometry.map { ("--geometry", $0) },
    ].compactMap(\.self)
    guard let (name, text) = given.last else { return }
    guard given.count == 1 else {
      throw CaptureError(
        .type, subject ?? name, "\(given[0].0) was given too: there is one target")
    }
    let option = subject ?? name
    wanted = Wanted(
      specifier: options.geometry == nil
        ? try TargetSpecifier(parsing: text, subject: option)
        : .region(try RegionGeometry(parsing: text, subject: option)),
      kind: options.restrictTo == nil ? .crop : .restrict, option: option)
  }
}

extension SurfaceCapture {
  /// Limits a crop as was asked for. `clicked` are the windows under the place that the user
  /// clicked, from the root down, where that is needed.
  ///
  /// Throws what is said of the target, where it is none.
  func limit(
    _ crop: Crop, to settings: TargetSettings, _ connection: Connection, clicked: [WindowID] = []
  ) throws(CaptureError) {
    crop.showsPartial = settings.showsPartial
    guard let wanted = settings.wanted else { return }
    let target = try WindowFinder(connection).target(
      wanted.specifier, in: surface, kind: wanted.kind, clicked: clicked, subject: wanted.option)
    try setTarget(
      target, restricting: wanted.kind == .restrict, of: crop, subject: wanted.option)
  }
}
