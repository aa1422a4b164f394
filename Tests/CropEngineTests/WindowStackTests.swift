import CropEngine
import Testing

@Suite("What happens to the windows in a window")
struct WindowStackTests {
  static let sib = StoragePieceTests.sib
  static let bel = StoragePieceTests.bel

  private var stack = WindowStack.scene()

  private var order: [WindowID] { stack.children(of: Windows.top) }

  @Test("A window is configured, also among its siblings")
  mutating func configured() {
    let change = WindowEvent.Change.configured(x: 1, y: 2, width: 3, height: 4, border: 5)
    #expect(stack.apply(change, to: Windows.t, above: Self.sib) == .changed)
    let node = stack[Windows.t]
    #expect(node?.x == 1 && node?.y == 2 && node?.border == 5)
    #expect(node?.inside == Rect(x: 0, y: 0, width: 3, height: 4))
    #expect(node?.outside == Rect(x: -5, y: -5, width: 13, height: 14))
    #expect(order == [Self.bel, Self.sib, Windows.t])
    #expect(stack.apply(change, to: Windows.t, above: Self.bel) == .changed)
    #expect(order == [Self.bel, Windows.t, Self.sib])
    #expect(stack.apply(change, to: Windows.t) == .changed)
    #expect(order == [Windows.t, Self.bel, Self.sib])
  }

  @Test("It moves, is mapped and is unmapped")
  mutating func simple() {
    #expect(stack.apply(.moved(x: 7, y: 8), to: Windows.t) == .changed)
    #expect(stack[Windows.t]?.x == 7)
    #expect(stack[Windows.t]?.y == 8)
    #expect(stack.apply(.unmapped, to: Windows.t) == .changed)
    #expect(stack[Windows.t]?.isMapped == false)
    #expect(stack.apply(.mapped, to: Windows.t) == .changed)
    #expect(stack[Windows.t]?.isMapped == true)
    #expect(stack.apply(.publishedChanged, to: Windows.t) == .nothing)
  }

  @Test("It is put above all its siblings, and below them")
  mutating func circulated() {
    #expect(stack.apply(.circulated(toTop: true), to: Windows.t) == .changed)
    #expect(order == [Self.bel, Self.sib, Windows.t])
    #expect(stack.apply(.circulated(toTop: false), to: Windows.t) == .changed)
    #expect(order == [Windows.t, Self.bel, Self.sib])
  }

