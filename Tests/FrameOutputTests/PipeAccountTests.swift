import TestSupport
import Testing

@testable import FrameOutput

@Suite("The account of what a pipe holds")
struct PipeAccountTests {
  private static let mebibyte = 1 << 20
  private static let allowance = 4 * mebibyte

  private func source(_ number: Int) -> PipeAccount.Slot {
    PipeAccount.Slot(memory: .source, number: number)
  }

  @Test("A slot is held until its last byte, and an allowance behind it, have left the pipe")
  func held() {
    var account = PipeAccount(pipeSize: Self.mebibyte)
    #expect(account.held(.source) == 0 && account.held(.ring) == 0 && !account.isHolding)
    account.give(6)
    account.give(100_000, of: 300_000, in: source(3))
    #expect(account.held(.source) == 0b1000 && account.held(.ring) == 0 && account.isHolding)
    account.give(200_000, of: 300_000, in: source(3))
    account.give(6)
    account.give(300_000, of: 300_000, in: PipeAccount.Slot(memory: .ring, number: 63))
    #expect(account.given == 600_012)
    #expect(account.held(.source) == 0b1000 && account.held(.ring) == 1 << 63)
    // All is read: the reader may have handed it on.
    account.measure(unread: 0)
    #expect(account.taken == 600_012)
    #expect(account.held(.source) == 0b1000 && account.held(.ring) == 1 << 63)
    account.give(300_006 + Self.allowance - 600_012 - 1)
    account.measure(unread: 0)
    #expect(account.held(.source) == 0b1000)
    account.give(1)
    account.measure(unread: 1)
    #expect(account.held(.source) == 0b1000)
    account.measure(unread: 0)
    #expect(account.held(.source) == 0 && account.held(.ring) == 1 << 63 && account.isHolding)
    account.give(300_006)
    account.measure(unread: 0)
    #expect(account.held(.ring) == 0 && !account.isHolding)
  }

  @Test("A slot that is given again is held for the later bytes")
  func again() {
    var account = PipeAccount(pipeSize: Self.mebibyte)
    account.give(Self.mebibyte, of: Self.mebibyte, in: source(0))
    account.give(Self.mebibyte, of: Self.mebibyte, in: source(1))
    account.give(Self.mebibyte, of: Self.mebibyte, in: source(0))
    account.give(Self.allowance - 1)
    account.measure(unread: 0)
    #expect(account.held(.source) == 0b01)
    account.give(1)
    account.measure(unread: 0)
    #expect(account.held(.source) == 0)
  }

  @Test("What others write to the pipe frees nothing, and what was taken stays taken")
  func others() {
    var account = PipeAccount(pipeSize: Self.mebibyte)
    account.give(10_000_000, of: 10_000_000, in: source(0))
    account.measure(unread: 4_000_000)
    #expect(account.taken == 6_000_000 && account.isOverfull)
    account.measure(unread: 5_000_000)
    #expect(account.taken == 6_000_000 && account.isOverfull)
    account.measure(unread: Self.mebibyte)
    #expect(account.taken == 10_000_000 - Self.mebibyte && !account.isOverfull)
    account.measure(unread: Self.mebibyte + 1)
    #expect(account.taken == 10_000_000 - Self.mebibyte && account.isOverfull)
    account.measure(unread: .max)
    #expect(account.taken == 10_000_000 - Self.mebibyte)
  }

  @Test("A frame longer than 4 MiB is an allowance of its own")
  func longFrame() {
    var account = PipeAccount(pipeSize: Self.mebibyte)
    let frame = 8_294_400
    account.give(frame, of: frame, in: source(0))
    account.give(frame - 1, of: frame, in: source(1))
    account.measure(unread: 0)
    #expect(account.held(.source) == 0b11)
    account.give(1, of: frame, in: source(1))
    account.measure(unread: 0)
    #expect(account.held(.source) == 0b10)
  }

  @Test("Slots with other memory are free, in their set alone")
  func renewed() {
    var account = PipeAccount(pipeSize: Self.mebibyte)
    for number in 0..<3 {
      account.give(100_000, of: 100_000, in: source(number))
      account.give(100_000, of: 100_000, in: PipeAccount.Slot(memory: .ring, number: number))
    }
    account.renew(0b101, of: .source)
    #expect(account.held(.source) == 0b010 && account.held(.ring) == 0b111)
    account.renew(.max, of: .ring)
    #expect(account.held(.source) == 0b010 && account.held(.ring) == 0)
  }

