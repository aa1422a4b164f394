import CropEngine
import ScreenSource
import TestSupport
import Testing

@Suite("Published rectangles")
struct PublishedRectTests {
  private static let property = "_XREGIONCAP_RECTS"
  private static let structure = 1 << 17
  private static let properties = 1 << 22

  private let stage: Stage
  private var scene: Scene { stage.scene }
  private let target: Target

  init() throws {
    stage = try Stage()
    target = .published(stage.scene.t, name: "a")
    stage.scene.publish("a 30x40+5+5\n", on: stage.scene.t)
    try stage.capture.setTarget(target)
  }

  private func found(_ name: String, in surface: UInt? = nil) throws -> Target {
    try WindowFinder(stage.connection).target(
      .published(name), in: surface ?? scene.top, subject: "T")
  }

  /// Waits until the server has done what the capture has asked for: any answer tells.
  private func settle() throws {
    _ = try WindowFinder(stage.connection).surface(.id(scene.top), subject: "a test")
  }

  private func rect(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Rect {
    Rect(x: x, y: y, width: width, height: height)
  }

  private func error(_ body: () throws -> Void) -> CaptureError? {
    #expect(throws: CaptureError.self, performing: body)
  }

  private func publish(
    _ entries: [PublishedRects.Entry], removing: [String] = [], on window: UInt? = nil
  ) throws {
    try RectPublisher(stage.connection).publish(
      entries, removing: removing, on: window ?? scene.t, subject: "publish")
  }

  @Test("The frame is the rectangle, wherever it and its window go")
  func followed() throws {
    let (picture, region) = try stage.frame()
    #expect(region.rect == rect(55, 55, 30, 40))
    #expect(
      picture
        == Picture(
          size: Size(width: 30, height: 40),
          [(rect(0, 0, 30, 40), Scene.t), (rect(5, 5, 20, 20), Scene.tc)]))
    scene.publish("b 1x1+0+0\na 10x10+90+70\n", on: scene.t)
    #expect(try stage.frame().region.rect == rect(140, 120, 10, 10))
    scene.move(scene.t, x: 60, y: 50)
    #expect(try stage.frame().region.rect == rect(150, 120, 10, 10))
    scene.publish("a 100x100+-50+-50", on: scene.t)
    #expect(try stage.frame().region.rect == rect(60, 50, 50, 50))
    scene.setProperty(
      scene.t, Self.property, type: "UTF8_STRING", bytes: Array("a 3x4+1+2".utf8))
    #expect(try stage.frame().region.rect == rect(61, 52, 3, 4))
  }

  @Test("D1, D2, D4: without area it is empty, published no more disconnected; then it comes back")
  func goesAndComes() throws {
    for (text, reason) in [
      ("a 0x40+5+5", MuteReason.empty), ("a 30x0+5+5", .empty), ("a 5x5+100+0", .empty),
      ("b 30x40+5+5", .disconnected), ("", .disconnected), ("a 30x40", .disconnected),
    ] {
      scene.publish(text, on: scene.t)
      #expect(try stage.nothing() == reason)
      scene.publish("a 30x40+5+5", on: scene.t)
      #expect(try stage.frame().region.rect == rect(55, 55, 30, 40))
    }
    scene.deleteProperty(scene.t, Self.property)
    #expect(try stage.nothing() == .disconnected)
    #expect(!stage.capture.main.isTargetDestroyed)
    scene.publish("a 30x40+5+5", on: scene.t)
    #expect(try stage.frame().region.rect == rect(55, 55, 30, 40))
    scene.reparent(scene.t, to: scene.other, x: 0, y: 0)
    #expect(try stage.nothing() == .disconnected)
  }

  @Test("B7, D5: a window that got the id and publishes the same name is not the old target")
  func recycled() throws {
    scene.recycle(scene.t, in: scene.top, as: rect(50, 50, 100, 80), Scene.ovl)
    scene.publish("a 30x40+5+5", on: scene.t)
    #expect(try stage.nothing() == .disconnected)
    #expect(stage.capture.main.isTargetDestroyed)
    try stage.capture.setTarget(found("a"))
    #expect(try stage.frame().picture.colours == [Scene.ovl], "looked for anew, it is another one")
  }

