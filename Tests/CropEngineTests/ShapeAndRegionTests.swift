import CropEngine
import Testing

@Suite("Shapes and fixed regions")
struct ShapeAndRegionTests {
  private func rect(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Rect {
    Rect(x: x, y: y, width: width, height: height)
  }

  private func region(_ text: String) throws -> Target {
    .region(try RegionGeometry(parsing: text, subject: "-g"))
  }

  @Test("C1: the target's bounding shape counts by its extents, in px of its inside")
  func targetShape() {
    var tree = WindowTree.scene(t: { $0.border = 5 })
    tree.apply(.shaped(.bounding, extents: rect(10, 20, 30, 40)), to: Windows.t)
    #expect(tree.seen(.window(Windows.t)) == rect(65, 75, 30, 40))
    // The shape of a window may hold parts of its border.
    tree.apply(.shaped(.bounding, extents: rect(-5, -2, 30, 40)), to: Windows.t)
    #expect(tree.seen(.window(Windows.t)) == rect(50, 53, 30, 40))
    // And more than the window has.
    tree.apply(.shaped(.bounding, extents: rect(-50, -50, 900, 900)), to: Windows.t)
    #expect(tree.seen(.window(Windows.t)) == rect(50, 50, 110, 90))
    tree.apply(.shaped(.bounding, extents: nil), to: Windows.t)
    #expect(tree.seen(.window(Windows.t)) == rect(50, 50, 110, 90))
  }

  @Test("The target's clip shape cuts its children and not itself")
  func targetClipShape() {
    var tree = WindowTree.scene()
    tree.apply(.shaped(.clip, extents: rect(0, 0, 15, 12)), to: Windows.t)
    #expect(tree.seen(.window(Windows.t)) == rect(50, 50, 100, 80))
    #expect(tree.seen(.window(Windows.tc)) == rect(60, 60, 5, 2))
  }

  @Test("C1: both shapes of an ancestor clip the target")
  func ancestorShapes() {
    var tree = WindowTree.scene()
    tree.apply(.shaped(.bounding, extents: rect(12, 0, 80, 80)), to: Windows.t)
    #expect(tree.seen(.window(Windows.tc)) == rect(62, 60, 18, 20))
    tree.apply(.shaped(.clip, extents: rect(0, 0, 100, 13)), to: Windows.t)
    #expect(tree.seen(.window(Windows.tc)) == rect(62, 60, 18, 3))
    // An ancestor's shape has no part in its border.
    tree.apply(.shaped(.bounding, extents: rect(-50, -50, 500, 500)), to: Windows.t)
    tree.apply(.moved(x: -10, y: 10), to: Windows.tc)
    #expect(tree.seen(.window(Windows.tc)) == rect(50, 60, 10, 3))
  }

  @Test("The surface's shape clips what is inside it, and leaves the surface its rectangle")
  func surfaceShape() {
    var tree = WindowTree.scene()
    tree.apply(.shaped(.bounding, extents: rect(60, 0, 340, 300)), to: Windows.top)
    #expect(tree.seen(.surface) == rect(0, 0, 400, 300))
    #expect(tree.seen(.window(Windows.t)) == rect(60, 50, 90, 80))
    tree.apply(.shaped(.clip, extents: rect(0, 0, 400, 100)), to: Windows.top)
    #expect(tree.seen(.surface) == rect(0, 0, 400, 300))
    #expect(tree.seen(.window(Windows.t)) == rect(60, 50, 90, 50))
  }

  @Test("D1: an empty shape of the target, an ancestor or the surface leaves nothing")
  func emptyShapes() {
    for window in [Windows.tc, Windows.t, Windows.top] {
      var tree = WindowTree.scene()
      tree.apply(.shaped(.bounding, extents: rect(0, 0, 0, 0)), to: window)
      #expect(tree.visibility(of: .window(Windows.tc), in: Windows.top) == .nothing(.empty))
      tree.apply(.shaped(.bounding, extents: nil), to: window)
      #expect(tree.seen(.window(Windows.tc)) == rect(60, 60, 20, 20))
    }
  }

  @Test("D1: a surface of empty shape is not there to be seen, and one that has pixels again is")
  func emptySurface() throws {
    var tree = WindowTree.scene()
    tree.apply(.shaped(.bounding, extents: rect(0, 0, 0, 0)), to: Windows.top)
    for target in [Target.surface, .window(Windows.t), try region("10x10+0+0")] {
      #expect(tree.visibility(of: target, in: Windows.top) == .nothing(.empty))
    }
    tree.apply(.shaped(.bounding, extents: rect(0, 0, 1, 1)), to: Windows.top)
    #expect(tree.seen(.surface) == rect(0, 0, 400, 300))
  }

  @Test(
    "A region is cut where the viewport ends",
    arguments: [
      ("100x80+10+20", Rect(x: 10, y: 20, width: 100, height: 80)),
      ("100x80+-60+20", Rect(x: 0, y: 20, width: 40, height: 80)),
      ("100x80-0-0", Rect(x: 300, y: 220, width: 100, height: 80)),
      ("100x80--60-0", Rect(x: 360, y: 220, width: 40, height: 80)),
      ("9999x9999+0+0", Rect(x: 0, y: 0, width: 400, height: 300)),
      ("1x1+399+299", Rect(x: 399, y: 299, width: 1, height: 1)),
      ("10,20 100x80", Rect(x: 10, y: 20, width: 100, height: 80)),
    ])
  func regions(_ text: String, _ seen: Rect) throws {
    let tree = WindowTree.scene(top: { $0.border = 4 })
    #expect(
      tree.visibility(of: try region(text), in: Windows.top)
        == .visible(
          FrameRegion(
            onScreen: seen.offsetBy(dx: 104, dy: 104), rect: seen,
            surface: Size(width: 400, height: 300))))
  }

  @Test("D1: a region outside the viewport is empty", arguments: ["9x9+400+0", "9x9+0+-9"])
  func regionOutside(_ text: String) throws {
    #expect(
      WindowTree.scene().visibility(of: try region(text), in: Windows.top) == .nothing(.empty))
  }

  @Test("A region at the right or bottom edge stays there when the surface is resized")
  func regionAtTheEnd() throws {
    var tree = WindowTree.scene()
    let (atEnd, atStart) = (try region("100x80-10-20"), try region("100x80+10+20"))
    #expect(tree.seen(atEnd) == rect(290, 200, 100, 80))
    tree.apply(.configured(x: 0, y: 0, width: 500, height: 200, border: 0), to: Windows.top)
    #expect(tree.seen(atEnd) == rect(390, 100, 100, 80))
    #expect(tree.seen(atStart) == rect(10, 20, 100, 80))
    // Smaller than the region: what sticks out at the left and top is cut.
    tree.apply(.configured(x: 0, y: 0, width: 50, height: 60, border: 0), to: Windows.top)
    #expect(tree.seen(atEnd) == rect(0, 0, 40, 40))
    #expect(tree.seen(atStart) == rect(10, 20, 40, 40))
  }

  @Test("A region's edges are the viewport's, also where the surface is partly off the screen")
  func regionOffScreen() throws {
    var tree = WindowTree.scene()
    tree.apply(.moved(x: 600, y: -10), to: Windows.top)
    #expect(
      tree.visibility(of: try region("50x20+0+0"), in: Windows.top)
        == .visible(
          FrameRegion(
            onScreen: rect(600, 0, 40, 10), rect: rect(0, 10, 40, 10),
            surface: Size(width: 400, height: 300))))
    #expect(
      tree.visibility(of: try region("50x20-0+0"), in: Windows.top) == .nothing(.empty))
  }
}
