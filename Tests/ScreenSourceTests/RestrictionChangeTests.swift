import CropEngine
import ScreenSource
import TestSupport
import Testing

@Suite("Restriction, as it comes and goes")
struct RestrictionChangeTests {
  private let stage: Stage
  private var scene: Scene { stage.scene }

  init() throws { stage = try Stage() }

  @Test("E4, B11: an unmapped target is accepted, and frames come once it is mapped")
  func unmapped() throws {
    scene.unmap(scene.t)
    try stage.capture.setTarget(.window(scene.t), restricting: true)
    for _ in 0..<3 {
      let reasons = try stage.reasons()
      #expect(reasons == [.empty] || reasons == [.ineligible], "\(reasons)")
      scene.map(scene.t)
      #expect(try stage.ownFrame().picture == .ofTAlone)
      scene.unmap(scene.t)
    }
    // The same by an ancestor.
    scene.map(scene.t)
    #expect(try stage.ownFrame().picture == .ofTAlone)
    scene.unmap(scene.top)
    #expect(try stage.reasons() == [.unmapped])
    scene.map(scene.top)
    #expect(try stage.ownFrame().picture == .ofTAlone)
  }

  @Test("E4: an InputOnly target is accepted, is never eligible, and it is said why")
  func inputOnly() throws {
    let window = scene.inputOnlyWindow(in: scene.top)
    try stage.capture.setTarget(.window(window), restricting: true)
    #expect(try stage.reasons() == [.ineligible])
    #expect(stage.capture.main.ineligibility?.contains("InputOnly") == true)
    #expect(try stage.restrict(to: scene.t).picture == .ofTAlone)
    #expect(stage.capture.main.ineligibility == nil)
  }

  @Test("E4: one whose pixels are not its own yet is accepted, silent, and comes and goes")
  func notOwnYet() throws {
    let rect = Rect(x: 200, y: 150, width: 80, height: 60)
    let window = try #require(scene.bareWindow(in: scene.top, rect))
    let application = try Application(scene)
    application.watch(window, painting: 0x11_2233)
    try stage.capture.setTarget(.window(window), restricting: true)
    for _ in 0..<2 {
      application.isAnswering = false
      #expect(try stage.reasons(application.respond) == [.ineligible])
      #expect(stage.capture.main.ineligibility != nil)
      application.isAnswering = true
      let frame = try stage.ownFrame(application.respond)
      #expect(frame.region.rect == rect)
      #expect(frame.picture == .plain(rect.size, 0x11_2233))
      #expect(stage.capture.main.ineligibility == nil)
      application.isAnswering = false
      scene.unmap(window)
      #expect(try stage.reasons(for: 0.05).isSubset(of: [.empty, .ineligible]))
      scene.map(window)
    }
  }

  @Test("D4, E4: destroyed or out of the surface it is as empty, and back again a frame")
  func disconnected() throws {
    #expect(try stage.restrict(to: scene.t).picture == .ofTAlone)
    scene.reparent(scene.t, to: scene.other, x: 0, y: 0)
    #expect(try stage.reasons() == [.disconnected])
    scene.reparent(scene.t, to: scene.top, x: 50, y: 50)
    #expect(try stage.ownFrame().picture == .ofTAlone)
    scene.recycle(scene.t, in: scene.top, as: Rect(x: 0, y: 0, width: 90, height: 90), Scene.ovl)
    #expect(try stage.reasons() == [.disconnected])
  }

  @Test(
    "E5: reverted, the surface is seen as before, and the redirect is gone",
    arguments: [SurfaceView.visible, .logical])
  func reverted(view: SurfaceView) throws {
    let stage = try Stage(view: view)
    let scene = stage.scene
    for _ in 0..<3 {
      #expect(try stage.restrict(to: scene.t).picture == .ofTAlone)
      #expect(scene.isRedirected(scene.t))
      try stage.capture.setTarget(.surface)
      #expect(try stage.ownFrame().picture == .ofTop)
      #expect(!stage.capture.main.isRestricted)
      #expect(!scene.isRedirected(scene.t))
      #expect(scene.isRedirected(scene.top) == (view == .logical))
    }
  }

