import CX11
import CropEngine
import Glibc

/// Images that are asked of the server together: one round trip for all of them, and one moment,
/// since no other client is served in between (GrabServer) where there are several.
struct ImageBatch {
  enum Outcome: Equatable {
    case read
    /// A rectangle and its window did not fit together: worth another try.
    case temporary
    /// The server does not give the pixels.
    case refused(ServerError)
  }

  /// One image: where it is read, and where it goes.
  private struct Request {
    let storage: PixelStorage
    let ring: PictureRing
    let slot: PictureSlot
    /// In px of the storage's window.
    let part: Rect
    let way: Way
    /// A window's pixels beyond the screen are read by a name of theirs.
    var pixmap: Pixmap = 0
    var serial: RequestSerial = 0
  }

  private enum Way {
    /// The server writes it where it belongs.
    case inPlace
    /// The server writes it elsewhere in shared memory, and it is put where it belongs.
    case transferred(segment: UInt, offset: Int)
    /// It comes over the connection.
    case sent
  }

  private let connection: Connection
  private var requests: [Request] = []
  /// The first request after which the server may have been asked to tell anew.
  private var renewalSerial: RequestSerial = 0
  /// The first of the requests for images, of those sent last.
  private(set) var firstSerial: RequestSerial = 0
  /// The last of them.
  private(set) var lastSerial: RequestSerial = 0

  init(_ connection: Connection) { self.connection = connection }

  var isEmpty: Bool { requests.isEmpty }

  /// Asks for nothing yet. Of what is drawn from now on the server may be asked to tell anew.
  mutating func begin() {
    requests.removeAll(keepingCapacity: true)
    renewalSerial = connection.nextSerial
  }

  /// When something was drawn, by the serial of the event that tells it.
  func moment(of serial: RequestSerial) -> DamageMoment {
    serial < renewalSerial ? .beforeRenewal : serial < firstSerial ? .beforeRead : .afterRead
  }

  /// Asks for what a slot lacks of a storage's pixels. `screen` is what of the window the screen
  /// can show, in its px: XShmGetImage refuses a window's pixels beyond it, also where they are
  /// kept apart.
  mutating func add(
    _ wanted: DamageArea, of storage: PixelStorage, to ring: PictureRing, _ slot: PictureSlot,
    screen: Rect
  ) {
    for index in 0..<wanted.count {
      let (part, way) = way(for: wanted[index], of: storage, ring, slot)
      var request = Request(storage: storage, ring: ring, slot: slot, part: part, way: way)
      if !screen.contains(part), storage.isApart {
        unsafe request.pixmap = XCompositeNameWindowPixmap(connection.display, storage.window)
      }
      requests.append(request)
    }
  }

  /// A strip of whole rows can be written right where it belongs; a part of rows is put there,
  /// unless the rest of the rows is little more.
  private func way(
    for part: Rect, of storage: PixelStorage, _ ring: PictureRing, _ slot: PictureSlot
  ) -> (Rect, Way) {
    let layout = storage.layout
    let strip = Rect(x: slot.box.x, y: part.y, width: slot.box.width, height: part.height)
    if slot.isShared, part.width * 2 > strip.width || strip.area <= 1 << 14 {
      return (strip, .inPlace)
    }
    let bytes = layout.stride(width: part.width) * part.height
    let whole = layout.stride(width: slot.box.width) * slot.box.height
    if let (segment, offset) = ring.reserveTransfer(bytes, of: whole) {
      return (part, .transferred(segment: segment, offset: offset))
    }
    return slot.isShared ? (strip, .inPlace) : (part, .sent)
  }

  /// Sends the requests (ShmGetImage, else GetImage).
  mutating func send() {
    guard !requests.isEmpty else { return }
    for index in requests.indices { requests[index].storage.updatePalette() }
    let display = unsafe connection.display
    _ = connection.takeError()
    let first = connection.nextSerial
    let isHeld = requests.count > 1
    if isHeld { unsafe cx11_send_server_grab(display, true) }
    for index in requests.indices { requests[index].serial = send(requests[index], first) }
    if isHeld { unsafe cx11_send_server_grab(display, false) }
    (firstSerial, lastSerial) = (requests[0].serial, requests[requests.count - 1].serial)
    for index in requests.indices where requests[index].pixmap != 0 {
      unsafe XFreePixmap(display, requests[index].pixmap)
    }
    unsafe cx11_flush(display)
    connection.noteOtherRequests()
  }

  private func send(_ request: Request, _ first: RequestSerial) -> RequestSerial {
    let (display, part) = unsafe (connection.display, request.part)
    var (drawable, x, y) = (request.storage.window, Int32(part.x), Int32(part.y))
    if request.pixmap != 0 {
      // A pixmap begins with the window's border.
      let border = Int32(request.storage.border)
      (drawable, x, y) = (request.pixmap, x + border, y + border)
    }
    let (width, height) = (UInt32(part.width), UInt32(part.height))
    switch request.way {
    case .inPlace:
      let offset = request.slot.offset(x: part.x, y: part.y)
      return unsafe cx11_send_shared_image(
        display, first, drawable, x, y, width, height, request.slot.sharedID, UInt32(offset))
    case .transferred(let segment, let offset):
      return unsafe cx11_send_shared_image(
        display, first, drawable, x, y, width, height, segment, UInt32(offset))
    case .sent:
      return unsafe cx11_send_image(display, first, drawable, x, y, width, height)
    }
  }

  /// Waits for all answers, and puts the pixels where they belong.
  mutating func receive() -> Outcome {
    var outcome = Outcome.read
    for index in requests.indices {
      if let error = receive(requests[index]), outcome == .read {
        outcome = Self.outcome(of: error)
      }
    }
    requests.removeAll(keepingCapacity: true)
    return outcome
  }

  private static func outcome(of error: CX11Error) -> Outcome {
    switch Int32(error.code) {
    // Success: there was no answer at all.
    case Success, BadMatch, BadWindow, BadDrawable, BadPixmap: .temporary
    default: .refused(ServerError(error))
    }
  }

  private func receive(_ request: Request) -> CX11Error? {
    var error = CX11Error()
    let display = unsafe connection.display
    switch request.way {
    case .inPlace:
      return unsafe cx11_await_shared_image(display, request.serial, &error) ? nil : error
    case .transferred(_, let offset):
      guard unsafe cx11_await_shared_image(display, request.serial, &error) else { return error }
      unsafe put(request.ring.transferredBytes(at: offset), request)
    case .sent:
      var pixels: UnsafeRawPointer?
      guard let answer = unsafe cx11_await_image(display, request.serial, &pixels, &error) else {
        return error
      }
      unsafe put(pixels!, request)
      unsafe free(answer)
    }
    return nil
  }

  /// Puts the server's pixels of a part at their place.
  private func put(_ pixels: UnsafeRawPointer, _ request: Request) {
    let (slot, part) = (request.slot, request.part)
    unsafe request.storage.layout.decoder.decode(
      pixels, stride: request.storage.layout.stride(width: part.width), size: part.size,
      to: slot.pixels.baseAddress! + slot.offset(x: part.x, y: part.y), newStride: slot.stride)
  }
}
