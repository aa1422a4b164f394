import CYUV
import CropEngine

/// Makes frames in a pixel format out of pictures that are put on a canvas, in a ring of slots: each
/// is brought up to date by converting what has changed since it was filled.
///
/// Memory is kept: but for a ring that a pipe may read from, a frame, or a canvas, no larger than
/// one that came before takes none.
@safe public struct FrameConverter: ~Copyable {
  /// What the parts of slots that are known are known to be of.
  private struct Showing: Equatable {
    let placement: Canvas.Placement
    let hasAlpha: Bool
  }

  private var encoder: PixelEncoder
  private var ring = FrameRing()
  /// The canvas in BGRX, where the picture is not all of it.
  private var staging = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var stagingArea = StaleArea.nothing
  /// nil where the picture shown last was not put into the ring, or there was none.
  private var showing: Showing?
  private var scaler = PictureScaler()

  /// A converter for a canvas in px, with one slot.
  public init(format: PixelFormat, range: ColorRange, canvas: Size) {
    self.init(format: format, range: range)
    resize(to: canvas, slotCount: 1)
  }

  /// One that has no canvas yet.
  init(format: PixelFormat, range: ColorRange) {
    encoder = PixelEncoder(format: format, range: range)
  }

  /// Goes on with another canvas, in px, and another number of slots.
  mutating func resize(to canvas: Size, slotCount: Int) {
    encoder.resize(to: canvas)
    ring.renew(slotCount, frameSize: encoder.format.byteCount(of: canvas), canvas: canvas)
    stagingArea = .whole(canvas)
    showing = nil
  }

  deinit { unsafe staging.deallocate() }

