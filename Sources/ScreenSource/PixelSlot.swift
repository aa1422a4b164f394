import CX11
import CropEngine

/// Memory for one image of changing size: shared with the server, or our own.
///
/// The server's pixels, where they are not BGRX already, are turned into such on the way.
@safe struct PixelSlot: ~Copyable {
  static let bytesPerPixel = 4

  /// Where the pixels in BGRX are: in the segment or in the heap.
  private var memory = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var heap = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var segment: SharedSegment?
  /// The segment's memory.
  private var sent = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  /// Describes the segment's memory to XShmGetImage.
  private var image: UnsafeMutablePointer<XImage>?
  /// Size of the image that it holds or is to hold, in px.
  private(set) var size = Size(width: 0, height: 0)

  init() {}

  deinit {
    if let image = unsafe image { unsafe cx11_destroy_image(image) }
    unsafe heap.deallocate()
  }

  /// Bytes from one row to the next.
  var stride: Int { size.width * Self.bytesPerPixel }

  /// The bytes from the first pixel of a part of the image to its last, where the image is `whole`;
  /// both in px of the drawable that it was read from.
  func pixels(of part: Rect, in whole: Rect) -> UnsafeRawBufferPointer {
    let start = (part.y - whole.y) * stride + (part.x - whole.x) * Self.bytesPerPixel
    let count = (part.height - 1) * stride + part.width * Self.bytesPerPixel
    return unsafe UnsafeRawBufferPointer(rebasing: memory[start..<start + count])
  }

  /// The image's bytes, to draw on.
  var mutablePixels: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<byteCount])
  }

  private var byteCount: Int { stride * size.height }

  /// Room that is made at once, so that a growing target does not ask for more each time.
  private static func room(for byteCount: Int) -> Int { byteCount + byteCount / 2 }

  /// Makes the slot hold an image of this size in memory shared with the server.
  mutating func prepareShared(
    _ size: Size, _ connection: Connection, _ layout: PixelLayout
  ) throws(SharedMemoryUnavailable) {
    guard unsafe size != self.size || image == nil else { return }
    releaseImage()
    self.size = size
    let sentCount = layout.stride(width: size.width) * size.height
    if unsafe sent.count < sentCount {
      // The old one goes first: the two need not be there together.
      unsafe sent = UnsafeMutableRawBufferPointer(start: nil, count: 0)
      segment = nil
      let new = try SharedSegment(connection, byteCount: Self.room(for: sentCount))
      unsafe sent = new.bytes
      segment = consume new
    }
    unsafe image = segment?.image(size, connection, layout)
    guard unsafe image != nil else {
      throw SharedMemoryUnavailable(reason: "XShmCreateImage found no memory")
    }
    if layout.decoder.isIdentity { unsafe memory = sent } else { reserveHeap() }
  }

  /// Makes the slot hold an image of this size in memory of our own.
  mutating func prepareHeap(_ size: Size) {
    releaseImage()
    segment = nil
    unsafe sent = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    self.size = size
    reserveHeap()
  }

  private mutating func reserveHeap() {
    if unsafe heap.count < byteCount {
      unsafe heap.deallocate()
      unsafe heap = .allocate(byteCount: Self.room(for: byteCount), alignment: 64)
    }
    unsafe memory = heap
  }

  private mutating func releaseImage() {
    if let image = unsafe image { unsafe cx11_destroy_image(image) }
    unsafe image = nil
  }

  /// Has the server write the part of a drawable into the shared memory (XShmGetImage).
  func readShared(
    _ connection: Connection, _ layout: PixelLayout, from drawable: Drawable, x: Int, y: Int
  ) -> Bool {
    guard
      unsafe XShmGetImage(connection.display, drawable, image, Int32(x), Int32(y), .max) != 0
    else { return false }
    if !layout.decoder.isIdentity { unsafe take(image!, layout) }
    return true
  }

  /// Has the server send the part of a drawable (XGetImage).
  func readPlain(
    _ connection: Connection, _ layout: PixelLayout, from drawable: Drawable, x: Int, y: Int
  ) -> Bool {
    guard
      let sent = unsafe XGetImage(
        connection.display, drawable, Int32(x), Int32(y), UInt32(size.width), UInt32(size.height),
        .max, ZPixmap)
    else { return false }
    defer { unsafe cx11_destroy_image(sent) }
    unsafe take(sent, layout)
    return true
  }

  private func take(_ image: UnsafeMutablePointer<XImage>, _ layout: PixelLayout) {
    unsafe layout.decoder.decode(
      image.pointee.data, stride: Int(image.pointee.bytes_per_line), size: size,
      to: memory.baseAddress!, newStride: stride)
  }
}
