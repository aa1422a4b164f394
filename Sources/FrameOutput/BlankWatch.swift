import CropEngine

/// Whether the frames of a stream are of one colour each.
struct BlankWatch {
  /// Of the picture shown last; nil where it has several.
  private var colour: UInt32?
  /// Of the frame shown last, which may be a black one.
  private var frameColour: UInt32?
  /// Of the first frame written; nil before that.
  private var first: UInt32?
  /// Whether all frames are of that.
  private var isOnly = true

  mutating func show(_ picture: PictureView, damage: DamageArea?) {
    colour = picture.colour(before: colour, damage: damage)
    frameColour = colour
  }

  mutating func showBlack() { frameColour = 0 }

  /// The frame shown last is written. Returns whether all frames are of one colour each.
  mutating func write() -> Bool {
    guard let frameColour else { return false }
    isOnly = isOnly && frameColour == first ?? frameColour
    first = first ?? frameColour
    return true
  }

  /// That all of so many frames are, in words.
  func reason(frames: Int) -> String {
    let digits = String(first ?? 0, radix: 16)
    let colour = "#" + String(repeating: "0", count: 6 - digits.count) + digits
    if isOnly {
      return (frames == 1 ? "the one frame was" : "all \(frames) frames were")
        + " of one colour (\(colour))"
    }
    return "all \(frames) frames were of one colour each (\(colour) the first)"
  }
}
