import CX11
import CropEngine

/// Which pixels of a storage are the window's own, and how the others become so.
///
/// A new storage begins as a copy of what lies around the window, and a window without background
/// leaves it at that until it draws. XDamage tells of pixels that are seen anew, whether anyone has
/// drawn them or not, so that it is no witness. Therefore: a window that the server gives a
/// background has pixels of its own at once. Of any other each pixel is given another value, and is
/// the window's own when that value is gone. On what nobody sees that is next to black, so that an
/// application that copies pixels within its window before it has drawn them copies nothing of
/// others; what is seen on the screen at the start keeps its looks, but for its lowest bit.
///
/// All this is done while the server serves no other client (GrabServer), so that nothing is drawn
/// in between.
struct PixelOwnership {
  /// Larger storages are looked at in parts, of what is to be seen.
  private static let mostPixels = 1 << 26

  private enum State {
    /// Nothing is known, but that this part is as it was, in px of the window.
    case unknown(keeping: Rect?)
    /// The pixels of the area are the window's own, but for the marks.
    case known
  }

  private let path: GrabPath
  private unowned let storage: PixelStorage
  private var connection: Connection { path.connection }
  private var window: WindowID { storage.window }
  private var layout: PixelLayout { storage.layout }
  private var state = State.unknown(keeping: nil)
  /// nil before anything was known.
  private var marks: PixelMarks?
  /// What was below windows with a storage of their own when the pixels were claimed: it may hold
  /// anything.
  private(set) var hidden = PixelRegion()
  /// Which of the low bits was changed last.
  private var round = 0

  init(_ path: GrabPath, _ storage: PixelStorage) {
    self.path = path
    self.storage = storage
  }

  /// The storage is another one, or has pixels of others.
  mutating func reset(keeping rect: Rect? = nil) {
    // What was not known before is not known by what it keeps.
    if case .unknown(let kept) = state {
      state = .unknown(keeping: kept.flatMap { old in rect.map { old.intersection($0) } })
    } else {
      state = .unknown(keeping: rect)
    }
  }

  /// Whether it is known of each pixel of a rectangle whether it is the window's own, but for what
  /// is ``hidden``.
  func knows(_ part: Rect) -> Bool {
    guard case .known = state, let marks else { return false }
    return marks.area.contains(part)
  }

  /// Whether it is known of each pixel of a region whether it is the window's own.
  func knows(_ part: PixelRegion) -> Bool {
    guard let bounds = part.bounds else { return true }
    return knows(bounds) && part.intersection(hidden).isEmpty
  }

  /// Whether a rectangle holds no pixel that is known not to be the window's own, as far as
  /// ``resolve(_:stride:of:)`` was told.
  func owns(_ part: Rect) -> Bool { knows(part) && (marks?.bounds(in: part) == nil) }

  /// Whether some pixels that are known are not the window's own yet.
  var isPending: Bool { (marks?.count ?? 0) > 0 }

  /// Takes in what a part of the storage holds now.
  mutating func resolve(_ image: UnsafeRawBufferPointer, stride: Int, of part: Rect) {
    unsafe marks?.resolve(image, stride: stride, of: part)
  }

  /// Makes black, in an image of a part, what is not the window's own.
  func hide(in image: UnsafeMutableRawBufferPointer, stride: Int, of part: Rect) {
    unsafe marks?.hide(in: image, stride: stride, of: part)
  }

  /// Finds out of each pixel whether it is the window's own, and has the windows draw the others
  /// (ClearArea). To be called while no other client is served, and all is known of the windows.
  ///
  /// `areas` are those of the windows that draw in this storage; `outside` is its outer rectangle,
  /// `part` what is to be seen of it, and `screen` the screen's, all in px of its window. `seen`
  /// says that the storage was made just now, so that backgrounds are painted where nothing was seen
  /// before, and what was; `hidden` is what lies below storages inside. Where windows have to draw
  /// but are not `asking`, nothing is known afterwards.
  ///
  /// Returns whether windows were asked to draw.
  mutating func establish(
    _ areas: [WindowArea], outside: Rect, part: Rect, screen: Rect, seen: PixelRegion?,
    hidden: PixelRegion, asking: Bool
  ) -> Bool {
    let isSmall = outside.width * outside.height <= Self.mostPixels
    let area = isSmall ? outside : outside.intersection(part)
    guard !area.isEmpty else { return false }
    if case .unknown(nil) = state { marks = nil }
    round += 1
    let bit = layout.lowBits[round % layout.lowBits.count]
    var before: StorageImage?
    if isPending || seen == nil {
      before = image(of: area, screen)
      guard before != nil else { return false }
    }
    before?.resolve(&marks)
    let suspect = suspectPart(of: area, hidden: hidden)
    // Since then, pixels of a window without background can have been copied to anywhere in it.
    let isSpread = !knows(area)
    marks?.move(to: area)

    var foreign: [(owner: WindowArea, part: PixelRegion)] = []
    for owner in areas {
      let inside = owner.piece.region.intersection(owner.inside)
      let region = inside.intersection(suspect)
      guard let sample = (isSpread ? inside : region).rects.first else { continue }
      if let colour = background(of: owner, atX: sample.x, y: sample.y, bit) {
        guard seen == nil, before?.isAll(colour, in: region) != true else { continue }
        foreign.append((owner, region))
      } else {
        foreign.append((owner, isSpread ? inside : region))
      }
    }
    guard foreign.isEmpty || asking else { return false }
    if marks == nil { marks = PixelMarks(area: area) }
    if !foreign.isEmpty {
      if before == nil { before = image(of: area, screen) }
      for (owner, part) in foreign {
        let seen = seen.map { part.intersection($0) } ?? PixelRegion()
        Brush(connection, owner.window, GXxor, bit)?.fill(seen, from: owner.inside)
        Brush(connection, owner.window, GXcopy, bit)?.fill(
          part.subtracting(seen), from: owner.inside)
      }
      guard before != nil, let after = image(of: area, screen) else {
        state = .unknown(keeping: nil)
        return false
      }
      before?.mark(&marks, after, common: decoded(bit))
    }
    state = .known
    self.hidden = hidden
    for (owner, part) in foreign {
      guard let part = part.bounds?.offsetBy(dx: -owner.inside.x, dy: -owner.inside.y) else {
        continue
      }
      unsafe XClearArea(
        connection.display, owner.window, Int32(part.x), Int32(part.y), UInt32(part.width),
        UInt32(part.height), True)
    }
    return !foreign.isEmpty
  }

