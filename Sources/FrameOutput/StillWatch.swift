import CropEngine

/// Whether the frames of a stream all show the same picture.
struct StillWatch: ~Copyable {
  /// The first frame's picture.
  private var first = PictureMemory()
  /// Whether that is a black frame instead, and whether it is written.
  private var (isFirstBlack, isFirstWritten) = (false, false)
  /// Whether the picture shown last is the same, and whether the frame is, which may be a black one.
  private var (isPictureSame, isFrameSame) = (true, true)

  mutating func show(_ picture: PictureView, damage: DamageArea?) {
    if !isFirstWritten {
      first.keep(picture)
      (isFirstBlack, isPictureSame) = (false, true)
    } else if isFirstBlack {
      isPictureSame = picture.colour == 0
    } else {
      isPictureSame = !first.differs(from: picture, in: isPictureSame ? damage : nil)
    }
    isFrameSame = isPictureSame
  }

  mutating func showBlack() {
    if !isFirstWritten { isFirstBlack = true }
    isFrameSame = isFirstBlack || first.view.colour == 0
  }

  /// The frame shown last is written. Returns whether all frames show the same picture.
  mutating func write() -> Bool {
    isFirstWritten = true
    return isFrameSame
  }

  /// That all of so many frames do, in words.
  func reason(frames: Int) -> String {
    frames == 1 ? "there is one frame alone" : "all \(frames) frames showed the same picture"
  }
}
