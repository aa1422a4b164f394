import CropEngine
import TestSupport
import Testing

@Suite("Which storage a pixel comes from")
struct StoragePieceTests {
  static let all = Rect(x: -10, y: -10, width: 420, height: 320)
  static let sib: WindowID = 13
  static let bel: WindowID = 14

  private var stack = WindowStack.scene()

  /// The only piece that a storage has.
  private func piece(_ storage: WindowID, of rect: Rect = all) -> StoragePiece? {
    stack.pieces(of: rect).first { $0.storage == storage }
  }

  private func pixels(_ storage: WindowID, of rect: Rect = all) -> Pixels {
    Pixels(piece(storage, of: rect)?.region ?? PixelRegion())
  }

  @Test("A3: with no storage but the root's, all is one piece of it")
  func plain() {
    #expect(!stack.hasForeignStorages)
    let rect = Rect(x: 390, y: 290, width: 20, height: 20)
    let pieces = stack.pieces(of: rect)
    #expect(pieces.map(\.storage) == [Windows.top])
    #expect(pieces.first?.region.rects == [Rect(x: 390, y: 290, width: 10, height: 10)])
    #expect(pieces.map(\.originX) == [0] && pieces.map(\.originY) == [0])
    #expect(stack.pieces(of: Rect(x: 400, y: 0, width: 5, height: 5)).isEmpty)
    #expect(stack.pieces(of: Rect(x: 5, y: 5, width: 0, height: 5)).isEmpty)
  }

