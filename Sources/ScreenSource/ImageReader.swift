import CX11
import CropEngine
import Glibc

/// Reads rectangles of a window's pixels, by shared memory where that works, else by XGetImage.
///
/// The last image that was kept stays readable while the next one is read.
struct ImageReader: ~Copyable {
  enum Outcome: Equatable {
    case read
    /// The rectangle and the window did not fit together: worth another try.
    case temporary
    /// The server does not give the pixels.
    case refused(ServerError)
  }

  private let connection: Connection
  private var layout: PixelLayout
  /// Why shared memory is not used; nil while it is.
  private(set) var plainReason: String?
  /// The image kept last, and where it was read.
  private var kept = PixelSlot()
  private var keptRect = Rect(x: 0, y: 0, width: 0, height: 0)
  private var next = PixelSlot()
  private var nextRect = Rect(x: 0, y: 0, width: 0, height: 0)

  /// `noSharedMemory` is the reason not to use shared memory; nil to use it where it works.
  init(_ connection: Connection, _ layout: PixelLayout, noSharedMemory: String?) {
    self.connection = connection
    self.layout = layout
    plainReason = noSharedMemory
  }

  /// Reads a rectangle, in px of the drawable. One round trip; more where memory has to grow, and
  /// two for a palette.
  ///
  /// What `isOnScreen` can come by shared memory: XShmGetImage refuses a window's pixels beyond the
  /// screen, also where they are kept apart, and XGetImage does not.
  mutating func read(
    _ rect: Rect, of drawable: WindowID, isOnScreen: Bool = true
  ) -> (RequestSerial, Outcome) {
    var isShared = plainReason == nil && isOnScreen
    if isShared {
      do throws(SharedMemoryUnavailable) {
        try next.prepareShared(rect.size, connection, layout)
      } catch {
        plainReason = error.reason
        isShared = false
      }
    }
    if !isShared { next.prepareHeap(rect.size) }
    nextRect = rect
    layout.updatePalette(connection)
    _ = connection.takeError()
    let serial = connection.nextSerial
    let isRead =
      isShared
      ? next.readShared(connection, layout, from: drawable, x: rect.x, y: rect.y)
      : next.readPlain(connection, layout, from: drawable, x: rect.x, y: rect.y)
    guard !isRead else { return (serial, .read) }
    guard let error = connection.takeError() else { return (serial, .temporary) }
    switch error.code {
    case BadMatch, BadWindow, BadDrawable: return (serial, .temporary)
    default: return (serial, .refused(error))
    }
  }

  /// Draws on the image read last: `body` is given its pixels and their stride.
  func draw(_ body: (UnsafeMutableRawBufferPointer, Int) -> Void) {
    unsafe body(next.mutablePixels, next.stride)
  }

  /// Whether a part of the image read last is a part of the one kept, pixel by pixel. Both are
  /// rectangles in px of the drawable.
  func isUnchanged(_ rect: Rect, since old: Rect) -> Bool {
    guard rect.size == old.size else { return false }
    let (newPixels, oldPixels) = unsafe (
      next.pixels(of: rect, in: nextRect), kept.pixels(of: old, in: keptRect)
    )
    let rowCount = rect.width * PixelSlot.bytesPerPixel
    if next.stride == rowCount, kept.stride == rowCount {
      return unsafe memcmp(newPixels.baseAddress!, oldPixels.baseAddress!, newPixels.count) == 0
    }
    for row in 0..<rect.height {
      let isSame = unsafe memcmp(
        newPixels.baseAddress! + row * next.stride, oldPixels.baseAddress! + row * kept.stride,
        rowCount)
      if isSame != 0 { return false }
    }
    return true
  }

  /// Keeps the image read last, in place of the one kept before.
  mutating func keep() {
    swap(&kept, &next)
    swap(&keptRect, &nextRect)
  }

  /// The pixels of a part of the image kept last, a rectangle in px of the drawable.
  func keptPixels(of rect: Rect) -> UnsafeRawBufferPointer {
    unsafe kept.pixels(of: rect, in: keptRect)
  }

  /// Bytes from one row to the next of the image kept last.
  var keptStride: Int { kept.stride }
}