  @Test("A shape has to be asked for; that there is none any more need not")
  mutating func shaped() {
    let extents = Rect(x: 0, y: 0, width: 9, height: 9)
    for kind in [WindowShape.Kind.bounding, .clip] {
      #expect(
        stack.apply(.shaped(kind, extents: extents), to: Windows.t) == .incomplete(Windows.t))
    }
    #expect(stack[Windows.t]?.bounding == [extents])
    #expect(stack[Windows.t]?.clip == [extents])
    for kind in [WindowShape.Kind.bounding, .clip] {
      #expect(stack.apply(.shaped(kind, extents: nil), to: Windows.t) == .changed)
    }
    #expect(stack[Windows.t]?.bounding == nil)
    #expect(stack[Windows.t]?.clip == nil)
  }

  @Test("A new window lies on top, and has to be asked for")
  mutating func created() {
    let change = WindowEvent.Change.created(
      parent: Windows.t, x: 1, y: 2, width: 3, height: 4, border: 5)
    #expect(stack.apply(change, to: Windows.other) == .incomplete(Windows.other))
    #expect(stack.children(of: Windows.t) == [Windows.tc, Windows.other])
    #expect(stack[Windows.other]?.isMapped == false)
    #expect(stack[Windows.other]?.inside == Rect(x: 0, y: 0, width: 3, height: 4))
    // The answer does not tell of its place, the events since it was created do.
    stack.apply(.circulated(toTop: false), to: Windows.other, serial: 210)
    stack.insert(
      .make(Windows.other, in: Windows.t, Rect(x: 9, y: 9, width: 9, height: 9), since: 220))
    #expect(stack.children(of: Windows.t) == [Windows.other, Windows.tc])
    #expect(stack[Windows.other]?.x == 9)
    stack.apply(.mapped, to: Windows.other, serial: 219)
    stack.apply(.circulated(toTop: true), to: Windows.other, serial: 219)
    #expect(stack.children(of: Windows.t) == [Windows.tc, Windows.other])
  }

  @Test("A window created outside is nothing, and one of a recycled id is another one")
  mutating func createdElsewhere() {
    let outside = WindowEvent.Change.created(
      parent: Windows.root, x: 0, y: 0, width: 9, height: 9, border: 0)
    #expect(stack.apply(outside, to: Windows.other) == .nothing)
    #expect(stack[Windows.other] == nil)
    stack.change(Windows.t) { $0.hasStorage = true }
    let again = WindowEvent.Change.created(
      parent: Windows.top, x: 0, y: 0, width: 9, height: 9, border: 0)
    #expect(stack.apply(again, to: Windows.t, serial: 99) == .nothing)
    #expect(stack.apply(again, to: Windows.t) == .incomplete(Windows.t))
    #expect(stack[Windows.t]?.hasStorage == false)
    #expect(stack[Windows.tc] == nil)
    #expect(order == [Self.bel, Self.sib, Windows.t])
  }

  @Test("D4: a window that goes takes all windows in it along", arguments: [true, false])
  mutating func gone(_ isDestroyed: Bool) {
    let change: WindowEvent.Change =
      isDestroyed ? .destroyed : .reparented(to: Windows.root, x: 0, y: 0)
    #expect(stack.apply(change, to: Windows.t) == .changed)
    #expect(order == [Self.bel, Self.sib])
    #expect(stack[Windows.t] == nil && stack[Windows.tc] == nil)
    #expect(stack.apply(change, to: Windows.t) == .nothing)
    #expect(stack.apply(.mapped, to: Windows.tc) == .nothing)
    #expect(Set(stack.ids) == [Windows.top, Self.bel, Self.sib])
  }

  @Test("A window that is put into another one in the stack lies on top, with all in it")
  mutating func reparentedInside() {
    #expect(stack.apply(.reparented(to: Self.bel, x: 3, y: 4), to: Windows.t) == .changed)
    #expect(order == [Self.bel, Self.sib])
    #expect(stack.children(of: Self.bel) == [Windows.t])
    #expect(stack.children(of: Windows.t) == [Windows.tc])
    #expect(stack.origin(of: Windows.t) == Pixel(x: 43, y: 44))
    #expect(stack[Windows.t]?.parent == Self.bel)
    // The same parent again: on top.
    stack.apply(.reparented(to: Windows.top, x: 0, y: 0), to: Self.bel)
    #expect(order == [Self.sib, Self.bel])
  }

  @Test("A window from outside has to be asked for, once")
  mutating func reparentedIntoIt() {
    let change = WindowEvent.Change.reparented(to: Windows.top, x: 3, y: 4)
    #expect(stack.apply(change, to: Windows.other) == .incomplete(Windows.other))
    #expect(stack.apply(change, to: Windows.other) == .nothing)
    #expect(order.last == Windows.other)
    #expect(stack[Windows.other]?.isMapped == false)
    // It was taken away again before it could be asked for.
    stack.insert(
      .make(Windows.other, in: Windows.root, Rect(x: 0, y: 0, width: 9, height: 9), since: 300))
    #expect(stack[Windows.other] == nil)
    #expect(order == [Self.bel, Windows.t, Self.sib])
  }

  @Test("The root's place among its siblings is nothing, and its end is that of all")
  mutating func rootEvents() {
    let change = WindowEvent.Change.configured(x: 1, y: 2, width: 30, height: 40, border: 5)
    #expect(stack.apply(change, to: Windows.top, above: Windows.other) == .changed)
    #expect(stack[Windows.top]?.inside == Rect(x: 0, y: 0, width: 30, height: 40))
    #expect(stack.apply(.circulated(toTop: true), to: Windows.top) == .nothing)
    let frame = WindowEvent.Change.reparented(to: Windows.other, x: 3, y: 4)
    #expect(stack.apply(frame, to: Windows.top) == .changed)
    #expect(stack[Windows.top]?.parent == Windows.other)
    #expect(stack.ids.count == 5)
    #expect(stack.apply(.destroyed, to: Windows.top) == .changed)
    #expect(stack.ids.isEmpty)
    #expect(stack.pieces(of: StoragePieceTests.all).isEmpty)
    // Its id may be another window's now.
    stack.insert(.make(Windows.top, in: nil, Rect(x: 0, y: 0, width: 9, height: 9), since: 900))
    #expect(stack.apply(.mapped, to: Windows.top, serial: 901) == .nothing)
    #expect(stack.ids.isEmpty)
  }

  static let changes: [WindowEvent.Change] = [
    .configured(x: 1, y: 2, width: 3, height: 4, border: 5), .moved(x: 1, y: 2), .unmapped,
    .circulated(toTop: true), .reparented(to: bel, x: 1, y: 2), .destroyed,
    .reparented(to: Windows.root, x: 1, y: 2), .shaped(.bounding, extents: nil),
    .created(parent: Windows.top, x: 0, y: 0, width: 9, height: 9, border: 0),
  ]

  @Test("An event older than the answers says nothing new", arguments: changes)
  func older(_ change: WindowEvent.Change) {
    var stack = WindowStack.scene()
    stack.change(Windows.t) { $0.bounding = [$0.inside] }
    let before = Picture(stack)
    #expect(stack.apply(change, to: Windows.t, serial: 99) == .nothing)
    #expect(Picture(stack) == before)
  }

  @Test("An event of the answers' own serial counts, and is harmless twice", arguments: changes)
  func twice(_ change: WindowEvent.Change) {
    var stack = WindowStack.scene()
    stack.change(Windows.t) { $0.bounding = [$0.inside] }
    #expect(stack.apply(change, to: Windows.t, serial: 100, above: Self.sib) != .nothing)
    let after = Picture(stack)
    _ = stack.apply(change, to: Windows.t, serial: 100, above: Self.sib)
    #expect(Picture(stack) == after)
  }

  @Test("The order is asked for again where it was told by a sibling that is not known")
  mutating func unknownSibling() {
    let change = WindowEvent.Change.configured(x: 1, y: 2, width: 3, height: 4, border: 5)
    #expect(
      stack.apply(change, to: Windows.t, above: Windows.other) == .incomplete(Windows.top))
    #expect(stack[Windows.t]?.border == 5)
    stack.insert(
      children: [Windows.t, Windows.other, Self.bel].map {
        .make($0, in: Windows.top, Rect(x: 0, y: 0, width: 9, height: 9), since: 301)
      }, of: Windows.top, since: 300)
    #expect(order == [Windows.t, Windows.other, Self.bel])
    #expect(stack[Self.sib] == nil)
    #expect(stack.children(of: Windows.t) == [Windows.tc])
    // Between the two answers: new for the order, and known of the window.
    #expect(stack.apply(change, to: Windows.t, serial: 300, above: Self.bel) == .changed)
    #expect(order == [Windows.other, Self.bel, Windows.t])
    #expect(stack[Windows.t]?.border == 0)
    #expect(stack.apply(change, to: Self.bel, serial: 299) == .nothing)
  }

  @Test("Windows that answers put into each other make no circle")
  mutating func circle() {
    stack.insert(
      .make(Windows.t, in: Windows.tc, Rect(x: 0, y: 0, width: 9, height: 9), since: 200))
    #expect(stack[Windows.t] == nil && stack[Windows.tc] == nil)
    stack.apply(.reparented(to: Self.sib, x: 0, y: 0), to: Self.bel)
    stack.apply(.reparented(to: Self.bel, x: 0, y: 0), to: Self.sib)
    #expect(stack.ids == [Windows.top])
  }

  /// All that is known, for comparison.
  struct Picture: Equatable {
    let nodes: [WindowID: WindowStack.Node]
    let children: [WindowID: [WindowID]]

    init(_ stack: WindowStack) {
      let ids = stack.ids
      nodes = Dictionary(uniqueKeysWithValues: ids.compactMap { id in stack[id].map { (id, $0) } })
      children = Dictionary(uniqueKeysWithValues: ids.map { ($0, stack.children(of: $0)) })
    }
  }
}