  @Test("How many slots there are to be, and for which frames there are enough")
  func slotCount() {
    let account = PipeAccount(pipeSize: 65536)
    #expect(account.pipeSize == Self.mebibyte, "a reader may make it that")
    #expect(account.shortestFrame == 84563)
    #expect(account.slotCount(for: 84563) == PipeAccount.mostSlots)
    #expect(account.slotCount(for: 640 * 480 * 3 / 2) == 14)
    #expect(account.slotCount(for: 1920 * 1080 * 4) == 4)
    #expect(account.slotCount(for: 1 << 30) == 4)
    let large = PipeAccount(pipeSize: 32 * Self.mebibyte)
    #expect(large.shortestFrame == 608_851)
    #expect(large.slotCount(for: 608_851) == PipeAccount.mostSlots)
    #expect(large.slotCount(for: 1920 * 1080 * 4) == 8)
  }
}

/// A pipe of any size, a reader that hands on what it takes, and a writer with slots: no bytes, but
/// where they would be.
private struct Walk {
  private var random: SeededRandom
  private var account = PipeAccount(pipeSize: 1 << 20)
  private let frame: Int
  private let header: Int
  private let slotCount: Int
  /// The bytes that were given in each slot: where they began and ended, of all times.
  private var runs: [[Range<Int>]]
  private var capacity = 1 << 20
  private var given = 0
  private var taken = 0
  private var inHand: (slot: Int?, given: Int)?
  private var ahead: Int?
  private var last: Int?
  private(set) var frames = 0
  private(set) var copied = 0
  /// What may not be; nil while nothing was.
  private(set) var fault: String?

  init(seed: UInt64, frame: Int, header: Int) {
    random = SeededRandom(seed)
    (self.frame, self.header) = (frame, header)
    slotCount = account.slotCount(for: frame)
    runs = Array(repeating: [], count: slotCount)
  }

  mutating func step(_ readerMayEnlarge: Bool) {
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<5: write(Int.random(in: 1...2 * frame, using: &random))
    case 5..<9:
      taken += min(given - taken, Int.random(in: 0...frame + 100_000, using: &random))
    default:
      let most = readerMayEnlarge ? 14 : 9
      capacity = max(1 << (11 + Int.random(in: 1...most, using: &random)), 4096)
    }
  }

  private mutating func write(_ count: Int) {
    if inHand == nil { begin() }
    let room = max(0, min(count, capacity - (given - taken), header + frame - inHand!.given))
    let headerPart = max(0, min(room, header - inHand!.given))
    account.give(headerPart)
    given += headerPart
    if let slot = inHand!.slot, room > headerPart {
      account.give(
        room - headerPart, of: frame, in: PipeAccount.Slot(memory: .source, number: slot))
      runs[slot].append(given..<given + room - headerPart)
    } else {
      account.give(room - headerPart)
    }
    given += room - headerPart
    inHand!.given += room
    if inHand!.given == header + frame {
      (inHand, frames) = (nil, frames + 1)
    }
  }

  /// As FrameStream does: the picture that was grabbed ahead is shown, or the last one again, and
  /// the next is grabbed at once.
  private mutating func begin() {
    account.measure(unread: given - taken)
    if let last, Int.random(in: 0..<4, using: &random) == 0 {
      inHand = (account.isOverfull ? nil : last, 0)
    } else {
      let slot = ahead ?? grab()
      ahead = nil
      if account.isOverfull, account.held(.source) != 0 {
        copied += 1
        (inHand, last) = ((nil, 0), nil)
      } else {
        (inHand, last) = ((account.isOverfull ? nil : slot, 0), slot)
      }
    }
    if ahead == nil { ahead = grab() }
  }

  private mutating func grab() -> Int? {
    var held = account.held(.source)
    if let last { held |= 1 << UInt64(last) }
    let free = (0..<slotCount).filter { held & 1 << UInt64($0) == 0 }
    guard let slot = free.randomElement(using: &random) else {
      fault = fault ?? "no slot is free for frame \(frames)"
      return nil
    }
    // What left the pipe so long ago is read by nobody.
    let allowance = PipeAccount.allowance(frame)
    if runs[slot].contains(where: { $0.upperBound + allowance > taken }) {
      fault = fault ?? "slot \(slot) is read yet at frame \(frames)"
    }
    runs[slot] = []
    return slot
  }
}

@Suite("Slots on random walks")
struct PipeAccountWalkTests {
  @Test(
    "A slot is always free, and no slot that is read is used again",
    arguments: [84563, 100_000, 460_800, 1_048_576, 4_194_304, 4_194_305, 8_294_400])
  func walks(_ frame: Int) {
    var copied = 0
    for seed: UInt64 in 1...12 {
      var walk = Walk(seed: seed, frame: frame, header: seed % 2 == 0 ? 6 : 0)
      for _ in 0..<6000 where walk.fault == nil { walk.step(seed > 6) }
      #expect(walk.fault == nil, "seed \(seed)")
      #expect(walk.frames > 20, "seed \(seed)")
      if seed <= 6 { #expect(walk.copied == 0, "seed \(seed)") }
      copied += walk.copied
    }
    #expect(copied > 0 || frame < 460_800, "the pipe was larger than it was at first")
  }
}
