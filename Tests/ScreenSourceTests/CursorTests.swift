import CropEngine
import ScreenSource
import TestSupport
import Testing

/// Frames with the cursor, against the cursor that the server tells of, blended by hand.
@Suite("The mouse cursor in the picture")
struct CursorTests {
  private static let second: Int64 = 1_000_000_000
  private static let cursor = CursorPicture.motley(Size(width: 17, height: 13), hotX: 4, hotY: 9)

  /// A scene with a cursor of the test's own, at a place of the screen.
  private func stage(
    _ mode: CursorMode, pointer: (x: Int, y: Int) = (300, 300), cursor: CursorPicture = cursor,
    surface: KeyPath<Scene, UInt> = \.top, sharedMemory: Bool = true, depth: Int = 24
  ) throws -> Stage {
    let stage = try Stage(
      surface: surface, sharedMemory: sharedMemory, screen: "640x480x\(depth)")
    stage.scene.setCursor(cursor, of: stage.scene.root)
    stage.scene.movePointer(x: pointer.x, y: pointer.y)
    try stage.capture.showCursor(mode)
    return stage
  }

  @Test(
    "A14: always, it is where the pointer is, and the rest is untouched",
    arguments: [true, false])
  func always(sharedMemory: Bool) throws {
    let stage = try stage(.always, sharedMemory: sharedMemory)
    #expect(try stage.scene.shownCursor() == Self.cursor)
    // TOP is at 100,100 of the screen.
    #expect(try stage.frame().picture == Picture.ofTop.under(Self.cursor, x: 200, y: 200))
    stage.scene.movePointer(x: 160, y: 165)
    #expect(try stage.frame().picture == Picture.ofTop.under(Self.cursor, x: 60, y: 65))
    #expect(Picture.ofTop.under(Self.cursor, x: 60, y: 65) != .ofTop)
  }

  @Test("A14: never, and where nobody asks, it is not there")
  func never() throws {
    let stage = try stage(.never)
    #expect(try stage.frame().picture == .ofTop)
    try stage.capture.showCursor(.always)
    #expect(try stage.frame().picture != .ofTop)
    try stage.capture.showCursor(.never)
    #expect(try stage.frame().picture == .ofTop)
  }

