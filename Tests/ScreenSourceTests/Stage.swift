import CropEngine
import ScreenSource
import TestSupport

/// The scene on a server of its own, captured in this process by a connection of its own.
struct Stage {
  let scene: Scene
  let connection: Connection
  let capture: SurfaceCapture

  /// Captures TOP where no other surface is named.
  init(surface: KeyPath<Scene, UInt> = \.top, sharedMemory: Bool = true) throws {
    scene = try Scene(Xvfb())
    connection = try Connection(displayName: scene.server.displayName)
    capture = try SurfaceCapture(
      connection, surface: scene[keyPath: surface],
      noSharedMemory: sharedMemory ? nil : "a test of the plain path")
  }

  /// The next frame; fails where there is none.
  func frame() throws -> (picture: Picture, region: FrameRegion) {
    guard case .frame(let frame) = try capture.grab() else { throw Failure("no frame") }
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

extension Picture {
  /// TOP as it is seen in the scene.
  static let ofTop = Picture(
    size: Size(width: 400, height: 300),
    [
      (Rect(x: 0, y: 0, width: 400, height: 300), Scene.top),
      (Rect(x: 40, y: 40, width: 40, height: 40), Scene.bel),
      (Rect(x: 50, y: 50, width: 100, height: 80), Scene.t),
      (Rect(x: 60, y: 60, width: 20, height: 20), Scene.tc),
      (Rect(x: 100, y: 80, width: 100, height: 80), Scene.sib),
    ])

  /// T as it is seen in the scene, SIB over its lower right.
  static let ofT = Picture(
    size: Size(width: 100, height: 80),
    [
      (Rect(x: 0, y: 0, width: 100, height: 80), Scene.t),
      (Rect(x: 10, y: 10, width: 20, height: 20), Scene.tc),
      (Rect(x: 50, y: 30, width: 50, height: 50), Scene.sib),
    ])
}
