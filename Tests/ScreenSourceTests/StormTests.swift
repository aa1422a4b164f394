import CropEngine
import ScreenSource
import TestSupport
import Testing

/// Law 1, with another client that moves and resizes windows at random and gives no rest.
@Suite("A frame's pixels and its rectangle belong together")
struct StormTests {
  /// What a storm's frames were like.
  struct Tally {
    var frames = 0
    var foreign = 0
    var nothing = 0
    var rects: Set<Rect> = []
  }

  private static func storm(
    on stage: Stage, _ window: UInt, seed: Int, pause: Int = 0, spread: Int = 120
  ) throws -> Command {
    let storm = try Command(
      Command.products + "/xstorm",
      [
        stage.scene.server.displayName, "move", "\(window)", "\(seed)", "\(pause)", "80", "70",
        "\(spread)",
      ])
    _ = try storm.read("storming\n".utf8.count)
    return storm
  }

  /// Grabs frames of a target that is red all over, and counts those with another colour.
  private static func tally(_ stage: Stage, frames: Int, places: Int = 0) throws -> Tally {
    var tally = Tally()
    // Where nothing was told to have changed, a frame takes no time.
    while tally.frames < frames || tally.rects.count <= places && tally.frames < 1_000_000 {
      switch try stage.capture.grab() {
      case .frame(let frame):
        tally.frames += 1
        tally.rects.insert(frame.region.rect)
        if !isRed(frame) { tally.foreign += 1 }
      case .nothing: tally.nothing += 1
      case .unchanged, .ended: throw Failure("no frame")
      }
    }
    return tally
  }

  private static func isRed(_ frame: Frame) -> Bool {
    let pixels = frame.pixels.bindMemory(to: UInt32.self)
    return pixels.allSatisfy { $0 & 0xff_ffff == Scene.t }
  }

  /// A scene whose target is red all over, with nothing above it.
  private static func stage(sharedMemory: Bool = true) throws -> (Stage, prey: UInt) {
    let stage = try Stage(sharedMemory: sharedMemory)
    let prey = stage.scene.window(
      in: stage.scene.top, Rect(x: 50, y: 50, width: 100, height: 80), Scene.t)
    try stage.capture.setTarget(.window(prey))
    return (stage, prey)
  }

  @Test("C2: T moved and resized without pause, and no frame has a strip of something else")
  func target() throws {
    let (stage, prey) = try Self.stage()
    let storm = try Self.storm(on: stage, prey, seed: 1)
    let tally = try Self.tally(stage, frames: 5000, places: 100)
    #expect(!storm.hasEnded(within: 0), "nothing would have moved")
    #expect(tally.foreign == 0)
    #expect(tally.nothing == 0)
    #expect(tally.rects.count > 100, "it did move")
    #expect(stage.capture.retries > 0, "grabs were overtaken, or the test shows nothing")
  }

  @Test("C2: the same without shared memory")
  func targetOnThePlainPath() throws {
    let (stage, prey) = try Self.stage(sharedMemory: false)
    let storm = try Self.storm(on: stage, prey, seed: 2)
    let tally = try Self.tally(stage, frames: 1000, places: 100)
    #expect(!storm.hasEnded(within: 0))
    #expect(tally.foreign == 0)
    #expect(tally.rects.count > 100)
  }

  @Test("C2: an ancestor moved without pause")
  func ancestor() throws {
    let (stage, _) = try Self.stage()
    let storm = try Self.storm(on: stage, stage.scene.top, seed: 3, spread: 40)
    var tally = Tally()
    while tally.frames < 3000 || tally.rects.count <= 100 && tally.frames < 1_000_000 {
      // TOP is small at times, and then shows no part of T.
      guard case .frame(let frame) = try stage.capture.grab() else { continue }
      tally.frames += 1
      tally.rects.insert(frame.region.onScreen)
      if !Self.isRed(frame) { tally.foreign += 1 }
    }
    #expect(!storm.hasEnded(within: 0))
    #expect(tally.foreign == 0)
    #expect(tally.rects.count > 100)
  }

