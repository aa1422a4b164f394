import CropEngine
import ScreenSource
import TestSupport
import Testing

/// E1, by the same bytes as of T alone.
@Suite("Restriction: only the target's own pixels")
struct RestrictionTests {
  /// How T and what is about it lie.
  enum Arrangement: CaseIterable {
    case asInTheScene, bordered, childSticksOut, beyondTop, nested, shaped
  }

  /// A scene in which each pixel of T and of TC tells its place: all others about, or T alone.
  private static func scene(_ arrangement: Arrangement, isAlone: Bool) throws -> Scene {
    let scene = try Scene(Xvfb())
    scene.setPlaces(of: scene.t, size: Size(width: 100, height: 80), fromX: 1000, y: 1000)
    scene.setPlaces(of: scene.tc, size: Size(width: 60, height: 50), fromX: 2000, y: 2000)
    switch arrangement {
    case .asInTheScene: break
    case .bordered:
      scene.setBorder(scene.t, width: 6, 0x12_3456)
      scene.setBorder(scene.tc, width: 2, 0x65_4321)
    case .childSticksOut:
      scene.resize(scene.tc, width: 60, height: 50)
      scene.move(scene.tc, x: 70, y: -20)
    case .beyondTop:
      scene.setBorder(scene.t, width: 3, 0x12_3456)
      scene.move(scene.t, x: 340, y: -30)
      scene.move(scene.bel, x: 330, y: 10)
      scene.move(scene.sib, x: 350, y: 20)
    case .nested:
      // In a window of its own, which clips it.
      let holder = scene.window(
        in: scene.top, Rect(x: 45, y: 40, width: 70, height: 60), 0x55_5555)
      scene.reparent(scene.t, to: holder, x: -10, y: 15)
      scene.raise(scene.sib)
    case .shaped:
      scene.shape(scene.tc, to: Rect(x: 5, y: 0, width: 10, height: 15))
    }
    if isAlone {
      for window in [scene.sib, scene.bel, scene.other] { scene.unmap(window) }
    } else {
      _ = scene.mapOverlay()
      _ = scene.window(in: scene.root, Rect(x: 400, y: 60, width: 90, height: 90), Scene.ovl)
    }
    return scene
  }

  /// T alone on an empty server, as a crop of the screen shows it.
  private static func reference(_ arrangement: Arrangement) throws -> (Picture, Rect) {
    let scene = try scene(arrangement, isAlone: true)
    let stage = try Stage(scene, surface: scene.top)
    try stage.capture.setTarget(.window(scene.t))
    let (picture, region) = try stage.frame()
    return (picture, region.rect)
  }

  @Test(
    "E1: with SIB, BEL and OVL about, the same bytes as T alone on an empty screen",
    arguments: Arrangement.allCases, [SurfaceView.visible, .logical])
  func sameAsAlone(_ arrangement: Arrangement, view: SurfaceView) throws {
    let (picture, rect) = try Self.reference(arrangement)
    let scene = try Self.scene(arrangement, isAlone: false)
    let stage = try Stage(scene, surface: scene.top, view: view)
    let frame = try stage.restrict(to: scene.t)
    #expect(frame.region.rect == rect)
    #expect(frame.picture == picture)
    #expect(frame.alphas == nil)

    // Every other one of them above T and below it, and on.
    for window in [scene.bel, scene.t, scene.sib] {
      scene.raise(window)
      #expect(try stage.ownFrame().picture == picture)
    }
    scene.move(scene.top, x: 90, y: 110)
    #expect(try stage.ownFrame().picture == picture)
    scene.unmap(scene.sib)
    #expect(try stage.ownFrame().picture == picture)
  }

  @Test("E1: TOP partly off the screen: all of T in the logical view, what is on it in the visible")
  func offScreen() throws {
    let (picture, rect) = try Self.reference(.asInTheScene)
    let scene = try Self.scene(.asInTheScene, isAlone: false)
    // T begins 30 px to the left of the screen, and 20 above it.
    scene.move(scene.top, x: -80, y: -70)
    let logical = try Stage(scene, surface: scene.top, view: .logical).restrict(to: scene.t)
    #expect(logical.region.rect == rect)
    #expect(logical.picture == picture)
    let visible = try Stage(scene, surface: scene.top).restrict(to: scene.t)
    #expect(visible.region.rect == Rect(x: 80, y: 70, width: 70, height: 60))
    #expect(visible.picture == picture.part(Rect(x: 30, y: 20, width: 70, height: 60)))
  }

