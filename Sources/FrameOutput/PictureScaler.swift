import CYUV
import CropEngine

/// Scales BGRX pictures, and BGRA ones whose colours are multiplied by their alpha, by libyuv.
///
/// Each channel is scaled as a plane of its own, and where many pixels become one with 15 bits:
/// libyuv's scaling of whole pixels and its means of 8 bits lose up to two values of white.
@safe struct PictureScaler: ~Copyable {
  private static let mostChannels = 4
  /// libyuv's factors from 8 bits to 15, the most that it widens to, and back, in 65536ths.
  private static let widening: Int32 = 32768
  private static let narrowing: Int32 = 512

  /// The channels of the picture, and behind them those of the scaled one.
  private var planes = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  /// One channel of each with more bits.
  private var wide = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

  deinit {
    unsafe planes.deallocate()
    unsafe wide.deallocate()
  }

  /// Scales a picture of `size` px, rows `stride` bytes apart, to `newSize` px at a place of which
  /// rows are `newStride` bytes apart.
  ///
  /// Without alpha the fourth byte of its pixels becomes 255.
  mutating func scale(
    _ picture: UnsafePointer<UInt8>, stride: Int, hasAlpha: Bool = false, size: Size,
    to place: UnsafeMutablePointer<UInt8>, stride newStride: Int, size newSize: Size
  ) {
    let (area, newArea) = (size.width * size.height, newSize.width * newSize.height)
    let channels = hasAlpha ? Self.mostChannels : Self.mostChannels - 1
    unsafe planes.reserve(channels * (area + newArea))
    let base = unsafe planes.baseAddress!.assumingMemoryBound(to: UInt8.self)
    let scaled = unsafe base + channels * area
    let (width, newWidth) = (Int32(size.width), Int32(newSize.width))
    unsafe SplitARGBPlane(
      picture, Int32(stride), base, width, base + area, width, base + 2 * area, width,
      hasAlpha ? base + 3 * area : nil, width, width, Int32(size.height))
    // Text stays readable: every pixel counts where many become one.
    let isHalved = size.width >= 2 * newSize.width || size.height >= 2 * newSize.height
    for channel in 0..<channels {
      let (from, to) = unsafe (base + channel * area, scaled + channel * newArea)
      if isHalved {
        unsafe average(from, size, to, newSize)
      } else {
        unsafe ScalePlane(
          from, width, width, Int32(size.height), to, newWidth, newWidth, Int32(newSize.height),
          kFilterBilinear)
      }
    }
    unsafe MergeARGBPlane(
      scaled, newWidth, scaled + newArea, newWidth, scaled + 2 * newArea, newWidth,
      hasAlpha ? scaled + 3 * newArea : nil, newWidth, place, Int32(newStride), newWidth,
      Int32(newSize.height))
  }

  private mutating func average(
    _ plane: UnsafePointer<UInt8>, _ size: Size, _ scaled: UnsafeMutablePointer<UInt8>,
    _ newSize: Size
  ) {
    let (area, newArea) = (size.width * size.height, newSize.width * newSize.height)
    unsafe wide.reserve(2 * (area + newArea))
    let base = unsafe wide.baseAddress!.assumingMemoryBound(to: UInt16.self)
    let (width, height) = (Int32(size.width), Int32(size.height))
    let (newWidth, newHeight) = (Int32(newSize.width), Int32(newSize.height))
    unsafe Convert8To16Plane(plane, width, base, width, Self.widening, width, height)
    unsafe ScalePlane_16(
      base, width, width, height, base + area, newWidth, newWidth, newHeight, kFilterBox)
    unsafe Convert16To8Plane(
      base + area, newWidth, scaled, newWidth, Self.narrowing, newWidth, newHeight)
  }
}
