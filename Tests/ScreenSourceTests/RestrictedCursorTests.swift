import CropEngine
import ScreenSource
import TestSupport
import Testing

@Suite("The mouse cursor inside a restriction")
struct RestrictedCursorTests {
  private static let cursor = CursorPicture.motley(Size(width: 17, height: 13), hotX: 4, hotY: 9)

  private func stage(_ view: SurfaceView) throws -> Stage {
    let stage = try Stage(view: view)
    // Above T, where the pointer will be; it has the root's cursor too.
    _ = stage.scene.window(
      in: stage.scene.root, Rect(x: 140, y: 140, width: 200, height: 200), Scene.ovl)
    stage.scene.setCursor(Self.cursor, of: stage.scene.root)
    try stage.capture.showCursor(.always)
    return stage
  }

  @Test(
    "E11: it is drawn inside the box, clipped, whatever covers the target",
    arguments: [SurfaceView.visible, .logical])
  func inside(view: SurfaceView) throws {
    let stage = try stage(view)
    stage.scene.movePointer(x: 200, y: 190)
    #expect(
      try stage.restrict(to: stage.scene.t).picture
        == Picture.ofTAlone.under(Self.cursor, x: 50, y: 40))
    // T is at 150,150 of the screen, 100×80.
    for y in [140, 150, 152, 190, 229, 236, 245] {
      for x in [130, 145, 150, 200, 249, 253, 260] {
        stage.scene.movePointer(x: x, y: y)
        #expect(
          try stage.ownFrame().picture
            == Picture.ofTAlone.under(Self.cursor, x: x - 150, y: y - 150), "at \(x),\(y)")
      }
    }
    stage.scene.movePointer(x: 600, y: 20)
    #expect(try stage.ownFrame().picture == .ofTAlone)
  }

  @Test("E11: on a logical surface, also where that is covered")
  func surface() throws {
    let stage = try stage(.logical)
    stage.scene.movePointer(x: 200, y: 190)
    #expect(
      try stage.ownFrame().picture == Picture.ofTop.under(Self.cursor, x: 100, y: 90))
  }

  @Test("E11: it is clipped to the box, not to the shape; a clear pixel under it is not clear")
  func shaped() throws {
    let stage = try stage(.visible)
    let scene = stage.scene
    scene.shape(
      scene.t,
      to: [Rect(x: 0, y: 0, width: 20, height: 80), Rect(x: 80, y: 0, width: 20, height: 80)])
    scene.movePointer(x: 200, y: 190)
    let frame = try stage.restrict(to: scene.t)
    let shape = Picture(size: Size(width: 100, height: 80)) { x, y in
      (20..<80).contains(x) ? 0 : Picture.ofTAlone[x, y]
    }
    #expect(frame.picture == shape.under(Self.cursor, x: 50, y: 40))
    // The rightmost column of the cursor is opaque, the leftmost clear.
    #expect(frame.alpha(50 - 4 + 16, 40) == 255)
    #expect(frame.alpha(50 - 4, 40) == 0 && frame.alpha(30, 10) == 0)
  }
}
