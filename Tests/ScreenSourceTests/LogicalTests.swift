import CropEngine
import ScreenSource
import TestSupport
import Testing

@Suite("A window as it is without others")
struct LogicalTests {
  private let stage: Stage
  private var scene: Scene { stage.scene }

  init() throws { stage = try Stage(view: .logical) }

  @Test("A3: logical is the own content under OVL; visible, OVL is seen", arguments: [true, false])
  func overlay(sharedMemory: Bool) throws {
    let stage = try Stage(view: .logical, sharedMemory: sharedMemory)
    let scene = stage.scene
    let visible = try Stage(scene, surface: scene.top)
    #expect(try stage.ownFrame().picture == .ofTop)
    _ = scene.mapOverlay()
    let (logical, seen) = (try stage.ownFrame(), try visible.frame())
    #expect(logical.picture == .ofTop)
    #expect(logical.region.rect == Rect(x: 0, y: 0, width: 400, height: 300))
    #expect(logical.region.surface == Size(width: 400, height: 300))
    #expect(logical.alphas == nil)
    // OVL is at 20,20 of TOP, 60×60.
    #expect(seen.picture.part(Rect(x: 20, y: 20, width: 60, height: 60)).colours == [Scene.ovl])
    #expect(seen.picture[19, 19] == Scene.top && seen.picture[80, 20] == Scene.top)
    #expect((stage.capture.plainReason == nil) == sharedMemory)
  }

  @Test("A3: begun under OVL, and wholly covered, the own content is there")
  func covered() throws {
    _ = scene.mapOverlay()
    _ = scene.window(in: scene.root, Rect(x: 0, y: 0, width: 640, height: 480), Scene.ovl)
    #expect(try Stage(scene, surface: scene.top, view: .logical).ownFrame().picture == .ofTop)
    #expect(try stage.ownFrame().picture == .ofTop)
  }

