/// Whether a stream has something to show, and what is to be told of it: one `mute` a period of
/// nothing, one `unmute` with the next frame, one `configurationchange` before the first frame of
/// another size, one `ended`.
public struct StreamState: Sendable {
  /// What happened to the stream.
  public enum Event: Equatable, Sendable {
    /// There is nothing to see.
    case nothing(MuteReason)
    /// A frame of this region is about to be written.
    case frame(FrameRegion)
    /// The surface is gone, or the stream was stopped.
    case ended
  }

  /// What to tell, before the frame.
  public struct Action: OptionSet, Sendable {
    /// One bit for each thing to tell.
    public let rawValue: UInt8
    /// Of those bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No frame comes from now on.
    public static let mute = Action(rawValue: 1)
    /// Frames come again, beginning with this one.
    public static let unmute = Action(rawValue: 2)
    /// The frame has another size than the last one, or the surface has.
    public static let configurationChange = Action(rawValue: 4)
    /// No frame comes any more.
    public static let ended = Action(rawValue: 8)
  }

  private enum State {
    /// Frames flow, or none was asked for yet.
    case live
    /// There is nothing to see, and that was told.
    case muted(MuteReason)
    /// No event means anything any more.
    case ended
  }

  private var state = State.live
  private var lastFrame: FrameRegion?

  /// A stream that was asked for no frame yet.
  public init() {}

  /// Why there is nothing to see; nil where there was something at the last event.
  public var muteReason: MuteReason? {
    if case .muted(let reason) = state { reason } else { nil }
  }

  /// Takes in what happened and says what to tell.
  public mutating func handle(_ event: Event) -> Action {
    switch (state, event) {
    case (.ended, _):
      return []
    case (.live, .nothing(let reason)):
      state = .muted(reason)
      return .mute
    case (.muted, .nothing(let reason)):
      state = .muted(reason)
      return []
    case (.live, .frame(let region)), (.muted, .frame(let region)):
      var action: Action = muteReason == nil ? [] : .unmute
      if let last = lastFrame, last.surface != region.surface || last.rect.size != region.rect.size
      {
        action.insert(.configurationChange)
      }
      state = .live
      lastFrame = region
      return action
    case (.live, .ended), (.muted, .ended):
      state = .ended
      return .ended
    }
  }
}
