import CropEngine
import ScreenSource
import TestSupport
import Testing

@Suite("A monitor as a surface")
struct MonitorTests {
  private static let place = Rect(x: 60, y: 50, width: 120, height: 90)

  /// A scene whose pixels tell their places, with monitors of these names.
  private func scene(_ monitors: [String: Rect] = ["A": place]) throws -> Scene {
    let scene = try Scene(Xvfb())
    _ = scene.mapPlaces(size: Size(width: 640, height: 480))
    for (name, rect) in monitors { scene.setMonitor(name, rect) }
    return scene
  }

  private func check(
    _ stage: Stage, _ rect: Rect, of monitor: Rect? = nil,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let (picture, region) = try stage.frame()
    let monitor = monitor ?? rect
    #expect(region.onScreen == rect, sourceLocation: location)
    #expect(
      region.rect == rect.offsetBy(dx: -monitor.x, dy: -monitor.y), sourceLocation: location)
    #expect(region.surface == monitor.size, sourceLocation: location)
    #expect(picture == .places(rect), sourceLocation: location)
  }

  @Test("A monitor of a name is its rectangle", arguments: [true, false])
  func name(sharedMemory: Bool) throws {
    let stage = try Stage(monitor: .name("A"), of: scene(), sharedMemory: sharedMemory)
    try check(stage, Self.place)
    let screen = try Stage(monitor: .name("screen"), of: stage.scene)
    try check(screen, Rect(x: 0, y: 0, width: 640, height: 480))
  }

  @Test("What RandR tells of them")
  func list() throws {
    let scene = try scene()
    scene.setMonitor("B", Rect(x: 0, y: 0, width: 10, height: 20), isPrimary: true)
    let connection = try Connection(displayName: scene.server.displayName)
    let monitors = try MonitorInfo.all(connection)
    #expect(Set(monitors.map(\.name)) == ["screen", "A", "B"])
    let primary = try #require(monitors.first { $0.name == "B" })
    #expect(primary.isPrimary && !primary.isAutomatic)
    #expect(primary.rect == Rect(x: 0, y: 0, width: 10, height: 20))
    #expect(primary.millimetres == Size(width: 10, height: 20))
    #expect("\(primary)" == "B 10x20+0+0")
    let automatic = try #require(monitors.first { $0.name == "screen" })
    #expect(automatic.isAutomatic && !automatic.isPrimary)
  }

  @Test("primary is the one that is set so, or the only one; else all are listed")
  func primary() throws {
    let scene = try scene([:])
    try check(
      Stage(monitor: .primary, of: scene), Rect(x: 0, y: 0, width: 640, height: 480))
    scene.setMonitor("A", Self.place)
    let error = #expect(throws: CaptureError.self) { try Stage(monitor: .primary, of: scene) }
    #expect(error?.name == .notFound)
    #expect(error?.reason.hasPrefix("no monitor is set as primary: ") == true)
    #expect(error?.reason.contains("screen 640x480+0+0") == true)
    #expect(error?.reason.contains("A 120x90+60+50") == true)
    scene.setMonitor("B", Rect(x: 7, y: 8, width: 30, height: 20), isPrimary: true)
    try check(
      Stage(monitor: .primary, of: scene), Rect(x: 7, y: 8, width: 30, height: 20))
  }

  @Test("primary stays the monitor that it was, when another one is set as primary")
  func otherPrimary() throws {
    let scene = try scene([:])
    scene.setMonitor("A", Self.place, isPrimary: true)
    let stage = try Stage(monitor: .primary, of: scene)
    scene.setMonitor("B", Rect(x: 0, y: 0, width: 30, height: 20), isPrimary: true)
    scene.moveMonitor("A", Self.place)
    try check(stage, Self.place)
  }

  @Test("A name that is not there is not found, and those that are there are named")
  func unknown() throws {
    let scene = try scene()
    let error = #expect(throws: CaptureError.self) { try Stage(monitor: .name("a"), of: scene) }
    #expect(error?.name == .notFound)
    #expect(error?.subject == "a test")
    #expect(error?.reason.hasPrefix("there is no monitor 'a': ") == true)
    #expect(error?.reason.contains("screen 640x480+0+0") == true)
    #expect(error?.reason.contains("A 120x90+60+50") == true)
  }

  @Test("A12: moved and resized, it is followed")
  func followed() throws {
    let stage = try Stage(monitor: .name("A"), of: scene())
    try check(stage, Self.place)
    for rect in [
      Rect(x: 61, y: 50, width: 120, height: 90), Rect(x: 0, y: 0, width: 120, height: 90),
      Rect(x: 0, y: 0, width: 1, height: 1), Rect(x: 539, y: 379, width: 101, height: 101),
      Rect(x: 0, y: 0, width: 640, height: 480), Self.place,
    ] {
      stage.scene.moveMonitor("A", rect)
      try check(stage, rect)
    }
  }

  @Test("A12: a removed monitor has ended, also where one of its name comes back")
  func removed() throws {
    for comesBack in [false, true] {
      let stage = try Stage(monitor: .name("A"), of: scene())
      try check(stage, Self.place)
      stage.scene.removeMonitor("A")
      guard case .ended = try stage.capture.grab() else {
        Issue.record("the stream goes on")
        return
      }
      if comesBack { stage.scene.setMonitor("A", Self.place) }
      guard case .ended = try stage.capture.grab() else {
        Issue.record("another one took its place")
        return
      }
    }
  }

  @Test("A12, A13: other monitors that come, move and go change nothing")
  func others() throws {
    let stage = try Stage(monitor: .name("A"), of: scene())
    try check(stage, Self.place)
    stage.scene.setMonitor("B", Rect(x: 0, y: 0, width: 300, height: 200), isPrimary: true)
    try check(stage, Self.place)
    stage.scene.moveMonitor("B", Self.place)
    try check(stage, Self.place)
    stage.scene.removeMonitor("B")
    try check(stage, Self.place)
  }

  @Test("Partly off the screen it is seen as far as there are pixels")
  func partlyOffTheScreen() throws {
    let stage = try Stage(monitor: .name("A"), of: scene())
    // RandR's own places may be anything that fits 16 bits.
    let rect = Rect(x: 600, y: 440, width: 120, height: 90)
    stage.scene.moveMonitor("A", rect)
    try check(stage, Rect(x: 600, y: 440, width: 40, height: 40), of: rect)
    stage.scene.moveMonitor("A", Rect(x: 640, y: 0, width: 120, height: 90))
    #expect(try stage.nothing() == .empty)
    stage.scene.moveMonitor("A", Self.place)
    try check(stage, Self.place)
  }

  @Test("A region is one of the monitor, wherever that goes")
  func region() throws {
    let stage = try Stage(monitor: .name("A"), of: scene())
    try stage.capture.setTarget(
      .region(RegionGeometry(size: Size(width: 30, height: 20), x: .end(5), y: .start(7))))
    try check(stage, Rect(x: 145, y: 57, width: 30, height: 20), of: Self.place)
    let moved = Rect(x: 300, y: 200, width: 200, height: 100)
    stage.scene.moveMonitor("A", moved)
    try check(stage, Rect(x: 465, y: 207, width: 30, height: 20), of: moved)
    let outside = RegionGeometry(size: Size(width: 5, height: 5), x: .start(200), y: .start(0))
    let error = #expect(throws: CaptureError.self) {
      try stage.capture.setTarget(.region(outside))
    }
    #expect(error?.name == .notAllowed)
  }

  @Test("A window in a monitor is cut at the monitor's edges, and follows both")
  func window() throws {
    let scene = try Scene(Xvfb())
    // T is at 150,150 of the screen.
    scene.setMonitor("A", Rect(x: 130, y: 140, width: 60, height: 300))
    let stage = try Stage(monitor: .name("A"), of: scene)
    try stage.capture.setTarget(.window(scene.t))
    let (picture, region) = try stage.frame()
    #expect(region.rect == Rect(x: 20, y: 10, width: 40, height: 80))
    #expect(picture == Picture(size: region.rect.size) { Picture.ofT[$0, $1] })
    scene.move(scene.t, x: 70, y: 50)
    #expect(try stage.frame().region.rect == Rect(x: 40, y: 10, width: 20, height: 80))
    scene.moveMonitor("A", Rect(x: 200, y: 140, width: 60, height: 300))
    #expect(try stage.frame().region.rect == Rect(x: 0, y: 10, width: 60, height: 80))
    scene.moveMonitor("A", Rect(x: 300, y: 140, width: 60, height: 300))
    #expect(try stage.nothing() == .empty)
  }

  @Test("Without RANDR a monitor is not supported, and the screen is captured all the same")
  func noRANDR() throws {
    let stage = try Stage(surface: \.root, server: ["-extension", "RANDR"])
    let error = #expect(throws: CaptureError.self) {
      try Stage(monitor: .primary, of: stage.scene)
    }
    #expect(error?.name == .notSupported)
    #expect(error?.reason.contains("RANDR") == true)
    let picture = try stage.frame().picture
    #expect(Picture(size: Picture.ofTop.size) { picture[100 + $0, 100 + $1] } == .ofTop)
  }
}