  @Test("C2: target and ancestor at once, at 200 µs a move")
  func both() throws {
    let (stage, prey) = try Self.stage()
    let storms = [
      try Self.storm(on: stage, prey, seed: 4, pause: 200),
      try Self.storm(on: stage, stage.scene.top, seed: 5, pause: 200, spread: 40),
    ]
    var tally = Tally()
    while tally.frames < 3000 {
      guard case .frame(let frame) = try stage.capture.grab() else { continue }
      tally.frames += 1
      if !Self.isRed(frame) { tally.foreign += 1 }
    }
    #expect(storms.allSatisfy { !$0.hasEnded(within: 0) })
    #expect(tally.foreign == 0)
  }

  @Test("C2: parents changed to and fro without pause, and no frame has a strip of something else")
  func reparented() throws {
    let (stage, prey) = try Self.stage()
    let holder = stage.scene.window(
      in: stage.scene.top, Rect(x: 200, y: 150, width: 150, height: 120), Scene.bel)
    let storm = try Command(
      Command.products + "/xstorm",
      [stage.scene.server.displayName, "reparent", "\(prey)", "\(holder)", "\(stage.scene.top)"])
    _ = try storm.read("storming\n".utf8.count)
    var tally = Tally()
    while tally.frames < 1000 {
      // While one is in the other's place there may be nothing to see.
      guard case .frame(let frame) = try stage.capture.grab() else { continue }
      tally.frames += 1
      tally.rects.insert(frame.region.rect)
      if !Self.isRed(frame) { tally.foreign += 1 }
    }
    #expect(!storm.hasEnded(within: 0))
    #expect(tally.foreign == 0)
    #expect(tally.rects.count > 1)
  }

  /// A page that is drawn anew all the time, and says where its red rectangle is.
  private static func page() throws -> (Stage, storm: Command) {
    let stage = try Stage()
    let page = stage.scene.window(
      in: stage.scene.top, Rect(x: 50, y: 50, width: 300, height: 200), Scene.bel)
    stage.scene.publish("video 1x1+0+0", on: page)
    try stage.capture.setTarget(.published(page, name: "video"))
    let storm = try Command(
      Command.products + "/xstorm",
      [
        stage.scene.server.displayName, "publish", "\(page)", "video", "6", "\(Scene.bel)",
        "\(Scene.t)",
      ])
    _ = try storm.read("storming\n".utf8.count)
    // What is published before the first page is drawn is not red.
    while try stage.frame().region.rect.width < 2 {}
    return (stage, storm)
  }

  @Test("C2: a page scrolled without pause: a published rectangle goes with what is drawn")
  func published() throws {
    let (stage, storm) = try Self.page()
    let tally = try Self.tally(stage, frames: 3000, places: 100)
    #expect(!storm.hasEnded(within: 0), "nothing would have moved")
    #expect(tally.foreign == 0)
    #expect(tally.nothing == 0)
    #expect(tally.rects.count > 100, "it did move")
    #expect(stage.capture.retries > 0, "grabs were overtaken, or the test shows nothing")
    #expect(stage.capture.takeFaults() == [])
  }

  @Test("Without the bracket the page's storm gives wrong frames: the test can tell")
  func publishedWithoutBracket() throws {
    let (stage, storm) = try Self.page()
    stage.capture.bracket = .off
    var tally = Tally()
    while tally.foreign == 0, tally.frames < 200_000 {
      let more = try Self.tally(stage, frames: 1000)
      tally.foreign += more.foreign
      tally.frames += more.frames
    }
    #expect(!storm.hasEnded(within: 0))
    #expect(tally.foreign > 0)
  }

  @Test("Without the bracket the same storm gives wrong frames: the test can tell")
  func withoutBracket() throws {
    let (stage, prey) = try Self.stage()
    stage.capture.bracket = .off
    let storm = try Self.storm(on: stage, prey, seed: 1)
    var tally = Tally()
    while tally.foreign == 0, tally.frames < 200_000 {
      let more = try Self.tally(stage, frames: 1000)
      tally.foreign += more.foreign
      tally.frames += more.frames
    }
    #expect(!storm.hasEnded(within: 0))
    #expect(tally.foreign > 0)
  }
}
