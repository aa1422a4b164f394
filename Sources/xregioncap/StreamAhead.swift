import CropEngine
import FrameOutput
import ScreenSource

/// Frames that are grabbed while the one before is written.
extension CaptureStream {
  /// A frame that was grabbed ahead is too old after this long, in ns: a newer one is grabbed.
  private static let longestAhead: Int64 = 10_000_000

  /// Whether to grab the next frame at `now`, in ns, though the one in hand is not written yet.
  func wantsAhead(at now: Int64) -> Bool {
    guard isBusy, ahead == nil, ending == nil, !isEmpty, state.muteReason == nil,
      schedule.isNextDue(at: now, written: frames.frames + 1)
    else { return false }
    prepareGrab()
    return true
  }

  /// Keeps what a grab at `time`, in ns, brought, until the frame in hand is written.
  func keepAhead(_ result: Grab, at time: Int64) {
    guard case .frame(let frame) = result, frame.damage?.isEmpty != true else { return }
    ahead = (frame, time)
  }

  /// Takes the frame that was grabbed ahead in hand, where there is one that is not too old at
  /// `now`, in ns.
  func takeAhead(at now: Int64) -> Bool {
    guard let (frame, time) = ahead, now - time < Self.longestAhead else {
      dropAhead()
      return false
    }
    ahead = nil
    guard show(frame, at: time) else { return true }
    schedule.filled(new: true, at: now)
    return true
  }

  func dropAhead() {
    guard ahead != nil else { return }
    ahead = nil
    crop.forgetShown()
  }
}
