import CropEngine
import ScreenSource
import TestSupport
import Testing

/// What is played on: a server, and a part of its screen that is captured.
struct DrawingBoard: CustomTestStringConvertible, Sendable {
  enum View: CaseIterable {
    case visible, logical
    /// T's own pixels alone; and those where a window in it has a storage of its own.
    case restricted, embedded
  }

  let view: View
  var depth = 24
  var sharedMemory = true
  let seed: UInt64
  /// How much later each step is, in ns.
  var pace: Int64 = 1

  var testDescription: String {
    "\(view), depth \(depth)\(sharedMemory ? "" : ", no shared memory"), seed \(seed)"
      + (pace > 1 ? ", checked" : "")
  }
}

/// A scene that is drawn on at random, and two captures of it on connections of their own: one that
/// is told what is drawn on, and one that reads everything each time.
final class DrawingGame {
  /// One crop of both captures.
  private final class Pair {
    let fast: Crop
    let plain: Crop
    /// The fast one's frame before.
    var last: FrameCopy?
    /// Slots that a reader holds, and what was in them.
    var held: [Int: (frame: Frame, copy: FrameCopy)] = [:]

    init(_ fast: Crop, _ plain: Crop) { (self.fast, self.plain) = (fast, plain) }
  }

  private let board: DrawingBoard
  private let scene: Scene
  private let fast: Stage
  private let plain: Stage
  private let redirector: Redirector
  private var random: SeededRandom
  private var pairs: [Pair] = []
  private var now = Stage.now
  /// Windows that are drawn on, and those that are moved about.
  private var canvases: [UInt]
  private var movables: [UInt]
  private var places: [UInt: Rect] = [:]
  private var isCursorShown: Bool { board.seed % 2 == 0 }
  private var cursorMoves = 0
  /// Frames that were told to be the one before, and those of which a part was told.
  private(set) var (stillFrames, partialFrames) = (0, 0)

  init(_ board: DrawingBoard) throws {
    self.board = board
    random = SeededRandom(board.seed)
    let scene = try Scene(Xvfb(screen: "640x480x\(board.depth)"))
    self.scene = scene
    redirector = try Redirector(scene)
    canvases = [scene.top, scene.t, scene.tc, scene.sib, scene.bel, scene.root, scene.other]
    movables = [scene.tc, scene.sib, scene.bel, scene.other]
    places[scene.tc] = Rect(x: 10, y: 10, width: 20, height: 20)
    places[scene.sib] = Rect(x: 100, y: 80, width: 100, height: 80)
    places[scene.bel] = Rect(x: 40, y: 40, width: 40, height: 40)
    places[scene.other] = Rect(x: 120, y: 120, width: 80, height: 80)
    if board.view == .embedded {
      let place = Rect(x: 30, y: 30, width: 50, height: 40)
      let inside = scene.window(in: scene.t, place, 0x00_1460)
      redirector.redirect(inside)
      places[inside] = place
      canvases.append(inside)
      movables.append(inside)
    }
    let view: SurfaceView = board.view == .logical ? .logical : .visible
    func stage(_ noDamage: String?) throws -> Stage {
      try Stage(
        scene, surface: scene.top, view: view, sharedMemory: board.sharedMemory, noDamage: noDamage)
    }
    fast = try stage(nil)
    plain = try stage("it is what the other one is held against")
    if isCursorShown {
      scene.setCursor(.motley(Size(width: 17, height: 13), hotX: 4, hotY: 9), of: scene.root)
      scene.movePointer(x: 200, y: 190)
      for stage in [fast, plain] { try stage.capture.showCursor(.always) }
    }
    pairs = [Pair(fast.capture.main, plain.capture.main)]
    for _ in 1..<3 { pairs.append(Pair(fast.capture.addCrop(), plain.capture.addCrop())) }
    for pair in pairs { try aim(pair) }
  }

  private func number(_ range: Range<Int>) -> Int { .random(in: range, using: &random) }
  private func isOnce(in count: Int) -> Bool { number(0..<count) == 0 }

  /// Draws, and looks; so many times.
  func play(steps: Int, at location: SourceLocation = #_sourceLocation) throws {
    for step in 0..<steps {
      // Now and then nothing happens.
      for _ in 0..<number(0..<4) { draw() }
      if isOnce(in: 8) { try aim(pairs.randomElement(using: &random)!) }
      try look(step, at: location)
    }
    #expect(fast.capture.damageLack == nil, sourceLocation: location)
    #expect(fast.capture.takeFaults() == [], sourceLocation: location)
    #expect(stillFrames > 0 && partialFrames > 0, "it was told", sourceLocation: location)
  }

  // MARK: Drawing

  private func rect() -> Rect {
    Rect(
      x: number(-20..<220), y: number(-20..<180), width: number(1..<90), height: number(1..<60))
  }

  private func pixel() -> UInt { UInt(number(0..<1 << board.depth)) }

