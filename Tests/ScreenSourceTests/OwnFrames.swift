import CropEngine
import Glibc
import ScreenSource
import TestSupport

/// A frame that may have alpha.
struct OwnFrame {
  let picture: Picture
  let region: FrameRegion
  /// Row by row from the top; nil where all pixels are opaque.
  let alphas: [UInt8]?

  init(_ frame: Frame) {
    let size = frame.region.rect.size
    picture = Picture(frame.pixels, size: size, stride: frame.stride)
    region = frame.region
    alphas =
      frame.hasAlpha
      ? (0..<size.height).flatMap { y in
        (0..<size.width).map { x in frame.pixels[y * frame.stride + 4 * x + 3] }
      } : nil
  }

  /// The alpha of a pixel.
  func alpha(_ x: Int, _ y: Int) -> UInt8 { alphas?[y * picture.size.width + x] ?? 255 }
}

/// Frames that come when pixels are known to be the window's own: not always with the first grab.
extension Stage {
  /// Captures a surface of the scene, on a connection of its own.
  init(
    _ scene: Scene, surface: UInt, view: SurfaceView = .visible, sharedMemory: Bool = true,
    noDamage: String? = nil
  ) throws {
    self.scene = scene
    connection = try Connection(displayName: scene.server.displayName)
    capture = try SurfaceCapture(
      connection, surface: surface, view: view,
      noSharedMemory: sharedMemory ? nil : "a test of the plain path", noDamage: noDamage)
  }

  /// In ns: repaints are asked for by the clock.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// A grab of now.
  func grab() throws -> Grab { try capture.grab(at: Self.now) }

  /// The next frame that will do, within the time that any repaint takes on a busy machine. Between grabs, `meanwhile`
  /// is done: an application paints.
  func ownFrame(
    of crop: Crop? = nil, within seconds: Double = 10,
    until isDone: (OwnFrame) -> Bool = { _ in true },
    _ meanwhile: () throws -> Void = {}
  ) throws -> OwnFrame {
    let crop = crop ?? capture.main
    let end = ContinuousClock.now + .seconds(seconds)
    var last: OwnFrame?
    repeat {
      try capture.grab([crop], at: Self.now)
      if case .frame(let frame) = crop.result {
        let frame = OwnFrame(frame)
        if isDone(frame) { return frame }
        last = frame
      }
      try meanwhile()
    } while ContinuousClock.now < end
    if let last { throw Failure("another frame: \(last.picture) at \(last.region.rect)") }
    throw Failure("no frame: \(crop.result), \(crop.ineligibility ?? "no reason")")
  }

  /// Limits the capture to a window's own pixels, and gives the first frame of it.
  func restrict(
    to window: UInt, _ meanwhile: () throws -> Void = {}
  ) throws -> OwnFrame {
    try capture.setTarget(.window(window), restricting: true)
    return try ownFrame(meanwhile)
  }

  /// Why there is no frame for so many seconds, each of the reasons; nil among them where there is
  /// one.
  func reasons(for seconds: Double = 0.3, _ meanwhile: () throws -> Void = {}) throws
    -> Set<MuteReason?>
  {
    let end = ContinuousClock.now + .seconds(seconds)
    var reasons: Set<MuteReason?> = []
    repeat {
      if case .nothing(let reason) = try grab() {
        reasons.insert(reason)
      } else {
        reasons.insert(nil)
      }
      try meanwhile()
    } while ContinuousClock.now < end
    return reasons
  }
}