  @Test("B13: properties are watched where a published rectangle is a target, and while it is one")
  func watched() throws {
    #expect(scene.watched(scene.t) & Self.properties != 0)
    #expect(scene.watched(scene.top) & Self.properties == 0)
    #expect(scene.watched(scene.sib) == 0)
    let crop = stage.capture.addCrop()
    try stage.capture.setTarget(.published(scene.top, name: "a"), of: crop)
    try stage.capture.setTarget(.window(scene.t))
    try settle()
    #expect(scene.watched(scene.t) == Self.structure)
    #expect(scene.watched(scene.top) == Self.structure | Self.properties)
    try stage.capture.setTarget(target)
    scene.publish("a 1x1+0+0", on: scene.t)
    #expect(try stage.frame().region.rect == rect(50, 50, 1, 1), "read anew, watched anew")
    scene.publish("a 2x2+0+0", on: scene.t)
    #expect(try stage.frame().region.rect == rect(50, 50, 2, 2))
    stage.capture.remove(crop)
    try stage.capture.setTarget(.surface)
    try settle()
    #expect(scene.watched(scene.t) == 0)
    #expect(scene.watched(scene.top) == Self.structure)
  }

  @Test("Other properties of the window do not matter, and nothing is asked for them")
  func otherProperties() throws {
    _ = try stage.frame()
    for number in 0..<50 { scene.setTitle(scene.t, "title \(number)") }
    #expect(try stage.frame().region.rect == rect(55, 55, 30, 40))
    #expect(stage.capture.retries == 0)
  }

