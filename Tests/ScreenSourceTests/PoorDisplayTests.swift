import CropEngine
import ScreenSource
import TestSupport
import Testing

/// Servers that lack what makes things easy, or are far away.
@Suite("Poor and remote displays")
struct PoorDisplayTests {
  static let extensions = ["MIT-SHM", "XFIXES", "DAMAGE", "RANDR", "COMPOSITE", "RENDER"]
  static let without = extensions.map { [$0] } + [extensions]

  @Test("Whatever the server lacks, a target is followed in exact pixels", arguments: without)
  func poor(_ missing: [String]) throws {
    let stage = try Stage(server: missing.flatMap { ["-extension", $0] })
    #expect(try stage.frame().picture == .ofTop)
    try stage.capture.setTarget(.window(stage.scene.t))
    #expect(try stage.frame().picture == .ofT)
    stage.scene.move(stage.scene.top, x: 30, y: 40)
    #expect(try stage.frame().picture == .ofT)
    stage.scene.unmap(stage.scene.t)
    #expect(try stage.nothing() == .empty)
    stage.scene.map(stage.scene.t)
    #expect(try stage.frame().picture == .ofT)
    #expect((stage.capture.plainReason != nil) == missing.contains("MIT-SHM"))
  }

  /// A server that listens on loopback, and how it is called there.
  private func remote() throws -> (Stage, name: String) {
    let stage = try Stage(server: ["-listen", "tcp", "-ac"])
    return (stage, "127.0.0.1" + stage.scene.server.displayName)
  }

  @Test("Over TCP the pixels are exact, and without shared memory it is known why")
  func overTCP() throws {
    let (stage, name) = try remote()
    let connection = try Connection(displayName: name)
    let capture = try SurfaceCapture(connection, surface: stage.scene.top)
    guard case .frame(let frame) = try capture.grab() else { throw Failure("no frame") }
    #expect(Picture(frame.pixels, size: frame.region.rect.size, stride: frame.stride) == .ofTop)
    #expect(capture.plainReason?.contains("the server cannot attach the segment") == true)
  }

  @Test("C2: over TCP, moved without pause, no frame has a strip of something else")
  func stormOverTCP() throws {
    let (stage, name) = try remote()
    let prey = stage.scene.window(
      in: stage.scene.top, Rect(x: 50, y: 50, width: 100, height: 80), Scene.t)
    let connection = try Connection(displayName: name)
    let capture = try SurfaceCapture(connection, surface: stage.scene.top)
    try capture.setTarget(.window(prey))
    let storm = try Command(
      Command.products + "/xstorm",
      [stage.scene.server.displayName, "move", "\(prey)", "7", "0", "80", "70", "120"])
    _ = try storm.read("storming\n".utf8.count)
    var (frames, foreign, rects) = (0, 0, Set<Rect>())
    while frames < 500 || rects.count <= 50 && frames < 1_000_000 {
      guard case .frame(let frame) = try capture.grab() else { continue }
      frames += 1
      rects.insert(frame.region.rect)
      let pixels = frame.pixels.bindMemory(to: UInt32.self)
      if !pixels.allSatisfy({ $0 & 0xff_ffff == Scene.t }) { foreign += 1 }
    }
    #expect(!storm.hasEnded(within: 0))
    #expect(foreign == 0)
    #expect(rects.count > 50)
  }

  @Test("A window larger than any canvas is captured where it is on the screen")
  func enormous() throws {
    let stage = try Stage()
    let window = stage.scene.window(
      in: stage.scene.root, Rect(x: -100, y: -50, width: 40_000, height: 40_000), Scene.bel)
    for sharedMemory in [true, false] {
      let capture = try SurfaceCapture(
        stage.connection, surface: window,
        noSharedMemory: sharedMemory ? nil : "a test of the plain path")
      guard case .frame(let frame) = try capture.grab() else { throw Failure("no frame") }
      #expect(frame.region.rect == Rect(x: 100, y: 50, width: 640, height: 480))
      #expect(frame.region.surface == Size(width: 40_000, height: 40_000))
      let pixels = frame.pixels.bindMemory(to: UInt32.self)
      #expect(pixels.allSatisfy { $0 & 0xff_ffff == Scene.bel })
    }
  }
}
