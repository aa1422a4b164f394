import CropEngine

/// When something was drawn that the server tells of.
enum DamageMoment {
  /// Before the server was asked to tell anew of what is read.
  case beforeRenewal
  /// Before it was read, but of the same place it is not told again: it is as if drawn after.
  case beforeRead
  /// Later, or while nothing is read.
  case afterRead
}

/// Pictures of one target that follow one another: a few slots of memory, of which each is brought
/// up to date where something was drawn since it was filled.
///
/// A slot is not written to while a reader may still read it (``held``), nor is the one shown last;
/// there are as many as that takes.
final class PictureRing {
  private let path: GrabPath
  private let wantsSharing: Bool
  /// Slots that are to stay as they are, a bit for each number.
  var held: UInt64 = 0
  private var slots: [PictureSlot] = []
  /// The one shown last; nil where the next frame is the first.
  private(set) var shown: PictureSlot?
  /// The one that is being filled.
  private(set) var next: PictureSlot?
  /// Whether something was drawn before the slot was read, and is not in it.
  private(set) var isOvertaken = false
  /// What is written by the server before it is turned into BGRX, or put at its place.
  private var transfer: SharedSegment?
  private var transferred = 0

  /// `isShared` says whether it is worth to share memory with the server.
  init(_ path: GrabPath, isShared: Bool = true) {
    self.path = path
    wantsSharing = isShared
  }

  private var isShared: Bool { wantsSharing && path.sharedMemoryLack == nil }

  /// Takes in that a part of the drawable, in its px, was drawn on.
  func invalidate(_ part: Rect, _ moment: DamageMoment = .afterRead) {
    for index in slots.indices {
      let slot = slots[index]
      if slot === next, moment != .afterRead {
        if !slot.hasRead(part) { isOvertaken = true } else if moment == .beforeRenewal { continue }
      }
      slot.stale.insert(part.intersection(slot.box))
    }
  }

  /// Nothing is known of the slot that was to be filled: it could not be read, or is not shown.
  func spoil() {
    next?.stale = .everywhere
    next = nil
  }

  /// What changed since the picture shown last; all of it where there is none.
  var damage: DamageArea { shown?.stale ?? .everywhere }

  /// Takes a slot that may be written to in hand, for a picture of this part of the drawable; nil
  /// where all are held.
  ///
  /// `isDirect` says whether the server's pixels are BGRX.
  func takeSlot(for box: Rect, isDirect: Bool) -> PictureSlot? {
    (next, isOvertaken) = (nil, false)
    guard let slot = freeSlot() else { return nil }
    if isDirect, isShared {
      do throws(SharedMemoryUnavailable) {
        try slot.arrange(box, shared: path.connection)
      } catch {
        path.giveUpSharedMemory(error.reason)
      }
    }
    if !isDirect || !isShared { try? slot.arrange(box, shared: nil) }
    transferred = 0
    next = slot
    return slot
  }

  /// The one with the least to read.
  private func freeSlot() -> PictureSlot? {
    var best: PictureSlot?
    for index in slots.indices {
      let slot = slots[index]
      guard held & 1 << UInt64(slot.number) == 0, slot !== shown else { continue }
      if slot.stale.area < best?.stale.area ?? .max { best = slot }
    }
    if best == nil, slots.count < UInt64.bitWidth {
      best = PictureSlot(number: slots.count)
      slots.append(best!)
    }
    return best
  }

  /// The picture that was read is the one that is shown.
  func show() {
    if let next { shown = next }
    next = nil
  }

  /// The picture that was read is the same as the one shown.
  func leave() { next = nil }

  /// Nothing is known of what is shown: the next picture is a new one in all.
  func forgetShown() { shown = nil }

  /// Room for an image in memory shared with the server: the segment, and where in it. nil where
  /// that cannot be had.
  func reserveTransfer(_ byteCount: Int, of whole: Int) -> (segment: UInt, offset: Int)? {
    guard isShared else { return nil }
    let offset = transferred
    if unsafe offset + byteCount > transfer?.bytes.count ?? 0 {
      guard offset == 0 else { return nil }
      transfer = nil
      do throws(SharedMemoryUnavailable) {
        transfer = try SharedSegment(
          path.connection, byteCount: PictureSlot.room(for: max(byteCount, whole)),
          usedAtOnce: byteCount)
      } catch {
        path.giveUpSharedMemory(error.reason)
        return nil
      }
    }
    transferred = (offset + byteCount + 63) & ~63
    guard let id = transfer?.id else { return nil }
    return (id, offset)
  }

  /// What the server wrote into the room that was reserved.
  func transferredBytes(at offset: Int) -> UnsafeRawPointer {
    unsafe UnsafeRawPointer((transfer?.bytes.baseAddress)! + offset)
  }
}
