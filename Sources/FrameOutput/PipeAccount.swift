/// Which memory a pipe can still read from: an account of the bytes given to it.
///
/// vmsplice copies nothing. The pipe holds the pages themselves, so that what is written to them
/// later would be read in place of what was given. Let, in bytes from the stream's begin,
///
/// - W be what was given, spliced or written (``given``);
/// - U what FIONREAD counts in the pipe: all of ours that is unread, and more where others write to
///   the same pipe, never less, whatever size the pipe has or is given by its reader;
/// - C = W − U, or the largest value that this had (``taken``): so much has surely left the pipe;
/// - A the allowance of a reader (``allowance(_:)``): one frame, and at least 4 MiB;
/// - E where a slot's bytes ended when they were given last.
///
/// A slot is held while E + A > C.
///
/// *No page is written to while it is read.* Bytes leave a pipe in the order in which they came. So
/// where E ≤ C, no byte of the slot is in our pipe. A reader that copies needs it no more then. One
/// that splices on, or copies by tee, hands the page itself on: of it is assumed that nobody behind
/// it reads a byte any more once A bytes behind that byte have left our pipe, as is so where it
/// passes on in order what it takes, and it and all behind it hold no more than A bytes. With
/// E + A ≤ C the last byte of the slot is such a byte, and those before it are too. Whoever holds
/// more wants `--no-splice`. The frame in hand, and the one that may be shown again, are not the
/// account's: ``FrameStream/heldSlots()`` adds them.
///
/// *Memory may be given back at any time*: a pipe has references of its own to its pages. They are
/// free for others when the pipe lets go of them, and until then are nobody else's. (That is so of
/// mappings, munmap and shmdt, not of a heap, which hands its pages out again.)
///
/// *Slots do not run out.* Let frames have F bytes, headers not counted, and P be the pipe's size
/// when it was opened, or 1 MiB where it was less. A frame is spliced only where U ≤ P when it is
/// taken in hand; let w be W then. From there on C ≥ w − P, and it stays so while the frame goes
/// out, however large the reader makes the pipe meanwhile. So the ends of held slots, with that of
/// the frame in hand, are in w − P − A < E ≤ w + F. They are F or more apart (a slot that is given
/// again only moves its own), so that there are at most ⌈(P + A) / F⌉ + 1 of them: of one slot more
/// (``slotCount(for:)``) one is always free, for the picture that is grabbed while the frame in hand
/// goes out. When that is whole, and another is to be converted, the same bound says that one is
/// free. A frame that finds U > P is written, and holds no slot by it: pixels of a source's slot are
/// copied before.
struct PipeAccount {
  /// One of the two sets of slots that frames lie in.
  enum Memory: Int {
    /// Whoever grabs pictures.
    case source
    /// The converter's.
    case ring
  }

  /// A piece of memory that holds one frame at a time.
  struct Slot: Equatable {
    let memory: Memory
    let number: Int
  }

  /// Sets of slots are numbers of 64 bits.
  static let mostSlots = 64
  private static let fewestSlots = 4
  private static let leastPipe = 1 << 20
  private static let leastAllowance = 4 << 20

  /// P.
  let pipeSize: Int
  /// W.
  private(set) var given = 0
  /// C.
  private(set) var taken = 0
  /// Whether the pipe held more than P when it was looked at.
  private(set) var isOverfull = false
  /// The largest E + A.
  private var lastRelease = 0
  /// E + A of each slot, those of the source first; 0 before the first byte.
  private var releases = [Int](repeating: 0, count: 2 * mostSlots)

  /// The account of a pipe of this size, in bytes.
  init(pipeSize: Int) {
    self.pipeSize = max(pipeSize, Self.leastPipe)
  }

  /// A for frames of so many bytes.
  static func allowance(_ frame: Int) -> Int { max(frame, leastAllowance) }

  /// The fewest bytes of a frame for which there are slots enough. By measure, splicing is as fast as
  /// writing from 32 KiB on.
  var shortestFrame: Int {
    (pipeSize + Self.leastAllowance).dividedUp(by: Self.mostSlots - 2)
  }

  /// How many slots frames of so many bytes need, so that one is free while one is in hand.
  func slotCount(for frame: Int) -> Int {
    precondition(frame >= shortestFrame, "frames as short are not spliced")
    let held = (pipeSize + Self.allowance(frame)).dividedUp(by: frame) + 1
    return max(Self.fewestSlots, held + 1)
  }

  /// Enters bytes that the pipe has a copy of.
  mutating func give(_ count: Int) { given += count }

  /// Enters bytes of a frame of `frame` bytes that the pipe holds in their slot.
  mutating func give(_ count: Int, of frame: Int, in slot: Slot) {
    given += count
    lastRelease = given + Self.allowance(frame)
    releases[index(slot.memory) + slot.number] = lastRelease
  }

  /// Enters how many bytes are unread in the pipe.
  mutating func measure(unread: Int) {
    taken = max(taken, given - unread)
    isOverfull = unread > pipeSize
  }

  /// Whether a slot may be held.
  var isHolding: Bool { lastRelease > taken }

  /// Whether a slot is held.
  func isHeld(_ slot: Slot) -> Bool { releases[index(slot.memory) + slot.number] > taken }

  /// The slots of a memory that are held, one bit each.
  func held(_ memory: Memory) -> UInt64 {
    var held: UInt64 = 0
    for number in 0..<Self.mostSlots
    where isHeld(Slot(memory: memory, number: number)) { held |= 1 << UInt64(number) }
    return held
  }

  /// Enters that slots, one bit each, have other memory now: what was given is where it was.
  mutating func renew(_ slots: UInt64, of memory: Memory) {
    for number in 0..<Self.mostSlots where slots & 1 << UInt64(number) != 0 {
      releases[index(memory) + number] = 0
    }
  }

  private func index(_ memory: Memory) -> Int { memory.rawValue * Self.mostSlots }
}

extension Int {
  /// Rounded up to a whole number.
  fileprivate func dividedUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}
