import CropEngine
import ScreenSource
import TestSupport
import Testing

@Suite("Tokens")
struct TokenTests {
  private static let property = "_XREGIONCAP_TARGETS"

  private let scene: Scene
  private let connection: Connection
  private let registry: TargetRegistry
  private let finder: WindowFinder

  init() throws {
    scene = try Scene(Xvfb(arguments: ["-screen", "1", "320x240x24"]))
    connection = try Connection(displayName: scene.server.displayName)
    registry = TargetRegistry(connection)
    finder = WindowFinder(connection)
  }

  private func mint(
    _ target: Target, _ kind: TargetKind = .crop, in surface: UInt? = nil
  ) throws -> Token {
    try registry.mint(kind, target, in: surface ?? scene.root, subject: "mint")
  }

  private func found(
    _ token: Token, _ kind: TargetKind = .crop, in surface: UInt? = nil
  ) throws -> Target {
    try finder.target(.token(token), in: surface ?? scene.top, kind: kind, subject: "T")
  }

  private func error(_ body: () throws -> Void) -> CaptureError? {
    #expect(throws: CaptureError.self, performing: body)
  }

  @Test("It is written on the window, and is found from the surface down")
  func written() throws {
    let token = try mint(.window(scene.t))
    #expect(scene.property(scene.t, Self.property) == "crop \(token.text)\n")
    #expect(try found(token) == .window(scene.t))
    #expect(try found(token, in: scene.root) == .window(scene.t))
    #expect(try found(token, in: scene.t) == .window(scene.t), "the surface itself counts")
    scene.publish("video 10x10+0+0", on: scene.tc)
    let video = try mint(.published(scene.tc, name: "video"))
    #expect(try found(video) == .published(scene.tc, name: "video"))
    #expect(scene.property(scene.tc, Self.property) == "crop \(video.text) video\n")
    let root = try mint(.window(scene.root))
    #expect(try found(root, in: scene.root) == .window(scene.root))
  }

