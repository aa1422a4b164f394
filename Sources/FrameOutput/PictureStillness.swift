import CropEngine

/// Says when the pictures that follow one another have been the same for so long, to the pixel.
public struct PictureStillness: ~Copyable {
  private var last = PictureMemory()
  private var clock: StillnessClock
  /// Whether pictures may have come meanwhile that were not seen.
  private var isInterrupted = false

  /// For as long as `span`, in ns.
  public init(span: Int64) { clock = StillnessClock(span: span) }

  /// Takes in the picture that was grabbed at `now`, in ns.
  ///
  /// `damage` is what may differ from the one before, in px of the picture; nil for all of it.
  public mutating func see(_ picture: PictureView, damage: DamageArea?, at now: Int64) {
    let damage = isInterrupted ? nil : damage
    isInterrupted = false
    let hasChanged = last.differs(from: picture, in: damage)
    if hasChanged { last.keep(picture, in: damage) }
    clock.see(changed: hasChanged, at: now)
  }

  /// Nothing is seen until the next picture, which is looked at in full: that time does not count.
  public mutating func interrupt() {
    isInterrupted = true
    clock.interrupt()
  }

  /// When they will have been the same for so long, in ns, unless something changes; never, while
  /// nothing is seen.
  public var end: Int64 { clock.end }
}
