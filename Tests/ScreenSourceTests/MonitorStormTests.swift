import CropEngine
import ScreenSource
import TestSupport
import Testing

/// Law 1 for monitors, with another client that moves and resizes one and gives no rest.
@Suite("A frame of a monitor has the pixels of that monitor's place")
struct MonitorStormTests {
  /// Of the window that the monitor shows, and that goes with it.
  private static let colour: UInt32 = 0x12_3456

  private func storm(_ sharedMemory: Bool = true) throws -> (Stage, Command) {
    let scene = try Scene(Xvfb())
    let place = Rect(x: 10, y: 10, width: 50, height: 50)
    let window = scene.window(in: scene.root, place, Self.colour)
    scene.setMonitor("A", place)
    let stage = try Stage(monitor: .name("A"), of: scene, sharedMemory: sharedMemory)
    let storm = try Command(
      Command.products + "/xstorm", [scene.server.displayName, "monitor", "A", "1", "\(window)"])
    _ = try storm.read("storming\n".utf8.count)
    return (stage, storm)
  }

  /// Whether the corners of a frame are those of the window that goes with the monitor: what is
  /// right there is right between them.
  private func isOfTheWindow(_ frame: Frame) -> Bool {
    let (size, rowLength) = (frame.region.rect.size, frame.stride / 4)
    let pixels = frame.pixels.bindMemory(to: UInt32.self)
    func isRight(_ x: Int, _ y: Int) -> Bool {
      pixels[y * rowLength + x] & 0xff_ffff == Self.colour
    }
    return frame.region.rect == size.bounds && frame.region.surface == size
      && isRight(0, 0) && isRight(size.width - 1, 0) && isRight(0, size.height - 1)
      && isRight(size.width - 1, size.height - 1)
  }

  @Test(
    "A12: moved and resized without pause, each frame is of one place", arguments: [true, false])
  func moved(sharedMemory: Bool) throws {
    let (stage, storm) = try storm(sharedMemory)
    var (frames, wrong, rects) = (0, 0, Set<Rect>())
    // Where nothing was told to have changed, a frame takes no time.
    while frames < 1000 || rects.count <= 100 && frames < 1_000_000 {
      guard case .frame(let frame) = try stage.capture.grab() else { throw Failure("no frame") }
      frames += 1
      rects.insert(frame.region.onScreen)
      if !isOfTheWindow(frame) { wrong += 1 }
    }
    #expect(!storm.hasEnded(within: 0), "nothing would have moved")
    #expect(wrong == 0)
    #expect(rects.count > 100, "it did move")
    #expect(stage.capture.retries > 0, "grabs were overtaken, or the test shows nothing")
  }

  @Test("Without the bracket the same storm gives wrong frames: the test can tell")
  func withoutBracket() throws {
    let (stage, storm) = try storm()
    stage.capture.bracket = .off
    var (frames, wrong) = (0, 0)
    while wrong == 0, frames < 200_000 {
      guard case .frame(let frame) = try stage.capture.grab() else { throw Failure("no frame") }
      frames += 1
      if !isOfTheWindow(frame) { wrong += 1 }
    }
    #expect(!storm.hasEnded(within: 0))
    #expect(wrong > 0)
  }

  @Test("A12: frames bear the place that the monitor has in the end, once it rests")
  func rests() throws {
    let (stage, storm) = try storm()
    for _ in 0..<50 { _ = try stage.capture.grab() }
    storm.signal(9)
    _ = try storm.finish()
    let place = Rect(x: 3, y: 4, width: 50, height: 40)
    stage.scene.moveMonitor("A", place)
    #expect(try stage.frame().region.onScreen == place)
  }
}
