import CropEngine
import TestSupport
import Testing

@testable import FrameOutput

extension Grab {
  /// A picture with another one's bytes that mean nothing.
  static func plain(_ colour: UInt32, _ width: Int = 9, _ height: Int = 5) -> Grab {
    Grab(width, height, padding: 8, colour)
  }

  /// One of a colour but for a rectangle.
  static func painted(_ rect: Rect, _ colour: UInt32, on ground: UInt32 = 0) -> Grab {
    Grab(Size(width: 9, height: 5), padding: 4) { x, y in
      rect.contains(Rect(x: x, y: y, width: 1, height: 1)) ? colour : ground
    }
  }

  /// Calls with the picture as it is looked at.
  func look<Result>(_ body: (PictureView) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes {
      try body(PictureView($0, stride: stride, size: size, hasAlpha: hasAlpha))
    }
  }
}

@Suite("What a stream fails for")
struct FrameVerdictsTests {
  private static let spot = Rect(x: 8, y: 4, width: 1, height: 1)

  /// What happens to a stream.
  enum Step {
    /// A picture is in hand; what is told to differ, nil for all.
    case show(Grab, DamageArea? = nil)
    case black
    case write
  }

  /// What the verdict says; nil where there is none.
  private func verdict(blank: Bool = false, still: Bool = false, _ steps: [Step]) -> String? {
    var verdicts = FrameVerdicts(failsIfBlank: blank, failsIfStill: still)
    var frames = 0
    for step in steps {
      switch step {
      case .show(let grab, let damage): grab.look { verdicts.show($0, damage: damage) }
      case .black: verdicts.showBlack()
      case .write:
        verdicts.write()
        frames += 1
      }
    }
    do throws(CaptureError) {
      try verdicts.check(frames: frames)
      return nil
    } catch {
      #expect(error.name == .verdict)
      return "\(error)"
    }
  }

  @Test("Nobody asks: nothing is looked at")
  func unasked() {
    #expect(verdict([.show(.plain(0)), .write]) == nil)
  }

