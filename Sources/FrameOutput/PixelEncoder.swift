import CYUV
import CropEngine

/// Makes bytes in a pixel format out of a canvas in BGRX, by libyuv: of all of it, or of a part.
@safe struct PixelEncoder: ~Copyable {
  let format: PixelFormat
  let range: ColorRange
  /// In px.
  private(set) var canvas = Size(width: 0, height: 0)
  private var coded = Size(width: 0, height: 0)
  /// Chroma planes and rows that libyuv writes on the way to another layout.
  private var scratch = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

  init(format: PixelFormat, range: ColorRange) {
    self.format = format
    self.range = range
  }

  deinit { unsafe scratch.deallocate() }

  /// Goes on with another canvas, in px.
  mutating func resize(to canvas: Size) {
    self.canvas = canvas
    coded = format.codedSize(of: canvas)
    let scratchBytes =
      switch format {
      case .nv12: coded.width * coded.height / 2
      // A row of twice the width in BGRX, and one in Y.
      case .yuv444p: coded.width * 2 * 5
      case .bgra, .rgba: coded.width
      default: 0
      }
    unsafe scratch.reserve(scratchBytes)
    // Alphas, for one.
    unsafe scratch.initializeMemory(as: UInt8.self, repeating: 0xff)
  }

  /// Brings a part of a frame up to date. `pixels` is the canvas, its rows `stride` bytes apart.
  ///
  /// The bytes are those that they would be if all of the canvas were encoded.
  func encode(
    _ part: Rect, of pixels: UnsafePointer<UInt8>, stride: Int, hasAlpha: Bool,
    into frame: UnsafeMutableRawBufferPointer
  ) {
    let part = format.isSubsampled ? blocks(of: part) : part
    let source = unsafe pixels + part.y * stride + part.x * 4
    let (width, height, stride) = (Int32(part.width), Int32(part.height), Int32(stride))
    let row = Int32(canvas.width)
    let at = part.y * coded.width + part.x
    let luma = coded.width * coded.height
    let y = unsafe frame.bytes(at: at)
    switch format {
    case .bgr0:
      unsafe ARGBCopy(source, stride, frame.bytes(at: 4 * at), row * 4, width, height)
    case .bgra:
      unsafe ARGBCopy(source, stride, frame.bytes(at: 4 * at), row * 4, width, height)
      unsafe finishAlpha(part, hasAlpha, frame)
    case .rgb24:
      unsafe ARGBToRAW(source, stride, frame.bytes(at: 3 * at), row * 3, width, height)
    case .rgba:
      unsafe ARGBToABGR(source, stride, frame.bytes(at: 4 * at), row * 4, width, height)
      unsafe finishAlpha(part, hasAlpha, frame)
    case .gray:
      unsafe gray(part, source, stride, y)
    case .yuv420p:
      let chroma = part.y / 2 * (coded.width / 2) + part.x / 2
      unsafe planar420(
        part, source, stride, y: y, u: frame.bytes(at: luma + chroma),
        v: frame.bytes(at: luma + luma / 4 + chroma), chromaStride: row.halvedUp)
      unsafe repeatEdges(part, frame.bytes(at: 0))
    case .nv12:
      let (u, v) = unsafe (scratch.bytes(at: 0), scratch.bytes(at: luma / 4))
      unsafe planar420(part, source, stride, y: y, u: u, v: v, chromaStride: width.halvedUp)
      unsafe MergeUVPlane(
        u, width.halvedUp, v, width.halvedUp,
        frame.bytes(at: luma + part.y / 2 * coded.width + part.x), Int32(coded.width),
        width.halvedUp, height.halvedUp)
      unsafe repeatEdges(part, frame.bytes(at: 0))
    case .yuv444p:
      let (u, v) = unsafe (frame.bytes(at: luma + at), frame.bytes(at: 2 * luma + at))
      if range == .limited {
        unsafe ARGBToI444(source, stride, y, row, u, row, v, row, width, height)
      } else {
        unsafe gray(part, source, stride, y)
        unsafe fullRangeChroma444(part, source, Int(stride), u: u, v: v)
      }
    }
  }