  @Test("B1: a token is random: it tells nothing of its target")
  func opaque() throws {
    let text = try mint(.window(scene.t)).text
    #expect(!text.contains(String(scene.t, radix: 16)))
    scene.deleteProperty(scene.t, Self.property)
    #expect(try mint(.window(scene.t)).text != text)
    scene.deleteProperty(scene.t, Self.property)
    #expect(throws: CaptureError.self) {
      _ = try found(Token(parsing: text, subject: ""))
    }
  }

  @Test("B4: it keeps nothing alive: the window is destroyed as if it were not there")
  func keepsNothing() throws {
    let token = try mint(.window(scene.t))
    scene.destroy(scene.t)
    #expect(error { _ = try found(token) } == .noTarget("T"))
  }

  @Test("B5: minted on one connection, found on another, 1000 times")
  func atOnce() throws {
    let other = WindowFinder(try Connection(displayName: scene.server.displayName))
    var tokens: Set<Token> = []
    for _ in 0..<1000 {
      let window = scene.window(in: scene.top, Rect(x: 0, y: 0, width: 9, height: 9), 0)
      let token = try mint(.window(window))
      tokens.insert(token)
      #expect(try other.target(.token(token), in: scene.top, subject: "T") == .window(window))
      scene.destroy(window)
    }
    #expect(tokens.count == 1000)
  }

  @Test("B6: the same target has the same token, different ones have different ones")
  func same() throws {
    scene.publish("a 10x10+0+0\nb 10x10+0+0", on: scene.t)
    let targets: [Target] = [
      .window(scene.t), .window(scene.sib), .published(scene.t, name: "a"),
      .published(scene.t, name: "b"),
    ]
    var tokens: [Token] = []
    for target in targets {
      for kind in TargetKind.allCases { tokens.append(try mint(target, kind)) }
    }
    #expect(Set(tokens).count == 8)
    let second = TargetRegistry(try Connection(displayName: scene.server.displayName))
    for (place, target) in targets.enumerated() {
      for (offset, kind) in TargetKind.allCases.enumerated() {
        let again = try second.mint(kind, target, in: scene.top, subject: "mint")
        #expect(again == tokens[place * 2 + offset])
      }
    }
  }

  @Test("B7: neither a look-alike nor a window that got its id is the old target")
  func lookAlike() throws {
    let token = try mint(.window(scene.t))
    let place = Rect(x: 50, y: 50, width: 100, height: 80)
    let twin = scene.window(in: scene.top, place, Scene.t)
    scene.setTitle(twin, "T")
    scene.recycle(scene.t, in: scene.top, as: place, Scene.t)
    #expect(error { _ = try found(token) } == .noTarget("T"))
    #expect(try mint(.window(scene.t)) != token)
  }

  @Test("B8: no window, one without pixels, and one on another screen; a rectangle has no token")
  func refused() throws {
    let dead = scene.window(in: scene.top, Rect(x: 0, y: 0, width: 9, height: 9), 0)
    scene.destroy(dead)
    for id in [dead, 0x1fff_ffff, 0] {
      let error = error { _ = try mint(.window(id)) }
      #expect(error?.name == .type)
      #expect(error?.reason == "\(WindowInfo.hexadecimal(id)) is no window")
    }
    let input = scene.inputOnlyWindow(in: scene.top)
    #expect(error { _ = try mint(.window(input)) }?.name == .notSupported)
    let elsewhere = scene.root(ofScreen: 1)
    let error = error { _ = try mint(.window(elsewhere)) }
    #expect(error?.name == .invalidState)
    #expect(error?.reason.contains("on another screen") == true)
    #expect(scene.property(elsewhere, Self.property) == nil)
    let region = RegionGeometry(size: Size(width: 1, height: 1), x: .start(0), y: .start(0))
    for target in [Target.region(region), .surface] {
      #expect(self.error { _ = try mint(target) }?.reason.contains("mint rect:NAME") == true)
    }
    #expect(try mint(.window(scene.t)) == mint(.window(scene.t)), "the server is let go each time")
  }

  @Test("C5: what is not inside the surface is not minted there")
  func outside() throws {
    #expect(error { _ = try mint(.window(scene.o1), in: scene.top) } == .noTarget("mint"))
    #expect(error { _ = try mint(.window(scene.root), in: scene.top) } == .noTarget("mint"))
    #expect(scene.property(scene.o1, Self.property) == nil)
  }

  @Test("B9: 100 live tokens of a kind under a top-level, and each kind and top-level for itself")
  func quota() throws {
    let windows = (0..<100).map { _ in
      scene.window(in: scene.top, Rect(x: 0, y: 0, width: 9, height: 9), 0)
    }
    for window in windows { _ = try mint(.window(window)) }
    let error = error { _ = try mint(.window(scene.t)) }
    #expect(error?.name == .quotaExceeded)
    #expect(error?.reason.contains(WindowInfo.hexadecimal(scene.top)) == true)
    #expect(scene.property(scene.t, Self.property) == nil)
    #expect(self.error { _ = try mint(.window(scene.tc)) }?.name == .quotaExceeded)
    _ = try mint(.window(windows[0]))
    _ = try mint(.window(scene.t), .restrict)
    _ = try mint(.window(scene.other))
    _ = try mint(.window(scene.root))
    scene.destroy(windows[0])
    _ = try mint(.window(scene.t))
    #expect(self.error { _ = try mint(.window(scene.sib)) }?.name == .quotaExceeded)
  }

  @Test("B9: the root's own tokens count for it alone, and rectangles count as well")
  func quotaOfRoot() throws {
    for number in 0..<100 { _ = try mint(.published(scene.root, name: "r\(number)")) }
    #expect(error { _ = try mint(.window(scene.root)) }?.name == .quotaExceeded)
    _ = try mint(.window(scene.t))
  }

  @Test("B10: a token of the other kind is a TypeError, and says which it is")
  func otherKind() throws {
    let crop = try mint(.window(scene.t))
    let restrict = try mint(.window(scene.t), .restrict)
    #expect(try found(restrict, .restrict) == .window(scene.t))
    #expect(
      error { _ = try found(restrict) }
        == CaptureError(.type, "T", "a restriction token names no crop target"))
    #expect(
      error { _ = try found(crop, .restrict) }
        == CaptureError(.type, "T", "a crop token names no restriction target"))
    #expect(
      error { _ = try found(restrict, in: scene.other) } == .noTarget("T"),
      "outside the surface nothing is told of it")
  }

  @Test("B11: what is unmapped, empty or published no more may be minted")
  func empty() throws {
    scene.unmap(scene.t)
    #expect(try found(mint(.window(scene.t))) == .window(scene.t))
    let gone = Target.published(scene.t, name: "gone")
    #expect(try found(mint(gone)) == gone)
    scene.shape(scene.sib, to: Rect(x: 0, y: 0, width: 0, height: 0))
    #expect(try found(mint(.window(scene.sib))) == .window(scene.sib))
  }

  @Test("B12, B13: minted before the capture: it crops; nothing but the chain is watched")
  func watched() throws {
    let before = [scene.root, scene.top, scene.t, scene.tc, scene.sib, scene.o1]
      .map(scene.watched)
    let token = try mint(.window(scene.t))
    let capture = try SurfaceCapture(connection, surface: scene.top)
    try capture.setTarget(found(token))
    guard case .frame(let frame) = try capture.grab() else { throw Failure("no frame") }
    #expect(Picture(frame.pixels, size: Size(width: 100, height: 80), stride: frame.stride) == .ofT)
    let structure = 1 << 17
    let after = [scene.root, scene.top, scene.t, scene.tc, scene.sib, scene.o1].map(scene.watched)
    #expect(zip(after, before).map { $0 & ~$1 } == [structure, structure, structure, 0, 0, 0])
    try capture.setTarget(.surface)
    // What was asked for is done when any answer comes.
    _ = try finder.surface(.id(scene.top), subject: "a test")
    #expect(scene.watched(scene.t) == before[2])
  }

  @Test("A property that is not of our making is left as it is")
  func foreignProperty() throws {
    scene.setProperty(scene.t, Self.property, type: "CARDINAL", number: 5)
    let numbers = error { _ = try mint(.window(scene.t)) }
    #expect(numbers?.name == .invalidState)
    #expect(
      numbers?.reason.hasSuffix("of window \(WindowInfo.hexadecimal(scene.t)) is no text") == true)
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: 10_000_000)
    scene.setProperty(scene.t, Self.property, type: "STRING", bytes: long)
    #expect(error { _ = try mint(.window(scene.t)) }?.reason.hasSuffix("is too long") == true)
    #expect(scene.property(scene.t, Self.property)?.utf8.count == 1 << 22)
    scene.setProperty(
      scene.t, Self.property, type: "STRING", bytes: Array(long.prefix(65_536)))
    #expect(error { _ = try mint(.window(scene.t)) }?.reason.hasSuffix("be too long") == true)
    scene.setProperty(scene.t, Self.property, type: "STRING", bytes: Array("\u{ff}x".utf8))
    let token = try mint(.window(scene.t))
    #expect(scene.property(scene.t, Self.property) == "\u{ff}x\ncrop \(token.text)\n")
  }

  @Test("Windows that are destroyed while they are minted do no harm")
  func dying() throws {
    let name = scene.server.displayName
    let storm = try Command(Command.products + "/xstorm", [name, "die", "\(scene.top)"])
    _ = try storm.read("storming\n".utf8.count)
    var (minted, refused) = (0, 0)
    let bound = ContinuousClock.now + .seconds(Command.bound)
    while minted + refused < 500 {
      guard ContinuousClock.now < bound else { throw Failure("no more than \(minted + refused)") }
      guard let window = scene.children(scene.top).last, window != scene.sib else { continue }
      do {
        _ = try mint(.window(window))
        minted += 1
      } catch let error as CaptureError {
        #expect(error.name == .type)
        refused += 1
      }
    }
    #expect(!storm.hasEnded(within: 0))
    #expect(try found(mint(.window(scene.t))) == .window(scene.t))
  }
}
