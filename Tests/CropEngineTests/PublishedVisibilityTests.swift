import CropEngine
import Testing

@Suite("What of a published rectangle can be seen")
struct PublishedVisibilityTests {
  private let target = Target.published(Windows.t, name: "video")
  private var tree = WindowTree.scene()

  init() { publish("video 40x30+10+20") }

  private mutating func publish(_ text: String, since: RequestSerial = 150) {
    tree.publish(PublishedRects(parsing: text), by: Windows.t, since: since)
  }

  private func rect(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Rect {
    Rect(x: x, y: y, width: width, height: height)
  }

  @Test("C1: the rectangle in its window, in all ancestors and in the viewport")
  mutating func clipped() {
    #expect(tree.seen(target) == rect(60, 70, 40, 30))
    publish("video 40x30+-10+60")
    #expect(tree.seen(target) == rect(50, 110, 30, 20), "in its window")
    publish("video 4000x3000+-500+-500")
    #expect(tree.seen(target) == rect(50, 50, 100, 80))
    publish("video 40x30+10+20")
    tree.apply(.moved(x: -20, y: 270), to: Windows.t)
    #expect(tree.seen(target) == rect(0, 290, 30, 10), "in the surface")
    tree.apply(.configured(x: 50, y: 50, width: 30, height: 80, border: 3), to: Windows.t)
    #expect(tree.seen(target) == rect(63, 73, 20, 30), "inside the border")
  }

  @Test("C1: the window's shapes clip it as they clip its children")
  mutating func shaped() {
    tree.apply(.shaped(.bounding, extents: rect(0, 0, 20, 80)), to: Windows.t)
    #expect(tree.seen(target) == rect(60, 70, 10, 30))
    tree.apply(.shaped(.clip, extents: rect(0, 0, 100, 30)), to: Windows.t)
    #expect(tree.seen(target) == rect(60, 70, 10, 10))
  }

  @Test("The surface's own rectangles, and those of a window deep inside")
  mutating func publishers() {
    tree.publish(PublishedRects(parsing: "a 500x10+-5+5"), by: Windows.top, since: 150)
    #expect(tree.seen(.published(Windows.top, name: "a")) == rect(0, 5, 400, 10))
    tree.publish(PublishedRects(parsing: "a 5x5+18+3"), by: Windows.tc, since: 150)
    #expect(tree.seen(.published(Windows.tc, name: "a")) == rect(78, 63, 2, 5))
  }

  @Test(
    "D1: without area, or where nothing of it is seen, it is empty",
    arguments: ["0x30+10+20", "40x0+10+20", "0x0+0+0", "10x10+100+0", "10x10+0+-10"])
  mutating func empty(_ geometry: String) {
    publish("video \(geometry)")
    #expect(tree.visibility(of: target, in: Windows.top) == .nothing(.empty))
    publish("video 40x30+10+20")
    tree.apply(.unmapped, to: Windows.t)
    #expect(tree.visibility(of: target, in: Windows.top) == .nothing(.empty))
  }

  @Test("D4: published no more it is disconnected, and published again it is seen")
  mutating func withdrawn() {
    for text in ["", "other 40x30+10+20", "video 40x30"] {
      publish(text)
      #expect(tree.visibility(of: target, in: Windows.top) == .nothing(.disconnected))
      publish("video 40x30+10+20")
      #expect(tree.seen(target) == rect(60, 70, 40, 30))
    }
    tree.publish(nil, by: Windows.t, since: 160)
    #expect(tree.visibility(of: target, in: Windows.top) == .nothing(.disconnected))
  }

  @Test("D4, D5: it goes with its window, and a window of a recycled id is not its window")
  mutating func destroyed() {
    tree.apply(.destroyed, to: Windows.t)
    #expect(tree.visibility(of: target, in: Windows.top) == .nothing(.disconnected))
    tree.apply(.reparented(to: Windows.top, x: 0, y: 0), to: Windows.t)
    tree.apply(.mapped, to: Windows.t)
    #expect(tree.visibility(of: target, in: Windows.top) == .nothing(.disconnected))
    var out = WindowTree.scene()
    out.publish(PublishedRects(parsing: "video 1x1+0+0"), by: Windows.t, since: 150)
    out.apply(.reparented(to: Windows.root, x: 0, y: 0), to: Windows.t)
    #expect(out.visibility(of: target, in: Windows.top) == .nothing(.disconnected))
  }

  @Test("A change is to be asked for, but not one that the answer has seen already")
  mutating func changed() {
    let isOldNew = tree.apply(.publishedChanged, to: Windows.t, serial: 149)
    #expect(!isOldNew)
    #expect(tree[Windows.t]?.hasNewRects == false)
    let isNew = tree.apply(.publishedChanged, to: Windows.t, serial: 150)
    #expect(isNew)
    #expect(tree[Windows.t]?.hasNewRects == true)
    #expect(tree.seen(target) == rect(60, 70, 40, 30), "as it was last told")
    publish("video 1x1+0+0", since: 210)
    #expect(tree[Windows.t]?.hasNewRects == false)
    for window in [Windows.tc, Windows.other] {
      let matters = tree.apply(.publishedChanged, to: window)
      #expect(!matters, "nobody wants to know")
    }
  }
}
