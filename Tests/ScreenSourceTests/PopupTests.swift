import CropEngine
import ScreenSource
import TestSupport
import Testing

/// `--popups own`: windows over a logical surface that belong to it.
@Suite("Menus, tooltips and dialogs of a surface")
struct PopupTests {
  private static let menu: UInt32 = 0x00_1e70
  private static let tip: UInt32 = 0x00_0a50

  private let stage: Stage
  private var scene: Scene { stage.scene }

  init() throws {
    stage = try Stage(view: .logical)
    stage.capture.showsPopups = true
    #expect(try stage.ownFrame().picture == .ofTop)
  }

  /// That it is soon seen like this, and stays so.
  private func expect(
    _ rects: [(Rect, UInt32)], at location: SourceLocation = #_sourceLocation
  ) throws {
    let picture = Picture.ofTop.painted(rects)
    _ = try stage.ownFrame(until: { $0.picture == picture })
    #expect(try stage.ownFrame().picture == picture, sourceLocation: location)
  }

  @Test("By default there are none of them")
  func none() throws {
    let plain = try Stage(scene, surface: scene.top, view: .logical)
    #expect(!plain.capture.showsPopups)
    _ = scene.menu(Rect(x: 150, y: 150, width: 60, height: 50), Self.menu)
    #expect(try plain.ownFrame().picture == .ofTop)
  }

  @Test("Menus of the same client are in, cut to the viewport, and gone with them")
  func menus() throws {
    let menu = scene.menu(Rect(x: 150, y: 150, width: 60, height: 50), Self.menu)
    // TOP is at 100,100 of the screen.
    try expect([(Rect(x: 50, y: 50, width: 60, height: 50), Self.menu)])
    scene.move(menu, x: 470, y: 80)
    try expect([(Rect(x: 370, y: 0, width: 30, height: 30), Self.menu)])
    scene.resize(menu, width: 20, height: 200)
    try expect([(Rect(x: 370, y: 0, width: 20, height: 180), Self.menu)])
    scene.unmap(menu)
    try expect([])
    scene.map(menu)
    try expect([(Rect(x: 370, y: 0, width: 20, height: 180), Self.menu)])
    scene.move(scene.top, x: 110, y: 90)
    try expect([(Rect(x: 360, y: 0, width: 20, height: 190), Self.menu)])
    scene.move(menu, x: 600, y: 400)
    try expect([])
    scene.destroy(menu)
    try expect([])
  }

  @Test("In their stacking order")
  func stacking() throws {
    let menu = scene.menu(Rect(x: 150, y: 150, width: 60, height: 50), Self.menu)
    let tip = scene.menu(Rect(x: 180, y: 170, width: 60, height: 50), Self.tip)
    let places = [
      (Rect(x: 50, y: 50, width: 60, height: 50), Self.menu),
      (Rect(x: 80, y: 70, width: 60, height: 50), Self.tip),
    ]
    try expect(places)
    scene.raise(menu)
    try expect(places.reversed())
    scene.raise(tip)
    try expect(places)
  }

  @Test("Dialogs of it are in, its client's other windows and strangers are not")
  func strangers() throws {
    let application = try Application(scene)
    let stranger = application.window(
      in: scene.root, Rect(x: 300, y: 200, width: 50, height: 40), Scene.ovl, isMenu: true)
    _ = scene.window(
      in: scene.root, Rect(x: 350, y: 150, width: 40, height: 40), Scene.ovl)
    _ = scene.mapOverlay()
    try expect([])
    // A stranger's window over a menu does not hide it either.
    _ = scene.menu(Rect(x: 290, y: 190, width: 70, height: 60), Self.menu)
    let menu = (Rect(x: 190, y: 90, width: 70, height: 60), Self.menu)
    scene.raise(stranger)
    try expect([menu])
    let dialog = scene.window(
      in: scene.root, Rect(x: 400, y: 300, width: 60, height: 50), Self.tip, isMapped: false)
    scene.setTransient(dialog, for: scene.top)
    scene.map(dialog)
    try expect([menu, (Rect(x: 300, y: 200, width: 60, height: 50), Self.tip)])
    // Also one of another client's, as a portal's file dialog is.
    scene.setTransient(stranger, for: scene.top)
    try expect([
      menu, (Rect(x: 300, y: 200, width: 60, height: 50), Self.tip),
      (Rect(x: 200, y: 100, width: 50, height: 40), Scene.ovl),
    ])
    scene.setTransient(stranger, for: scene.other)
    try expect([menu, (Rect(x: 300, y: 200, width: 60, height: 50), Self.tip)])
  }

  @Test("A crop of the surface has them, a restriction has not")
  func targets() throws {
    _ = scene.menu(Rect(x: 150, y: 150, width: 30, height: 20), Self.menu)
    try stage.capture.setTarget(.window(scene.t))
    let cropped = try stage.ownFrame(until: { $0.picture[0, 0] == Self.menu })
    #expect(cropped.picture[29, 19] == Self.menu && cropped.picture[30, 20] != Self.menu)
    #expect(cropped.picture[60, 60] == Scene.sib)
    #expect(try stage.restrict(to: scene.t).picture == .ofTAlone)
  }

  @Test("E2: one without background is not seen before it is painted")
  func bare() throws {
    let rect = Rect(x: 220, y: 120, width: 60, height: 50)
    let menu = try #require(scene.bareWindow(in: scene.root, rect, isMapped: false))
    let application = try Application(scene)
    application.watch(menu, painting: UInt(Self.menu))
    application.isAnswering = false
    scene.setTransient(menu, for: scene.top)
    _ = scene.window(in: scene.root, Rect(x: 230, y: 130, width: 300, height: 300), Scene.ovl)
    scene.map(menu)
    scene.raise(menu)
    let end = ContinuousClock.now + .seconds(0.5)
    while ContinuousClock.now < end {
      guard case .frame(let frame) = try stage.grab() else { continue }
      #expect(!OwnFrame(frame).picture.colours.contains(Scene.ovl))
      application.respond()
    }
    application.isAnswering = true
    let expected = Picture.ofTop.painted([(Rect(x: 120, y: 20, width: 60, height: 50), Self.menu)])
    _ = try stage.ownFrame(until: { $0.picture == expected }, application.respond)
  }
}
