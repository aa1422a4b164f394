import CropEngine
import Testing

@Suite("What is told of a stream")
struct StreamStateTests {
  private static func frame(
    _ width: Int = 100, _ height: Int = 80, x: Int = 0,
    surface: Size = Size(width: 400, height: 300)
  ) -> StreamState.Event {
    let rect = Rect(x: x, y: 0, width: width, height: height)
    return .frame(
      FrameRegion(onScreen: rect.offsetBy(dx: 9, dy: 9), rect: rect, surface: surface))
  }

  /// What is told of each of these, one after the other.
  private func told(_ events: [StreamState.Event]) -> [StreamState.Action] {
    var state = StreamState()
    return events.map { state.handle($0) }
  }

  @Test("Frames of one size need no word")
  func steady() {
    #expect(told([Self.frame(), Self.frame(), Self.frame()]) == [[], [], []])
  }

  @Test(
    "D6: one mute a period, one unmute with the next frame",
    arguments: [MuteReason.empty, .disconnected, .unmapped])
  func mute(_ reason: MuteReason) {
    #expect(
      told([
        Self.frame(), .nothing(reason), .nothing(reason), .nothing(reason), Self.frame(),
        Self.frame(), .nothing(reason), Self.frame(),
      ]) == [[], .mute, [], [], .unmute, [], .mute, .unmute])
  }

  @Test("D6: another reason within the period is no second mute")
  func reasonChanges() {
    #expect(
      told([
        Self.frame(), .nothing(.empty), .nothing(.unmapped), .nothing(.disconnected), Self.frame(),
      ]) == [[], .mute, [], [], .unmute])
  }

  @Test("A9: a stream that begins with nothing is muted, and unmuted by its first frame")
  func beginsMuted() {
    #expect(
      told([.nothing(.unmapped), .nothing(.unmapped), Self.frame()]) == [.mute, [], .unmute])
  }

  @Test("Whether it is muted is known, and why")
  func isMuted() {
    var state = StreamState()
    #expect(state.muteReason == nil)
    _ = state.handle(.nothing(.empty))
    #expect(state.muteReason == .empty)
    _ = state.handle(Self.frame())
    #expect(state.muteReason == nil)
    _ = state.handle(.nothing(.empty))
    _ = state.handle(.ended)
    #expect(state.muteReason == nil)
  }

  @Test("A11: one configurationchange before the first frame of another size, and no mute")
  func resized() {
    #expect(
      told([
        Self.frame(), Self.frame(101, 80), Self.frame(101, 80), Self.frame(101, 81),
        Self.frame(101, 81),
      ]) == [[], .configurationChange, [], .configurationChange, []])
  }

  @Test("A11: the surface's size counts too, where the frame's stays")
  func surfaceResized() {
    let larger = Size(width: 401, height: 300)
    #expect(
      told([Self.frame(), Self.frame(surface: larger), Self.frame(surface: larger)])
        == [[], .configurationChange, []])
  }

  @Test("A11: the first frame changes nothing")
  func firstFrame() {
    #expect(told([Self.frame()]) == [[]])
  }

  @Test("C4: a frame from another place is no change of the configuration")
  func moved() {
    #expect(told([Self.frame(), Self.frame(x: 5), Self.frame(x: 50)]) == [[], [], []])
  }

  @Test("A11: a resize while muted is told with the next frame, once")
  func resizedWhileMuted() {
    #expect(
      told([
        Self.frame(), .nothing(.unmapped), .nothing(.unmapped), Self.frame(50, 40),
        Self.frame(50, 40),
      ]) == [[], .mute, [], [.unmute, .configurationChange], []])
  }

  @Test("A11: a resize while muted that was taken back is not told")
  func sameSizeAfterMute() {
    #expect(told([Self.frame(), .nothing(.empty), Self.frame()]) == [[], .mute, .unmute])
  }

  @Test("A10: the end is told once, and nothing after it")
  func ended() {
    #expect(
      told([Self.frame(), .ended, .ended, Self.frame(1, 1), .nothing(.empty), Self.frame()])
        == [[], .ended, [], [], [], []])
    #expect(told([.nothing(.empty), .ended, Self.frame()]) == [.mute, .ended, []])
    #expect(told([.ended, Self.frame()]) == [.ended, []])
  }
}