  @Test("E8: a storage gives what its window has above the windows below it, and no more")
  mutating func storage() {
    stack.change(Windows.t) { $0.hasStorage = true }
    #expect(stack.hasForeignStorages)
    let t = Rect(x: 50, y: 50, width: 100, height: 80)
    let sib = Rect(x: 100, y: 80, width: 100, height: 80)
    #expect(pixels(Windows.t) == Pixels(PixelRegion(t).subtracting(PixelRegion(sib))))
    #expect(
      pixels(Windows.top)
        == Pixels(
          PixelRegion(stack[Windows.top]?.inside ?? t)
            .subtracting(PixelRegion(t).subtracting(PixelRegion(sib)))))
    #expect(piece(Windows.t)?.originX == 50)
    #expect(piece(Windows.t)?.originY == 50)
  }

  @Test("E8: storages between siblings and inside others have what is seen of each")
  mutating func nested() {
    stack.change(Windows.t) { $0.hasStorage = true }
    stack.change(Windows.tc) { $0.hasStorage = true }
    stack.change(Self.sib) { $0.hasStorage = true }
    #expect(pixels(Windows.tc) == Pixels([Rect(x: 60, y: 60, width: 20, height: 20)]))
    #expect(piece(Windows.tc)?.originX == 60)
    #expect(pixels(Self.sib) == Pixels([Rect(x: 100, y: 80, width: 100, height: 80)]))
    #expect(stack.pieces(of: Rect(x: 70, y: 70, width: 31, height: 11)).count == 3)
    // BEL lies below T and has no storage: what is seen of it is TOP's.
    #expect(piece(Self.bel) == nil)
    #expect(pixels(Windows.top).all.contains(Pixel(x: 45, y: 45)))
  }

  @Test("A restack changes whose the pixels are")
  mutating func restacked() {
    stack.change(Windows.t) { $0.hasStorage = true }
    let both = Rect(x: 100, y: 80, width: 50, height: 50)
    #expect(piece(Windows.t, of: both) == nil)
    #expect(stack.apply(.circulated(toTop: true), to: Windows.t) == .changed)
    #expect(piece(Windows.t, of: both)?.region.rects == [both])
    #expect(piece(Windows.top, of: both) == nil)
    #expect(stack.apply(.circulated(toTop: false), to: Windows.t) == .changed)
    let overBel = Rect(x: 50, y: 50, width: 10, height: 10)
    #expect(piece(Windows.t, of: overBel) == nil)
  }

  @Test("Unmapped windows and InputOnly windows have no pixels, nor have windows in them")
  mutating func withoutPixels() {
    for change: (inout WindowStack.Node) -> Void in [
      { $0.isMapped = false }, { $0.isInputOnly = true },
    ] {
      stack = .scene()
      stack.change(Windows.tc) { $0.hasStorage = true }
      stack.change(Windows.t, change)
      #expect(stack.pieces(of: Self.all).map(\.storage) == [Windows.top])
      stack.change(Windows.top, change)
      #expect(stack.pieces(of: Self.all).isEmpty)
    }
  }

  @Test("A border is its window's, and clips what is inside")
  mutating func borders() {
    stack.change(Windows.top) { $0.border = 5 }
    stack.change(Windows.t) {
      ($0.border, $0.hasStorage) = (3, true)
      ($0.x, $0.y) = (-1, -1)
    }
    stack.change(Windows.tc) { ($0.hasStorage, $0.x, $0.y) = (true, -10, 0) }
    // Its left edge lies outside TOP's inside.
    #expect(piece(Windows.t)?.region.bounds == Rect(x: 0, y: 0, width: 105, height: 85))
    #expect(piece(Windows.t)?.originX == 2)
    #expect(pixels(Windows.tc) == Pixels([Rect(x: 2, y: 2, width: 10, height: 20)]))
    #expect(piece(Windows.tc)?.originX == -8)
    #expect(piece(Windows.top)?.region.bounds == Rect(x: -5, y: -5, width: 410, height: 310))
  }

  @Test("E7: what is outside the root's shape is nobody's")
  mutating func rootShape() {
    let rect = Rect(x: -20, y: 0, width: 120, height: 40)
    #expect(stack.shownShape(of: rect) == nil)
    let shape = [
      Rect(x: -90, y: 0, width: 100, height: 10), Rect(x: 0, y: 0, width: 60, height: 5),
      Rect(x: 50, y: 30, width: 100, height: 300),
    ]
    stack.change(Windows.top) { $0.bounding = shape }
    let shown = Pixels([
      Rect(x: 0, y: 0, width: 10, height: 10), Rect(x: 0, y: 0, width: 60, height: 5),
      Rect(x: 50, y: 30, width: 50, height: 10),
    ])
    #expect(stack.shownShape(of: rect).map(Pixels.init) == shown)
    #expect(pixels(Windows.top, of: rect) == shown)
    stack.change(Windows.t) { ($0.hasStorage, $0.y) = (true, 35) }
    #expect(pixels(Windows.t, of: rect) == Pixels([Rect(x: 50, y: 35, width: 50, height: 5)]))
    #expect(pixels(Windows.top, of: rect).all.count == shown.all.count - 250)
    stack.change(Windows.top) { $0.bounding = [] }
    #expect(stack.shownShape(of: rect)?.isEmpty == true)
    #expect(stack.pieces(of: rect).isEmpty)
  }

  @Test("Through the holes of a shape is seen what lies below; a clip shape clips children alone")
  mutating func holes() {
    let left = Rect(x: 0, y: 0, width: 20, height: 80)
    let right = Rect(x: 30, y: 0, width: 20, height: 80)
    stack.change(Windows.t) { ($0.hasStorage, $0.bounding) = (true, [left, right]) }
    stack.change(Windows.tc) { $0.hasStorage = true }
    #expect(
      pixels(Windows.t).all.isDisjoint(
        with: Pixels([Rect(x: 70, y: 50, width: 10, height: 80)]).all))
    #expect(pixels(Windows.tc) == Pixels([Rect(x: 60, y: 60, width: 10, height: 20)]))
    let hole = Rect(x: 72, y: 60, width: 5, height: 5)
    #expect(stack.pieces(of: hole).map(\.storage) == [Windows.top])
    stack.change(Windows.t) { ($0.bounding, $0.clip) = (nil, [left]) }
    #expect(pixels(Windows.tc) == Pixels([Rect(x: 60, y: 60, width: 10, height: 20)]))
    #expect(stack.pieces(of: hole).map(\.storage) == [Windows.t])
  }

  @Test("Each pixel of a storage is one window's, with its place and the storage's")
  func areas() {
    let areas = stack.areas(of: stack[Windows.top]!.outside)
    let all = PixelRegion(areas.flatMap(\.piece.region.rects))
    #expect(Pixels(all.rects) == Pixels([stack[Windows.top]!.outside]))
    #expect(areas.reduce(0) { $0 + Pixels($1.piece.region.rects).all.count } == 400 * 300)
    let tc = areas.first { $0.window == Windows.tc }
    #expect(tc?.inside == Rect(x: 60, y: 60, width: 20, height: 20))
    #expect(tc?.offsetBy(dx: 5, dy: -5).inside == Rect(x: 65, y: 55, width: 20, height: 20))
  }

  @Test("Random windows: each pixel comes from where painting it would take it", arguments: 0..<60)
  func random(_ seed: UInt64) {
    var random = SeededRandom(seed)
    for _ in 0..<4 {
      let stack = WindowStack.random(&random)
      var rect = PixelRegionTests.field
      if Bool.random(using: &random) { rect = PixelRegionTests.randomRect(&random) }
      var expected: [WindowID: Set<Pixel>] = [:]
      for pixel in Pixels([rect]).all {
        if let owner = stack.painted(pixel) { expected[owner, default: []].insert(pixel) }
      }
      let pieces = stack.pieces(of: rect)
      #expect(Set(pieces.map(\.storage)).count == pieces.count)
      #expect(pieces.allSatisfy { $0.region.isWellMade })
      let found = pieces.map { ($0.storage, Pixels($0.region).all) }
      #expect(Dictionary(uniqueKeysWithValues: found) == expected)
      for piece in pieces {
        let origin = stack.origin(of: piece.storage)
        #expect((piece.originX, piece.originY) == (origin.x, origin.y))
      }
    }
  }
}
