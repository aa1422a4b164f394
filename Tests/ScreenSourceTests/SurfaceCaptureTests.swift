import CropEngine
import ScreenSource
import TestSupport
import Testing

@Suite("Crop to a target, on the scene")
struct SurfaceCaptureTests {
  @Test("A1: nothing asked, the whole surface", arguments: [true, false])
  func wholeSurface(sharedMemory: Bool) throws {
    let stage = try Stage(sharedMemory: sharedMemory)
    let (picture, region) = try stage.frame()
    #expect(region.rect == Rect(x: 0, y: 0, width: 400, height: 300))
    #expect(region.surface == Size(width: 400, height: 300))
    #expect(picture == .ofTop)
    #expect((stage.capture.plainReason == nil) == sharedMemory)
  }

  @Test("A2: a capture starts uncropped")
  func startsUncropped() throws {
    #expect(try Stage().capture.main.target == .surface)
  }

  @Test("A5: pixels outside the viewport are never there")
  func outsideViewport() throws {
    let stage = try Stage()
    try stage.capture.setTarget(.window(stage.scene.t))
    stage.scene.move(stage.scene.t, x: -60, y: 50)
    let (picture, region) = try stage.frame()
    #expect(region.rect == Rect(x: 0, y: 50, width: 40, height: 80))
    // BEL lies below T.
    #expect(
      picture == Picture(size: Size(width: 40, height: 80), [(region.rect.size.bounds, Scene.t)]))
  }

  @Test("A13: the surface never changes by itself")
  func surfaceStays() throws {
    let stage = try Stage()
    let new = stage.scene.window(
      in: stage.scene.root, Rect(x: 500, y: 0, width: 50, height: 50), Scene.ovl)
    stage.scene.focus(new)
    stage.scene.raise(stage.scene.other)
    #expect(try stage.frame().picture == .ofTop)
    #expect(stage.capture.surface == stage.scene.top)
  }

  @Test("A10: a destroyed surface has ended, also where its id is used again")
  func surfaceDestroyed() throws {
    let stage = try Stage()
    stage.scene.recycle(
      stage.scene.top, as: Rect(x: 100, y: 100, width: 400, height: 300), Scene.ovl)
    guard case .ended = try stage.capture.grab() else {
      Issue.record("another window took its place")
      return
    }
  }

  @Test("A9: an unmapped surface shows nothing, and shows itself again when mapped")
  func surfaceUnmapped() throws {
    let stage = try Stage()
    stage.scene.unmap(stage.scene.top)
    #expect(try stage.nothing() == .unmapped)
    stage.scene.map(stage.scene.top)
    #expect(try stage.frame().picture == .ofTop)
  }

  @Test("C1: the rectangle is T's outer one, in all ancestors and the viewport, in its shape")
  func rectangle() throws {
    let stage = try Stage()
    let scene = stage.scene
    try stage.capture.setTarget(.window(scene.t))
    #expect(try stage.frame().region.rect == Rect(x: 50, y: 50, width: 100, height: 80))

    // With its border.
    let bordered = scene.window(
      in: scene.top, Rect(x: 250, y: 200, width: 30, height: 20), Scene.ovl, border: 4)
    try stage.capture.setTarget(.window(bordered))
    let (picture, region) = try stage.frame()
    #expect(region.rect == Rect(x: 250, y: 200, width: 38, height: 28))
    #expect(
      picture
        == Picture(
          size: Size(width: 38, height: 28),
          [(Rect(x: 4, y: 4, width: 30, height: 20), Scene.ovl)]))

    // Inside an ancestor's inner rectangle, which begins behind its border.
    let nested = scene.window(
      in: bordered, Rect(x: 20, y: -5, width: 40, height: 40), Scene.bel)
    try stage.capture.setTarget(.window(nested))
    #expect(try stage.frame().region.rect == Rect(x: 274, y: 204, width: 10, height: 20))

    // Inside the extents of its shape.
    try stage.capture.setTarget(.window(scene.t))
    scene.shape(scene.t, to: Rect(x: 5, y: 6, width: 30, height: 20))
    #expect(try stage.frame().region.rect == Rect(x: 55, y: 56, width: 30, height: 20))
    scene.shape(scene.t, to: nil)
    #expect(try stage.frame().region.rect == Rect(x: 50, y: 50, width: 100, height: 80))

    // Inside the screen.
    scene.move(scene.top, x: 600, y: 100)
    try stage.capture.setTarget(.surface)
    #expect(try stage.frame().region.rect == Rect(x: 0, y: 0, width: 40, height: 300))
  }

  @Test("C3: what covers T is seen")
  func coverIsSeen() throws {
    let stage = try Stage()
    try stage.capture.setTarget(.window(stage.scene.t))
    #expect(try stage.frame().picture == .ofT)
    _ = stage.scene.mapOverlay()
    // OVL is at 120,120 of the root; T at 150,150.
    #expect(try stage.frame().picture[29, 29] == Scene.ovl)
  }

  @Test("C4: moves, sizes, scrolls and other parents need no word from anyone")
  func followed() throws {
    let stage = try Stage()
    let scene = stage.scene
    try stage.capture.setTarget(.window(scene.t))
    scene.move(scene.top, x: 30, y: 40)
    #expect(try stage.frame().picture == .ofT, "TOP moved: the same bytes")
    scene.unmap(scene.sib)
    scene.move(scene.t, x: 200, y: 100)
    #expect(try stage.frame().region.rect == Rect(x: 200, y: 100, width: 100, height: 80))
    scene.resize(scene.t, width: 60, height: 70)
    #expect(try stage.frame().region.rect.size == Size(width: 60, height: 70))

    // Into a scrolled container, and the container scrolled on.
    let container = scene.window(
      in: scene.top, Rect(x: 20, y: 20, width: 200, height: 200), Scene.bel)
    scene.reparent(scene.t, to: container, x: 10, y: 10)
    #expect(try stage.frame().region.rect == Rect(x: 30, y: 30, width: 60, height: 70))
    scene.move(container, x: 25, y: 45)
    let (picture, region) = try stage.frame()
    #expect(region.rect == Rect(x: 35, y: 55, width: 60, height: 70))
    #expect(picture.colours == [Scene.t, Scene.tc])
  }

  @Test("C4: a window manager's synthetic events and forged ones move nothing")
  func syntheticEvents() throws {
    let stage = try Stage()
    try stage.capture.setTarget(.window(stage.scene.t))
    stage.scene.sendSyntheticConfigure(stage.scene.t, x: 300, y: 200, width: 5, height: 5)
    stage.scene.sendSyntheticConfigure(stage.scene.top, x: 0, y: 0, width: 640, height: 480)
    let (picture, region) = try stage.frame()
    #expect(region.rect == Rect(x: 50, y: 50, width: 100, height: 80))
    #expect(picture == .ofT)
  }

  @Test("C4: a surface that a window manager takes into a frame stays the surface")
  func surfaceReparented() throws {
    let stage = try Stage()
    let scene = stage.scene
    try stage.capture.setTarget(.window(scene.t))
    #expect(try stage.frame().picture == .ofT)
    let frame = scene.window(
      in: scene.root, Rect(x: 10, y: 20, width: 420, height: 340), Scene.ovl, border: 2)
    scene.reparent(scene.top, to: frame, x: 5, y: 25)
    #expect(try stage.frame().picture == .ofT)
    scene.move(frame, x: 60, y: 70)
    #expect(try stage.frame().picture == .ofT)
    try stage.capture.setTarget(.surface)
    #expect(try stage.frame().picture == .ofTop)
  }

  @Test("C5: a target that is not inside the surface is refused, and frames go on as before")
  func outsideTarget() throws {
    let stage = try Stage()
    try stage.capture.setTarget(.window(stage.scene.t))
    let outside: [Target] = [
      .window(stage.scene.other), .window(stage.scene.o1), .window(stage.scene.root),
      .window(0x1fff_fff0),
      .region(
        RegionGeometry(size: Size(width: 10, height: 10), x: .start(400), y: .start(0))),
    ]
    for target in outside {
      let error = #expect(throws: CaptureError.self) { try stage.capture.setTarget(target) }
      #expect(error?.name == .notAllowed)
      #expect(stage.capture.main.target == .window(stage.scene.t))
      #expect(try stage.frame().picture == .ofT)
      stage.scene.move(stage.scene.t, x: 50, y: 50)
    }
  }

  @Test("A fixed rectangle keeps its place in the surface, and its edge when that is resized")
  func region() throws {
    let stage = try Stage()
    let corner = RegionGeometry(size: Size(width: 50, height: 40), x: .end(0), y: .end(10))
    try stage.capture.setTarget(.region(corner))
    #expect(try stage.frame().region.rect == Rect(x: 350, y: 250, width: 50, height: 40))
    stage.scene.resize(stage.scene.top, width: 200, height: 160)
    let (picture, region) = try stage.frame()
    #expect(region.rect == Rect(x: 150, y: 110, width: 50, height: 40))
    #expect(picture.colours == [Scene.sib])
    stage.scene.resize(stage.scene.top, width: 0x20, height: 9)
    #expect(try stage.nothing() == .empty)
  }

  @Test("Pixels that are those of the frame before are no frame where none is wanted")
  func unchanged() throws {
    let stage = try Stage()
    try stage.capture.setTarget(.window(stage.scene.t))
    _ = try stage.frame()
    guard case .unchanged = try stage.capture.grab(skippingUnchanged: true) else {
      Issue.record("a still picture was a frame")
      return
    }
    stage.scene.move(stage.scene.tc, x: 11, y: 10)
    guard case .frame = try stage.capture.grab(skippingUnchanged: true) else {
      Issue.record("a changed picture was no frame")
      return
    }
  }

  @Test("The frame before stays readable while the next one is read")
  func frameStays() throws {
    let stage = try Stage()
    guard case .frame(let first) = try stage.capture.grab() else { throw Failure("no frame") }
    stage.scene.destroy(stage.scene.sib)
    stage.scene.resize(stage.scene.top, width: 500, height: 350)
    _ = try stage.frame()
    #expect(Picture(first.pixels, size: first.region.rect.size, stride: first.stride) == .ofTop)
  }

  @Test("A surface that can have no pixels is refused by name; one that is not there is not found")
  func badSurface() throws {
    let stage = try Stage()
    let input = stage.scene.inputOnlyWindow(in: stage.scene.root)
    let unsupported = #expect(throws: CaptureError.self) {
      _ = try SurfaceCapture(stage.connection, surface: input)
    }
    #expect(unsupported?.name == .notSupported)
    let missing = #expect(throws: CaptureError.self) {
      _ = try SurfaceCapture(stage.connection, surface: 0x1fff_fff0)
    }
    #expect(missing?.name == .notFound)
  }

  @Test("A server that goes away is an error that says so")
  func serverGone() throws {
    let stage = try Stage()
    _ = try stage.frame()
    stage.scene.server.kill()
    let error = #expect(throws: CaptureError.self) { _ = try stage.capture.grab() }
    #expect(error?.name == .connectionLost)
  }
}
