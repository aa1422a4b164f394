import CropEngine
import ScreenSource
import TestSupport
import Testing

/// E8. Three windows lie in T one over the other, and the one between may be another client's, which
/// redirects it and shows it nowhere.
@Suite("Windows of other clients inside a target")
struct EmbeddedWindowTests {
  private static let below: UInt32 = 0x00_0a50
  private static let between: UInt32 = 0x00_1460
  private static let above: UInt32 = 0x00_1e70

  private let stage: Stage
  private let redirector: Redirector
  /// Whose window the one between is.
  private let application: Application
  private let between: UInt
  private let above: UInt
  private var scene: Scene { stage.scene }

  init() throws {
    stage = try Stage()
    let scene = stage.scene
    scene.unmap(scene.tc)
    _ = scene.window(in: scene.t, Rect(x: 10, y: 10, width: 40, height: 30), Self.below)
    application = try Application(scene)
    between = application.window(in: scene.t, Self.place, Self.between)
    above = scene.window(in: scene.t, Rect(x: 30, y: 30, width: 40, height: 30), Self.above)
    redirector = try Redirector(scene)
    _ = scene.mapOverlay()
  }

  /// T with all three, the one between at this place of it.
  private func picture(between rects: [Rect], isAbove: Bool = false) -> Picture {
    let middle = rects.map { ($0, Self.between) }
    let upper = [(Rect(x: 30, y: 30, width: 40, height: 30), Self.above)]
    return Picture(
      size: Size(width: 100, height: 80),
      [
        (Rect(x: 0, y: 0, width: 100, height: 80), Scene.t),
        (Rect(x: 10, y: 10, width: 40, height: 30), Self.below),
      ] + (isAbove ? upper + middle : middle + upper))
  }

  private static let place = Rect(x: 20, y: 20, width: 40, height: 30)

  /// That T is soon seen like this, and a moment later still.
  private func expect(
    _ picture: Picture, at location: SourceLocation = #_sourceLocation
  ) throws {
    _ = try stage.ownFrame(until: { $0.picture == picture })
    #expect(try stage.ownFrame().picture == picture, sourceLocation: location)
  }

  @Test("E8: another client's window in it is part of it")
  func embedded() throws {
    #expect(try stage.restrict(to: scene.t).picture == picture(between: [Self.place]))
  }

  @Test("E8: so is one that is redirected before, at its place and in its stacking order")
  func redirectedBefore() throws {
    redirector.redirect(between)
    #expect(try stage.restrict(to: scene.t).picture == picture(between: [Self.place]))
    scene.move(between, x: 5, y: 45)
    try expect(picture(between: [Rect(x: 5, y: 45, width: 40, height: 30)]))
    scene.resize(between, width: 70, height: 20)
    try expect(picture(between: [Rect(x: 5, y: 45, width: 70, height: 20)]))
    scene.raise(between)
    try expect(picture(between: [Rect(x: 5, y: 45, width: 70, height: 20)], isAbove: true))
    scene.unmap(between)
    try expect(picture(between: []))
    scene.move(between, x: 80, y: 70)
    scene.map(between)
    try expect(picture(between: [Rect(x: 80, y: 70, width: 70, height: 20)]))
    scene.move(between, x: 20, y: 20)
    scene.resize(between, width: 40, height: 30)
    scene.shape(
      between,
      to: [Rect(x: 0, y: 0, width: 10, height: 30), Rect(x: 30, y: 0, width: 10, height: 5)])
    try expect(
      picture(
        between: [
          Rect(x: 20, y: 20, width: 10, height: 30), Rect(x: 50, y: 20, width: 10, height: 5),
        ], isAbove: true))
    scene.destroy(between)
    try expect(picture(between: []))
  }

