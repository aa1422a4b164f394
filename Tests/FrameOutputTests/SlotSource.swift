import CropEngine
import Glibc
import TestSupport

@testable import FrameOutput

/// Pictures of which no two pages are the same, in slots that are written to as soon as they are
/// free.
final class SlotSource {
  private var slots: [UnsafeMutableRawBufferPointer] = []
  /// The slot that holds the next picture already.
  private var ahead: (slot: Int, picture: Int, size: Size)?

  deinit { for slot in slots { munmap(slot.baseAddress!, slot.count) } }

  static func byteCount(_ size: Size) -> Int { size.width * size.height * 4 }

  /// Shows a picture of a number on both streams: in its slot on the first, copied on the other.
  /// What is free is overwritten meanwhile, and the next picture begun.
  func show(
    _ picture: Int, size: Size, next: Size?, on spliced: inout FrameStream,
    and plain: inout FrameStream, inSlot: Bool
  ) throws {
    let slot = try ahead?.slot ?? fill(picture, size, &spliced)
    if let ahead, ahead.picture != picture || ahead.size != size { throw Failure("not ahead") }
    ahead = nil
    let bytes = UnsafeRawBufferPointer(rebasing: slots[slot][..<Self.byteCount(size)])
    guard
      spliced.show(bytes, stride: size.width * 4, size: size, slot: inSlot ? slot : nil),
      plain.show(bytes, stride: size.width * 4, size: size)
    else { throw Failure("it is not shown") }
    guard let next else { return }
    let free = try fill(picture + 1, next, &spliced)
    ahead = (free, picture + 1, next)
    scribble(besides: spliced.heldSlots() | 1 << UInt64(free))
  }

  /// Fills a slot that is free and large enough; there are as many as that takes.
  private func fill(_ picture: Int, _ size: Size, _ stream: inout FrameStream) throws -> Int {
    let byteCount = Self.byteCount(size)
    let held = stream.heldSlots()
    let free = slots.indices.first {
      held & 1 << UInt64($0) == 0 && slots[$0].count >= byteCount
    }
    if free == nil { slots.append(Self.map(byteCount)) }
    let slot = free ?? slots.count - 1
    guard slot < PipeAccount.mostSlots else { throw Failure("no slot is free for \(picture)") }
    Self.paint(picture, UnsafeMutableRawBufferPointer(rebasing: slots[slot][..<byteCount]))
    return slot
  }

  private func scribble(besides held: UInt64) {
    for (number, slot) in slots.enumerated() where held & 1 << UInt64(number) == 0 {
      memset(slot.baseAddress!, 0xdd, slot.count)
    }
  }

  static func paint(_ picture: Int, _ bytes: UnsafeMutableRawBufferPointer) {
    for start in stride(from: 0, to: bytes.count, by: 4096) {
      let page = UnsafeMutableRawBufferPointer(
        rebasing: bytes[start..<min(start + 4096, bytes.count)])
      memset(page.baseAddress!, Int32((picture * 37 + start / 4096) & 0xff), page.count)
      if page.count >= 8 {
        page.storeBytes(of: UInt32(picture), as: UInt32.self)
        page.storeBytes(of: UInt32(start), toByteOffset: 4, as: UInt32.self)
      }
    }
  }

  static func map(_ count: Int) -> UnsafeMutableRawBufferPointer {
    let start = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    return UnsafeMutableRawBufferPointer(start: start!, count: count)
  }
}
