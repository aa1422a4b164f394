import CropEngine

/// What two pictures of one pixel format differ in.
public struct PictureComparison: Equatable, Sendable {
  /// In px.
  public let size: Size
  /// That of the reference, in px. Where it is another one, what lies in both is compared.
  public let referenceSize: Size
  /// How many pixels differ by more than is tolerated.
  public private(set) var count = 0
  /// The largest difference of a channel, tolerated or not.
  public private(set) var largest = 0
  /// The smallest rectangle that holds the pixels that differ; nil where none does.
  public private(set) var bounds: Rect?
  private let tolerance: Int

  /// Compares a picture with a reference. Pixels differ where a channel does by more than
  /// `tolerance`, 0 to 255.
  public init(
    _ picture: borrowing ConvertedPicture, reference: borrowing ConvertedPicture, tolerance: Int
  ) {
    precondition(picture.pixelFormat == reference.pixelFormat, "channels are of one kind")
    (size, referenceSize) = (picture.size, reference.size)
    self.tolerance = tolerance
    let both = size.bounds.intersection(referenceSize.bounds)
    for y in 0..<both.height {
      let (new, old) = unsafe (picture.row(y), reference.row(y))
      let rowBytes = both.width * picture.channels
      if unsafe Self.largest(new, old, rowBytes) == 0 { continue }
      for x in 0..<both.width {
        let at = x * picture.channels
        let difference = unsafe Self.largest(new + at, old + at, picture.channels)
        largest = max(largest, difference)
        guard difference > tolerance else { continue }
        count += 1
        let pixel = Rect(x: x, y: y, width: 1, height: 1)
        bounds = bounds?.boundingBox(with: pixel) ?? pixel
      }
    }
  }

  /// Whether they are of one size, and no pixel differs by more than is tolerated.
  public var isSame: Bool { size == referenceSize && count == 0 }

  /// The largest difference of so many bytes.
  private static func largest(
    _ new: UnsafePointer<UInt8>, _ old: UnsafePointer<UInt8>, _ count: Int
  ) -> Int {
    var largest: UInt8 = 0
    for at in 0..<count {
      let (one, other) = unsafe (new[at], old[at])
      largest = max(largest, max(one, other) - min(one, other))
    }
    return Int(largest)
  }

  /// A picture in rgb24 that shows where they differ: the reference in pale grey, and red what
  /// differs or lies in one of them alone.
  public func painted(
    _ picture: borrowing ConvertedPicture, over reference: borrowing ConvertedPicture
  ) -> ConvertedPicture {
    let whole = size.bounds.boundingBox(with: referenceSize.bounds)
    let both = size.bounds.intersection(referenceSize.bounds)
    let pixels = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: whole.area)
    defer { unsafe pixels.deallocate() }
    unsafe pixels.initialize(repeating: Self.red)
    let channels = reference.channels
    for y in 0..<both.height {
      let (new, old) = unsafe (picture.row(y), reference.row(y))
      for x in 0..<both.width {
        let pixel = unsafe old + x * channels
        if unsafe Self.largest(new + x * channels, pixel, channels) <= tolerance {
          unsafe pixels[y * whole.width + x] = Self.pale(pixel, channels)
        }
      }
    }
    return unsafe ConvertedPicture(
      PictureView(
        UnsafeRawBufferPointer(pixels), stride: whole.width * PictureView.bytesPerPixel,
        size: whole.size),
      PictureSettings(pixelFormat: .rgb24))
  }

  private static let red: UInt32 = 0xff_0000

  /// A third of the way from white to the pixel's grey (BT.601), so that red stands out.
  private static func pale(_ pixel: UnsafePointer<UInt8>, _ channels: Int) -> UInt32 {
    let grey =
      unsafe channels == 1
      ? UInt32(pixel[0])
      : (77 * UInt32(pixel[0]) + 150 * UInt32(pixel[1]) + 29 * UInt32(pixel[2])) >> 8
    return (255 - (255 - grey) / 3) * 0x01_0101
  }
}
