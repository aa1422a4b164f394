import CYUV
import CropEngine

/// Scales BGRX pictures, by libyuv.
///
/// Each channel is scaled as a plane of its own: libyuv's scaling of whole pixels weighs by 127 of
/// 128, so that white comes out as 253.
@safe struct PictureScaler: ~Copyable {
  private static let channels = 4

  /// The channels of the picture, and behind them those of the scaled one.
  private var planes = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

  deinit {
    unsafe planes.deallocate()
  }

  /// Scales a picture of `size` px, rows `stride` bytes apart, to `newSize` px at a place of which
  /// rows are `newStride` bytes apart.
  mutating func scale(
    _ picture: UnsafePointer<UInt8>, stride: Int, size: Size,
    to place: UnsafeMutablePointer<UInt8>, stride newStride: Int, size newSize: Size
  ) {
    let (area, newArea) = (size.width * size.height, newSize.width * newSize.height)
    reserve(Self.channels * (area + newArea))
    let base = unsafe planes.baseAddress!.assumingMemoryBound(to: UInt8.self)
    let scaled = unsafe base + Self.channels * area
    let (width, height) = (Int32(size.width), Int32(size.height))
    let (newWidth, newHeight) = (Int32(newSize.width), Int32(newSize.height))
    unsafe SplitARGBPlane(
      picture, Int32(stride), base, width, base + area, width, base + 2 * area, width,
      base + 3 * area, width, width, height)
    // Text stays readable: every pixel counts where many become one.
    let isHalved = size.width >= 2 * newSize.width || size.height >= 2 * newSize.height
    for channel in 0..<Self.channels {
      unsafe ScalePlane(
        base + channel * area, width, width, height, scaled + channel * newArea, newWidth,
        newWidth, newHeight, isHalved ? kFilterBox : kFilterBilinear)
    }
    unsafe MergeARGBPlane(
      scaled, newWidth, scaled + newArea, newWidth, scaled + 2 * newArea, newWidth,
      scaled + 3 * newArea, newWidth, place, Int32(newStride), newWidth, newHeight)
  }

  private mutating func reserve(_ byteCount: Int) {
    guard unsafe planes.count < byteCount else { return }
    unsafe planes.deallocate()
    unsafe planes = .allocate(byteCount: byteCount, alignment: 64)
  }
}