  /// The part of an area of which it is not known whose its pixels are, or known that they are not
  /// the window's own; `hidden` is not looked at.
  private func suspectPart(of area: Rect, hidden: PixelRegion) -> PixelRegion {
    var whole = PixelRegion(area)
    switch state {
    case .unknown(let keeping):
      if let keeping { whole.subtract(PixelRegion(keeping)) }
    case .known where knows(area):
      whole = marks?.bounds(in: area).map { PixelRegion($0) } ?? PixelRegion()
    case .known:
      if let marks { whole.subtract(PixelRegion(marks.area)) }
    }
    return whole.union(self.hidden).subtracting(hidden)
  }

  /// What the server paints where a window is cleared, at a place in px of the storage's window;
  /// nil where that is nothing. The pixel is afterwards what it was.
  private func background(of area: WindowArea, atX x: Int, y: Int, _ bit: UInt) -> UInt32? {
    let (window, display) = (area.window, unsafe connection.display)
    let place = Rect(x: x - area.inside.x, y: y - area.inside.y, width: 1, height: 1)
    guard let old = pixel(of: window, place) else { return nil }
    Brush(connection, window, GXxor, bit)?.fill(place)
    unsafe XClearArea(display, window, Int32(place.x), Int32(place.y), 1, 1, False)
    let new = pixel(of: window, place)
    let image = self.image(of: Rect(x: x, y: y, width: 1, height: 1), .empty)
    Brush(connection, window, GXcopy, old)?.fill(place)
    return new == old ^ bit ? nil : image?.first
  }

  /// What a pixel value is in an image, but for its alpha.
  private func decoded(_ value: UInt) -> UInt32 {
    var (stored, pixel) = (UInt32(value), UInt32(0))
    unsafe withUnsafeBytes(of: &stored) { stored in
      unsafe withUnsafeMutableBytes(of: &pixel) { pixel in
        unsafe layout.decoder.decode(
          stored.baseAddress!, stride: 4, size: Size(width: 1, height: 1),
          to: pixel.baseAddress!, newStride: 4)
      }
    }
    return pixel & 0xff_ffff
  }

  /// nil where it cannot be read.
  private func image(of area: Rect, _ screen: Rect) -> StorageImage? {
    // To share memory for one image costs more than a small one is worth.
    let ring = PictureRing(path, isShared: area.area >= 1 << 16)
    return StorageImage(area, of: storage, ring, connection, screen: screen)
  }

  /// A pixel of a window as the server stores it (GetImage); nil where it cannot be read.
  private func pixel(of window: WindowID, _ place: Rect) -> UInt? {
    guard
      let image = unsafe XGetImage(
        connection.display, window, Int32(place.x), Int32(place.y), 1, 1, .max, ZPixmap)
    else {
      _ = connection.takeError()
      return nil
    }
    defer { unsafe cx11_destroy_image(image) }
    return unsafe cx11_get_pixel(image, 0, 0)
  }
}

/// An image of a part of a storage.
private struct StorageImage {
  private let slot: PictureSlot

  /// nil where it cannot be read.
  init?(
    _ area: Rect, of storage: PixelStorage, _ ring: PictureRing, _ connection: Connection,
    screen: Rect
  ) {
    guard let slot = ring.takeSlot(for: area, isDirect: storage.layout.decoder.isIdentity) else {
      return nil
    }
    var batch = ImageBatch(connection)
    batch.add(slot.wanted, of: storage, to: ring, slot, screen: screen)
    batch.send()
    guard batch.receive() == .read else { return nil }
    self.slot = slot
  }

  private var area: Rect { slot.box }
  var pixels: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(slot.pixels) }
  var stride: Int { slot.stride }
  var first: UInt32 { unsafe pixels.loadUnaligned(as: UInt32.self) }

  /// Gives the marks up that it shows with other values.
  func resolve(_ marks: inout PixelMarks?) {
    unsafe marks?.resolve(pixels, stride: stride, of: area)
  }

  /// Marks the pixels that a later image of the same part shows with other values.
  func mark(_ marks: inout PixelMarks?, _ later: StorageImage, common: UInt32) {
    unsafe marks?.mark(before: pixels, after: later.pixels, stride: stride, common: common)
  }

  /// Whether all pixels of a region are of this colour.
  func isAll(_ colour: UInt32, in region: PixelRegion) -> Bool {
    let pixels = unsafe pixels
    for rect in region.rects {
      for y in rect.y..<rect.y + rect.height {
        let row = (y - area.y) * stride - area.x * 4
        for x in rect.x..<rect.x + rect.width
        where unsafe pixels.loadUnaligned(fromByteOffset: row + x * 4, as: UInt32.self) != colour {
          return false
        }
      }
    }
    return true
  }
}
