import CropEngine
import ScreenSource
import TestSupport
import Testing

/// Ids of destroyed windows go to others: what was lost is not found again in them.
@Suite("What is lost stays lost")
struct LossTests {
  private let stage: Stage
  private var scene: Scene { stage.scene }

  init() throws { stage = try Stage() }

  @Test("B7, D5: the id of a crop's lost target, named for another crop, wakes that one alone")
  func recycledForAnother() throws {
    try stage.capture.setTarget(.window(scene.t))
    let other = stage.capture.addCrop()
    scene.recycle(scene.t, in: scene.top, as: Rect(x: 9, y: 8, width: 60, height: 50), Scene.ovl)
    try stage.capture.setTarget(.window(scene.t), of: other)
    try stage.capture.grab([stage.capture.main, other], at: 0)
    guard case .nothing(.disconnected) = stage.capture.main.result else {
      Issue.record("the lost target is back")
      return
    }
    guard case .frame(let frame) = other.result else { throw Failure("no frame") }
    #expect(frame.region.rect == Rect(x: 9, y: 8, width: 60, height: 50))
    #expect(stage.capture.main.isTargetDestroyed && !other.isTargetDestroyed)

    try stage.capture.setTarget(.window(scene.t))
    #expect(try stage.frame().picture.colours == [Scene.ovl], "named anew, it is another target")
  }

  @Test("A10: a surface whose id another window gets, with the target inside it, has ended")
  func recycledSurface() throws {
    let connection = stage.connection
    let capture = try SurfaceCapture(connection, surface: scene.t)
    try capture.setTarget(.window(scene.tc))
    scene.reparent(scene.tc, to: scene.other, x: 0, y: 0)
    scene.recycle(scene.t, in: scene.top, as: Rect(x: 0, y: 0, width: 90, height: 90), Scene.ovl)
    scene.reparent(scene.tc, to: scene.t, x: 5, y: 5)
    guard case .ended = try capture.grab() else {
      Issue.record("another window is captured")
      return
    }
    #expect(try capture.visibility() == .ended)
  }

  @Test("vfr: a crop that was not due is compared with what it showed all the same")
  func besides() throws {
    let other = stage.capture.addCrop()
    try stage.capture.setTarget(.window(scene.t))
    try stage.capture.setTarget(.window(scene.bel), of: other)
    stage.capture.main.skipsUnchanged = true
    other.skipsUnchanged = true
    let both = [stage.capture.main, other]
    try stage.capture.grab(both, at: 0)
    // A new picture of one, in an image that need not hold the other.
    scene.move(scene.bel, x: 300, y: 200)
    try stage.capture.grab([other], at: 0)
    guard case .frame = other.result else { throw Failure("no frame") }
    try stage.capture.grab(both, at: 0)
    guard case .unchanged = stage.capture.main.result, case .unchanged = other.result else {
      Issue.record("nothing has changed")
      return
    }
    // What changed meanwhile is seen when it is due again.
    _ = scene.window(in: scene.t, Rect(x: 50, y: 0, width: 5, height: 5), Scene.ovl)
    scene.move(scene.bel, x: 300, y: 210)
    try stage.capture.grab([other], at: 0)
    try stage.capture.grab(both, at: 0)
    guard case .frame = stage.capture.main.result else {
      Issue.record("a change was missed")
      return
    }
  }
}
