import CropEngine
import ScreenSource
import TestSupport
import Testing

/// What an application notices of being captured.
@Suite("Whom a restriction disturbs")
struct DisturbanceTests {
  private let stage: Stage
  private let application: Application
  private let own: [UInt]
  private var scene: Scene { stage.scene }

  init() throws {
    stage = try Stage()
    let scene = stage.scene
    application = try Application(scene)
    own = [scene.top, scene.t, scene.tc, scene.sib, scene.bel]
    scene.focus(scene.t)
    for window in own { application.watch(window) }
    for window in own { _ = application.takeNews(of: window) }
  }

  /// That no window was exposed more often, and that nothing else has happened to it.
  private func expectPeace(exposures: Int, _ body: () throws -> Void) throws {
    let (order, ofT, ofRoot) = (
      scene.children(scene.top), scene.children(scene.t), scene.children(scene.root)
    )
    try body()
    for (window, name) in zip(own, ["TOP", "T", "TC", "SIB", "BEL"]) {
      let news = application.takeNews(of: window)
      #expect(news.exposures <= exposures, "\(name)")
      #expect(news.changes == 0, "\(name)")
    }
    #expect(scene.children(scene.top) == order)
    #expect(scene.children(scene.t) == ofT)
    #expect(scene.children(scene.root) == ofRoot)
    #expect(scene.focused == scene.t)
  }

  @Test(
    "One run of Expose, one more where it is covered; no Map or Unmap, focus and stacking as before",
    arguments: [true, false])
  func restriction(isCovered: Bool) throws {
    if !isCovered {
      scene.unmap(scene.sib)
      for window in own { _ = application.takeNews(of: window) }
    }
    for _ in 0..<3 {
      // The server itself exposes what was covered.
      try expectPeace(exposures: isCovered ? 2 : 1) {
        #expect(try stage.restrict(to: scene.t).picture == .ofTAlone)
        for _ in 0..<50 { _ = try stage.grab() }
      }
      try expectPeace(exposures: 0) {
        try stage.capture.setTarget(.surface)
        _ = try stage.ownFrame()
        #expect(!scene.isRedirected(scene.t))
      }
    }
  }

  @Test("The same of a logical surface, which is released with its capture")
  func surface() throws {
    var logical: Stage?
    try expectPeace(exposures: 1) {
      logical = try Stage(scene, surface: scene.top, view: .logical)
      #expect(try logical?.ownFrame().picture == .ofTop)
      #expect(scene.isRedirected(scene.top))
    }
    try expectPeace(exposures: 0) {
      logical = nil
      // The server hears of the connection's end when it does.
      let end = ContinuousClock.now + .seconds(Command.bound)
      while scene.isRedirected(scene.top), ContinuousClock.now < end {}
      #expect(!scene.isRedirected(scene.top))
    }
  }

  @Test("F5: a capture that is given up releases its redirects, though its connection lives on")
  func givenUp() throws {
    var capture: SurfaceCapture? = try SurfaceCapture(
      stage.connection, surface: scene.top, view: .logical)
    _ = try capture?.grab(at: Stage.now)
    #expect(scene.isRedirected(scene.top))
    try capture?.setTarget(.window(scene.t), restricting: true)
    _ = try capture?.grab(at: Stage.now)
    // Of the surface nothing is needed now.
    #expect(!scene.isRedirected(scene.top) && scene.isRedirected(scene.t))
    capture = nil
    _ = try stage.frame()
    #expect(!scene.isRedirected(scene.top) && !scene.isRedirected(scene.t))
  }

  @Test("F5: a crop that is removed releases its own, and not what another needs")
  func removedCrop() throws {
    let crops = (0..<3).map { _ in stage.capture.addCrop() }
    try stage.capture.setTarget(.window(scene.t), restricting: true, of: crops[0])
    try stage.capture.setTarget(.window(scene.t), restricting: true, of: crops[1])
    try stage.capture.setTarget(.window(scene.bel), restricting: true, of: crops[2])
    for crop in crops { _ = try stage.ownFrame(of: crop) }
    stage.capture.remove(crops[0])
    stage.capture.remove(crops[2])
    #expect(try stage.ownFrame(of: crops[1]).picture == .ofTAlone)
    #expect(scene.isRedirected(scene.t) && !scene.isRedirected(scene.bel))
    stage.capture.remove(crops[1])
    #expect(try stage.ownFrame().picture == .ofTop)
    #expect(!scene.isRedirected(scene.t))
  }

  @Test("F2: two captures of one window: one crops, one restricts, and both restrict")
  func two() throws {
    let other = try Stage(scene, surface: scene.top, view: .logical)
    try stage.capture.setTarget(.window(scene.t))
    #expect(try other.restrict(to: scene.t).picture == .ofTAlone)
    #expect(try stage.ownFrame().picture == .ofT)
    #expect(try stage.restrict(to: scene.t).picture == .ofTAlone)
    #expect(try other.ownFrame().picture == .ofTAlone)
    _ = scene.mapOverlay()
    try stage.capture.setTarget(.surface)
    #expect(try stage.ownFrame().picture[20, 20] == Scene.ovl)
    #expect(try other.ownFrame().picture == .ofTAlone)
    #expect(scene.isRedirected(scene.t))
  }
}