  @Test("Frames of one colour, each of another one too")
  func blank() {
    #expect(
      verdict(blank: true, [.show(.plain(0x0a_0b0c)), .write])
        == "--fail-if-blank: the one frame was of one colour (#0a0b0c)")
    #expect(
      verdict(blank: true, [.show(.plain(0)), .write, .write, .show(.plain(0)), .write])
        == "--fail-if-blank: all 3 frames were of one colour (#000000)")
    #expect(
      verdict(blank: true, [.show(.plain(0)), .write, .show(.plain(0xff_ffff)), .write])
        == "--fail-if-blank: all 2 frames were of one colour each (#000000 the first)")
  }

  @Test("One pixel of another colour is enough, wherever it lies, and once")
  func notBlank() {
    for y in 0..<5 {
      for x in 0..<9 {
        let grab = Grab.painted(Rect(x: x, y: y, width: 1, height: 1), 1)
        #expect(verdict(blank: true, [.show(grab), .write]) == nil)
        #expect(
          verdict(
            blank: true, [.show(.plain(0)), .write, .show(grab), .write, .show(.plain(0)), .write])
            == nil)
      }
    }
    #expect(verdict(blank: true, [.show(.plain(7, 1, 1)), .write]) != nil)
  }

  @Test("Only what is told to differ is looked at, and all where that is of another colour")
  func blankByDamage() {
    let spot = Grab.painted(Self.spot, 1)
    let (here, elsewhere) = (
      DamageArea(Self.spot), DamageArea(Rect(x: 0, y: 0, width: 3, height: 3))
    )
    let blank = [Step.show(.plain(0)), .write]
    #expect(verdict(blank: true, blank + [.show(spot, here), .write]) == nil)
    // That it is passed over shows that it was not looked at.
    #expect(verdict(blank: true, blank + [.show(spot, elsewhere), .write]) != nil)
    #expect(verdict(blank: true, blank + [.show(spot, DamageArea()), .write]) != nil)
    #expect(verdict(blank: true, blank + [.show(.plain(5), here), .write]) != nil)
    // What was given up is looked at in full again by whoever comes behind it.
    #expect(verdict(blank: true, blank + [.show(spot), .show(.plain(0), here), .write]) != nil)
  }

  @Test("Black frames are of one colour")
  func blankBlack() {
    #expect(
      verdict(blank: true, [.show(.plain(0)), .write, .black, .write])
        == "--fail-if-blank: all 2 frames were of one colour (#000000)")
    let grab = Grab.painted(Self.spot, 1)
    #expect(verdict(blank: true, [.black, .write, .show(grab), .write]) == nil)
    #expect(verdict(blank: true, [.show(grab), .write, .black, .write]) == nil)
    #expect(verdict(blank: true, [.show(grab), .black, .write]) != nil, "it was given up")
  }

  @Test("Frames that show the same picture, and one that does not")
  func still() {
    let (grab, other) = (Grab.painted(Self.spot, 1), Grab.painted(Self.spot, 2))
    let first = [Step.show(grab), .write]
    #expect(verdict(still: true, first) == "--fail-if-still: there is one frame alone")
    #expect(
      verdict(still: true, first + [.write, .show(grab), .write])
        == "--fail-if-still: all 3 frames showed the same picture")
    #expect(verdict(still: true, first + [.show(other), .write]) == nil)
    #expect(verdict(still: true, first + [.show(other), .write, .show(grab), .write]) == nil)
    let here = DamageArea(Self.spot)
    #expect(verdict(still: true, first + [.show(other, here), .write]) == nil)
    #expect(verdict(still: true, first + [.show(other, DamageArea()), .write]) != nil)
    #expect(
      verdict(still: true, [.show(.plain(1)), .write, .show(.plain(1, 9, 4)), .write]) == nil)
  }

  @Test("A picture that was given up counts for nothing, and the one behind it is compared in full")
  func givenUp() {
    let (grab, other) = (Grab.painted(Self.spot, 1), Grab.painted(Self.spot, 2))
    let elsewhere = DamageArea(Rect(x: 0, y: 0, width: 3, height: 3))
    #expect(
      verdict(still: true, [.show(grab), .write, .show(other), .show(grab, nil), .write]) != nil)
    #expect(
      verdict(still: true, [.show(grab), .write, .show(other), .show(other, elsewhere), .write])
        == nil)
    #expect(
      verdict(still: true, [.show(other), .show(grab), .write, .show(grab), .write]) != nil)
  }

  @Test("A black frame is the same picture as one that is black")
  func stillBlack() {
    let grab = Grab.painted(Self.spot, 1)
    #expect(verdict(still: true, [.black, .write, .black, .write]) != nil)
    #expect(verdict(still: true, [.black, .write, .show(.plain(0)), .write]) != nil)
    #expect(verdict(still: true, [.show(.plain(0)), .write, .black, .write]) != nil)
    #expect(verdict(still: true, [.black, .write, .show(grab), .write]) == nil)
    #expect(verdict(still: true, [.show(grab), .write, .black, .write]) == nil)
    #expect(
      verdict(still: true, [.show(grab), .write, .black, .show(grab, DamageArea()), .write]) != nil)
  }

  @Test("Both are asked for: blank is said first")
  func both() {
    let plain = [Step.show(.plain(0)), .write, .write]
    #expect(verdict(blank: true, still: true, plain)?.hasPrefix("--fail-if-blank") == true)
    let grab = [Step.show(.painted(Self.spot, 1)), .write, .write]
    #expect(verdict(blank: true, still: true, grab)?.hasPrefix("--fail-if-still") == true)
  }

  @Test("Bytes that mean nothing are no difference, alpha is one, and no colour")
  func fourthByte() {
    func grab(alpha: Bool, _ fourth: UInt32) -> Grab {
      Grab(Size(width: 3, height: 2), hasAlpha: alpha) { _, _ in fourth << 24 | 0x01_0203 }
    }
    let (one, other) = (grab(alpha: true, 9), grab(alpha: true, 10))
    #expect(verdict(still: true, [.show(one), .write, .show(other), .write]) == nil)
    #expect(verdict(blank: true, [.show(one), .write, .show(other), .write]) != nil)
    // Junk in the fourth bytes of one, 9 in those of the other: neither has alpha.
    let junk = grab(alpha: false, 0)
    var memory = PictureMemory()
    junk.look { memory.keep($0) }
    one.bytes.withUnsafeBytes {
      let view = PictureView($0, stride: one.stride, size: one.size)
      let differs = memory.differs(from: view, in: nil)
      #expect(!differs)
    }
  }
}

