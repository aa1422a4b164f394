import CropEngine
import Testing

@Suite("The pace of frames")
struct FramePacerTests {
  private static let ntsc = FrameRate.perSecond(30000, over: 1001)
  private static let ten = FrameRate.perSecond(10, over: 1)
  private static let start: Int64 = 5_000_000_000
  private static let period: Int64 = 100_000_000

  private func pacer(_ timing: Timing, _ rate: FrameRate = Self.ten) -> FramePacer {
    FramePacer(rate: rate, timing: timing, start: Self.start)
  }

  @Test("The first frame is due at the start, and nothing before it", arguments: Timing.allCases)
  func start(_ timing: Timing) {
    var pacer = pacer(timing)
    #expect(pacer.nextDue == Self.start)
    #expect(pacer.step(at: Self.start - 1, hasLast: false) == .wait(until: Self.start))
    #expect(pacer.step(at: Self.start, hasLast: false) == .grab)
  }

  @Test("Slot after slot is due a period later", arguments: Timing.allCases)
  func slots(_ timing: Timing) {
    var pacer = pacer(timing)
    for slot in 0..<50 {
      let due = Self.start + Int64(slot) * Self.period
      #expect(pacer.step(at: due - 1, hasLast: slot > 0) == .wait(until: due))
      #expect(pacer.step(at: due, hasLast: slot > 0) == .grab)
      pacer.filled(new: true, at: due)
    }
  }

  @Test("A step that nothing came of changes nothing")
  func stepAlone() {
    var pacer = pacer(.cfr)
    for _ in 0..<3 {
      #expect(pacer.step(at: Self.start + 1, hasLast: false) == .grab)
      #expect(pacer.nextDue == Self.start)
    }
  }

  @Test("A7: slots lie on the exact fraction, rounded down to 1 ns")
  func exactSlots() {
    var pacer = pacer(.cfr, Self.ntsc)
    let expected: [Int64] = [0, 33_366_666, 66_733_333, 100_100_000, 133_466_666]
    for offset in expected {
      #expect(pacer.nextDue == Self.start + offset)
      pacer.filled(new: true, at: Self.start + offset)
    }
  }

  @Test("A7: at 30000/1001 Hz nothing has drifted after ten hours")
  func noDrift() {
    var pacer = pacer(.cfr, Self.ntsc)
    // 30000 frames in 1001 s: 36 of these are 10 h and 36 s.
    for _ in 0..<(36 * 30000) { pacer.filled(new: true, at: 0) }
    #expect(pacer.nextDue == Self.start + 36 * 1001 * 1_000_000_000)
    pacer.filled(new: true, at: 0)
    #expect(pacer.nextDue == Self.start + 36 * 1001 * 1_000_000_000 + 33_366_666)
  }

  @Test("A7: nor after 285 years, where 64 bits would long have overflowed")
  func noOverflow() {
    var pacer = pacer(.cfr, Self.ntsc)
    let later = Self.start + 9_000_000 * 1001 * 1_000_000_000
    pacer.skip(to: later)
    #expect(pacer.nextDue == later)
    pacer.filled(new: true, at: later)
    #expect(pacer.nextDue == later + 33_366_666)
  }

  @Test("A slow rate is kept as well")
  func slowRate() {
    var pacer = pacer(.cfr, .perSecond(1, over: 99_999_999))
    pacer.filled(new: true, at: Self.start)
    #expect(pacer.nextDue == Self.start + 99_999_999 * 1_000_000_000)
  }

  @Test("cfr: a late frame is new while its own period lasts")
  func lateWithinPeriod() {
    var pacer = pacer(.cfr)
    pacer.filled(new: true, at: Self.start)
    #expect(pacer.step(at: Self.start + 2 * Self.period - 1, hasLast: true) == .grab)
  }

