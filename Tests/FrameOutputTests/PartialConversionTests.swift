import CropEngine
import TestSupport
import Testing

@testable import FrameOutput

/// A picture that changes in places, and what a converter makes of it by and by.
private struct ChangingPicture {
  let size: Size
  let stride: Int
  let hasAlpha: Bool
  private(set) var bytes: [UInt8]
  private var random: SeededRandom

  init(_ size: Size, padding: Int, hasAlpha: Bool, seed: UInt64) {
    self.size = size
    self.hasAlpha = hasAlpha
    stride = size.width * 4 + padding
    bytes = Array(repeating: 0, count: stride * size.height)
    random = SeededRandom(seed)
    paint(size.bounds)
  }

  private mutating func paint(_ rect: Rect) {
    for y in rect.y..<rect.y + rect.height {
      for x in rect.x..<rect.x + rect.width {
        let bits = random.next()
        let alpha = hasAlpha ? UInt8(truncatingIfNeeded: bits >> 24) : 0x5a
        for channel in 0..<3 {
          let colour = UInt8(truncatingIfNeeded: bits >> UInt64(8 * channel))
          bytes[y * stride + 4 * x + channel] = hasAlpha ? min(colour, alpha) : colour
        }
        bytes[y * stride + 4 * x + 3] = alpha
      }
    }
  }

  private mutating func rect() -> Rect {
    let (x, y) = (
      Int.random(in: 0..<size.width, using: &random),
      Int.random(in: 0..<size.height, using: &random)
    )
    return Rect(
      x: x, y: y, width: .random(in: 1...size.width - x, using: &random),
      height: .random(in: 1...size.height - y, using: &random))
  }

  /// Paints a few places anew. Returns which; nil where nobody says.
  mutating func change() -> DamageArea? {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return DamageArea()
    case 1:
      paint(size.bounds)
      return nil
    default:
      var region = DamageArea()
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let rect = Int.random(in: 0..<3, using: &random) == 0 ? rect() : spot()
        paint(rect)
        region.insert(rect)
      }
      return region
    }
  }

  /// A few pixels.
  private mutating func spot() -> Rect {
    rect().intersection(
      Rect(
        x: .random(in: 0..<size.width, using: &random),
        y: .random(in: 0..<size.height, using: &random), width: 5, height: 3))
  }

  /// Slots that are held, all but one of so many at most.
  mutating func held(of slots: Int) -> UInt64 {
    UInt64.random(in: 0..<1 << UInt64(slots), using: &random)
      & ~(1 << UInt64.random(in: 0..<UInt64(slots), using: &random))
  }

  func converted(_ format: PixelFormat, _ range: ColorRange, _ canvas: Canvas) -> [UInt8] {
    var converter = FrameConverter(format: format, range: range, canvas: canvas.size)
    return bytes.withUnsafeBytes {
      Array(
        converter.convert(
          $0, stride: stride, hasAlpha: hasAlpha, placement: canvas.place(size)!))
    }
  }

  func convert(
    by converter: inout FrameConverter, _ canvas: Canvas, _ damage: DamageArea?, held: UInt64
  ) -> Int {
    bytes.withUnsafeBytes {
      converter.convert(
        $0, stride: stride, hasAlpha: hasAlpha, placement: canvas.place(size)!, damage: damage,
        held: held)
    }
  }
}

@Suite("Frames brought up to date")
struct PartialConversionTests {
  /// Pictures and canvases: the same, larger, smaller, scaled; even and odd.
  private static let cases: [(Size, Size, ResizePolicy)] = [
    ((37, 23), (37, 23), .fit), ((64, 32), (64, 32), .fit), ((1, 1), (1, 1), .fit),
    ((2, 31), (2, 31), .fit), ((101, 3), (101, 3), .fit), ((19, 11), (38, 24), .fit),
    ((20, 11), (37, 23), .fit), ((45, 30), (37, 23), .crop), ((13, 40), (33, 21), .crop),
    ((61, 40), (33, 21), .fit), ((20, 9), (33, 21), .stretch),
  ].map {
    (Size(width: $0.0, height: $0.1), Size(width: $1.0, height: $1.1), $2)
  }

  @Test(
    "Random damages: each frame's bytes are those of a whole conversion",
    arguments: PixelFormat.allCases, ColorRange.allCases)
  func damages(_ format: PixelFormat, _ range: ColorRange) {
    for (index, (size, canvasSize, policy)) in Self.cases.enumerated() {
      for (hasAlpha, slots) in [(false, 1), (false, 4), (true, 3)] {
        let canvas = Canvas(size: canvasSize, firstPicture: size, policy: policy)
        var picture = ChangingPicture(
          size, padding: index % 2 * 12, hasAlpha: hasAlpha, seed: UInt64(index))
        var converter = FrameConverter(format: format, range: range)
        converter.resize(to: canvasSize, slotCount: slots)
        var isSame = true
        for round in 0..<25 where isSame {
          let damage = picture.change()
          let held = picture.held(of: slots)
          let slot = picture.convert(by: &converter, canvas, damage, held: held)
          isSame =
            Array(converter.frame(slot)) == picture.converted(format, range, canvas)
          if round == 10 { _ = converter.black(held: picture.held(of: slots)) }
          if round == 20 { converter.forget() }
        }
        #expect(isSame, "\(size) on \(canvasSize), \(policy), alpha \(hasAlpha), \(slots) slots")
      }
    }
  }

  @Test("What was not damaged is not converted")
  func onlyDamage() {
    let size = Size(width: 8, height: 6)
    let (red, blue) = (Grab(8, 6, 0xff_0000), Grab(8, 6, 0x00_00ff))
    let place = Canvas.Placement(source: size.bounds, destination: size.bounds)
    var converter = FrameConverter(format: .rgb24, range: .limited, canvas: size)
    _ = red.converted(by: &converter, place)
    // Another picture, of which it is told that it differs in two pixels.
    let damage = DamageArea([
      Rect(x: 1, y: 1, width: 1, height: 1), Rect(x: 6, y: 4, width: 1, height: 1),
    ])
    blue.bytes.withUnsafeBytes {
      _ = converter.convert(
        $0, stride: blue.stride, hasAlpha: false, placement: place, damage: damage, held: 0)
    }
    let bytes = Array(converter.frame(0))
    let blueAt = stride(from: 0, to: bytes.count, by: 3).filter { bytes[$0 + 2] == 255 }
    #expect(blueAt == [3 * (8 + 1), 3 * (4 * 8 + 6)])
  }

  @Test("A frame that is as it was is the same slot again, though it is held")
  func sameSlot() {
    let grab = Grab(8, 6, 0xff_0000)
    let place = Canvas.Placement(source: grab.size.bounds, destination: grab.size.bounds)
    var converter = FrameConverter(format: .rgb24, range: .limited)
    converter.resize(to: grab.size, slotCount: 4)
    grab.bytes.withUnsafeBytes { pixels in
      func show(_ damage: DamageArea?, held: UInt64) -> Int {
        converter.convert(
          pixels, stride: grab.stride, hasAlpha: false, placement: place, damage: damage,
          held: held)
      }
      let first = show(nil, held: 0)
      #expect(show(DamageArea(), held: 1 << UInt64(first)) == first)
      let second = show(nil, held: 1 << UInt64(first))
      #expect(second != first)
      // The one that lacks least is brought up to date.
      #expect(show(nil, held: 0) == second)
    }
  }
}
