import CropEngine
import Testing

@Suite("What of a target can be seen")
struct VisibilityTests {
  private func rect(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Rect {
    Rect(x: x, y: y, width: width, height: height)
  }

  private let size = Size(width: 400, height: 300)

  @Test("A1: nothing asked, the whole surface")
  func wholeSurface() {
    #expect(
      WindowTree.scene().visibility(of: .surface, in: Windows.top)
        == .visible(
          FrameRegion(
            onScreen: rect(100, 100, 400, 300), rect: rect(0, 0, 400, 300), surface: size)))
  }

  @Test("A1: the screen is a surface like any other")
  func screen() {
    let tree = WindowTree.scene()
    #expect(
      tree.visibility(of: .surface, in: Windows.root)
        == .visible(
          FrameRegion(
            onScreen: rect(0, 0, 640, 480), rect: rect(0, 0, 640, 480),
            surface: Size(width: 640, height: 480))))
    #expect(
      tree.visibility(of: .window(Windows.t), in: Windows.root)
        == .visible(
          FrameRegion(
            onScreen: rect(150, 150, 100, 80), rect: rect(150, 150, 100, 80),
            surface: Size(width: 640, height: 480))))
  }

  @Test("A1: a screen that is resized is seen in its new size")
  func resizedScreen() {
    var tree = WindowTree.scene()
    tree.apply(.configured(x: 0, y: 0, width: 450, height: 480, border: 0), to: Windows.root)
    #expect(
      tree.visibility(of: .surface, in: Windows.root)
        == .visible(
          FrameRegion(
            onScreen: rect(0, 0, 450, 480), rect: rect(0, 0, 450, 480),
            surface: Size(width: 450, height: 480))))
    #expect(tree.seen(.surface) == rect(0, 0, 350, 300))
  }

  @Test("The surface's border is not part of it")
  func surfaceBorder() {
    let tree = WindowTree.scene(top: { $0.border = 7 })
    let whole = FrameRegion(
      onScreen: rect(107, 107, 400, 300), rect: rect(0, 0, 400, 300), surface: size)
    #expect(tree.visibility(of: .surface, in: Windows.top) == .visible(whole))
    #expect(tree.visibility(of: .window(Windows.top), in: Windows.top) == .visible(whole))
  }

  @Test("C1: a target's rectangle is where it lies in the surface")
  func target() {
    let tree = WindowTree.scene()
    #expect(
      tree.visibility(of: .window(Windows.t), in: Windows.top)
        == .visible(
          FrameRegion(
            onScreen: rect(150, 150, 100, 80), rect: rect(50, 50, 100, 80), surface: size)))
    #expect(
      tree.visibility(of: .window(Windows.tc), in: Windows.top)
        == .visible(
          FrameRegion(
            onScreen: rect(160, 160, 20, 20), rect: rect(60, 60, 20, 20), surface: size)))
  }

  @Test("C1: the target counts with its border, its ancestors without theirs")
  func borders() {
    let tree = WindowTree.scene(top: { $0.border = 3 }, t: { $0.border = 5 })
    #expect(
      tree.visibility(of: .window(Windows.t), in: Windows.top)
        == .visible(
          FrameRegion(
            onScreen: rect(153, 153, 110, 90), rect: rect(50, 50, 110, 90), surface: size)))
    // TC's place counts from the inside of T's border.
    #expect(tree.seen(.window(Windows.tc)) == rect(65, 65, 20, 20))
  }

  @Test("C1: an ancestor's border hides what lies on it")
  func ancestorBorder() {
    var tree = WindowTree.scene(t: { $0.border = 5 })
    tree.apply(.configured(x: -8, y: 70, width: 20, height: 20, border: 2), to: Windows.tc)
    #expect(tree.seen(.window(Windows.tc)) == rect(55, 125, 16, 10))
  }

  @Test(
    "A5: what of the target lies outside the viewport is not there",
    arguments: [
      (Rect(x: -60, y: 50, width: 100, height: 80), Rect(x: 0, y: 50, width: 40, height: 80)),
      (Rect(x: 50, y: -60, width: 100, height: 80), Rect(x: 50, y: 0, width: 100, height: 20)),
      (Rect(x: 350, y: 290, width: 100, height: 80), Rect(x: 350, y: 290, width: 50, height: 10)),
      (Rect(x: -10, y: -10, width: 900, height: 900), Rect(x: 0, y: 0, width: 400, height: 300)),
      (Rect(x: 399, y: 299, width: 100, height: 80), Rect(x: 399, y: 299, width: 1, height: 1)),
      (Rect(x: -99, y: -79, width: 100, height: 80), Rect(x: 0, y: 0, width: 1, height: 1)),
    ])
  func clippedToViewport(_ place: Rect, _ seen: Rect) {
    var tree = WindowTree.scene()
    tree.apply(
      .configured(x: place.x, y: place.y, width: place.width, height: place.height, border: 0),
      to: Windows.t)
    #expect(tree.seen(.window(Windows.t)) == seen)
  }

  @Test("C1: each ancestor clips what the one below it left")
  func nestedClipping() {
    var tree = WindowTree.scene()
    // TC sticks out of T at the right, T out of TOP at the bottom, TOP out of the screen at the left.
    tree.apply(.configured(x: 90, y: 5, width: 50, height: 200, border: 0), to: Windows.tc)
    tree.apply(.moved(x: 50, y: 250), to: Windows.t)
    #expect(tree.seen(.window(Windows.tc)) == rect(140, 255, 10, 45))
    tree.apply(.moved(x: -145, y: 100), to: Windows.top)
    #expect(
      tree.visibility(of: .window(Windows.tc), in: Windows.top)
        == .visible(
          FrameRegion(onScreen: rect(0, 355, 5, 45), rect: rect(145, 255, 5, 45), surface: size)))
  }

  @Test("A surface partly off the screen is captured where it is on it")
  func partlyOffScreen() {
    var tree = WindowTree.scene()
    tree.apply(.moved(x: -150, y: 300), to: Windows.top)
    #expect(
      tree.visibility(of: .surface, in: Windows.top)
        == .visible(
          FrameRegion(
            onScreen: rect(0, 300, 250, 180), rect: rect(150, 0, 250, 180), surface: size)))
    tree.apply(.moved(x: 640, y: 0), to: Windows.top)
    #expect(tree.visibility(of: .surface, in: Windows.top) == .nothing(.empty))
  }

  @Test("C4: the surface moved, the same rectangle from another place")
  func movedSurface() {
    var tree = WindowTree.scene()
    tree.apply(.moved(x: 7, y: 9), to: Windows.top)
    #expect(
      tree.visibility(of: .window(Windows.t), in: Windows.top)
        == .visible(
          FrameRegion(
            onScreen: rect(57, 59, 100, 80), rect: rect(50, 50, 100, 80), surface: size)))
  }

  @Test("C4: move, resize and reparenting of the target or an ancestor are followed")
  func followed() {
    var tree = WindowTree.scene()
    tree.apply(.moved(x: 60, y: 40), to: Windows.t)
    #expect(tree.seen(.window(Windows.tc)) == rect(70, 50, 20, 20))
    tree.apply(.configured(x: 60, y: 40, width: 15, height: 14, border: 0), to: Windows.t)
    #expect(tree.seen(.window(Windows.tc)) == rect(70, 50, 5, 4))
    tree.apply(.reparented(to: Windows.top, x: 200, y: 210), to: Windows.tc)
    #expect(tree.seen(.window(Windows.tc)) == rect(200, 210, 20, 20))
  }

  @Test("D1: a target or an ancestor that is unmapped leaves nothing, and mapped again it is seen")
  func unmapped() {
    for window in [Windows.t, Windows.tc] {
      var tree = WindowTree.scene()
      tree.apply(.unmapped, to: window)
      #expect(tree.visibility(of: .window(Windows.tc), in: Windows.top) == .nothing(.empty))
      #expect(tree.seen(.surface) == rect(0, 0, 400, 300))
      tree.apply(.mapped, to: window)
      #expect(tree.seen(.window(Windows.tc)) == rect(60, 60, 20, 20))
    }
  }

  @Test("A9: an unmapped surface, or one in an unmapped window, is said to be so for all targets")
  func unmappedSurface() {
    let targets: [Target] = [
      .surface, .window(Windows.t), .window(Windows.other),
      .region(RegionGeometry(size: Size(width: 1, height: 1), x: .start(0), y: .start(0))),
    ]
    for window in [Windows.top, Windows.root] {
      var tree = WindowTree.scene()
      tree.apply(.unmapped, to: window)
      for target in targets {
        #expect(tree.visibility(of: target, in: Windows.top) == .nothing(.unmapped))
      }
    }
  }

  @Test("D1: a target without a pixel in the viewport is empty")
  func noOverlap() {
    for (x, y) in [(-100, 50), (400, 50), (50, -80), (50, 300), (5000, 5000)] {
      var tree = WindowTree.scene()
      tree.apply(.moved(x: x, y: y), to: Windows.t)
      #expect(tree.visibility(of: .window(Windows.t), in: Windows.top) == .nothing(.empty))
      #expect(tree.visibility(of: .window(Windows.tc), in: Windows.top) == .nothing(.empty))
    }
  }

  @Test("D3: reverted while the target is empty, the surface is seen")
  func revertedWhileEmpty() {
    var tree = WindowTree.scene()
    tree.apply(.unmapped, to: Windows.t)
    #expect(tree.visibility(of: .window(Windows.t), in: Windows.top) == .nothing(.empty))
    #expect(tree.seen(.surface) == rect(0, 0, 400, 300))
  }

  @Test("D4: a destroyed target is disconnected, and so is a target in a destroyed window")
  func destroyedTarget() {
    var tree = WindowTree.scene()
    tree.apply(.destroyed, to: Windows.t)
    #expect(tree.visibility(of: .window(Windows.t), in: Windows.top) == .nothing(.disconnected))
    #expect(tree.visibility(of: .window(Windows.tc), in: Windows.top) == .nothing(.disconnected))
    #expect(tree.seen(.surface) == rect(0, 0, 400, 300))
  }

  @Test("D5: a window of a recycled id is not the old target")
  func recycledTarget() {
    var tree = WindowTree.scene()
    tree.apply(.destroyed, to: Windows.t)
    tree.apply(.reparented(to: Windows.top, x: 0, y: 0), to: Windows.t)
    tree.apply(.mapped, to: Windows.t)
    tree.apply(.configured(x: 0, y: 0, width: 9, height: 9, border: 0), to: Windows.t)
    #expect(tree.visibility(of: .window(Windows.t), in: Windows.top) == .nothing(.disconnected))
  }

  @Test("D4: a window that is not known, or not inside, is disconnected")
  func notInside() {
    let tree = WindowTree.scene()
    #expect(
      tree.visibility(of: .window(Windows.other), in: Windows.top) == .nothing(.disconnected))
    #expect(
      tree.visibility(of: .window(Windows.root), in: Windows.top) == .nothing(.disconnected))
    #expect(tree.visibility(of: .window(Windows.top), in: Windows.t) == .nothing(.disconnected))
  }

  @Test("D4: reparented out it is disconnected, reparented back it is seen")
  func reparentedOutAndBack() {
    var tree = WindowTree.scene()
    tree.apply(.reparented(to: Windows.root, x: 120, y: 120), to: Windows.t)
    #expect(tree.visibility(of: .window(Windows.t), in: Windows.top) == .nothing(.disconnected))
    #expect(tree.visibility(of: .window(Windows.tc), in: Windows.top) == .nothing(.disconnected))
    // Into a window of which nothing is known yet: not inside as far as is known.
    tree.apply(.reparented(to: Windows.other, x: 0, y: 0), to: Windows.t)
    #expect(tree.visibility(of: .window(Windows.t), in: Windows.top) == .nothing(.disconnected))
    tree.apply(.reparented(to: Windows.top, x: 10, y: 20), to: Windows.t)
    #expect(tree.seen(.window(Windows.t)) == rect(10, 20, 100, 80))
  }

  @Test("A10: a destroyed surface has ended, whatever is asked for and comes later")
  func destroyedSurface() {
    var tree = WindowTree.scene()
    tree.apply(.destroyed, to: Windows.top)
    tree.apply(.mapped, to: Windows.top)
    for target in [Target.surface, .window(Windows.t), .window(Windows.top)] {
      #expect(tree.visibility(of: target, in: Windows.top) == .ended)
    }
    #expect(tree.visibility(of: .surface, in: Windows.other) == .ended)
  }
}