  private func draw() {
    let canvas = canvases.randomElement(using: &random)!
    let movable = movables.randomElement(using: &random)!
    switch number(0..<14) {
    case 0...3: scene.fill(canvas, rect(), pixel())
    case 4...5: scene.scroll(canvas, rect(), toX: number(-10..<150), y: number(-10..<150))
    case 6:
      scene.write("not told twice", on: canvas, x: number(0..<150), y: number(0..<150), pixel())
    case 7: move(movable)
    case 8: if isOnce(in: 2) { scene.unmap(movable) } else { scene.map(movable) }
    case 9: scene.raise(movable)
    case 10: shape(movable)
    case 11: resize(movable)
    case 12: moveCursor()
    default: scene.move(scene.top, x: 90 + number(0..<20), y: 90 + number(0..<20))
    }
  }

  private func move(_ window: UInt) {
    guard let place = places[window] else { return }
    scene.move(window, x: place.x + number(-15..<15), y: place.y + number(-15..<15))
  }

  private func resize(_ window: UInt) {
    guard let place = places[window] else { return }
    scene.resize(
      window, width: place.width + number(-9..<25), height: place.height + number(-9..<25))
  }

  private func shape(_ window: UInt) {
    let hole = Rect(x: number(0..<20), y: number(0..<20), width: number(1..<40), height: 12)
    scene.shape(window, to: isOnce(in: 2) ? nil : hole)
  }

  private func moveCursor() {
    // The clock goes on with it, and is not to come to where everything is read.
    guard isCursorShown, cursorMoves < 15 || board.pace > 1 else { return }
    cursorMoves += 1
    scene.movePointer(x: number(100..<350), y: number(100..<300))
    now += 100_000_000
  }

  /// Gives a crop another target, of few places, so that it comes back to them.
  private func aim(_ pair: Pair) throws {
    let isOwn = board.view == .restricted || board.view == .embedded
    let target: Target =
      switch number(0..<5) {
      case _ where isOwn: .window(scene.t)
      case 0: .surface
      case 1: .window(scene.t)
      case 2: .region(try RegionGeometry(parsing: "90x70+20+30", subject: "a test"))
      case 3: .region(try RegionGeometry(parsing: "90x70+60+60", subject: "a test"))
      default: .window(scene.sib)
      }
    try fast.capture.setTarget(target, restricting: isOwn, of: pair.fast)
    try plain.capture.setTarget(target, restricting: isOwn, of: pair.plain)
  }

  // MARK: Looking

  /// Grabs some of the crops, together or one by one, by both ways.
  private func look(_ step: Int, at location: SourceLocation) throws {
    let some = pairs.filter { _ in isOnce(in: 2) }
    let chosen = some.isEmpty ? [pairs[step % pairs.count]] : some
    let isTogether = isOnce(in: 2)
    now += board.pace
    for group in isTogether ? [chosen] : chosen.map({ [$0] }) {
      try compare(group, step, at: location)
    }
  }

  private func compare(_ group: [Pair], _ step: Int, at location: SourceLocation) throws {
    let end = ContinuousClock.now + .seconds(Command.bound)
    while true {
      // Where windows are asked to draw, the second look of those who ask is another one.
      let before = try grabPlain(group)
      let seen = try grabFast(group, step, at: location)
      let after = try grabPlain(group)
      let isCalm = zip(before, after).allSatisfy(Self.areSame)
      if isCalm, zip(seen, after).allSatisfy({ ($0 == nil) == ($1 == nil) }) {
        let isSame = zip(seen, after).allSatisfy(Self.areSame)
        #expect(isSame, "step \(step)", sourceLocation: location)
        return
      }
      guard .now < end else { throw Failure("step \(step): it does not come to rest") }
      now += 1
    }
  }

  private static func areSame(_ one: FrameCopy?, _ other: FrameCopy?) -> Bool {
    guard let one, let other else { return one == nil && other == nil }
    return one.isSame(as: other)
  }

  private func grabPlain(_ group: [Pair]) throws -> [FrameCopy?] {
    try plain.capture.grab(group.map(\.plain), at: now)
    return group.map { pair in
      if case .frame(let frame) = pair.plain.result { FrameCopy(frame) } else { nil }
    }
  }

  private func grabFast(
    _ group: [Pair], _ step: Int, at location: SourceLocation
  ) throws -> [FrameCopy?] {
    for pair in group { hold(pair) }
    try fast.capture.grab(group.map(\.fast), at: now)
    for pair in pairs {
      let isKept = pair.held.values.allSatisfy { FrameCopy($0.frame).isSame(as: $0.copy) }
      #expect(isKept, "step \(step): what is held stays", sourceLocation: location)
    }
    return group.map { pair in
      guard case .frame(let frame) = pair.fast.result else { return nil }
      let copy = FrameCopy(frame)
      if let last = pair.last {
        #expect(copy.tellsDamage(since: last), "step \(step)", sourceLocation: location)
      } else {
        #expect(copy.damage == nil, sourceLocation: location)
      }
      if let damage = copy.damage {
        if damage.isEmpty { stillFrames += 1 } else { partialFrames += 1 }
      }
      pair.last = copy
      if let slot = frame.slot, isOnce(in: 3) { pair.held[slot] = (frame, copy) }
      return copy
    }
  }

  /// Lets some of the slots go that a reader holds.
  private func hold(_ pair: Pair) {
    pair.held = pair.held.filter { _ in !isOnce(in: 4) }
    pair.fast.heldSlots = pair.held.keys.reduce(0) { $0 | 1 << UInt64($1) }
  }
}
