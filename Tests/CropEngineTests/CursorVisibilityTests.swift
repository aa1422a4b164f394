import CropEngine
import Testing

@Suite("When the cursor is shown")
struct CursorVisibilityTests {
  private static let second: Int64 = 1_000_000_000
  private let second = second

  /// Where the cursor is at a time, and whether it is shown then.
  private func check(
    _ mode: CursorMode, _ rows: [(x: Int, y: Int, now: Int64, isShown: Bool)],
    at location: SourceLocation = #_sourceLocation
  ) {
    var visibility = CursorVisibility(mode)
    for row in rows {
      let isShown = visibility.isShown(x: row.x, y: row.y, at: row.now)
      #expect(isShown == row.isShown, "\(row)", sourceLocation: location)
    }
  }

  @Test("A14: always is always, and never is never, whether it moves or not")
  func alwaysAndNever() {
    for (mode, isShown) in [(CursorMode.always, true), (.never, false)] {
      check(mode, [(0, 0, 0, isShown), (0, 0, 5, isShown), (7, 0, 6, isShown)])
    }
  }

  @Test("A14: with motion it is hidden until it moves, and seen for less than a second after")
  func motion() {
    check(
      .motion,
      [
        (5, 5, 100, false), (5, 5, 200, false), (6, 5, 300, true), (6, 5, 299 + second, true),
        (6, 5, 300 + second, false), (6, 5, 300 + 9 * second, false),
      ])
  }

  @Test("A14: each move begins the second anew, in any direction, also back again")
  func motionAgain() {
    check(
      .motion,
      [
        (0, 0, 0, false), (0, 1, second, true), (0, 0, 2 * second - 1, true),
        (0, 0, 3 * second - 2, true), (0, 0, 3 * second - 1, false),
        // Hidden, it is still watched.
        (-1, 0, 9 * second, true),
      ])
  }

  @Test("A14: a move that is seen late counts from when it is seen")
  func seenLate() {
    check(
      .motion, [(0, 0, 0, false), (1, 0, 50 * second, true), (1, 0, 51 * second, false)])
  }
}
