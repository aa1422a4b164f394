import CX11
import CropEngine

/// The picture of a part of a source: read into a slot, and put together there from the source's
/// storage, those of windows inside it, and popups over it.
final class SourcePicture {
  let ring: PictureRing
  private let path: GrabPath
  /// What it is read from, as of the last grab.
  private(set) var source: PixelSource?
  /// What of the source it shows, in px of its window.
  private(set) var box = Rect.empty
  /// Where the source's inside lies, in px of the root.
  private(set) var (originX, originY) = (0, 0)
  /// What of it is from storages inside.
  private var insets: [Inset] = []
  private var insetRings: [(window: WindowID, ring: PictureRing)] = []
  /// How often the source's windows had changed when it was read, and whether pixels were awaited.
  private var changesRead = -1
  private var wasPending = false
  /// Whether what is not the windows' own is to be black in it.
  var hidesOthers = false

  init(_ path: GrabPath) {
    self.path = path
    ring = PictureRing(path)
  }

  /// A part of the picture that is from a storage inside.
  private struct Inset {
    let storage: PixelStorage
    let piece: StoragePiece
    /// What is read of the storage, in px of its window.
    let part: Rect
    let slot: PictureSlot
  }

  /// Takes in what is to be shown, and whether something of it is new since it was shown last.
  func arrange(_ region: FrameRegion, of source: PixelSource) {
    originX = region.onScreen.x - region.inSource.x
    originY = region.onScreen.y - region.inSource.y
    // What is drawn beside the box is told of once, and not again.
    if self.source !== source || box != region.inSource || changesRead != source.changes
      || source.isPending || wasPending || source.storage.damage == nil
    {
      ring.invalidate(.everywhere)
    }
    self.source = source
    box = region.inSource
    changesRead = source.changes
    wasPending = source.isPending
  }

  /// Takes in that a part of a storage was drawn on, in px of its window.
  func invalidate(_ part: Rect, of window: WindowID, _ moment: DamageMoment) {
    if window == source?.window { ring.invalidate(part, moment) }
    for index in insets.indices where insets[index].storage.window == window {
      guard !insets[index].part.intersection(part).isEmpty else { continue }
      ring.invalidate(.everywhere, moment)
    }
  }

  /// Whether all of it has to be put together anew where a part is new.
  private var isComposed: Bool {
    source.map { !$0.nested.isEmpty || $0.shape(of: box) != nil } ?? false || hidesOthers
  }

  /// Asks for what is needed of the source and of the storages inside it, or for all of it where it
  /// `isWhole`. `screen` is in px of the root. Returns false where there is no room for a picture
  /// now.
  func request(_ batch: inout ImageBatch, screen: Rect, isWhole: Bool = false) -> Bool {
    guard let source,
      let slot = ring.takeSlot(for: box, isDirect: source.storage.layout.decoder.isIdentity)
    else { return false }
    hidesOthers = false
    let onScreen = screen.offsetBy(dx: -originX, dy: -originY)
    if isWhole { slot.stale = .everywhere }
    batch.add(slot.wanted, of: source.storage, to: ring, slot, screen: onScreen)
    slot.beginRead()
    source.storage.damage?.renew(box)
    insets.removeAll(keepingCapacity: true)
    guard !source.nested.isEmpty, let stack = source.stack?.stack else { return true }
    for piece in stack.pieces(of: box) {
      guard let inset = source.nestedStorage(of: piece), let bounds = piece.region.bounds else {
        continue
      }
      let (dx, dy) = (-piece.originX, -piece.originY)
      let part = bounds.offsetBy(dx: dx, dy: dy)
      let ring = insetRing(of: inset.window)
      guard let slot = ring.takeSlot(for: part, isDirect: inset.layout.decoder.isIdentity) else {
        return false
      }
      batch.add(
        DamageArea(part), of: inset, to: ring, slot, screen: onScreen.offsetBy(dx: dx, dy: dy))
      inset.damage?.renew(part)
      insets.append(Inset(storage: inset, piece: piece, part: part, slot: slot))
    }
    return true
  }

  private func insetRing(of window: WindowID) -> PictureRing {
    if let known = insetRings.first(where: { $0.window == window }) { return known.ring }
    let new = PictureRing(path)
    insetRings.append((window, new))
    return new
  }

  /// Whether the windows are as they were, and nothing was drawn that is not in it.
  var isAsRead: Bool {
    changesRead == source?.changes && ring.next != nil && !ring.isOvertaken
  }