  @Test("A3, C3: a crop of it shows SIB over T, and not OVL")
  func crop() throws {
    _ = scene.mapOverlay()
    try stage.capture.setTarget(.window(scene.t))
    let frame = try stage.ownFrame()
    #expect(frame.picture == .ofT)
    #expect(frame.region.rect == Rect(x: 50, y: 50, width: 100, height: 80))
    try stage.capture.setTarget(
      .region(RegionGeometry(size: Size(width: 40, height: 30), x: .start(20), y: .start(30))))
    #expect(
      try stage.ownFrame().picture
        == Picture.ofTop.part(Rect(x: 20, y: 30, width: 40, height: 30)))
  }

  @Test("A3: published rectangles of it are followed")
  func published() throws {
    _ = scene.mapOverlay()
    scene.publish("video 30x20+5+5", on: scene.t)
    try stage.capture.setTarget(.published(scene.t, name: "video"))
    let frame = try stage.ownFrame()
    #expect(frame.region.rect == Rect(x: 55, y: 55, width: 30, height: 20))
    #expect(frame.picture == Picture.ofT.part(Rect(x: 5, y: 5, width: 30, height: 20)))
  }

  @Test("A3: off the screen, in part or as a whole, it is all there; so is a crop of it")
  func offScreen() throws {
    let crop = stage.capture.addCrop()
    try stage.capture.setTarget(.window(scene.t), of: crop)
    for (x, y) in [(-150, -120), (600, 100), (1000, 2000), (-400, 0), (100, 100)] {
      scene.move(scene.top, x: x, y: y)
      let frame = try stage.ownFrame(until: { $0.picture == .ofTop })
      #expect(frame.region.rect == Rect(x: 0, y: 0, width: 400, height: 300), "at \(x),\(y)")
      #expect(try stage.ownFrame(of: crop).picture == .ofT, "at \(x),\(y)")
    }
  }

  @Test("A3: in a window manager's frame, which clips it, it is all there")
  func framed() throws {
    let frame = scene.window(
      in: scene.root, Rect(x: 10, y: 20, width: 200, height: 100), Scene.ovl, border: 2)
    scene.reparent(scene.top, to: frame, x: 5, y: 25)
    #expect(try stage.ownFrame().picture == .ofTop)
    scene.shape(frame, to: Rect(x: 0, y: 0, width: 20, height: 20))
    #expect(try stage.ownFrame().picture == .ofTop)
  }

  @Test("A5: pixels outside the viewport are never there, cropped or restricted")
  func outsideViewport() throws {
    scene.setPlaces(of: scene.t, size: Size(width: 100, height: 80), fromX: 100, y: 200)
    scene.unmap(scene.tc)
    scene.move(scene.t, x: -60, y: 50)
    for isRestricted in [false, true] {
      try stage.capture.setTarget(.window(scene.t), restricting: isRestricted)
      let frame = try stage.ownFrame()
      #expect(frame.region.rect == Rect(x: 0, y: 50, width: 40, height: 80))
      #expect(frame.picture == .places(Rect(x: 160, y: 200, width: 40, height: 80)))
    }
    // A border of TOP is no part of the surface.
    scene.setBorder(scene.top, width: 7, UInt(Scene.ovl))
    let frame = try stage.ownFrame()
    #expect(frame.picture == .places(Rect(x: 160, y: 200, width: 40, height: 80)))
    try stage.capture.setTarget(.surface)
    #expect(try !stage.ownFrame().picture.colours.contains(Scene.ovl))
  }

  @Test("A9, A11: unmapped it is silent, mapped again and resized it is there")
  func unmapped() throws {
    #expect(try stage.ownFrame().picture == .ofTop)
    scene.unmap(scene.top)
    #expect(try stage.reasons() == [.unmapped])
    scene.map(scene.top)
    #expect(try stage.ownFrame().picture == .ofTop)
    scene.resize(scene.top, width: 420, height: 310)
    let grown = try stage.ownFrame()
    #expect(grown.region.surface == Size(width: 420, height: 310))
    #expect(grown.picture.part(Rect(x: 0, y: 0, width: 400, height: 300)) == .ofTop)
    #expect(grown.picture[410, 305] == Scene.top)
    scene.resize(scene.top, width: 60, height: 55)
    #expect(
      try stage.ownFrame().picture == Picture.ofTop.part(Rect(x: 0, y: 0, width: 60, height: 55)))
  }

  @Test("E7: outside the shape of the surface is black, and alpha 0")
  func shape() throws {
    scene.shape(scene.top, to: Rect(x: 30, y: 40, width: 200, height: 100))
    let frame = try stage.ownFrame()
    let inside = Rect(x: 30, y: 40, width: 200, height: 100)
    #expect(frame.region.rect.size == Size(width: 400, height: 300))
    #expect(frame.picture.part(inside) == Picture.ofTop.part(inside))
    #expect(frame.picture[29, 40] == 0 && frame.picture[230, 139] == 0)
    #expect(frame.picture[0, 0] == 0 && frame.picture[399, 299] == 0)
    #expect(frame.alpha(29, 40) == 0 && frame.alpha(30, 40) == 255)
  }

  @Test("With a compositor, TOP and T are what they are without", arguments: [true, false])
  func compositor(isFirst: Bool) throws {
    _ = scene.mapOverlay()
    let redirector = try Redirector(scene)
    if isFirst { redirector.redirectChildren(of: scene.root) }
    let stage = try Stage(scene, surface: scene.top, view: .logical)
    #expect(try stage.ownFrame().picture == .ofTop)
    if !isFirst { redirector.redirectChildren(of: scene.root) }
    #expect(try stage.ownFrame().picture == .ofTop)
    #expect(try stage.restrict(to: scene.t).picture == .ofTAlone)
    redirector.releaseChildren(of: scene.root)
    #expect(try stage.ownFrame().picture == .ofTAlone)
    try stage.capture.setTarget(.surface)
    #expect(try stage.ownFrame().picture == .ofTop)
  }
}
