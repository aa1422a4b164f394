import Testing

@testable import xregioncap

@Suite("While pixels are not a target's own") struct IneligiblePeriodTests {
  @Test("It is said once a period, when it has lasted a second")
  func said() {
    var period = IneligiblePeriod()
    #expect(period.isDue(at: 0) == false)
    for _ in 0..<2 {
      period.note(at: 5 * Clock.second)
      period.note(at: 6 * Clock.second - 1)
      #expect(period.isDue(at: 6 * Clock.second - 1) == false)
      #expect(period.isDue(at: 6 * Clock.second) == true)
      period.note(at: 9 * Clock.second)
      #expect(period.isDue(at: 99 * Clock.second) == false)
      period.end()
      #expect(period.isDue(at: 99 * Clock.second) == false)
    }
  }

  @Test("It is looked again after a while, and at once when it is over")
  func lookedAgain() {
    var period = IneligiblePeriod()
    #expect(period.nextTry <= 0)
    period.note(at: Clock.second)
    #expect(period.nextTry <= 0)
    period.rest(at: Clock.second)
    #expect(period.nextTry == Clock.second + IneligiblePeriod.interval)
    period.end()
    #expect(period.nextTry <= 0)
  }
}