  /// The blocks of two by two pixels that share chroma and that a part has pixels of.
  private func blocks(of part: Rect) -> Rect {
    let (x, y) = (part.x & ~1, part.y & ~1)
    let (right, bottom) = ((part.x + part.width + 1) & ~1, (part.y + part.height + 1) & ~1)
    return Rect(x: x, y: y, width: right - x, height: bottom - y).intersection(canvas.bounds)
  }

  /// Makes the colours of pixels of four bytes straight, where these have alpha, else gives them
  /// alphas of 255: the same row of them for each row.
  private func finishAlpha(
    _ part: Rect, _ hasAlpha: Bool, _ frame: UnsafeMutableRawBufferPointer
  ) {
    let start = 4 * (part.y * canvas.width + part.x)
    guard hasAlpha else {
      unsafe ARGBCopyYToAlpha(
        scratch.bytes(at: 0), 0, frame.bytes(at: start), Int32(canvas.width * 4),
        Int32(part.width), Int32(part.height))
      return
    }
    for row in 0..<part.height {
      let at = start + 4 * row * canvas.width
      unsafe StraightAlpha.make(
        UnsafeMutableRawBufferPointer(rebasing: frame[at..<at + 4 * part.width]))
    }
  }

  private func gray(
    _ part: Rect, _ source: UnsafePointer<UInt8>, _ stride: Int32,
    _ y: UnsafeMutablePointer<UInt8>
  ) {
    let (width, height) = (Int32(part.width), Int32(part.height))
    switch range {
    case .limited: unsafe ARGBToI400(source, stride, y, Int32(canvas.width), width, height)
    case .full: unsafe ARGBToJ400(source, stride, y, Int32(canvas.width), width, height)
    }
  }

  private func planar420(
    _ part: Rect, _ source: UnsafePointer<UInt8>, _ stride: Int32,
    y: UnsafeMutablePointer<UInt8>, u: UnsafeMutablePointer<UInt8>,
    v: UnsafeMutablePointer<UInt8>, chromaStride: Int32
  ) {
    let (width, height, yStride) = (Int32(part.width), Int32(part.height), Int32(coded.width))
    switch range {
    case .limited:
      unsafe ARGBToI420(
        source, stride, y, yStride, u, chromaStride, v, chromaStride, width, height)
    case .full:
      unsafe ARGBToJ420(
        source, stride, y, yStride, u, chromaStride, v, chromaStride, width, height)
    }
  }

  /// libyuv leaves the column and the row alone that make an odd size even.
  private func repeatEdges(_ part: Rect, _ y: UnsafeMutablePointer<UInt8>) {
    let isAtRight = coded.width > canvas.width && part.x + part.width == canvas.width
    if isAtRight {
      for row in part.y..<part.y + part.height {
        let end = unsafe y + row * coded.width + canvas.width
        unsafe end.pointee = end[-1]
      }
    }
    if coded.height > canvas.height, part.y + part.height == canvas.height {
      let last = unsafe y + canvas.height * coded.width + part.x
      unsafe last.update(from: last - coded.width, count: part.width + (isAtRight ? 1 : 0))
    }
  }

  /// libyuv has full-range chroma for halved width only: so each row is doubled in width first.
  private func fullRangeChroma444(
    _ part: Rect, _ source: UnsafePointer<UInt8>, _ stride: Int,
    u: UnsafeMutablePointer<UInt8>, v: UnsafeMutablePointer<UInt8>
  ) {
    let doubled = unsafe scratch.bytes(at: 0)
    let unused = unsafe scratch.bytes(at: 8 * canvas.width)
    for row in 0..<part.height {
      let (doubledWidth, offset) = (Int32(2 * part.width), row * canvas.width)
      unsafe ARGBScale(
        source + row * stride, Int32(stride), Int32(part.width), 1, doubled, 4 * doubledWidth,
        doubledWidth, 1, kFilterNone)
      unsafe ARGBToJ422(
        doubled, 4 * doubledWidth, unused, doubledWidth, u + offset, Int32(part.width),
        v + offset, Int32(part.width), doubledWidth, 1)
    }
  }
}

extension Int32 {
  fileprivate var halvedUp: Int32 { (self + 1) / 2 }
}
