import CropEngine
import Testing

@Suite("The time in which nothing changes")
struct StillnessClockTests {
  @Test("It runs from the first picture, and from each change on")
  func changes() {
    var clock = StillnessClock(span: 100)
    #expect(clock.end == .max)
    clock.see(changed: false, at: 1000)
    #expect(clock.end == 1100)
    clock.see(changed: false, at: 1050)
    #expect(clock.end == 1100)
    clock.see(changed: true, at: 1060)
    #expect(clock.end == 1160)
    clock.see(changed: false, at: 1200)
    #expect(clock.end == 1160, "it is over, and stays so")
  }

  @Test("An interruption does not count, and the time begins anew behind it")
  func interruption() {
    var clock = StillnessClock(span: 100)
    clock.see(changed: true, at: 1000)
    clock.interrupt()
    #expect(clock.end == .max)
    clock.see(changed: false, at: 5000)
    #expect(clock.end == 5100)
  }

  @Test("A century is no overflow")
  func century() {
    var clock = StillnessClock(span: 3_000_000_000_000_000_000)
    clock.see(changed: true, at: 1_000_000_000_000_000)
    #expect(clock.end == 3_001_000_000_000_000_000)
  }
}
