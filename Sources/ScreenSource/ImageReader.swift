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
  /// The image kept last.
  private(set) var kept = PixelSlot()
  private var next = PixelSlot()

  /// `noSharedMemory` is the reason not to use shared memory; nil to use it where it works.
  init(_ connection: Connection, _ layout: PixelLayout, noSharedMemory: String?) {
    self.connection = connection
    self.layout = layout
    plainReason = noSharedMemory
  }

  /// Reads a rectangle, in px of the drawable. One round trip; more where memory has to grow, and
  /// two for a palette.
  mutating func read(_ rect: Rect, of drawable: WindowID) -> (RequestSerial, Outcome) {
    if plainReason == nil {
      do throws(SharedMemoryUnavailable) {
        try next.prepareShared(rect.size, connection, layout)
      } catch {
        plainReason = error.reason
      }
    }
    if plainReason != nil { next.prepareHeap(rect.size) }
    layout.updatePalette(connection)
    _ = connection.takeError()
    let serial = connection.nextSerial
    let isRead =
      plainReason == nil
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

  /// Whether the image read last is the one kept, pixel by pixel.
  var isUnchanged: Bool {
    guard next.size == kept.size else { return false }
    let (new, old) = unsafe (next.pixels, kept.pixels)
    return unsafe memcmp(new.baseAddress!, old.baseAddress!, new.count) == 0
  }

  /// Keeps the image read last, in place of the one kept before.
  mutating func keep() {
    swap(&kept, &next)
  }
}
