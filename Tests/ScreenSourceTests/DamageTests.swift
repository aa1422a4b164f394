import CropEngine
import Glibc
import ScreenSource
import TestSupport
import Testing

@Suite("What is told to be drawn on is all that is read")
struct DamageTests {
  private static let boards: [DrawingBoard] =
    DrawingBoard.View.allCases.flatMap { view in
      [1, 2].map { DrawingBoard(view: view, seed: $0) }
        + [DrawingBoard(view: view, sharedMemory: false, seed: 3)]
        + [DrawingBoard(view: view, seed: 4, pace: 400_000_000)]
    }
    + [30, 16].flatMap { depth in
      [DrawingBoard.View.visible, .logical].flatMap { view in
        [true, false].map {
          DrawingBoard(view: view, depth: depth, sharedMemory: $0, seed: UInt64(depth))
        }
      }
    }

  @Test(
    "Whatever is drawn, each frame is that of a capture which reads everything, and says what differs",
    arguments: boards)
  func game(_ board: DrawingBoard) throws {
    try DrawingGame(board).play(steps: 80)
  }

  @Test("What is painted while it is read is in that frame or in the next", arguments: 1...3)
  func paintedMeanwhile(_ seed: Int) throws {
    let stage = try Stage()
    let scene = stage.scene
    let plain = try Stage(scene, surface: scene.top, noDamage: "it is what is expected")
    for capture in [stage.capture, plain.capture] { try capture.setTarget(.window(scene.t)) }
    let storm = try Command(
      Command.products + "/xstorm",
      [scene.server.displayName, "paint", "\(scene.t)", "\(seed)", "500"])
    _ = try storm.read("storming\n".utf8.count)
    var now = Stage.now
    var (frames, lost) = (0, 0)
    for _ in 0..<300 {
      storm.signal(SIGUSR2)
      while storm.isSilent(for: 0) {
        now += 1
        _ = try stage.frame(at: now)
        frames += 1
      }
      _ = try storm.read("calm\n".utf8.count)
      now += 1
      if try stage.frame(at: now).picture != plain.frame(at: now).picture { lost += 1 }
    }
    #expect(lost == 0)
    #expect(frames > 100, "it was read meanwhile")
    #expect(stage.capture.damageLack == nil)
  }

  @Test("A crop that comes back to a place does not show what was drawn there meanwhile")
  func there() throws {
    let stage = try Stage()
    let scene = stage.scene
    let now = Stage.now
    let places = [
      Rect(x: 200, y: 10, width: 60, height: 40), Rect(x: 300, y: 100, width: 60, height: 40),
    ]
    var colours = [Scene.top, Scene.top]
    for step in 0..<60 {
      let place = places[step % 2]
      try stage.capture.setTarget(
        .region(RegionGeometry(size: place.size, x: .start(place.x), y: .start(place.y))))
      for repetition in 0..<3 {
        let picture = try stage.frame(at: now + Int64(step * 4 + repetition)).picture
        #expect(picture.colours == [colours[step % 2]])
      }
      let other = (step + step / 2) % 2
      colours[other] = UInt32(step + 1)
      scene.fill(scene.top, places[other], UInt(step + 1))
    }
  }
}
