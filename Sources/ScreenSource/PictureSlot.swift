import CropEngine
import Glibc

/// Memory for one picture of a drawable, in BGRX: shared with the server, which then writes into
/// it, or our own. It knows which of its pixels are not the drawable's any more.
@safe final class PictureSlot {
  static let bytesPerPixel = 4

  /// Its place in the ring.
  let number: Int
  /// What it shows, in px of the drawable.
  private(set) var box = Rect.empty
  /// What was drawn on the drawable since, in its px.
  var stale = DamageArea.everywhere
  /// What was drawn over the picture, in px of the drawable.
  var overdrawn = DamageArea()
  /// What was read last, in px of the drawable.
  private var read = DamageArea()
  private var segment: SharedSegment?
  private var heap = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

  init(number: Int) { self.number = number }

  deinit { unsafe heap.deallocate() }

  /// Bytes from one row to the next.
  var stride: Int { box.width * Self.bytesPerPixel }
  private var byteCount: Int { stride * box.height }
  /// Whether the server writes into it.
  var isShared: Bool { segment != nil }
  /// The segment's number on the server.
  var sharedID: UInt { segment?.id ?? 0 }

  /// Rows from the top.
  var pixels: UnsafeMutableRawBufferPointer {
    let all = unsafe segment?.bytes ?? heap
    return unsafe UnsafeMutableRawBufferPointer(rebasing: all[..<byteCount])
  }

  /// Bytes before a pixel of the drawable.
  func offset(x: Int, y: Int) -> Int { (y - box.y) * stride + (x - box.x) * Self.bytesPerPixel }

  /// What has to be read for the picture to be the drawable's.
  var wanted: DamageArea {
    var area = stale.intersection(box)
    area.formUnion(overdrawn.intersection(box))
    return area
  }

  /// All that it lacks is being read now.
  func beginRead() {
    read = wanted
    stale = DamageArea()
    overdrawn = DamageArea()
  }

  /// Whether what was read last shows this part, in px of the drawable.
  func hasRead(_ part: Rect) -> Bool {
    let seen = part.intersection(box)
    return seen.isEmpty || read.contains(seen)
  }

  /// Room that is made at once, so that a growing target does not ask for more each time.
  static func room(for byteCount: Int) -> Int { byteCount + byteCount / 2 }

  /// Makes it hold a picture of this part of the drawable, in memory shared with the server where
  /// that is given. All of it has to be read then, unless it holds that already.
  func arrange(_ box: Rect, shared: Connection?) throws(SharedMemoryUnavailable) {
    guard box != self.box || isShared != (shared != nil) else { return }
    self.box = box
    stale = .everywhere
    overdrawn = DamageArea()
    if let shared {
      unsafe heap.deallocate()
      unsafe heap = UnsafeMutableRawBufferPointer(start: nil, count: 0)
      guard unsafe (segment?.bytes.count ?? 0) < byteCount else { return }
      // The old one goes first: the two need not be there together.
      segment = nil
      let needed = byteCount
      self.box = .empty
      segment = try SharedSegment(
        shared, byteCount: Self.room(for: needed), usedAtOnce: needed)
      self.box = box
    } else {
      segment = nil
      guard unsafe heap.count < byteCount else { return }
      unsafe heap.deallocate()
      unsafe heap = .allocate(byteCount: Self.room(for: byteCount), alignment: 64)
    }
  }

  /// Whether an area of the picture, in px of the drawable, differs from the same one of another
  /// picture of the same size.
  func differs(from other: PictureSlot, in area: DamageArea) -> Bool {
    let area = area.intersection(box).offsetBy(dx: -box.x, dy: -box.y)
    for index in 0..<area.count
    where differs(from: other, within: area[index], but: DamageArea()) { return true }
    return false
  }

  /// Whether the picture differs from another one of the same size outside an area, in px of the
  /// drawable.
  func differs(from other: PictureSlot, outside exempt: DamageArea) -> Bool {
    differs(from: other, within: box.size.bounds, but: exempt)
  }

  private func differs(
    from other: PictureSlot, within part: Rect, but exempt: DamageArea
  ) -> Bool {
    let (new, old) = unsafe (pixels.baseAddress!, other.pixels.baseAddress!)
    for row in part.y..<part.y + part.height {
      var column = part.x
      while column < part.x + part.width {
        let (isExempt, end) = exempt.run(
          fromX: column + box.x, y: row + box.y, to: part.x + part.width + box.x)
        let start = row * stride + column * Self.bytesPerPixel
        let count = (end - box.x - column) * Self.bytesPerPixel
        if !isExempt, unsafe memcmp(new + start, old + start, count) != 0 { return true }
        column = end - box.x
      }
    }
    return false
  }
}

extension DamageArea {
  /// Whether a pixel lies in the area, and the x of the first one right of it, up to a limit, of
  /// which that may not hold as well.
  fileprivate func run(fromX x: Int, y: Int, to limit: Int) -> (isInside: Bool, end: Int) {
    var end = limit
    for index in 0..<count where y >= self[index].y && y < self[index].y + self[index].height {
      let (left, right) = (self[index].x, self[index].x + self[index].width)
      if x >= left, x < right { return (true, min(right, limit)) }
      if left > x { end = min(end, left) }
    }
    return (false, end)
  }
}