  @Test("E1: by the plain path, and of the whole screen as the surface", arguments: [true, false])
  func otherWays(sharedMemory: Bool) throws {
    let stage = try Stage(surface: \.root, sharedMemory: sharedMemory)
    _ = stage.scene.mapOverlay()
    let frame = try stage.restrict(to: stage.scene.t)
    #expect(frame.region.rect == Rect(x: 150, y: 150, width: 100, height: 80))
    #expect(frame.picture == .ofTAlone)
    #expect((stage.capture.plainReason == nil) == sharedMemory)
    // TOP's own are SIB and BEL too.
    #expect(try stage.restrict(to: stage.scene.top).picture == .ofTop)
  }

  @Test("E1: on a monitor", arguments: [true, false])
  func monitor(sharedMemory: Bool) throws {
    let scene = try Scene(Xvfb())
    scene.setMonitor("A", Rect(x: 160, y: 0, width: 400, height: 300))
    _ = scene.mapOverlay()
    let stage = try Stage(monitor: .name("A"), of: scene, sharedMemory: sharedMemory)
    let frame = try stage.restrict(to: scene.t)
    #expect(frame.region.rect == Rect(x: 0, y: 150, width: 90, height: 80))
    #expect(frame.picture == Picture.ofTAlone.part(Rect(x: 10, y: 0, width: 90, height: 80)))
  }

  @Test("E1: a published rectangle is its window's own pixels within it")
  func published() throws {
    let stage = try Stage()
    let scene = stage.scene
    _ = scene.mapOverlay()
    scene.publish("video 60x50+5+5", on: scene.t)
    try stage.capture.setTarget(.published(scene.t, name: "video"), restricting: true)
    let frame = try stage.ownFrame()
    #expect(frame.region.rect == Rect(x: 55, y: 55, width: 60, height: 50))
    #expect(frame.picture == Picture.ofTAlone.part(Rect(x: 5, y: 5, width: 60, height: 50)))
    scene.publish("video 30x30+60+40", on: scene.t)
    let moved = try stage.ownFrame(until: { $0.region.rect.x == 110 })
    #expect(moved.picture == .plain(Size(width: 30, height: 30), Scene.t))
  }

  @Test("E1: a fixed rectangle is the surface's own pixels within it")
  func region() throws {
    for view in [SurfaceView.visible, .logical] {
      let stage = try Stage(view: view)
      _ = stage.scene.mapOverlay()
      let region = RegionGeometry(
        size: Size(width: 90, height: 70), x: .start(15), y: .start(15))
      try stage.capture.setTarget(.region(region), restricting: true)
      let frame = try stage.ownFrame()
      #expect(frame.region.rect == Rect(x: 15, y: 15, width: 90, height: 70))
      #expect(frame.picture == Picture.ofTop.part(frame.region.rect))
    }
  }

  @Test("E1: cropped and restricted at one moment, each has its own", arguments: [true, false])
  func both(isLogical: Bool) throws {
    let stage = try Stage(view: isLogical ? .logical : .visible)
    let other = stage.capture.addCrop()
    try stage.capture.setTarget(.window(stage.scene.t))
    try stage.capture.setTarget(.window(stage.scene.t), restricting: true, of: other)
    #expect(try stage.ownFrame(of: other).picture == .ofTAlone)
    #expect(other.isRestricted && !stage.capture.main.isRestricted)
    try stage.capture.grab([stage.capture.main, other], at: Stage.now)
    guard case .frame(let cropped) = stage.capture.main.result,
      case .frame(let own) = other.result
    else { throw Failure("no frames") }
    #expect(OwnFrame(cropped).picture == .ofT)
    #expect(OwnFrame(own).picture == .ofTAlone)
  }
}
