import CropEngine
import Testing

@Suite("What is known of the windows")
struct WindowTreeTests {
  private var tree = WindowTree.scene()

  @Test("Nothing is known at first")
  func empty() {
    let tree = WindowTree()
    #expect(tree.ids.isEmpty)
    #expect(tree[Windows.top] == nil)
    #expect(tree.unknownAncestor(of: Windows.top) == Windows.top)
    #expect(!tree.isInside(Windows.top, of: Windows.top))
  }

  @Test("A window that is known already is replaced")
  mutating func insertAgain() {
    let anew = WindowTree.Node.make(
      Windows.t, in: Windows.root, Rect(x: 1, y: 2, width: 3, height: 4))
    tree.insert(anew)
    #expect(tree[Windows.t] == anew)
    #expect(Set(tree.ids) == [Windows.root, Windows.top, Windows.t, Windows.tc])
    #expect(tree.ids.count == 4)
  }

  @Test("A window that is forgotten is not known, and the others are")
  mutating func remove() {
    tree.remove(Windows.t)
    #expect(tree[Windows.t] == nil)
    #expect(Set(tree.ids) == [Windows.root, Windows.top, Windows.tc])
    #expect(tree.unknownAncestor(of: Windows.tc) == Windows.t)
    #expect(!tree.isInside(Windows.tc, of: Windows.top))
  }

  @Test("ConfigureNotify sets the place, the size and the border, and nothing else")
  mutating func configured() {
    let isReparented = tree.apply(
      .configured(x: -3, y: 4, width: 5, height: 6, border: 7), to: Windows.t)
    #expect(!isReparented)
    var expected = WindowTree.Node.make(
      Windows.t, in: Windows.top, Rect(x: -3, y: 4, width: 5, height: 6))
    expected.border = 7
    #expect(tree[Windows.t] == expected)
  }

