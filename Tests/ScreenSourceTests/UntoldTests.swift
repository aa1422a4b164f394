import CropEngine
import ScreenSource
import TestSupport
import Testing

/// Somebody draws past the server, which tells nobody.
@Suite(
  "What is drawn and not told is shown within two seconds, and all that comes after it at once")
struct UntoldTests {
  private let folder: TemporaryFolder
  private let stage: Stage
  private let framebuffer: Framebuffer
  private let now = Stage.now
  private static let second: Int64 = 1_000_000_000
  private static let fault =
    "pixels changed of which DAMAGE had told nothing: everything is grabbed each time"

  init() throws {
    folder = try TemporaryFolder()
    stage = try Stage(server: Framebuffer.options(in: folder))
    framebuffer = try Framebuffer(in: folder)
    try stage.capture.setTarget(.window(stage.scene.t))
  }

  /// A rectangle of T that is its own, and how it lies on the screen.
  private let rect = Rect(x: 35, y: 5, width: 12, height: 9)
  private func draw(_ rect: Rect, _ colour: UInt32) {
    framebuffer.fill(rect.offsetBy(dx: 150, dy: 150), colour)
  }

  private func grab(after seconds: Double, skipping: Bool = false) throws -> Grab {
    try stage.capture.grab(
      skippingUnchanged: skipping, at: now + Int64(seconds * Double(Self.second)))
  }

  private func frame(after seconds: Double) throws -> FrameCopy {
    guard case .frame(let frame) = try grab(after: seconds) else { throw Failure("no frame") }
    return FrameCopy(frame)
  }

  private func picture(after seconds: Double) throws -> Picture {
    try stage.frame(at: now + Int64(seconds * Double(Self.second))).picture
  }

  /// Grabs until it is told what is drawn on.
  private func begin() throws {
    for number in 0..<3 { #expect(try picture(after: Double(number) / 1000) == .ofT) }
    #expect(stage.capture.damageLack == nil)
  }

  @Test("It is not seen at once, but soon; and then that is said, once, and everything is read")
  func shown() throws {
    try begin()
    let before = try frame(after: 0.01)
    draw(rect, 0x12_3456)
    let trusted = try frame(after: 1)
    #expect(trusted.damage == DamageArea() && trusted.isSame(as: before))
    #expect(stage.capture.takeFaults() == [])
    let checked = try frame(after: 2.1)
    #expect(!checked.isSame(as: before))
    #expect(checked.tellsDamage(since: before))
    #expect(stage.capture.takeFaults() == [Self.fault])
    #expect(stage.capture.damageLack == "pixels changed of which DAMAGE had told nothing")
    let painted = Picture.ofT.painted([(rect, 0x12_3456)])
    #expect(try picture(after: 2.2) == painted)
    for number in 1...20 {
      draw(Rect(x: 2 * number, y: 40, width: 2, height: 2), UInt32(number))
      let dots = (1...number).map { (Rect(x: 2 * $0, y: 40, width: 2, height: 2), UInt32($0)) }
      #expect(try picture(after: 2.2 + 0.001 * Double(number)) == painted.painted(dots))
    }
    #expect(stage.capture.takeFaults() == [])
  }

  @Test("Where frames come by changes, it is one")
  func change() throws {
    try begin()
    guard case .unchanged = try grab(after: 0.1, skipping: true) else { throw Failure("a change") }
    draw(rect, 0x12_3456)
    guard case .unchanged = try grab(after: 1, skipping: true) else { throw Failure("a change") }
    guard case .frame(let frame) = try grab(after: 2.1, skipping: true) else {
      throw Failure("no change")
    }
    #expect(
      Picture(frame.pixels, size: frame.region.rect.size, stride: frame.stride)
        == Picture.ofT.painted([(rect, 0x12_3456)]))
    guard case .unchanged = try grab(after: 2.2, skipping: true) else { throw Failure("a change") }
  }

  @Test("It is looked for when nothing else is to be done")
  func quiet() throws {
    try begin()
    let (capture, later) = (stage.capture, now + Self.second / 100)
    _ = try frame(after: 0.01)
    let quiet = capture.quietTime(of: capture.main, at: later)
    #expect(quiet > later && quiet <= now + 2 * Self.second)
  }

  @Test("What is told beside it does not hide it, and what is told in its place is no fault")
  func told() throws {
    try begin()
    // The server tells of this; what is drawn past it lies within.
    stage.scene.fill(stage.scene.t, rect, 0x11_1111)
    draw(rect, 0x12_3456)
    #expect(try picture(after: 2.1) == Picture.ofT.painted([(rect, 0x12_3456)]))
    #expect(stage.capture.takeFaults() == [])
    // No row of it is read for what is told.
    let other = Rect(x: 5, y: 60, width: 5, height: 5)
    draw(other, 0x65_4321)
    stage.scene.fill(stage.scene.t, rect, 0x22_2222)
    let painted = Picture.ofT.painted([(rect, 0x22_2222)])
    #expect(try picture(after: 3) == painted)
    #expect(try picture(after: 4.2) == painted.painted([(other, 0x65_4321)]))
    #expect(stage.capture.takeFaults() == [Self.fault])
  }

  @Test("It is seen at once where the server is not trusted")
  func untrusted() throws {
    let plain = try Stage(stage.scene, surface: stage.scene.top, noDamage: "a test")
    try plain.capture.setTarget(.window(stage.scene.t))
    for number in 1...5 {
      draw(rect, UInt32(number))
      #expect(
        try plain.frame(at: now + Int64(number)).picture
          == Picture.ofT.painted([(rect, UInt32(number))]))
    }
    #expect(plain.capture.takeFaults() == [])
    #expect(plain.capture.damageLack == "a test")
  }

  @Test("Nothing is a fault that the server shows by itself: a cursor, windows, other places")
  func noFault() throws {
    try stage.capture.showCursor(.always)
    let scene = stage.scene
    scene.setCursor(.motley(Size(width: 17, height: 13), hotX: 4, hotY: 9), of: scene.root)
    for step in 0..<40 {
      scene.movePointer(x: 150 + step * 2, y: 200)
      if step % 7 == 0 { scene.move(scene.t, x: 50 + step % 2, y: 50) }
      scene.fill(scene.t, Rect(x: step, y: step, width: 9, height: 9), UInt(step))
      if step % 3 == 0 { scene.unmap(scene.sib) } else { scene.map(scene.sib) }
      _ = try picture(after: Double(step) * 0.7)
    }
    #expect(stage.capture.takeFaults() == [])
    #expect(stage.capture.damageLack == nil)
  }
}