@Suite("Pictures that do not change for a while")
struct PictureStillnessTests {
  @Test("It is still from the last change on, whatever is told")
  func still() {
    let spot = Rect(x: 1, y: 1, width: 1, height: 1)
    let (grab, other) = (Grab.painted(spot, 1), Grab.painted(spot, 2))
    var stillness = PictureStillness(span: 10)
    func see(_ grab: Grab, _ damage: DamageArea? = nil, at now: Int64) -> Int64 {
      grab.look { stillness.see($0, damage: damage, at: now) }
      return stillness.end
    }
    #expect(stillness.end == .max)
    #expect(see(grab, at: 100) == 110)
    #expect(see(grab, at: 105) == 110, "all of it may differ, and nothing does")
    #expect(see(grab, DamageArea(spot), at: 106) == 110)
    #expect(see(other, DamageArea(spot), at: 107) == 117)
    #expect(see(other, at: 108) == 117, "what differed was kept")
    #expect(see(grab, DamageArea(spot), at: 109) == 119)
    #expect(see(.plain(0, 2, 2), at: 110) == 120)
    stillness.interrupt()
    #expect(stillness.end == .max)
    #expect(see(.plain(0, 2, 2), DamageArea(), at: 200) == 210)
  }

  @Test("What came while nothing was seen has used up its damage, and is compared all the same")
  func interrupted() {
    let spot = Rect(x: 1, y: 1, width: 1, height: 1)
    let (grab, other) = (Grab.painted(spot, 1), Grab.painted(spot, 2))
    var stillness = PictureStillness(span: 10)
    grab.look { stillness.see($0, damage: nil, at: 100) }
    stillness.interrupt()
    other.look { stillness.see($0, damage: DamageArea(), at: 200) }
    #expect(stillness.end == 210)
    grab.look { stillness.see($0, damage: DamageArea(spot), at: 205) }
    #expect(stillness.end == 215)
    grab.look { stillness.see($0, damage: DamageArea(), at: 206) }
    #expect(stillness.end == 215)
  }

  @Test("Of pictures drawn at random, with damage that is more than what changed")
  func random() {
    var random = SeededRandom(7)
    let size = Size(width: 9, height: 5)
    var colours = [UInt32](repeating: 0, count: 45)
    var stillness = PictureStillness(span: 0)
    var changed: Int64 = 0
    for now in Int64(1)...500 {
      let before = colours
      let rect = Rect(
        x: .random(in: 0..<9, using: &random), y: .random(in: 0..<5, using: &random),
        width: .random(in: 0...3, using: &random), height: .random(in: 0...3, using: &random))
      if Bool.random(using: &random) {
        let part = rect.intersection(size.bounds)
        for y in part.y..<part.y + part.height {
          for x in part.x..<part.x + part.width {
            colours[y * 9 + x] = .random(in: 0...1, using: &random)
          }
        }
      }
      if now == 1 || before != colours { changed = now }
      Grab(size, padding: 4) { x, y in colours[y * 9 + x] }
        .look { stillness.see($0, damage: now == 1 ? nil : DamageArea(rect), at: now) }
      #expect(stillness.end == changed)
    }
  }
}