  /// Takes in which pixels of the picture are the windows' own.
  func resolve() {
    guard let source, source.storage.ownership != nil, let slot = ring.next else { return }
    unsafe source.storage.ownership?.resolve(
      UnsafeRawBufferPointer(slot.pixels), stride: slot.stride, of: box)
    for inset in insets {
      unsafe inset.storage.ownership?.resolve(
        UnsafeRawBufferPointer(inset.slot.pixels), stride: inset.slot.stride, of: inset.part)
    }
  }

  /// Puts the picture together: the storages inside at their places, black without alpha where the
  /// window has no pixels by its shape, and where they are not its own if others are hidden.
  func compose() {
    guard isComposed, let source, let slot = ring.next else { return }
    let (pixels, stride) = unsafe (slot.pixels, slot.stride)
    slot.overdrawn = .everywhere
    if hidesOthers { unsafe source.storage.ownership?.hide(in: pixels, stride: stride, of: box) }
    for inset in insets { unsafe draw(inset, on: pixels, stride) }
    guard let shape = source.shape(of: box) else { return }
    if !source.storage.layout.isTranslucent {
      unsafe fill(PixelRegion(box), pixels, stride) { $0 | opaque }
    }
    unsafe fill(PixelRegion(box).subtracting(shape), pixels, stride) { _ in 0 }
  }

  /// Draws another picture over it, where that lies on the screen.
  func draw(_ other: SourcePicture) {
    guard let from = other.ring.next, let to = ring.next, let source = other.source else { return }
    to.overdrawn = .everywhere
    let shape = source.shape(of: other.box) ?? PixelRegion(other.box)
    let (dx, dy) = (other.originX - originX, other.originY - originY)
    let (pixels, picture) = unsafe (from.pixels, to.pixels)
    let seen = other.box.intersection(box.offsetBy(dx: -dx, dy: -dy))
    for rect in shape.intersection(seen).rects {
      for y in rect.y..<rect.y + rect.height {
        let start = from.offset(x: rect.x, y: y)
        let place = to.offset(x: rect.x + dx, y: y + dy)
        for offset in Swift.stride(from: 0, to: rect.width * 4, by: 4) {
          var pixel = unsafe pixels.loadUnaligned(
            fromByteOffset: start + offset, as: UInt32.self)
          if source.storage.layout.isTranslucent {
            let below = unsafe picture.loadUnaligned(
              fromByteOffset: place + offset, as: UInt32.self)
            pixel = CursorImage.blend(pixel, over: below)
          } else {
            pixel |= opaque
          }
          unsafe picture.storeBytes(of: pixel, toByteOffset: place + offset, as: UInt32.self)
        }
      }
    }
  }

  private func draw(_ inset: Inset, on picture: UnsafeMutableRawBufferPointer, _ stride: Int) {
    let (pixels, insetStride) = unsafe (inset.slot.pixels, inset.slot.stride)
    if hidesOthers {
      unsafe inset.storage.ownership?.hide(in: pixels, stride: insetStride, of: inset.part)
    }
    let (dx, dy) = (inset.piece.originX, inset.piece.originY)
    for rect in inset.piece.region.rects {
      for y in rect.y..<rect.y + rect.height {
        let from =
          unsafe pixels.baseAddress!
          + (y - dy - inset.part.y) * insetStride + (rect.x - dx - inset.part.x) * 4
        let to = unsafe picture.baseAddress! + (y - box.y) * stride + (rect.x - box.x) * 4
        for column in 0..<rect.width {
          // What is inside has no alpha of its own: its colours are over black already.
          let pixel = unsafe from.loadUnaligned(fromByteOffset: column * 4, as: UInt32.self)
          unsafe to.storeBytes(of: pixel | opaque, toByteOffset: column * 4, as: UInt32.self)
        }
      }
    }
  }

  /// Gives the pixels of a region, in px of the window, other values.
  private func fill(
    _ region: PixelRegion, _ picture: UnsafeMutableRawBufferPointer, _ stride: Int,
    _ value: (UInt32) -> UInt32
  ) {
    for rect in region.rects {
      for y in rect.y..<rect.y + rect.height {
        let row = unsafe picture.baseAddress! + (y - box.y) * stride + (rect.x - box.x) * 4
        for column in 0..<rect.width {
          let pixel = unsafe row.loadUnaligned(fromByteOffset: column * 4, as: UInt32.self)
          unsafe row.storeBytes(of: value(pixel), toByteOffset: column * 4, as: UInt32.self)
        }
      }
    }
  }
}

/// An alpha of 255.
private let opaque: UInt32 = 0xff00_0000
