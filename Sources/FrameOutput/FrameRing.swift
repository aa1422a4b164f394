import CropEngine
import Glibc

/// Frames of one size in memory of its own, some of which a pipe may still read from: each begins
/// with a page, and knows what has changed since it was filled.
@safe struct FrameRing: ~Copyable {
  private var memory = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var frameSize = 0
  private var slotSize = 0
  private(set) var count = 0
  private var canvas = Size(width: 0, height: 0)
  private var areas: [StaleArea] = []
  /// When each slot was filled last: the number of the frame.
  private var ages: [Int] = []
  private var newest = 0

  /// Goes on with frames of another size: so many slots for a canvas in px, of which a frame has
  /// `frameSize` bytes. What slots held is lost.
  ///
  /// A pipe may hold pages of several slots: these are given back, and not used for other frames.
  /// They live on for as long as the pipe reads from them.
  mutating func renew(_ count: Int, frameSize: Int, canvas: Size) {
    let page = Int(getpagesize())
    let wasSpliced = self.count > 1
    (self.count, self.frameSize, self.canvas) = (count, frameSize, canvas)
    slotSize = (frameSize + page - 1) / page * page
    areas = Array(repeating: .whole(canvas), count: count)
    ages = Array(repeating: 0, count: count)
    newest = 0
    guard unsafe wasSpliced || memory.count < count * slotSize else { return }
    release()
    let start = unsafe mmap(
      nil, count * slotSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard unsafe start != MAP_FAILED else { fatalError("no memory for a frame") }
    unsafe memory = UnsafeMutableRawBufferPointer(start: start, count: count * slotSize)
  }

  deinit { release() }

  private func release() {
    if let start = unsafe memory.baseAddress { unsafe munmap(start, memory.count) }
  }

  /// The bytes of a slot's frame.
  subscript(slot: Int) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(
      rebasing: memory[slot * slotSize..<slot * slotSize + frameSize])
  }

  /// What of a slot is not the picture that was shown last.
  func area(_ slot: Int) -> StaleArea { areas[slot] }

  /// The slot that holds just that picture; nil where there is none.
  var current: Int? {
    for slot in 0..<count where areas[slot].isEmpty { return slot }
    return nil
  }

  /// The slot to fill next: of those that are not held, one bit each, the one that was filled last,
  /// as it lacks least.
  func next(held: UInt64) -> Int {
    var next: Int?
    for slot in 0..<count where held & 1 << UInt64(slot) == 0 {
      if next.map({ ages[slot] > ages[$0] }) ?? true { next = slot }
    }
    guard let next else { preconditionFailure("a slot is always free: see PipeAccount") }
    return next
  }

  /// Says that another picture is shown: which differs from the one before by so much.
  mutating func change(_ area: StaleArea) {
    for slot in 0..<count { areas[slot].add(area) }
  }

  /// Says that a slot is filled: with the picture that is shown, or with what is none.
  mutating func fill(_ slot: Int, isPicture: Bool) {
    newest += 1
    ages[slot] = newest
    areas[slot] = isPicture ? .nothing : .whole(canvas)
  }
}