  /// The bytes of a slot.
  func frame(_ slot: Int) -> UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(ring[slot]) }

  /// A frame of BGRX pixels, put on the canvas, in the pixel format. The bytes are good until the
  /// next call.
  ///
  /// Pixels that have alpha are BGRA, multiplied by it. Formats with alpha then hold it with
  /// straight colours, and none beside the picture; in others it is as if over black.
  public mutating func convert(
    _ pixels: UnsafeRawBufferPointer, stride: Int, hasAlpha: Bool = false,
    placement: Canvas.Placement
  ) -> UnsafeRawBufferPointer {
    let slot = unsafe convert(
      pixels, stride: stride, hasAlpha: hasAlpha, placement: placement, damage: nil, held: 0)
    return unsafe frame(slot)
  }

  /// The same, in a slot that is returned: one that is not held, one bit each, or one that needs not
  /// be written to.
  ///
  /// `damage` is what differs from the picture shown before, in px of the picture; nil for all.
  mutating func convert(
    _ pixels: UnsafeRawBufferPointer, stride: Int, hasAlpha: Bool, placement: Canvas.Placement,
    damage: DamageArea?, held: UInt64
  ) -> Int {
    note(damage, Showing(placement: placement, hasAlpha: hasAlpha))
    if let slot = ring.current { return slot }
    let slot = ring.next(held: held)
    let canvas = encoder.canvas
    if encoder.isWhole(placement) {
      unsafe encode(
        ring.area(slot), of: pixels.bytes(at: 0), stride: stride, hasAlpha: hasAlpha, into: slot)
    } else if encoder.format == .bgr0 {
      // The frame is the canvas.
      unsafe stage(
        ring.area(slot), of: pixels, stride: stride, hasAlpha: hasAlpha, placement, in: ring[slot])
    } else {
      unsafe staging.reserve(canvas.width * canvas.height * 4)
      unsafe stage(
        stagingArea, of: pixels, stride: stride, hasAlpha: hasAlpha, placement, in: staging)
      stagingArea = .nothing
      unsafe encode(
        ring.area(slot), of: UnsafePointer(staging.bytes(at: 0)), stride: canvas.width * 4,
        hasAlpha: hasAlpha, into: slot)
    }
    ring.fill(slot, isPicture: true)
    return slot
  }

  /// Whether a picture that lies so is a frame as it is.
  func passesOn(stride: Int, placement: Canvas.Placement) -> Bool {
    encoder.format == .bgr0 && encoder.isWhole(placement) && stride == encoder.canvas.width * 4
  }

  /// Says that the next picture's damage is not counted from one that was converted.
  mutating func forget() { showing = nil }

  /// A black frame. The bytes are good until the next call.
  public mutating func black() -> UnsafeRawBufferPointer { unsafe frame(black(held: 0)) }

  /// The same, in a slot that is returned: one that is not held, one bit each.
  mutating func black(held: UInt64) -> Int {
    let slot = ring.next(held: held)
    if encoder.format == .bgr0 {
      unsafe ring[slot].initializeMemory(as: UInt8.self, repeating: 0)
    } else {
      let canvas = encoder.canvas
      unsafe staging.reserve(canvas.width * canvas.height * 4)
      unsafe staging.initializeMemory(as: UInt8.self, repeating: 0)
      stagingArea = .whole(canvas)
      unsafe encode(
        .whole(canvas), of: UnsafePointer(staging.bytes(at: 0)), stride: canvas.width * 4,
        hasAlpha: false, into: slot)
    }
    ring.fill(slot, isPicture: false)
    return slot
  }

  /// Enters what another picture changes on the canvas.
  private mutating func note(_ damage: DamageArea?, _ now: Showing) {
    guard showing == now else {
      showing = now
      ring.change(.whole(encoder.canvas))
      stagingArea = .whole(encoder.canvas)
      return
    }
    let (source, destination) = (now.placement.source, now.placement.destination)
    var area = StaleArea.nothing
    if let damage, !now.placement.isScaled {
      let (dx, dy) = (destination.x - source.x, destination.y - source.y)
      for index in 0..<damage.count {
        area.add(damage[index].intersection(source).offsetBy(dx: dx, dy: dy))
      }
    } else if !(damage?.isEmpty ?? false) {
      area.add(destination)
    }
    ring.change(area)
    stagingArea.add(area)
  }

  private mutating func encode(
    _ area: StaleArea, of pixels: UnsafePointer<UInt8>, stride: Int, hasAlpha: Bool, into slot: Int
  ) {
    for index in 0..<area.count {
      unsafe encoder.encode(
        area[index], of: pixels, stride: stride, hasAlpha: hasAlpha, into: ring[slot])
    }
  }

  /// Puts an area of the picture on the canvas.
  private mutating func stage(
    _ area: StaleArea, of pixels: UnsafeRawBufferPointer, stride: Int, hasAlpha: Bool,
    _ placement: Canvas.Placement, in canvas: UnsafeMutableRawBufferPointer
  ) {
    let (source, destination) = (placement.source, placement.destination)
    let canvasStride = encoder.canvas.width * 4
    guard !area.isEmpty else { return }
    if area.isWhole {
      unsafe canvas.initializeMemory(as: UInt8.self, repeating: 0)
    }
    if placement.isScaled {
      unsafe scaler.scale(
        pixels.bytes(at: source.y * stride + source.x * 4), stride: stride, hasAlpha: hasAlpha,
        size: source.size, to: canvas.bytes(at: destination.y * canvasStride + destination.x * 4),
        stride: canvasStride, size: destination.size)
      return
    }
    for index in 0..<area.count {
      let part = area[index].intersection(destination)
      let (x, y) = (part.x - destination.x + source.x, part.y - destination.y + source.y)
      unsafe ARGBCopy(
        pixels.bytes(at: y * stride + x * 4), Int32(stride),
        canvas.bytes(at: part.y * canvasStride + part.x * 4), Int32(canvasStride),
        Int32(part.width), Int32(part.height))
    }
  }
}

extension PixelEncoder {
  /// Whether a picture fills the canvas, 1:1.
  fileprivate func isWhole(_ placement: Canvas.Placement) -> Bool {
    placement.source == canvas.bounds && placement.destination == canvas.bounds
  }
}