  @Test("cfr: slots that were missed are filled with the last frame, then a new one is taken")
  func missedSlots() {
    var pacer = pacer(.cfr)
    pacer.filled(new: true, at: Self.start)
    let late = Self.start + 4 * Self.period + 7
    var steps: [FramePacer.Step] = []
    while true {
      let step = pacer.step(at: late, hasLast: true)
      steps.append(step)
      if case .wait = step { break }
      pacer.filled(new: step == .grab, at: late)
    }
    #expect(
      steps == [
        .repeatLast, .repeatLast, .repeatLast, .grab, .wait(until: Self.start + 5 * Self.period),
      ])
  }

  @Test("cfr: where there is no frame to repeat, a new one is taken")
  func nothingToRepeat() {
    var pacer = pacer(.cfr)
    #expect(pacer.step(at: Self.start + 10 * Self.period, hasLast: false) == .grab)
  }

  @Test("cfr: a reader that is always late sees a new frame every 250 ms")
  func catchUpIsBounded() {
    var pacer = pacer(.cfr)
    pacer.filled(new: true, at: Self.start)
    let late = Self.start + 100 * Self.period
    let ms: Int64 = 1_000_000
    // From the first repeat on, not from when the slot was due.
    for (after, step) in [
      (0, .repeatLast), (100 * ms, .repeatLast), (250 * ms - 1, .repeatLast), (250 * ms, .grab),
    ] as [(Int64, FramePacer.Step)] {
      #expect(pacer.step(at: late + after, hasLast: true) == step)
      pacer.filled(new: step == .grab, at: late + after)
    }
    // The new frame begins another 250 ms.
    #expect(pacer.step(at: late + 260 * ms, hasLast: true) == .repeatLast)
    pacer.filled(new: false, at: late + 260 * ms)
    #expect(pacer.step(at: late + 510 * ms - 1, hasLast: true) == .repeatLast)
    #expect(pacer.step(at: late + 510 * ms, hasLast: true) == .grab)
  }

  @Test("cfr: repeats count as frames, so that none is missing in the end")
  func repeatsKeepTheCount() {
    var pacer = pacer(.cfr)
    var now = Self.start
    var frames = 0
    // Each frame takes two and a half periods, for ten seconds.
    while now <= Self.start + 100 * Self.period {
      switch pacer.step(at: now, hasLast: frames > 0) {
      case .wait(let until): now = until
      case .grab:
        frames += 1
        pacer.filled(new: true, at: now)
        now += Self.period * 5 / 2
      case .repeatLast:
        frames += 1
        pacer.filled(new: false, at: now)
      }
    }
    #expect((100...101).contains(frames))
  }

  @Test("vfr: slots that were missed are left out, and the grid is kept")
  func variable() {
    var pacer = pacer(.vfr)
    pacer.filled(new: true, at: Self.start)
    let late = Self.start + 4 * Self.period + 7
    #expect(pacer.step(at: late, hasLast: true) == .grab)
    pacer.filled(new: true, at: late)
    #expect(pacer.nextDue == Self.start + 5 * Self.period)
    #expect(pacer.step(at: late, hasLast: true) == .wait(until: Self.start + 5 * Self.period))
  }

  @Test("vfr: where nothing changed, the slot stays due and the frame comes when something does")
  func variableStaysDue() {
    var pacer = pacer(.vfr)
    pacer.filled(new: true, at: Self.start)
    for after in [Self.period, 3 * Self.period, 30 * Self.period] {
      #expect(pacer.step(at: Self.start + after, hasLast: true) == .grab)
    }
  }

  @Test("vfr: at most one frame a slot")
  func variableIsBounded() {
    var pacer = pacer(.vfr)
    var frames = 0
    for millisecond in 0..<1000 {
      let now = Self.start + Int64(millisecond) * 1_000_000
      if pacer.step(at: now, hasLast: frames > 0) == .grab {
        frames += 1
        pacer.filled(new: true, at: now)
      }
    }
    #expect(frames == 10)
  }

  @Test(
    "Skipping leads to the first slot at or after a time",
    arguments: [
      (-1, 0), (0, 0), (1, 1), (Self.period - 1, 1), (Self.period, 1), (Self.period + 1, 2),
      (10 * Self.period, 10), (10 * Self.period + 1, 11),
    ] as [(Int64, Int64)])
  func skip(_ after: Int64, _ slot: Int64) {
    var pacer = pacer(.cfr)
    pacer.skip(to: Self.start + after)
    #expect(pacer.nextDue == Self.start + slot * Self.period)
  }

  @Test("Skipping to a time that has been passed goes nowhere")
  func skipBack() {
    var pacer = pacer(.cfr)
    for _ in 0..<5 { pacer.filled(new: true, at: Self.start) }
    pacer.skip(to: Self.start + Self.period)
    #expect(pacer.nextDue == Self.start + 5 * Self.period)
  }

  @Test("Skipping lands on a slot's own time where the fraction has no end")
  func skipToExactSlot() {
    for slot in 0..<2000 {
      var counted = pacer(.cfr, Self.ntsc)
      for _ in 0..<slot { counted.filled(new: true, at: 0) }
      var skipped = pacer(.cfr, Self.ntsc)
      skipped.skip(to: counted.nextDue)
      #expect(skipped.nextDue == counted.nextDue)
    }
  }

  @Test("D2: after a skip nothing is owed for the time before")
  func nothingOwedAfterSkip() {
    var pacer = pacer(.cfr)
    pacer.filled(new: true, at: Self.start)
    let now = Self.start + 50 * Self.period + 3
    pacer.skip(to: now)
    #expect(pacer.step(at: now, hasLast: true) == .wait(until: Self.start + 51 * Self.period))
    #expect(pacer.step(at: Self.start + 51 * Self.period, hasLast: true) == .grab)
  }

  @Test("A skip ends the catching up")
  func skipEndsCatchUp() {
    var pacer = pacer(.cfr)
    pacer.filled(new: true, at: Self.start)
    #expect(pacer.step(at: Self.start + 9 * Self.period, hasLast: true) == .repeatLast)
    pacer.skip(to: Self.start + 20 * Self.period)
    #expect(pacer.step(at: Self.start + 30 * Self.period, hasLast: true) == .repeatLast)
  }

  @Test(
    "max: a new frame whenever it is asked, and nothing is ever due", arguments: Timing.allCases)
  func maximum(_ timing: Timing) {
    var pacer = pacer(timing, .max)
    for now: Int64 in [0, Self.start, Self.start, Self.start + 1, .max] {
      #expect(pacer.step(at: now, hasLast: true) == .grab)
      pacer.filled(new: true, at: now)
      #expect(pacer.nextDue == .max)
    }
    pacer.skip(to: Self.start)
    #expect(pacer.nextDue == .max)
  }
}
