import CropEngine
import ScreenSource
import TestSupport
import Testing

@Suite("Translucent windows, alone")
struct TranslucentTests {
  /// Half of red 128 and a little green and blue, multiplied with the alpha.
  private static let pixel: UInt = 0x8040_2010
  private static let blended: UInt32 = 0x40_2010

  @Test(
    "A4: nothing behind a translucent surface is captured, and its alpha is kept",
    arguments: [true, false])
  func surface(sharedMemory: Bool) throws {
    let scene = try Scene(Xvfb())
    let rect = Rect(x: 20, y: 30, width: 120, height: 90)
    // Over OTHER, O1, the root and TOP.
    let window = try #require(scene.translucentWindow(in: scene.root, rect, Self.pixel))
    let stage = try Stage(scene, surface: window, view: .logical, sharedMemory: sharedMemory)
    let frame = try stage.ownFrame()
    #expect(frame.region.rect == Rect(x: 0, y: 0, width: 120, height: 90))
    #expect(frame.picture.colours == [Self.blended])
    #expect(Set(try #require(frame.alphas)) == [0x80])
    _ = scene.mapOverlay()
    #expect(try stage.ownFrame().picture.colours == [Self.blended])

    // An opaque child of it is so, and so is one of another depth.
    _ = scene.window(in: window, Rect(x: 10, y: 10, width: 5, height: 5), 0xff00_0000 | Scene.sib)
    scene.reparent(scene.bel, to: window, x: 60, y: 40)
    let withChildren = try stage.ownFrame(until: { $0.picture[60, 40] == Scene.bel })
    #expect(withChildren.picture[9, 9] == Self.blended && withChildren.alpha(9, 9) == 0x80)
    #expect(withChildren.picture[14, 14] == Scene.sib && withChildren.alpha(14, 14) == 0xff)
    #expect(withChildren.alpha(60, 40) == 0xff && withChildren.alpha(59, 40) == 0x80)
  }

  @Test(
    "E3: translucent T over BEL shows no green: blended with black, its alpha kept",
    arguments: [SurfaceView.visible, .logical])
  func target(view: SurfaceView) throws {
    let stage = try Stage(view: view)
    let scene = stage.scene
    let rect = Rect(x: 45, y: 45, width: 100, height: 80)
    let window = try #require(scene.translucentWindow(in: scene.top, rect, Self.pixel))
    scene.raise(scene.sib)
    let frame = try stage.restrict(to: window)
    #expect(frame.region.rect == rect)
    #expect(frame.picture == .plain(rect.size, Self.blended))
    #expect(Set(try #require(frame.alphas)) == [0x80])
    // Clear, there is nothing.
    scene.paint(window, 0)
    let clear = try stage.ownFrame(until: { $0.picture.colours == [0] })
    #expect(Set(try #require(clear.alphas)) == [0])
  }

  @Test("E2, E3: translucent T without background, painted by its application")
  func bare() throws {
    let stage = try Stage()
    let scene = stage.scene
    let rect = Rect(x: 45, y: 45, width: 100, height: 80)
    let window = try #require(
      scene.bareWindow(in: scene.top, rect, hasAlpha: true, isMapped: false))
    let application = try Application(scene)
    application.watch(window, painting: Self.pixel)
    application.isAnswering = false
    scene.map(window)
    scene.raise(scene.sib)
    try stage.capture.setTarget(.window(window), restricting: true)
    #expect(try stage.reasons(application.respond) == [.ineligible])
    application.isAnswering = true
    let frame = try stage.ownFrame(application.respond)
    #expect(frame.picture == .plain(rect.size, Self.blended))
    #expect(Set(try #require(frame.alphas)) == [0x80])
  }
}
