import CropEngine

/// What a stream is to fail for: that its frames are of one colour each, or that all show the same
/// picture.
///
/// What is known not to be so is not looked at any more.
public struct FrameVerdicts: ~Copyable {
  // nil where nobody asks, or where it is known not to be so.
  private var blank: BlankWatch?
  private var still: StillWatch?

  /// Looks for what is asked for.
  public init(failsIfBlank: Bool = false, failsIfStill: Bool = false) {
    blank = failsIfBlank ? BlankWatch() : nil
    still = failsIfStill ? StillWatch() : nil
  }

  /// A picture is in hand to be written; perhaps it is given up for another one.
  ///
  /// `damage` is what may differ from the picture before, in px; nil for all of it.
  public mutating func show(_ picture: PictureView, damage: DamageArea?) {
    blank?.show(picture, damage: damage)
    still?.show(picture, damage: damage)
  }

  /// A black frame is in hand.
  public mutating func showBlack() {
    blank?.showBlack()
    still?.showBlack()
  }

  /// The frame shown last is written, perhaps once more.
  public mutating func write() {
    if blank?.write() == false { blank = nil }
    if still?.write() == false { still = nil }
  }

  /// Throws `verdict` where so many frames, 1 or more, deserve it.
  public func check(frames: Int) throws(CaptureError) {
    if let blank {
      throw CaptureError(.verdict, "--fail-if-blank", blank.reason(frames: frames))
    }
    switch still {
    case .some(let still):
      throw CaptureError(.verdict, "--fail-if-still", still.reason(frames: frames))
    case .none:
      break
    }
  }
}
