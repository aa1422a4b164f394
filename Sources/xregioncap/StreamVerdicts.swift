import CropEngine
import FrameOutput
import ScreenSource

/// Frames are looked at: whether they are what was to be captured, and whether they still change.
extension CaptureStream {
  /// Looks at a picture that is in hand and was grabbed at `now`, in ns.
  func watch(_ frame: Frame, at now: Int64) {
    verdicts.show(frame.view, damage: frame.damage)
    // A single frame that was asked for while others are held back does not let the time run.
    if !isPaused { stillness?.see(frame.view, damage: frame.damage, at: now) }
  }

  /// Ends it where what was grabbed at `now`, in ns, shows that nothing has changed for so long.
  func endIfStill(at now: Int64) {
    if stillEnd <= now { complete("the picture was still") }
  }

  /// When the picture will have been still for so long, in ns, unless something changes.
  var stillEnd: Int64 { stillness?.end ?? .max }
}

extension CaptureLoop {
  /// Ends the session where the server has told of no change for so long; where it has told of
  /// something, the next grab shows whether that is one. Returns when to ask again, in ns.
  ///
  /// Throws `connectionLost`.
  func endIfStill(at now: Int64) throws(CaptureError) -> Int64 {
    guard main.stillEnd <= now else { return main.stillEnd }
    guard !capture.isGrabbing else { return .max }
    // It may have told something that was not listened to.
    _ = try capture.visibility(of: main.crop)
    if capture.quietTime(of: main.crop, at: now) > now { main.endIfStill(at: now) }
    return .max
  }
}

extension Frame {
  /// Its picture, good as long as its pixels.
  var view: PictureView {
    unsafe PictureView(pixels, stride: stride, size: region.rect.size, hasAlpha: hasAlpha)
  }
}
