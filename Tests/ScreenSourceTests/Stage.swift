import CropEngine
import ScreenSource
import TestSupport

/// The scene on a server of its own, captured in this process by a connection of its own.
struct Stage {
  let scene: Scene
  let connection: Connection
  let capture: SurfaceCapture

  /// Captures TOP where no other surface is named, as it is seen where nothing else is said.
  init(
    surface: KeyPath<Scene, UInt> = \.top, view: SurfaceView = .visible,
    sharedMemory: Bool = true, screen: String = "640x480x24", server arguments: [String] = []
  ) throws {
    scene = try Scene(Xvfb(screen: screen, arguments: arguments))
    connection = try Connection(displayName: scene.server.displayName)
    capture = try SurfaceCapture(
      connection, surface: scene[keyPath: surface], view: view,
      noSharedMemory: sharedMemory ? nil : "a test of the plain path")
  }

  /// Captures a monitor.
  init(monitor: MonitorSelector, of scene: Scene, sharedMemory: Bool = true) throws {
    self.scene = scene
    connection = try Connection(displayName: scene.server.displayName)
    capture = try SurfaceCapture(
      connection, monitor: monitor, subject: "a test",
      noSharedMemory: sharedMemory ? nil : "a test of the plain path")
  }

  /// The next frame, at a time in ns; fails where there is none.
  func frame(at now: Int64 = 0) throws -> (picture: Picture, region: FrameRegion) {
    guard case .frame(let frame) = try capture.grab(at: now) else { throw Failure("no frame") }
    return (
      Picture(frame.pixels, size: frame.region.rect.size, stride: frame.stride), frame.region
    )
  }

  /// Why there is no frame; nil where there is one.
  func nothing() throws -> MuteReason? {
    guard case .nothing(let reason) = try capture.grab() else { return nil }
    return reason
  }
}
