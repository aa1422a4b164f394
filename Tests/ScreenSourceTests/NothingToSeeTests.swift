import CropEngine
import Glibc
import ScreenSource
import TestSupport
import Testing

@Suite("Nothing to see")
struct NothingToSeeTests {
  private let stage: Stage
  private var scene: Scene { stage.scene }

  init() throws {
    stage = try Stage()
    try stage.capture.setTarget(.window(stage.scene.t))
    #expect(try stage.frame().picture == .ofT)
  }

  @Test("D1, D2: unmapped is empty, and mapped again is a frame")
  func unmapped() throws {
    scene.unmap(scene.t)
    #expect(try stage.nothing() == .empty)
    scene.map(scene.t)
    #expect(try stage.frame().picture == .ofT)
  }

  @Test("What came along with an answer is told of, though the descriptor is silent")
  func cameAlong() throws {
    scene.move(scene.top, x: 110, y: 100)
    // Any answer brings the event along.
    _ = try WindowFinder(stage.connection).surface(.id(scene.top), subject: "a test")
    var descriptor = pollfd(
      fd: stage.connection.descriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&descriptor, 1, 0) == 0)
    #expect(stage.connection.hasReadEvents)
    guard case .visible(let region) = try stage.capture.visibility(reading: false) else {
      throw Failure("nothing is visible")
    }
    #expect(region.onScreen == Rect(x: 160, y: 150, width: 100, height: 80))
    #expect(!stage.connection.hasReadEvents)
  }

  @Test("D1, D2: an unmapped ancestor is empty")
  func ancestorUnmapped() throws {
    let holder = scene.window(
      in: scene.top, Rect(x: 50, y: 50, width: 100, height: 80), Scene.bel)
    scene.reparent(scene.t, to: holder, x: 0, y: 0)
    scene.raise(scene.sib)
    #expect(try stage.frame().picture == .ofT)
    scene.unmap(holder)
    #expect(try stage.nothing() == .empty)
    scene.map(holder)
    #expect(try stage.frame().picture == .ofT)
  }

  @Test("D1, D2: no overlap with the viewport is empty")
  func outside() throws {
    scene.move(scene.t, x: 400, y: 50)
    #expect(try stage.nothing() == .empty)
    scene.move(scene.t, x: 399, y: 50)
    #expect(try stage.frame().region.rect == Rect(x: 399, y: 50, width: 1, height: 80))
    scene.move(scene.t, x: -100, y: 50)
    #expect(try stage.nothing() == .empty)
    scene.move(scene.t, x: 50, y: 50)
    #expect(try stage.frame().picture == .ofT)
  }

  @Test("D1, D2: an empty shape is empty, though the window is viewable")
  func emptyShape() throws {
    scene.shape(scene.t, to: Rect(x: 0, y: 0, width: 0, height: 0))
    #expect(try stage.nothing() == .empty)
    scene.shape(scene.t, to: nil)
    #expect(try stage.frame().picture == .ofT)
  }

  @Test("D1: an empty shape of the surface shows nothing, not what is behind it")
  func emptySurfaceShape() throws {
    try stage.capture.setTarget(.surface)
    scene.shape(scene.top, to: Rect(x: 0, y: 0, width: 0, height: 0))
    #expect(try stage.nothing() == .empty)
  }

  @Test("D1: a window that is empty when it becomes the target")
  func emptyFromTheStart() throws {
    let hidden = scene.window(
      in: scene.top, Rect(x: 0, y: 0, width: 10, height: 10), Scene.ovl, isMapped: false)
    try stage.capture.setTarget(.window(hidden))
    #expect(try stage.nothing() == .empty)
    scene.map(hidden)
    #expect(try stage.frame().region.rect == Rect(x: 0, y: 0, width: 10, height: 10))
  }

  @Test("D4: a destroyed target is as an empty one, and its id in other hands is not it")
  func destroyed() throws {
    scene.destroy(scene.t)
    #expect(try stage.nothing() == .disconnected)
    #expect(stage.capture.main.isTargetDestroyed)
    scene.destroy(scene.sib)

    try stage.capture.setTarget(.window(scene.bel))
    scene.recycle(scene.bel, in: scene.top, as: Rect(x: 9, y: 8, width: 60, height: 50), Scene.ovl)
    #expect(try stage.nothing() == .disconnected)
    #expect(throws: CaptureError.self) { try stage.capture.setTarget(.window(scene.other)) }
    #expect(try stage.nothing() == .disconnected, "a failed change wakes nothing up")

    try stage.capture.setTarget(.window(scene.bel))
    #expect(try stage.frame().picture.colours == [Scene.ovl], "named anew, it is another target")
  }

  @Test("D4: reparented out of the surface is as empty, and reparented back is a frame")
  func reparented() throws {
    scene.reparent(scene.t, to: scene.other, x: 0, y: 0)
    #expect(try stage.nothing() == .disconnected)
    #expect(!stage.capture.main.isTargetDestroyed)
    scene.move(scene.other, x: 10, y: 10)
    #expect(try stage.nothing() == .disconnected)
    scene.reparent(scene.t, to: scene.top, x: 50, y: 50)
    scene.raise(scene.sib)
    #expect(try stage.frame().picture == .ofT)
  }

  @Test("D4: an ancestor that leaves the surface takes the target along, and brings it back")
  func ancestorReparented() throws {
    let holder = scene.window(
      in: scene.top, Rect(x: 0, y: 0, width: 100, height: 80), Scene.bel)
    scene.reparent(scene.t, to: holder, x: 0, y: 0)
    #expect(try stage.frame().region.rect == Rect(x: 0, y: 0, width: 100, height: 80))
    scene.reparent(holder, to: scene.other, x: 0, y: 0)
    #expect(try stage.nothing() == .disconnected)
    scene.reparent(holder, to: scene.top, x: 5, y: 6)
    #expect(try stage.frame().region.rect == Rect(x: 5, y: 6, width: 100, height: 80))
  }

  @Test("D8: wholly covered is not empty: the cover is seen")
  func covered() throws {
    _ = scene.window(in: scene.top, Rect(x: 50, y: 50, width: 100, height: 80), Scene.ovl)
    let (picture, region) = try stage.frame()
    #expect(region.rect == Rect(x: 50, y: 50, width: 100, height: 80))
    #expect(picture.colours == [Scene.ovl])
  }
}
