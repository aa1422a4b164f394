import CropEngine

/// Turns a screen's pixels, of whatever layout, into rows of blue, green, red and a byte that means
/// nothing, 8 bits each.
///
/// A channel of other depth is scaled to 8 bits and rounded, so that its most is 255.
@safe struct PixelDecoder {
  private enum Kind {
    /// The pixels are what is wanted.
    case same
    /// What each pixel of 8 bits means.
    case table8([UInt32])
    /// What each pixel of 16 bits means, as it lies in memory.
    case table16([UInt32])
    /// Pixels of 32 bits.
    case channels(red: Channel, green: Channel, blue: Channel, isSwapped: Bool)
  }

  /// Bits of a pixel that are one colour's.
  private struct Channel {
    /// Brings the factor below 2³² for any value, and the rounding right for up to 11 bits.
    private static let precision: UInt32 = 23
    private let mask: UInt32
    private let shift: UInt32
    private let factor: UInt32

    init?(mask: UInt) {
      guard mask != 0, let mask = UInt32(exactly: mask) else { return nil }
      self.mask = mask
      shift = UInt32(mask.trailingZeroBitCount)
      let most = mask >> shift
      guard most & (most + 1) == 0, most < 1 << 11 else { return nil }
      factor = (255 << Self.precision + most / 2) / most
    }

    /// From 0 to 255.
    @inline(__always) func value(_ pixel: UInt32) -> UInt32 {
      ((pixel & mask) &>> shift &* factor &+ 1 << (Self.precision - 1)) >> Self.precision
    }
  }

  private let kind: Kind

  /// Pixels whose channels are these bits of 16 or 32, in the given byte order; nil where such are
  /// not read.
  init?(bitsPerPixel: Int, isBigEndian: Bool, red: UInt, green: UInt, blue: UInt) {
    guard let reds = Channel(mask: red), let greens = Channel(mask: green),
      let blues = Channel(mask: blue)
    else { return nil }
    switch bitsPerPixel {
    case 32:
      let isSame = !isBigEndian && (red, green, blue) == (0xff0000, 0xff00, 0xff)
      kind =
        isSame
        ? .same : .channels(red: reds, green: greens, blue: blues, isSwapped: isBigEndian)
    case 16:
      kind = .table16(
        (0...UInt16.max).map { stored in
          let pixel = UInt32(isBigEndian ? stored.byteSwapped : stored)
          return reds.value(pixel) << 16 | greens.value(pixel) << 8 | blues.value(pixel)
        })
    default: return nil
    }
  }

  /// Pixels of 8 bits that are places in a palette of colours: red, green and blue from bit 16, 8
  /// and 0. Those beyond its end are black.
  init(palette: [UInt32]) {
    kind = .table8(palette + Array(repeating: 0, count: max(0, 256 - palette.count)))
  }

  /// Whether pixels are left as they are.
  var isIdentity: Bool { if case .same = kind { true } else { false } }

  /// Turns a picture of `size` px; rows are `stride` bytes apart, and `newStride` in the result.
  func decode(
    _ source: UnsafeRawPointer, stride: Int, size: Size, to result: UnsafeMutableRawPointer,
    newStride: Int
  ) {
    for row in 0..<size.height {
      let from = unsafe source + row * stride
      let to = unsafe (result + row * newStride).assumingMemoryBound(to: UInt32.self)
      switch kind {
      case .same:
        unsafe UnsafeMutableRawPointer(to).copyMemory(from: from, byteCount: size.width * 4)
      case .table8(let table):
        let pixels = unsafe from.assumingMemoryBound(to: UInt8.self)
        for column in 0..<size.width { unsafe to[column] = table[Int(pixels[column])] }
      case .table16(let table):
        let pixels = unsafe from.assumingMemoryBound(to: UInt16.self)
        for column in 0..<size.width { unsafe to[column] = table[Int(pixels[column])] }
      case .channels(let red, let green, let blue, let isSwapped):
        let pixels = unsafe from.assumingMemoryBound(to: UInt32.self)
        for column in 0..<size.width {
          let pixel = unsafe isSwapped ? pixels[column].byteSwapped : pixels[column]
          unsafe to[column] =
            red.value(pixel) << 16 | green.value(pixel) << 8 | blue.value(pixel)
        }
      }
    }
  }
}
