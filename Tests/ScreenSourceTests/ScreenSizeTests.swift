import CropEngine
import ScreenSource
import TestSupport
import Testing

/// Modes and sizes that xrandr sets, as a user does.
@Suite("The screen and its modes change")
struct ScreenSizeTests {
  private func stage(
    surface: KeyPath<Scene, UInt> = \.root, sharedMemory: Bool = true
  ) throws -> Stage {
    let stage = try Stage(surface: surface, sharedMemory: sharedMemory, screen: "1280x960x24")
    try xrandr(
      stage, "--newmode", "small", "25", "640", "656", "752", "800", "480", "490", "492",
      "525")
    try xrandr(stage, "--addmode", "screen", "small")
    return stage
  }

  private func xrandr(_ stage: Stage, _ arguments: String...) throws {
    let result = try Command.run(
      "/usr/bin/xrandr", arguments, display: stage.scene.server.displayName)
    guard result.status == 0 else { throw Failure("xrandr \(arguments): \(result.errors)") }
  }

  /// The output shows 640×480 of a screen that stays as large as it was.
  private func useSmallMode(_ stage: Stage) throws {
    try xrandr(stage, "--fb", "1280x960", "--output", "screen", "--mode", "small")
  }

  /// A frame of the screen: its rectangle, and what it shows where TOP is.
  private func frame(_ stage: Stage) throws -> (ofTop: Picture, region: FrameRegion) {
    guard case .frame(let frame) = try stage.capture.grab() else { throw Failure("no frame") }
    let top = frame.pixels[(100 * frame.stride + 100 * 4)...]
    return (
      Picture(top.prefix(300 * frame.stride), size: Picture.ofTop.size, stride: frame.stride),
      frame.region
    )
  }

  @Test("A12: an output's mode is followed by its monitor")
  func mode() throws {
    let stage = try stage()
    let scene = stage.scene
    _ = scene.mapPlaces(size: Size(width: 640, height: 480))
    let monitor = try Stage(monitor: .name("screen"), of: scene)
    #expect(
      try monitor.frame().region.onScreen == Rect(x: 0, y: 0, width: 1280, height: 960))
    try useSmallMode(stage)
    let place = Rect(x: 0, y: 0, width: 640, height: 480)
    let (picture, region) = try monitor.frame()
    #expect(region.onScreen == place)
    #expect(region.surface == place.size)
    #expect(picture == .places(place))
  }

  @Test(
    "The screen made smaller and larger is followed, pixels and rectangle",
    arguments: [true, false])
  func screen(sharedMemory: Bool) throws {
    let stage = try stage(sharedMemory: sharedMemory)
    try useSmallMode(stage)
    for size in [
      Size(width: 700, height: 500), Size(width: 1280, height: 960), Size(width: 640, height: 480),
      Size(width: 641, height: 959), Size(width: 1279, height: 481),
    ] {
      try xrandr(stage, "--fb", "\(size)")
      let (ofTop, region) = try frame(stage)
      #expect(region.rect == size.bounds)
      #expect(region.surface == size)
      #expect(ofTop == .ofTop)
    }
    #expect((stage.capture.plainReason == nil) == sharedMemory)
  }

  @Test("Resized while it is grabbed, no frame fails, and shared memory is used on")
  func whileGrabbing() throws {
    let stage = try stage()
    try useSmallMode(stage)
    let storm = try Command(
      "/bin/bash",
      [
        "-c",
        "for i in {1..12}; do xrandr --fb 640x480; xrandr --fb 1280x960; xrandr --fb 700x500; done",
      ], display: stage.scene.server.displayName)
    var sizes: Set<Size> = []
    while !storm.hasEnded(within: 0) {
      guard case .frame(let frame) = try stage.capture.grab() else { throw Failure("no frame") }
      sizes.insert(frame.region.rect.size)
      #expect(frame.region.rect.size == frame.region.surface)
    }
    #expect(try storm.finish().status == 0)
    #expect(sizes.count == 3, "it was resized under the capture")
    let (ofTop, region) = try frame(stage)
    #expect(region.surface == Size(width: 700, height: 500))
    #expect(ofTop == .ofTop)
    #expect(stage.capture.plainReason == nil)
  }

  @Test("A window is followed on a screen that is made smaller and larger")
  func window() throws {
    let stage = try stage(surface: \.top)
    try useSmallMode(stage)
    #expect(try stage.frame().picture == .ofTop)
    stage.scene.move(stage.scene.top, x: 800, y: 600)
    #expect(try stage.frame().picture == .ofTop)
    try xrandr(stage, "--fb", "1000x800")
    #expect(try stage.frame().region.rect == Rect(x: 0, y: 0, width: 200, height: 200))
    try xrandr(stage, "--fb", "700x500")
    #expect(try stage.nothing() == .empty)
    try xrandr(stage, "--fb", "1280x960")
    #expect(try stage.frame().region.rect == Rect(x: 0, y: 0, width: 400, height: 300))
  }
}
