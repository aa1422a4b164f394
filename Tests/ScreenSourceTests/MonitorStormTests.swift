import CropEngine
import ScreenSource
import TestSupport
import Testing

/// Law 1 for monitors, with another client that moves and resizes one and gives no rest.
@Suite("A frame of a monitor has the pixels of that monitor's place")
struct MonitorStormTests {
  private func storm(_ sharedMemory: Bool = true) throws -> (Stage, Command) {
    let scene = try Scene(Xvfb())
    _ = scene.mapPlaces(size: Size(width: 640, height: 480))
    scene.setMonitor("A", Rect(x: 10, y: 10, width: 50, height: 50))
    let stage = try Stage(monitor: .name("A"), of: scene, sharedMemory: sharedMemory)
    let storm = try Command(
      Command.products + "/xstorm", [scene.server.displayName, "monitor", "A", "1"])
    _ = try storm.read("storming\n".utf8.count)
    return (stage, storm)
  }

  /// Whether the corners of a frame, where each pixel tells its place, are those of its rectangle.
  private func isOfItsPlace(_ frame: Frame) -> Bool {
    let (rect, rowLength) = (frame.region.onScreen, frame.stride / 4)
    let pixels = frame.pixels.bindMemory(to: UInt32.self)
    func isRight(_ x: Int, _ y: Int) -> Bool {
      UInt(pixels[y * rowLength + x] & 0xff_ffff) == UInt(x: rect.x + x, y: rect.y + y)
    }
    // A picture of one grab is whole: what is right in its corners is right between them.
    return frame.region.rect == rect.size.bounds && frame.region.surface == rect.size
      && isRight(0, 0) && isRight(rect.width - 1, 0) && isRight(0, rect.height - 1)
      && isRight(rect.width - 1, rect.height - 1)
  }

  @Test(
    "A12: moved and resized without pause, each frame is of one place", arguments: [true, false])
  func moved(sharedMemory: Bool) throws {
    let (stage, storm) = try storm(sharedMemory)
    var (frames, wrong, rects) = (0, 0, Set<Rect>())
    while frames < 1000 {
      guard case .frame(let frame) = try stage.capture.grab() else { throw Failure("no frame") }
      frames += 1
      rects.insert(frame.region.onScreen)
      if !isOfItsPlace(frame) { wrong += 1 }
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
      if !isOfItsPlace(frame) { wrong += 1 }
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
    let (picture, region) = try stage.frame()
    #expect(region.onScreen == place)
    #expect(picture == .places(place))
  }
}
