import CropEngine
import ScreenSource
import TestSupport
import Testing

/// E2, case by case: a window without background holds what was seen in its place until it is
/// painted.
@Suite("Pixels that are not known to be the target's own")
struct OwnershipTests {
  private static let pixel: UInt = 0x0a_1414
  private static let colour: UInt32 = 0x0a_1414
  private static let rect = Rect(x: 200, y: 150, width: 80, height: 60)

  private let stage: Stage
  /// A window without background in TOP, painted once, and then half covered by a sibling, and by
  /// another application.
  private let window: UInt
  private let application: Application
  private var scene: Scene { stage.scene }

  init() throws {
    stage = try Stage()
    let scene = stage.scene
    window = try #require(scene.bareWindow(in: scene.top, Self.rect, isMapped: false))
    application = try Application(scene)
    application.watch(window, painting: Self.pixel)
    scene.map(window)
    application.respond()
    _ = scene.window(in: scene.top, Rect(x: 240, y: 140, width: 90, height: 90), Scene.sib)
    _ = scene.window(in: scene.root, Rect(x: 290, y: 290, width: 90, height: 30), Scene.ovl)
    _ = application.takeNews(of: window)
    application.isAnswering = false
  }

  /// Grabs for a while in which nothing is painted; no frame has anything but the window's own.
  private func expectNothingForeign(
    for seconds: Double = 0.3, at location: SourceLocation = #_sourceLocation
  ) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    repeat {
      if case .frame(let frame) = try stage.grab() {
        #expect(OwnFrame(frame).picture.colours == [Self.colour], sourceLocation: location)
      }
      application.respond()
    } while ContinuousClock.now < end
  }

  /// All that is exposed is painted, and a frame of the window's own comes.
  private func expectFrame(
    _ size: Size = rect.size, at location: SourceLocation = #_sourceLocation
  ) throws {
    application.isAnswering = true
    let frame = try stage.ownFrame(application.respond)
    #expect(frame.picture == .plain(size, Self.colour), sourceLocation: location)
    application.isAnswering = false
  }

  @Test("E2: half covered and painted once, the cover never shows; painted, a frame comes")
  func halfCovered() throws {
    try stage.capture.setTarget(.window(window), restricting: true)
    try expectNothingForeign()
    try expectFrame()
    // From then on covers come and go, and no repaint is needed.
    for x in [150, 180, 210] {
      _ = scene.window(in: scene.top, Rect(x: x, y: 160, width: 60, height: 60), Scene.bel)
      #expect(try stage.ownFrame().picture == .plain(Self.rect.size, Self.colour))
    }
    #expect(application.takeNews(of: window).changes == 0)
  }

  @Test("E2: grown, it holds its parent's and its covers' pixels, which never show")
  func grown() throws {
    try stage.capture.setTarget(.window(window), restricting: true)
    try expectFrame()
    for (width, height) in [(120, 60), (120, 100), (60, 120), (90, 90)] {
      scene.resize(window, width: width, height: height)
      try expectNothingForeign(for: 0.1)
      try expectFrame(Size(width: width, height: height))
    }
  }

  @Test("E2: unmapped and mapped again, it holds what is in its place, which never shows")
  func mappedAgain() throws {
    try stage.capture.setTarget(.window(window), restricting: true)
    try expectFrame()
    for isAncestor in [false, true] {
      scene.unmap(isAncestor ? scene.top : window)
      scene.map(isAncestor ? scene.top : window)
      try expectNothingForeign(for: 0.1)
      try expectFrame()
    }
  }

  @Test("E2: with another parent, or another border, what is new of it never shows")
  func otherParent() throws {
    try stage.capture.setTarget(.window(window), restricting: true)
    try expectFrame()
    scene.reparent(window, to: scene.sib, x: 10, y: 10)
    try expectNothingForeign(for: 0.1)
    application.isAnswering = true
    let inside = try stage.ownFrame(application.respond)
    #expect(inside.picture.colours == [Self.colour])
    application.isAnswering = false
    scene.setBorder(window, width: 5, Self.pixel)
    try expectNothingForeign(for: 0.1)
  }

  @Test("E2: what it copies within itself before it is painted never shows")
  func scrolled() throws {
    try stage.capture.setTarget(.window(window), restricting: true)
    // The covered half, over the other.
    for x in [0, 10, 30] {
      scene.scroll(window, Rect(x: 40, y: 0, width: 40, height: 60), toX: x, y: 0)
      try expectNothingForeign(for: 0.1)
    }
    try expectFrame()
    scene.scroll(window, Rect(x: 40, y: 0, width: 40, height: 60), toX: 0, y: 0)
    #expect(try stage.ownFrame().picture.colours == [Self.colour])
  }

  @Test("E2: what it copies within itself is not its own by that, though all else is painted")
  func scrolledAndPainted() throws {
    try stage.capture.setTarget(.window(window), restricting: true)
    try expectNothingForeign(for: 0.05)
    scene.scroll(window, Rect(x: 40, y: 0, width: 40, height: 60), toX: 0, y: 0)
    scene.fill(window, Rect(x: 40, y: 0, width: 40, height: 60), Self.pixel)
    try expectNothingForeign()
    try expectFrame()
  }

  @Test("E2: it is painted bit by bit: no frame before all of it is")
  func bitByBit() throws {
    try stage.capture.setTarget(.window(window), restricting: true)
    try expectNothingForeign(for: 0.1)
    for y in stride(from: 0, to: 60, by: 20) {
      #expect(try stage.reasons(for: 0.05, application.respond) == [.ineligible])
      scene.fill(window, Rect(x: 0, y: y, width: 80, height: 20), Self.pixel)
    }
    let frame = try stage.ownFrame(application.respond)
    #expect(frame.picture == .plain(Self.rect.size, Self.colour))
  }

  @Test("E2: a window in the target is not painted either: nothing of what is behind it")
  func child() throws {
    let child = try #require(
      scene.bareWindow(in: scene.t, Rect(x: 30, y: 30, width: 60, height: 40), isMapped: false))
    application.watch(child, painting: Self.pixel)
    scene.map(child)
    scene.raise(scene.sib)
    try stage.capture.setTarget(.window(scene.t), restricting: true)
    #expect(try stage.reasons(application.respond) == [.ineligible])
    application.isAnswering = true
    let frame = try stage.ownFrame(application.respond)
    let own = Picture(
      size: Size(width: 100, height: 80),
      [
        (Rect(x: 0, y: 0, width: 100, height: 80), Scene.t),
        (Rect(x: 10, y: 10, width: 20, height: 20), Scene.tc),
        (Rect(x: 30, y: 30, width: 60, height: 40), Self.colour),
      ])
    #expect(frame.picture == own)
    // One that comes later.
    application.isAnswering = false
    let later = try #require(
      scene.bareWindow(in: scene.t, Rect(x: 0, y: 60, width: 10, height: 10), isMapped: false))
    application.watch(later, painting: Self.pixel)
    scene.map(later)
    application.isAnswering = true
    let withBoth = try stage.ownFrame(
      until: { $0.picture[5, 65] == Self.colour }, application.respond)
    #expect(withBoth.picture[5, 55] == Scene.t)
  }

  @Test("E2: a logical surface without background, cropped or not")
  func surface() throws {
    let bare = try #require(
      scene.bareWindow(
        in: scene.root, Rect(x: 20, y: 20, width: 200, height: 150), isMapped: false))
    application.watch(bare, painting: Self.pixel)
    scene.map(bare)
    _ = scene.mapOverlay()
    let logical = try Stage(scene, surface: bare, view: .logical)
    let crop = logical.capture.addCrop()
    try logical.capture.setTarget(
      .region(RegionGeometry(size: Size(width: 60, height: 50), x: .start(80), y: .start(80))),
      of: crop)
    #expect(try logical.reasons(application.respond) == [.ineligible])
    try logical.capture.grab([crop], at: Stage.now)
    guard case .nothing(.ineligible) = crop.result else { throw Failure("\(crop.result)") }
    application.isAnswering = true
    let frame = try logical.ownFrame(application.respond)
    #expect(frame.picture == .plain(Size(width: 200, height: 150), Self.colour))
    #expect(try logical.ownFrame(of: crop).picture.colours == [Self.colour])
  }

  @Test("E2: a background that is the parent's is its colour, and nothing of what is behind it")
  func parentRelative() throws {
    // X tells nobody that a background is the parent's: it is what the server gives the window.
    scene.setParentRelative(scene.t)
    let frame = try stage.restrict(to: scene.t)
    #expect(frame.picture.colours == [Scene.top, Scene.tc])
    // Where the parent has none, the window has none.
    let holder = try #require(
      scene.bareWindow(in: scene.top, Rect(x: 20, y: 20, width: 200, height: 150)))
    scene.reparent(scene.t, to: holder, x: 10, y: 10)
    #expect(try stage.reasons(for: 0.3) == [.ineligible])
  }

  @Test("--partial black: what is its own on black, where the rest is not painted for long")
  func partial() throws {
    stage.capture.main.showsPartial = true
    try stage.capture.setTarget(.window(window), restricting: true)
    let left = Rect(x: 0, y: 0, width: 40, height: 60)
    // What is not painted now may be its own or not: it is that, or black.
    let first = try stage.ownFrame(application.respond)
    #expect(first.picture.size == Self.rect.size)
    #expect(first.picture.colours.isSubset(of: [0, Self.colour]))
    scene.fill(window, left, 0x11_2222)
    let half = try stage.ownFrame(
      until: { $0.picture.part(left).colours == [0x11_2222] }, application.respond)
    #expect(half.picture.colours.isSubset(of: [0, Self.colour, 0x11_2222]))
    // The part that was covered is nobody's yet.
    let covered = Rect(x: 40, y: 0, width: 40, height: 60)
    #expect(half.picture.part(covered).colours == [0])
    // What it was asked for so far may be all of it, and is not painted.
    application.respond()
    application.isAnswering = true
    // What is its own already is not asked for.
    let whole = Picture.plain(Self.rect.size, Self.colour).painted([(left, 0x11_2222)])
    _ = try stage.ownFrame(until: { $0.picture == whole }, application.respond)
  }

  @Test("A repaint is asked for once a second, not in a storm")
  func asking() throws {
    try stage.capture.setTarget(.window(window), restricting: true)
    #expect(try stage.reasons(for: 3.5, application.respond) == [.ineligible])
    // At once, and after each second of waiting; the server may add one of its own.
    let exposures = application.takeNews(of: window).exposures
    #expect((3...5).contains(exposures), "\(exposures)")
    // Painted, it is left alone.
    application.isAnswering = true
    _ = try stage.ownFrame(application.respond)
    _ = application.takeNews(of: window)
    #expect(try stage.reasons(for: 1.5) == [nil])
    #expect(application.takeNews(of: window) == Application.News())
  }
}
