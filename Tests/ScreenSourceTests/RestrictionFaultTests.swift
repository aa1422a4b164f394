import CropEngine
import ScreenSource
import TestSupport
import Testing

/// What cannot be restricted to, and what goes away meanwhile.
@Suite("Restriction: bad input, and windows that die")
struct RestrictionFaultTests {
  @Test("The root is nobody's own, and neither is a rectangle of it")
  func root() throws {
    let stage = try Stage(surface: \.root)
    let region = RegionGeometry(size: Size(width: 50, height: 40), x: .start(10), y: .start(10))
    for target in [Target.window(stage.scene.root), .region(region)] {
      let error = #expect(throws: CaptureError.self) {
        try stage.capture.setTarget(target, restricting: true)
      }
      #expect(error?.name == .notSupported)
      #expect(stage.capture.main.target == .surface && !stage.capture.main.isRestricted)
      #expect(try stage.ownFrame().picture.size == Size(width: 640, height: 480))
    }
    stage.scene.setMonitor("A", Rect(x: 0, y: 0, width: 300, height: 200))
    let monitor = try Stage(monitor: .name("A"), of: stage.scene)
    let error = #expect(throws: CaptureError.self) {
      try monitor.capture.setTarget(.region(region), restricting: true)
    }
    #expect(error?.name == .notSupported)
    let window = try Stage(stage.scene, surface: stage.scene.top)
    let outside = #expect(throws: CaptureError.self) {
      try window.capture.setTarget(.window(stage.scene.root), restricting: true)
    }
    #expect(outside?.name == .notAllowed)
  }

  @Test("E9: without Composite it is not supported, and a crop still works")
  func noComposite() throws {
    let stage = try Stage(server: ["-extension", "Composite"])
    let error = #expect(throws: CaptureError.self) {
      try stage.capture.setTarget(.window(stage.scene.t), restricting: true)
    }
    #expect(error?.name == .notSupported)
    #expect(error?.reason.contains("Composite") == true)
    #expect(try stage.ownFrame().picture == .ofTop)
    try stage.capture.setTarget(.window(stage.scene.t))
    #expect(try stage.ownFrame().picture == .ofT)
    let logical = #expect(throws: CaptureError.self) {
      _ = try SurfaceCapture(stage.connection, surface: stage.scene.top, view: .logical)
    }
    #expect(logical?.name == .notSupported)
    #expect(try stage.ownFrame().picture == .ofT)
  }

  @Test("The surface destroyed while it is restricted: ended", arguments: [true, false])
  func surfaceDestroyed(isLogical: Bool) throws {
    let stage = try Stage(view: isLogical ? .logical : .visible)
    #expect(try stage.restrict(to: stage.scene.t).picture == .ofTAlone)
    stage.scene.recycle(
      stage.scene.top, as: Rect(x: 100, y: 100, width: 400, height: 300), Scene.ovl)
    guard case .ended = try stage.grab() else {
      Issue.record("another window took its place")
      return
    }
  }

  @Test("The server goes away while it is restricted: an error that says so")
  func serverGone() throws {
    let stage = try Stage(view: .logical)
    #expect(try stage.restrict(to: stage.scene.t).picture == .ofTAlone)
    stage.scene.server.kill()
    let error = #expect(throws: CaptureError.self) { _ = try stage.grab() }
    #expect(error?.name == .connectionLost)
  }

  /// Makes windows that die soon, in another.
  private static func deaths(in window: UInt, of scene: Scene) throws -> Command {
    let storm = try Command(
      Command.products + "/xstorm", [scene.server.displayName, "die", "\(window)"])
    _ = try storm.read("storming\n".utf8.count)
    return storm
  }

  @Test("A target destroyed in the middle of any step: refused, or disconnected, and nothing else")
  func targets() throws {
    let stage = try Stage()
    let scene = stage.scene
    let storm = try Self.deaths(in: scene.top, of: scene)
    let lasting: Set<UInt> = [scene.t, scene.sib, scene.bel]
    var accepted = 0
    let end = ContinuousClock.now + .seconds(Command.bound)
    while accepted < 200, ContinuousClock.now < end {
      for window in scene.children(scene.top) where !lasting.contains(window) {
        do {
          try stage.capture.setTarget(.window(window), restricting: true)
        } catch {
          #expect(error == .noTarget("target"))
          continue
        }
        accepted += 1
        for _ in 0..<3 {
          switch try stage.grab() {
          case .frame(let frame):
            // It is black.
            #expect(OwnFrame(frame).picture.colours == [0])
          case .nothing(let reason):
            #expect([.disconnected, .ineligible, .empty].contains(reason), "\(reason)")
          case .unchanged, .ended: Issue.record("neither is so")
          }
        }
      }
    }
    #expect(!storm.hasEnded(within: 0), "nothing would have died")
    #expect(accepted >= 200)
    // What comes after is exact.
    #expect(try stage.restrict(to: scene.t).picture == .ofTAlone)
  }

  @Test("Windows in the target and over it die without pause: frames come, and nothing foreign")
  func inside() throws {
    for (view, isSurface) in [
      (SurfaceView.visible, false), (.logical, false), (.logical, true),
    ] {
      let stage = try Stage(view: view)
      let scene = stage.scene
      stage.capture.showsPopups = isSurface
      let storms = try [scene.t, scene.root, scene.top].map { try Self.deaths(in: $0, of: scene) }
      if !isSurface { try stage.capture.setTarget(.window(scene.t), restricting: true) }
      let own: Set = isSurface ? Picture.ofTop.colours.union([0]) : [Scene.t, Scene.tc, 0]
      var frames = 0
      let end = ContinuousClock.now + .seconds(Command.bound)
      while frames < 100, ContinuousClock.now < end {
        guard case .frame(let frame) = try stage.grab() else { continue }
        #expect(OwnFrame(frame).picture.colours.isSubset(of: own))
        frames += 1
      }
      #expect(frames == 100)
      #expect(storms.allSatisfy { !$0.hasEnded(within: 0) })
    }
  }

  @Test("A window that another client redirects dies while it is composed in")
  func redirected() throws {
    let stage = try Stage()
    let scene = stage.scene
    let redirector = try Redirector(scene)
    redirector.redirectChildren(of: scene.t)
    // The server gives the parent of such windows no background any more.
    let application = try Application(scene)
    application.watch(scene.t, painting: UInt(Scene.t))
    let storm = try Self.deaths(in: scene.t, of: scene)
    try stage.capture.setTarget(.window(scene.t), restricting: true)
    var frames = 0
    let end = ContinuousClock.now + .seconds(Command.bound)
    while frames < 100, ContinuousClock.now < end {
      application.respond()
      guard case .frame(let frame) = try stage.grab() else { continue }
      #expect(OwnFrame(frame).picture.colours.isSubset(of: [Scene.t, Scene.tc, 0]))
      frames += 1
    }
    #expect(frames == 100)
    #expect(!storm.hasEnded(within: 0))
  }
}