  @Test("GravityNotify sets the place alone")
  mutating func moved() {
    #expect(tree.apply(.moved(x: -3, y: 4), to: Windows.t) == false)
    #expect(
      tree[Windows.t]
        == .make(Windows.t, in: Windows.top, Rect(x: -3, y: 4, width: 100, height: 80)))
  }

  @Test("UnmapNotify and MapNotify set whether it is mapped")
  mutating func mapped() {
    let before = tree[Windows.t]
    #expect(tree.apply(.unmapped, to: Windows.t) == false)
    #expect(tree[Windows.t]?.isMapped == false)
    #expect(tree.apply(.mapped, to: Windows.t) == false)
    #expect(tree[Windows.t] == before)
  }

  @Test("ReparentNotify sets the parent and the place, and asks for the ancestors")
  mutating func reparented() {
    #expect(tree.apply(.reparented(to: Windows.root, x: 7, y: 8), to: Windows.t) == true)
    #expect(
      tree[Windows.t]
        == .make(Windows.t, in: Windows.root, Rect(x: 7, y: 8, width: 100, height: 80)))
  }

  @Test("ShapeNotify sets one shape and leaves the other")
  mutating func shaped() {
    let (outer, inner) = (
      Rect(x: 1, y: 2, width: 3, height: 4), Rect(x: 5, y: 6, width: 7, height: 8)
    )
    #expect(tree.apply(.shaped(.bounding, extents: outer), to: Windows.t) == false)
    #expect(tree[Windows.t]?.shape == WindowShape(bounding: outer))
    #expect(tree.apply(.shaped(.clip, extents: inner), to: Windows.t) == false)
    #expect(tree[Windows.t]?.shape == WindowShape(bounding: outer, clip: inner))
    tree.apply(.shaped(.bounding, extents: nil), to: Windows.t)
    #expect(tree[Windows.t]?.shape == WindowShape(clip: inner))
    tree.apply(.shaped(.clip, extents: nil), to: Windows.t)
    #expect(tree[Windows.t]?.shape == WindowShape())
  }

  @Test("DestroyNotify keeps the window as one that is gone")
  mutating func destroyed() {
    #expect(tree.apply(.destroyed, to: Windows.t) == false)
    #expect(tree[Windows.t]?.isDestroyed == true)
    #expect(tree.ids.contains(Windows.t))
    #expect(!tree.isInside(Windows.t, of: Windows.top))
    #expect(!tree.isInside(Windows.tc, of: Windows.top))
    // Nobody is to be asked about it: its id may be another window's.
    #expect(tree.unknownAncestor(of: Windows.tc) == nil)
  }

  @Test("B13: what happens to a window that is not known changes nothing")
  mutating func unknown() {
    #expect(tree.apply(.reparented(to: Windows.top, x: 0, y: 0), to: Windows.other) == false)
    #expect(tree.apply(.mapped, to: Windows.other) == false)
    #expect(tree[Windows.other] == nil)
    #expect(tree.ids.count == 4)
  }

  @Test("What happens among siblings is nothing to it")
  mutating func siblings() {
    let before = tree[Windows.t]
    #expect(tree.apply(.circulated(toTop: true), to: Windows.t) == false)
    let created = WindowEvent.Change.created(
      parent: Windows.top, x: 1, y: 2, width: 3, height: 4, border: 5)
    #expect(tree.apply(created, to: Windows.t) == false)
    #expect(tree.apply(created, to: Windows.other) == false)
    #expect(tree[Windows.t] == before)
    #expect(tree[Windows.other] == nil)
  }

  static let changes: [WindowEvent.Change] = [
    .configured(x: 1, y: 2, width: 3, height: 4, border: 5), .moved(x: 1, y: 2), .unmapped,
    .reparented(to: Windows.root, x: 1, y: 2), .destroyed,
    .shaped(.bounding, extents: Rect(x: 0, y: 0, width: 1, height: 1)),
    .shaped(.clip, extents: Rect(x: 0, y: 0, width: 1, height: 1)),
  ]

  @Test("An event older than the answer says nothing new", arguments: changes)
  func older(_ change: WindowEvent.Change) {
    var tree = WindowTree.scene()
    let before = tree[Windows.t]
    #expect(tree.apply(change, to: Windows.t, serial: 99) == false)
    #expect(tree[Windows.t] == before)
  }

  @Test("An event of the answer's own serial, or a later one, counts", arguments: changes)
  func asOldAsTheAnswer(_ change: WindowEvent.Change) {
    for serial: RequestSerial in [100, 101] {
      var tree = WindowTree.scene()
      let before = tree[Windows.t]
      tree.apply(change, to: Windows.t, serial: serial)
      #expect(tree[Windows.t] != before)
    }
  }

  @Test("Each window's answer has a serial of its own")
  mutating func ownSerials() {
    tree.insert(
      .make(
        Windows.t, in: Windows.top, Rect(x: 0, y: 0, width: 10, height: 10), since: 500))
    tree.apply(.unmapped, to: Windows.t, serial: 499)
    tree.apply(.unmapped, to: Windows.top, serial: 499)
    #expect(tree[Windows.t]?.isMapped == true)
    #expect(tree[Windows.top]?.isMapped == false)
  }

  @Test("D5: what happens to a window of a recycled id does not bring the old one back")
  func recycled() {
    for change in Self.changes + [.mapped] {
      var tree = WindowTree.scene()
      tree.apply(.destroyed, to: Windows.t)
      let gone = tree[Windows.t]
      #expect(tree.apply(change, to: Windows.t, serial: 300) == false)
      #expect(tree[Windows.t] == gone)
    }
  }

  @Test("Parents that go round in a circle, as answers newer than events make them, end the search")
  func circle() {
    var tree = WindowTree()
    for (id, parent) in [(2, 3), (3, 2)] as [(WindowID, WindowID)] {
      tree.insert(
        WindowTree.Node(
          id: id, parent: parent, x: 0, y: 0, width: 9, height: 9, border: 0, isMapped: true,
          since: 0))
    }
    #expect(tree.unknownAncestor(of: 2) == nil)
    #expect(!tree.isInside(2, of: 7))
    #expect(tree.isInside(2, of: 3))
    #expect(tree.visibility(of: .surface, in: 2) == .nothing(.unmapped))
  }

  @Test("A destroyed window that a window is put into is another one of a recycled id")
  mutating func parentOfRecycledID() {
    tree.insert(
      .make(Windows.other, in: Windows.root, Rect(x: 0, y: 0, width: 80, height: 80)))
    tree.apply(.destroyed, to: Windows.other)
    #expect(tree.apply(.reparented(to: Windows.other, x: 5, y: 6), to: Windows.top) == true)
    #expect(tree[Windows.other] == nil)
    #expect(tree.unknownAncestor(of: Windows.tc) == Windows.other)
    #expect(tree.unknownAncestor(of: Windows.root) == nil)
  }

  @Test("A window is inside itself and each of its ancestors, and in no other")
  func inside() {
    for ancestor in [Windows.t, Windows.top, Windows.root] {
      #expect(tree.isInside(Windows.t, of: ancestor))
    }
    #expect(!tree.isInside(Windows.t, of: Windows.tc))
    #expect(!tree.isInside(Windows.t, of: Windows.other))
    #expect(!tree.isInside(Windows.other, of: Windows.root))
  }

  @Test("The first unknown ancestor is the one nearest to the window")
  mutating func unknownAncestor() {
    #expect(tree.unknownAncestor(of: Windows.tc) == nil)
    tree.remove(Windows.root)
    tree.remove(Windows.top)
    #expect(tree.unknownAncestor(of: Windows.tc) == Windows.top)
    #expect(tree.unknownAncestor(of: Windows.other) == Windows.other)
  }
}
