import CropEngine
import Testing

@Suite("What a capture does next")
struct CaptureScheduleTests {
  private static let second: Int64 = 1_000_000_000

  private static func schedule(
    rate: FrameRate = .perSecond(10, over: 1), start: Int64 = 0, duration: Int64? = nil,
    frames: Int? = nil, empty: EmptyPolicy = .silent
  ) -> CaptureSchedule {
    CaptureSchedule(
      rate: rate, timing: .cfr, start: start, duration: duration, frames: frames,
      emptyPolicy: empty)
  }

  @Test(
    "Nothing before the start, at no rate", arguments: [FrameRate.perSecond(10, over: 1), .max])
  func delay(_ rate: FrameRate) {
    var schedule = Self.schedule(rate: rate, start: 5)
    #expect(schedule.step(at: 4, written: 0, hasLast: false, isEmpty: false) == .wait(until: 5))
    #expect(schedule.step(at: 5, written: 0, hasLast: false, isEmpty: false) == .grab)
  }

  @Test("So many frames are all")
  func frames() {
    var schedule = Self.schedule(frames: 2)
    #expect(schedule.step(at: 0, written: 1, hasLast: true, isEmpty: false) == .grab)
    #expect(schedule.step(at: 0, written: 2, hasLast: true, isEmpty: false) == .complete)
    #expect(schedule.step(at: 0, written: 2, hasLast: true, isEmpty: true) == .complete)
  }

  @Test("A second at 10 Hz is 10 frames, also where the last ones are late")
  func duration() {
    var schedule = Self.schedule(duration: Self.second)
    var now: Int64 = 0
    var frames = 0
    while true {
      switch schedule.step(at: now, written: frames, hasLast: frames > 0, isEmpty: false) {
      case .grab, .showLast:
        frames += 1
        schedule.filled(new: true, at: now)
        // The reader stalls over the end.
        if frames == 7 { now += Self.second / 2 }
      case .wait(let time): now = time
      case .complete:
        #expect(frames == 10)
        return
      }
    }
  }

  @Test("The end is waited for, and a reader that is too slow does not put it off for long")
  func overtime() {
    var schedule = Self.schedule(duration: Self.second)
    schedule.filled(new: true, at: 0)
    #expect(
      schedule.step(at: 1, written: 1, hasLast: true, isEmpty: false)
        == .wait(until: Self.second / 10))
    let late = 2 * Self.second
    #expect(schedule.step(at: late - 1, written: 1, hasLast: true, isEmpty: false) == .showLast)
    #expect(schedule.step(at: late, written: 1, hasLast: true, isEmpty: false) == .complete)
  }

  @Test("As fast as the reader takes them, the end is the end")
  func durationAtMax() {
    var schedule = Self.schedule(rate: .max, duration: Self.second)
    #expect(
      schedule.step(at: Self.second - 1, written: 9, hasLast: true, isEmpty: false) == .grab)
    #expect(
      schedule.step(at: Self.second, written: 9, hasLast: true, isEmpty: false) == .complete)
  }

  @Test("D1, D2: nothing to see is waited out, and nothing is owed for it")
  func empty() {
    var schedule = Self.schedule()
    schedule.filled(new: true, at: 0)
    let later = 3 * Self.second + 1
    #expect(
      schedule.step(at: later, written: 1, hasLast: true, isEmpty: true) == .wait(until: .max))
    schedule.cameBack(at: later)
    let next = 3 * Self.second + Self.second / 10
    #expect(
      schedule.step(at: later, written: 1, hasLast: true, isEmpty: false) == .wait(until: next))
    #expect(schedule.step(at: next, written: 1, hasLast: true, isEmpty: false) == .grab)
  }

  @Test("Nothing to see ends where the time ends, and owes nothing")
  func emptyAtTheEnd() {
    var schedule = Self.schedule(duration: Self.second)
    #expect(
      schedule.step(at: 1, written: 0, hasLast: false, isEmpty: true) == .wait(until: Self.second))
    #expect(
      schedule.step(at: Self.second, written: 0, hasLast: false, isEmpty: true) == .complete)
  }

  @Test(
    "D7: a stream that is to be steady is asked for frames all the same",
    arguments: [EmptyPolicy.hold, .black])
  func steady(_ policy: EmptyPolicy) {
    var schedule = Self.schedule(empty: policy)
    #expect(schedule.step(at: 0, written: 0, hasLast: false, isEmpty: true) == .grab)
    schedule.filled(new: true, at: 0)
    // What was missed is owed, as nothing was muted.
    schedule.cameBack(at: Self.second)
    #expect(
      schedule.step(at: Self.second, written: 1, hasLast: true, isEmpty: false) == .showLast)
  }

  @Test("Paused, nothing is done and nothing is owed")
  func paused() {
    var schedule = Self.schedule(empty: .hold)
    schedule.filled(new: true, at: 0)
    schedule.pause()
    #expect(schedule.isPaused)
    #expect(
      schedule.step(at: Self.second, written: 1, hasLast: true, isEmpty: false)
        == .wait(until: .max))
    schedule.resume(at: Self.second)
    #expect(!schedule.isPaused)
    #expect(schedule.step(at: Self.second, written: 1, hasLast: true, isEmpty: false) == .grab)
  }
}