  @Test("E8: one that is redirected, released and redirected again while it is captured")
  func redirectedMeanwhile() throws {
    #expect(try stage.restrict(to: scene.t).picture == picture(between: [Self.place]))
    for _ in 0..<3 {
      redirector.redirect(between)
      try expect(picture(between: [Self.place]))
      redirector.release(between)
      try expect(picture(between: [Self.place]))
    }
  }

  @Test("E8: what it paints is seen, and so are the windows in it")
  func painted() throws {
    redirector.redirect(between)
    #expect(try stage.restrict(to: scene.t).picture == picture(between: [Self.place]))
    scene.paint(between, 0x00_2880)
    let repainted = try stage.ownFrame(until: { $0.picture[25, 25] == 0x00_2880 })
    #expect(repainted.picture[5, 5] == Scene.t)
    _ = scene.window(in: between, Rect(x: 2, y: 3, width: 4, height: 5), 0x00_3290, border: 1)
    let frame = try stage.ownFrame(until: { $0.picture[23, 24] == 0x00_3290 })
    #expect(frame.picture[22, 23] == 0 && frame.picture[21, 23] == 0x00_2880)
    #expect(frame.picture[26, 28] == 0x00_3290 && frame.picture[27, 29] == 0)
  }

  @Test("E8: one redirected inside another that is redirected")
  func nested() throws {
    let inner = scene.window(in: between, Rect(x: 25, y: -5, width: 40, height: 20), 0x00_2880)
    redirector.redirect(between)
    redirector.redirect(inner)
    let frame = try stage.restrict(to: scene.t)
    let inside = [(Rect(x: 45, y: 20, width: 15, height: 10), UInt32(0x00_2880))]
    let expected = picture(between: [Self.place])
    #expect(frame.picture == expected.painted(inside))
    scene.unmap(inner)
    try expect(expected)
  }

  @Test("E8: all children of the target are redirected")
  func allChildren() throws {
    // The server gives the parent of such windows no background any more.
    application.watch(scene.t, painting: UInt(Scene.t))
    redirector.redirectChildren(of: scene.t)
    let frame = try stage.restrict(to: scene.t, application.respond)
    #expect(frame.picture == picture(between: [Self.place]))
    scene.raise(between)
    try expect(picture(between: [Self.place], isAbove: true))
    redirector.releaseChildren(of: scene.t)
    try expect(picture(between: [Self.place], isAbove: true))
  }

  @Test("E8: the target itself is redirected by another client", arguments: [true, false])
  func target(isFirst: Bool) throws {
    if isFirst { redirector.redirect(scene.t) }
    #expect(try stage.restrict(to: scene.t).picture == picture(between: [Self.place]))
    if !isFirst { redirector.redirect(scene.t) }
    try expect(picture(between: [Self.place]))
    redirector.release(scene.t)
    try expect(picture(between: [Self.place]))
  }

  @Test("E2, E8: one without background shows what its application painted, or there is no frame")
  func bare() throws {
    let bare = try #require(
      scene.bareWindow(in: scene.t, Rect(x: 40, y: 5, width: 30, height: 20), isMapped: false))
    application.watch(bare, painting: 0x00_3ca0)
    application.isAnswering = false
    redirector.redirect(bare)
    scene.map(bare)
    try stage.capture.setTarget(.window(scene.t), restricting: true)
    #expect(try stage.reasons(application.respond) == [.ineligible])
    application.isAnswering = true
    let frame = try stage.ownFrame(application.respond)
    let inside = [(Rect(x: 40, y: 5, width: 30, height: 20), UInt32(0x00_3ca0))]
    #expect(frame.picture == picture(between: [Self.place]).painted(inside))
  }

  @Test("E8: a logical surface has them too")
  func surface() throws {
    redirector.redirect(between)
    let logical = try Stage(scene, surface: scene.top, view: .logical)
    try logical.capture.setTarget(.window(scene.t))
    let sib = [(Rect(x: 50, y: 30, width: 50, height: 50), Scene.sib)]
    #expect(try logical.ownFrame().picture == picture(between: [Self.place]).painted(sib))
  }
}
