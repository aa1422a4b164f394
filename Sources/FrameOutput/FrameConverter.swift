import CYUV
import CropEngine

/// Makes a canvas's bytes in a pixel format out of grabbed pixels, by libyuv.
///
/// Memory is kept: a frame, or a canvas, no larger than one that came before takes none.
@safe public struct FrameConverter: ~Copyable {
  private let format: PixelFormat
  private let range: ColorRange
  private var canvas: Size
  private var coded: Size
  /// The frame in its pixel format, and room for larger ones.
  private var output = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  /// The canvas in BGRX, where the picture is not all of it.
  private var staging = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var stagedPlacement: Canvas.Placement?
  private var scaler = PictureScaler()
  /// Chroma planes and rows that libyuv writes on the way to another layout.
  private var scratch = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

  public init(format: PixelFormat, range: ColorRange, canvas: Size) {
    self.format = format
    self.range = range
    self.canvas = canvas
    coded = format.codedSize(of: canvas)
    reserve()
  }

  /// Goes on with another canvas.
  mutating func resize(to canvas: Size) {
    self.canvas = canvas
    coded = format.codedSize(of: canvas)
    stagedPlacement = nil
    reserve()
  }

  private mutating func reserve() {
    unsafe output.reserve(format.byteCount(of: canvas))
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

  deinit {
    unsafe output.deallocate()
    unsafe staging.deallocate()
    unsafe scratch.deallocate()
  }

  /// A frame of BGRX pixels, put on the canvas, in the pixel format. The bytes are good until the
  /// next call, and unless they are `copying` only as long as the pixels that were given.
  ///
  /// Pixels that have alpha are BGRA, multiplied by it. Formats with alpha then hold it with
  /// straight colours, and none beside the picture; in others it is as if over black.
  public mutating func convert(
    _ pixels: UnsafeRawBufferPointer, stride: Int, hasAlpha: Bool = false,
    placement: Canvas.Placement, copying: Bool = false
  ) -> UnsafeRawBufferPointer {
    let isWhole = placement.source == canvas.bounds && placement.destination == canvas.bounds
    guard !isWhole else {
      let bytes = unsafe encode(pixels, stride: stride, hasAlpha: hasAlpha)
      if copying { return unsafe own(bytes) }
      return unsafe bytes
    }
    unsafe stage(pixels, stride: stride, hasAlpha: hasAlpha, placement)
    return unsafe encodeStaging(hasAlpha: hasAlpha)
  }

  /// A black frame. The bytes are good until the next call.
  public mutating func black() -> UnsafeRawBufferPointer {
    clearStaging()
    return unsafe encodeStaging(hasAlpha: false)
  }

  /// The same bytes in memory of the converter's own, where they are not yet: good until the next
  /// frame.
  func own(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    if unsafe bytes.baseAddress! == UnsafeRawPointer(output.baseAddress!) { return unsafe bytes }
    unsafe output.copyMemory(from: bytes)
    return unsafe UnsafeRawBufferPointer(rebasing: output[..<bytes.count])
  }

  private func encodeStaging(hasAlpha: Bool) -> UnsafeRawBufferPointer {
    let stride = canvas.width * 4
    return unsafe encode(
      staging.prefix(of: stride * canvas.height), stride: stride, hasAlpha: hasAlpha)
  }

  private mutating func clearStaging() {
    unsafe staging.reserve(canvas.width * canvas.height * 4)
    unsafe staging.initializeMemory(as: UInt8.self, repeating: 0)
    stagedPlacement = nil
  }

  private mutating func stage(
    _ pixels: UnsafeRawBufferPointer, stride: Int, hasAlpha: Bool, _ placement: Canvas.Placement
  ) {
    if stagedPlacement != placement { clearStaging() }
    stagedPlacement = placement
    let from = placement.source
    let to = placement.destination
    let source = unsafe pixels.bytes(at: from.y * stride + from.x * 4)
    let destination = unsafe staging.bytes(at: (to.y * canvas.width + to.x) * 4)
    let canvasStride = canvas.width * 4
    if placement.isScaled {
      unsafe scaler.scale(
        source, stride: stride, hasAlpha: hasAlpha, size: from.size, to: destination,
        stride: canvasStride, size: to.size)
    } else {
      unsafe ARGBCopy(
        source, Int32(stride), destination, Int32(canvasStride), Int32(to.width), Int32(to.height))
    }
  }

  /// The whole canvas, given in BGRX, in the pixel format.
  private func encode(
    _ pixels: UnsafeRawBufferPointer, stride: Int, hasAlpha: Bool
  ) -> UnsafeRawBufferPointer {
    let source = unsafe pixels.bytes(at: 0)
    let (width, height, stride) = (Int32(canvas.width), Int32(canvas.height), Int32(stride))
    let y = unsafe output.bytes(at: 0)
    let lumaStride = Int32(coded.width)
    let luma = coded.width * coded.height
    switch format {
    case .bgr0:
      // Pixels without gaps go out as they are.
      if stride == width * 4 { return unsafe pixels }
      unsafe ARGBCopy(source, stride, y, width * 4, width, height)
    case .bgra:
      unsafe ARGBCopy(source, stride, y, width * 4, width, height)
      finishAlpha(hasAlpha)
    case .rgb24:
      unsafe ARGBToRAW(source, stride, y, width * 3, width, height)
    case .rgba:
      unsafe ARGBToABGR(source, stride, y, width * 4, width, height)
      finishAlpha(hasAlpha)
    case .gray:
      unsafe gray(source, stride, y)
    case .yuv420p:
      let u = unsafe output.bytes(at: luma)
      let v = unsafe output.bytes(at: luma + luma / 4)
      unsafe planar420(source, stride, y: y, u: u, v: v)
    case .nv12:
      let u = unsafe scratch.bytes(at: 0)
      let v = unsafe scratch.bytes(at: luma / 4)
      unsafe planar420(source, stride, y: y, u: u, v: v)
      unsafe MergeUVPlane(
        u, lumaStride / 2, v, lumaStride / 2, output.bytes(at: luma), lumaStride,
        lumaStride / 2, Int32(coded.height / 2))
    case .yuv444p:
      let u = unsafe output.bytes(at: luma)
      let v = unsafe output.bytes(at: 2 * luma)
      if range == .limited {
        unsafe ARGBToI444(source, stride, y, width, u, width, v, width, width, height)
      } else {
        unsafe gray(source, stride, y)
        unsafe fullRangeChroma444(source, Int(stride), u: u, v: v)
      }
    }
    return unsafe output.prefix(of: format.byteCount(of: canvas))
  }

  /// Makes the colours of pixels of four bytes straight, where these have alpha, else gives them
  /// alphas of 255: the same row of them for each row.
  private func finishAlpha(_ hasAlpha: Bool) {
    if hasAlpha {
      return unsafe StraightAlpha.make(
        UnsafeMutableRawBufferPointer(rebasing: output[..<format.byteCount(of: canvas)]))
    }
    unsafe ARGBCopyYToAlpha(
      scratch.bytes(at: 0), 0, output.bytes(at: 0), Int32(canvas.width * 4), Int32(canvas.width),
      Int32(canvas.height))
  }

  private func gray(
    _ source: UnsafePointer<UInt8>, _ stride: Int32, _ y: UnsafeMutablePointer<UInt8>
  ) {
    let (width, height) = (Int32(canvas.width), Int32(canvas.height))
    switch range {
    case .limited: unsafe ARGBToI400(source, stride, y, width, width, height)
    case .full: unsafe ARGBToJ400(source, stride, y, width, width, height)
    }
  }

  private func planar420(
    _ source: UnsafePointer<UInt8>, _ stride: Int32, y: UnsafeMutablePointer<UInt8>,
    u: UnsafeMutablePointer<UInt8>, v: UnsafeMutablePointer<UInt8>
  ) {
    let (width, height) = (Int32(canvas.width), Int32(canvas.height))
    let (yStride, chromaStride) = (Int32(coded.width), Int32(coded.width / 2))
    switch range {
    case .limited:
      unsafe ARGBToI420(
        source, stride, y, yStride, u, chromaStride, v, chromaStride, width, height)
    case .full:
      unsafe ARGBToJ420(
        source, stride, y, yStride, u, chromaStride, v, chromaStride, width, height)
    }
    unsafe repeatEdges(of: y)
  }

  /// libyuv leaves the column and the row alone that make an odd size even.
  private func repeatEdges(of y: UnsafeMutablePointer<UInt8>) {
    if coded.width > canvas.width {
      for row in 0..<canvas.height {
        let end = unsafe y + row * coded.width + canvas.width
        unsafe end.pointee = end[-1]
      }
    }
    if coded.height > canvas.height {
      let last = unsafe y + canvas.height * coded.width
      unsafe last.update(from: last - coded.width, count: coded.width)
    }
  }

  /// libyuv has full-range chroma for halved width only: so each row is doubled in width first.
  private func fullRangeChroma444(
    _ source: UnsafePointer<UInt8>, _ stride: Int, u: UnsafeMutablePointer<UInt8>,
    v: UnsafeMutablePointer<UInt8>
  ) {
    let width = canvas.width
    let doubled = unsafe scratch.bytes(at: 0)
    let unused = unsafe scratch.bytes(at: 8 * width)
    for row in 0..<canvas.height {
      let (doubledWidth, offset) = (Int32(2 * width), row * width)
      unsafe ARGBScale(
        source + row * stride, Int32(stride), Int32(width), 1, doubled, 4 * doubledWidth,
        doubledWidth, 1, kFilterNone)
      unsafe ARGBToJ422(
        doubled, 4 * doubledWidth, unused, doubledWidth, u + offset, Int32(width), v + offset,
        Int32(width), doubledWidth, 1)
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes from an offset on, as libyuv takes them.
  fileprivate func bytes(at offset: Int) -> UnsafePointer<UInt8> {
    unsafe (baseAddress! + offset).assumingMemoryBound(to: UInt8.self)
  }
}

extension UnsafeMutableRawBufferPointer {
  /// Makes room for so many bytes. What it holds is lost where there is not enough.
  mutating func reserve(_ byteCount: Int) {
    guard count < byteCount else { return }
    unsafe deallocate()
    unsafe self = .allocate(byteCount: byteCount, alignment: 64)
  }

  /// The first so many bytes.
  fileprivate func prefix(of byteCount: Int) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: self[..<byteCount])
  }

  /// The bytes from an offset on, as libyuv takes them.
  fileprivate func bytes(at offset: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe (baseAddress! + offset).assumingMemoryBound(to: UInt8.self)
  }
}