  @Test("What is wrong with it is told once for each window, and ends nothing")
  func faults() throws {
    #expect(stage.capture.takeFaults() == [])
    let window = WindowInfo.hexadecimal(scene.t)
    scene.publish("a 3x4+0+0\nmy video 1x1+0+0\nb", on: scene.t)
    #expect(try stage.frame().region.rect == rect(50, 50, 3, 4))
    #expect(
      stage.capture.takeFaults() == [
        "window \(window): line 2 of \(Self.property) is no 'name WxH+X+Y': 'my video 1x1+0+0'"
      ])
    scene.publish("foo\na 5x4+0+0", on: scene.t)
    #expect(try stage.frame().region.rect == rect(50, 50, 5, 4))
    #expect(stage.capture.takeFaults() == [])
    scene.publish("bar", on: scene.sib)
    try stage.capture.setTarget(.published(scene.sib, name: "x"))
    #expect(try stage.nothing() == .disconnected)
    #expect(stage.capture.takeFaults().map { $0.hasSuffix("'bar'") } == [true])
  }

  @Test("A property of 10 MB is read as far as is meant to be, numbers are not read")
  func hostile() throws {
    let line = Array("nothing 1x1+0+0\n".utf8)
    let junk = (0..<625_000).flatMap { _ in line }
    scene.setProperty(
      scene.t, Self.property, type: "STRING", bytes: Array("a 3x4+0+0\n".utf8) + junk)
    #expect(try stage.frame().region.rect == rect(50, 50, 3, 4))
    #expect(
      stage.capture.takeFaults() == [
        "window \(WindowInfo.hexadecimal(scene.t)): \(Self.property) is too long: its end is not read"
      ])
    scene.setProperty(
      scene.t, Self.property, type: "STRING", bytes: junk + Array("a 3x4+0+0\n".utf8))
    #expect(try stage.nothing() == .disconnected)
    #expect(error { try publish([]) }?.name == .invalidState)
    // 64 KiB end inside the last line, after its 'a 3x4+0+0'.
    scene.publish(String(repeating: "\n", count: 65_536 - 9) + "a 3x4+0+055", on: scene.t)
    #expect(try stage.nothing() == .disconnected)
    scene.publish("a 3x4+0+0", on: scene.t)
    #expect(try stage.frame().region.rect == rect(50, 50, 3, 4))
    scene.setProperty(scene.t, Self.property, type: "CARDINAL", number: 5)
    #expect(try stage.nothing() == .disconnected)
    let numbers = error { try publish([]) }
    #expect(numbers?.name == .invalidState)
    #expect(numbers?.reason.hasSuffix("is no text") == true)
    scene.publish("b 1x1+0+0", on: scene.sib)
    scene.setProperty(scene.sib, Self.property, type: "CARDINAL", number: 5)
    try stage.capture.setTarget(.published(scene.sib, name: "b"))
    #expect(
      stage.capture.takeFaults() == [
        "window \(WindowInfo.hexadecimal(scene.sib)): \(Self.property) is no text"
      ])
  }

  @Test("A name is found on the surface or in it; elsewhere, twice or not at all is an error")
  func finder() throws {
    #expect(try found("a") == .published(scene.t, name: "a"))
    #expect(try found("a", in: scene.t) == .published(scene.t, name: "a"))
    #expect(try found("a", in: scene.root) == .published(scene.t, name: "a"))
    scene.publish("b 1x1+0+0\nc 1x1+0+0", on: scene.top)
    scene.publish("d 1x1+0+0", on: scene.o1)
    #expect(try found("b") == .published(scene.top, name: "b"))
    #expect(
      error { _ = try found("d") }
        == CaptureError(
          .notFound, "T", "no window inside the surface publishes 'd': a; b; c"))
    scene.publish("a 1x1+0+0", on: scene.tc)
    let twice = error { _ = try found("a") }
    #expect(twice?.name == .type)
    #expect(
      twice?.reason
        == "2 windows fit: \(WindowInfo.hexadecimal(scene.t)) 'T' 100x80; "
        + "\(WindowInfo.hexadecimal(scene.tc)) 20x20")
    scene.unmap(scene.tc)
    #expect(try found("a") == .published(scene.t, name: "a"), "one that is seen comes first")
  }

  @Test("Where nobody has published anything, that is said, and no window is asked")
  func nobody() throws {
    let other = try Stage()
    #expect(!other.scene.hasAtom(Self.property))
    let error = error {
      _ = try WindowFinder(other.connection).target(
        .published("a"), in: other.scene.top, subject: "T")
    }
    #expect(error?.reason == "no window inside the surface publishes 'a'")
    #expect(!other.scene.hasAtom(Self.property), "looking leaves nothing behind")
  }

  @Test("Publishing keeps other names and other lines, and is seen at once")
  func publishing() throws {
    scene.publish("# ours\na 30x40+5+5\nb 1x1+0+0", on: scene.t)
    try publish([
      .init(name: "a", rect: rect(-1, 2, 3, 4)), .init(name: "c", rect: rect(0, 0, 0, 0)),
    ])
    #expect(scene.property(scene.t, Self.property) == "# ours\na 3x4+-1+2\nb 1x1+0+0\nc 0x0+0+0\n")
    #expect(try stage.frame().region.rect == rect(50, 52, 2, 4))
    try publish([.init(name: "a", rect: rect(0, 0, 9, 9))], removing: ["b", "a"])
    #expect(scene.property(scene.t, Self.property) == "# ours\nc 0x0+0+0\na 9x9+0+0\n")
    #expect(
      error { try publish([], removing: ["a", "b"]) }
        == CaptureError(
          .notFound, "publish",
          "window \(WindowInfo.hexadecimal(scene.t)) publishes no 'b'"))
    #expect(scene.property(scene.t, Self.property)?.contains("a 9x9") == true, "all or nothing")
    try publish([.init(name: "x", rect: rect(0, 0, 9, 9))], on: scene.sib)
    try publish([], removing: ["x"], on: scene.sib)
    #expect(scene.property(scene.sib, Self.property) == nil, "the last one takes it along")
    let input = scene.inputOnlyWindow(in: scene.top)
    #expect(error { try publish([], on: input) }?.name == .notSupported)
    scene.destroy(scene.sib)
    #expect(error { try publish([], on: scene.sib) }?.name == .type)
  }
}