  @Test("A14: with motion it is there for a second after it moved")
  func motion() throws {
    let stage = try stage(.motion)
    let second = Self.second
    #expect(try stage.frame(at: 0).picture == .ofTop)
    #expect(try stage.frame(at: second / 2).picture == .ofTop)
    stage.scene.movePointer(x: 302, y: 301)
    let shown = Picture.ofTop.under(Self.cursor, x: 202, y: 201)
    #expect(try stage.frame(at: second).picture == shown)
    #expect(try stage.frame(at: 2 * second - 1).picture == shown)
    #expect(try stage.frame(at: 2 * second).picture == .ofTop)
    stage.scene.movePointer(x: 302, y: 302)
    #expect(
      try stage.frame(at: 3 * second).picture == Picture.ofTop.under(Self.cursor, x: 202, y: 202))
  }

  @Test("A14: clipped at every edge and corner of the frame, and outside it is not there")
  func clipped() throws {
    let stage = try stage(.always)
    try stage.capture.setTarget(.window(stage.scene.t))
    // T is at 150,150 of the screen, 100×80.
    for y in [140, 150, 152, 190, 229, 230, 236, 245] {
      for x in [130, 145, 150, 152, 200, 249, 250, 253, 260] {
        stage.scene.movePointer(x: x, y: y)
        #expect(
          try stage.frame().picture == Picture.ofT.under(Self.cursor, x: x - 150, y: y - 150),
          "at \(x),\(y)")
      }
    }
    stage.scene.movePointer(x: 600, y: 20)
    #expect(try stage.frame().picture == .ofT)
  }

  @Test("A14: clipped where the screen ends")
  func screenEdge() throws {
    let stage = try stage(.never, surface: \.root)
    let plain = try stage.frame().picture
    try stage.capture.showCursor(.always)
    for (x, y) in [(0, 0), (639, 0), (0, 479), (639, 479), (320, 0), (639, 240)] {
      stage.scene.movePointer(x: x, y: y)
      #expect(try stage.frame().picture == plain.under(Self.cursor, x: x, y: y))
    }
  }

  @Test("A14: the hot spot is the pixel that points", arguments: [(0, 0), (16, 12), (3, 12)])
  func hotSpot(_ hotX: Int, _ hotY: Int) throws {
    let cursor = CursorPicture.motley(Size(width: 17, height: 13), hotX: hotX, hotY: hotY)
    let stage = try stage(.always, cursor: cursor)
    #expect(try stage.frame().picture == Picture.ofTop.under(cursor, x: 200, y: 200))
  }

  @Test("A14: larger than the target, it covers all of that")
  func larger() throws {
    let cursor = CursorPicture.motley(Size(width: 64, height: 60), hotX: 30, hotY: 30)
    let stage = try stage(.always, pointer: (170, 170), cursor: cursor)
    #expect(try stage.scene.shownCursor() == cursor)
    try stage.capture.setTarget(.window(stage.scene.tc))
    let (picture, region) = try stage.frame()
    #expect(region.rect.size == Size(width: 20, height: 20))
    let plain = Picture(size: region.rect.size, [(region.rect.size.bounds, Scene.tc)])
    // TC is at 160,160 of the screen.
    #expect(picture == plain.under(cursor, x: 10, y: 10))
  }

  @Test("A14: another cursor is followed, and so is the one of the window below")
  func changed() throws {
    let stage = try stage(.always)
    let scene = stage.scene
    #expect(try stage.frame().picture == Picture.ofTop.under(Self.cursor, x: 200, y: 200))
    for side in [3, 40, 1] {
      let other = CursorPicture.motley(Size(width: side, height: side), hotX: 0, hotY: side / 2)
      scene.setCursor(other, of: scene.top)
      #expect(try scene.shownCursor() == other)
      #expect(try stage.frame().picture == Picture.ofTop.under(other, x: 200, y: 200))
    }
    // T gets one, the pointer goes there, and T goes away from under it.
    let ofT = CursorPicture(size: Size(width: 5, height: 4), hotX: 1, hotY: 1) { x, y in
      0xff00_00ff | UInt32(x * 40) << 8 | UInt32(y * 60) << 16
    }
    scene.setCursor(ofT, of: scene.t)
    scene.movePointer(x: 190, y: 190)
    #expect(try stage.frame().picture == Picture.ofTop.under(ofT, x: 90, y: 90))
    scene.unmap(scene.t)
    let left = try stage.frame().picture
    #expect(try scene.shownCursor().size == Size(width: 1, height: 1))
    #expect(!left.colours.contains(0x00_00ff | 0x28_00 | 0x3c_0000))
  }

  @Test("A14: the target moves under a pointer that is still")
  func targetMoves() throws {
    let stage = try stage(.always, pointer: (210, 160))
    try stage.capture.setTarget(.window(stage.scene.t))
    #expect(try stage.frame().picture == Picture.ofT.under(Self.cursor, x: 60, y: 10))
    stage.scene.move(stage.scene.top, x: 120, y: 95)
    #expect(try stage.frame().picture == Picture.ofT.under(Self.cursor, x: 40, y: 15))
    stage.scene.move(stage.scene.top, x: 300, y: 100)
    #expect(try stage.frame().picture == .ofT)
  }

  @Test("A14: a move over the target is a change, one elsewhere is none")
  func change() throws {
    let stage = try stage(.always, pointer: (200, 200))
    let scene = stage.scene
    try stage.capture.setTarget(.window(scene.t))
    func isChanged() throws -> Bool {
      switch try stage.capture.grab(skippingUnchanged: true) {
      case .frame: true
      case .unchanged: false
      case .nothing, .ended: throw Failure("nothing to see")
      }
    }
    #expect(try isChanged())
    #expect(try !isChanged())
    scene.movePointer(x: 201, y: 200)
    #expect(try isChanged())
    #expect(try !isChanged())
    scene.movePointer(x: 500, y: 400)
    #expect(try isChanged(), "it left")
    scene.movePointer(x: 520, y: 410)
    #expect(try !isChanged())
    scene.setCursor(.motley(Size(width: 3, height: 3), hotX: 0, hotY: 0), of: scene.root)
    #expect(try !isChanged())
  }

  @Test("A14: on a monitor it is where it is on that")
  func monitor() throws {
    let stage = try stage(.never)
    stage.scene.setMonitor("A", Rect(x: 100, y: 100, width: 400, height: 300))
    let monitor = try Stage(monitor: .name("A"), of: stage.scene)
    try monitor.capture.showCursor(.always)
    #expect(try monitor.frame().picture == Picture.ofTop.under(Self.cursor, x: 200, y: 200))
    stage.scene.movePointer(x: 620, y: 20)
    #expect(try monitor.frame().picture == .ofTop)
  }

  @Test("A14: drawn on pixels of any depth", arguments: [30, 16, 15, 8], [true, false])
  func depth(_ depth: Int, sharedMemory: Bool) throws {
    let stage = try stage(.never, sharedMemory: sharedMemory, depth: depth)
    let plain = try stage.frame().picture
    let cursor = try stage.scene.shownCursor()
    try stage.capture.showCursor(.always)
    let expected = plain.under(cursor, x: 200, y: 200)
    #expect(expected != plain)
    #expect(try stage.frame().picture == expected)
  }

  @Test("Without XFIXES there is no cursor, and frames come all the same")
  func noXFIXES() throws {
    let stage = try Stage(server: ["-extension", "XFIXES"])
    let error = #expect(throws: CaptureError.self) { try stage.capture.showCursor(.always) }
    #expect(error?.name == .notSupported)
    #expect(error?.reason.contains("XFIXES") == true)
    #expect(try stage.frame().picture == .ofTop)
    try stage.capture.showCursor(.never)
    #expect(try stage.frame().picture == .ofTop)
  }
}