  @Test("E5, E10: from one to another: the first is released, and no change by a failed one")
  func anotherTarget() throws {
    #expect(try stage.restrict(to: scene.t).picture == .ofTAlone)
    #expect(
      try stage.restrict(to: scene.sib).picture
        == .plain(Size(width: 100, height: 80), Scene.sib))
    #expect(scene.isRedirected(scene.sib) && !scene.isRedirected(scene.t))
    for outside in [scene.other, scene.o1, 0x1fff_fff0] {
      let error = #expect(throws: CaptureError.self) {
        try stage.capture.setTarget(.window(outside), restricting: true)
      }
      #expect(error == .noTarget("target"))
      #expect(stage.capture.main.target == .window(scene.sib))
      #expect(stage.capture.main.isRestricted)
      #expect(try stage.ownFrame().picture.colours == [Scene.sib])
      #expect(!scene.isRedirected(scene.other))
    }
  }

  @Test("E6: crop after restrict, restrict after crop: the later one alone")
  func laterOne() throws {
    for _ in 0..<3 {
      try stage.capture.setTarget(.window(scene.t))
      #expect(try stage.ownFrame().picture == .ofT)
      #expect(!scene.isRedirected(scene.t))
      #expect(try stage.restrict(to: scene.t).picture == .ofTAlone)
      try stage.capture.setTarget(.window(scene.bel))
      #expect(
        try stage.ownFrame().picture
          == Picture.ofTop.part(Rect(x: 40, y: 40, width: 40, height: 40)))
      #expect(!scene.isRedirected(scene.t) && !scene.isRedirected(scene.bel))
      #expect(
        try stage.restrict(to: scene.bel).picture
          == .plain(Size(width: 40, height: 40), Scene.bel))
    }
  }

  @Test("E7: it follows place, size and parent")
  func followed() throws {
    scene.setPlaces(of: scene.t, size: Size(width: 300, height: 200), fromX: 100, y: 200)
    scene.unmap(scene.tc)
    #expect(
      try stage.restrict(to: scene.t).picture
        == .places(Rect(x: 100, y: 200, width: 100, height: 80)))
    for (x, y, width, height) in [
      (10, 10, 100, 80), (20, 30, 150, 120), (0, 0, 33, 17), (120, 90, 250, 190), (5, 5, 1, 1),
    ] {
      scene.atOnce {
        scene.move(scene.t, x: x, y: y)
        scene.resize(scene.t, width: width, height: height)
      }
      let frame = try stage.ownFrame()
      #expect(frame.region.rect == Rect(x: x, y: y, width: width, height: height))
      #expect(frame.picture == .places(Rect(x: 100, y: 200, width: width, height: height)))
    }
    scene.resize(scene.t, width: 100, height: 80)
    let holder = scene.window(
      in: scene.top, Rect(x: 200, y: 100, width: 60, height: 50), Scene.ovl)
    scene.reparent(scene.t, to: holder, x: -20, y: -10)
    let frame = try stage.ownFrame()
    #expect(frame.region.rect == Rect(x: 200, y: 100, width: 60, height: 50))
    #expect(frame.picture == .places(Rect(x: 120, y: 210, width: 60, height: 50)))
    #expect(scene.isRedirected(scene.t))
  }

  @Test("E7: outside its shape is black, and alpha 0; a shape that changes is followed")
  func shape() throws {
    #expect(try stage.restrict(to: scene.t).alphas == nil)
    scene.shape(
      scene.t,
      to: [Rect(x: 5, y: 6, width: 30, height: 20), Rect(x: 50, y: 40, width: 20, height: 30)])
    let shaped = try stage.ownFrame()
    #expect(shaped.region.rect == Rect(x: 55, y: 56, width: 65, height: 64))
    let expected = Picture(
      size: Size(width: 65, height: 64),
      [
        (Rect(x: 0, y: 0, width: 30, height: 20), Scene.t),
        (Rect(x: 45, y: 34, width: 20, height: 30), Scene.t),
        // TC is at 10,10 of T, and reaches beyond the shape.
        (Rect(x: 5, y: 4, width: 20, height: 16), Scene.tc),
      ])
    #expect(shaped.picture == expected)
    let alphas = expected.pixels.map { UInt8($0 == 0 ? 0 : 255) }
    #expect(shaped.alphas == alphas)

    scene.shape(scene.t, to: Rect(x: 0, y: 0, width: 0, height: 0))
    #expect(try stage.reasons() == [.empty])
    scene.shape(scene.t, to: nil)
    let whole = try stage.ownFrame()
    #expect(whole.picture == .ofTAlone && whole.alphas == nil)
  }

  @Test("E7: shapes of ancestors clip it to their extents, that of a child shows T in its hole")
  func otherShapes() throws {
    scene.shape(
      scene.tc,
      to: [Rect(x: 0, y: 0, width: 20, height: 5), Rect(x: 0, y: 15, width: 20, height: 5)])
    let frame = try stage.restrict(to: scene.t)
    #expect(frame.picture[12, 12] == Scene.tc && frame.picture[12, 27] == Scene.tc)
    #expect(frame.picture[12, 20] == Scene.t)
    scene.shape(scene.top, to: Rect(x: 60, y: 60, width: 50, height: 100))
    let clipped = try stage.ownFrame()
    #expect(clipped.region.rect == Rect(x: 60, y: 60, width: 50, height: 70))
    #expect(clipped.picture.colours.isSubset(of: [Scene.t, Scene.tc]))
  }
}
