import CropEngine
import FrameOutput
import Testing

@Suite("An event as JSON")
struct EventLineTests {
  private let rect = Rect(x: 50, y: 60, width: 100, height: 80)
  private let size = Size(width: 640, height: 480)

  private func note(_ rect: Rect?, isRepeat: Bool = false) -> StreamEvent {
    .frame(
      FrameNote(
        seq: 118, version: 3, time: 1_234_567_890_123_456_789, rect: rect, isRepeat: isRepeat))
  }

  private let start = #"{"type":"frame","seq":118,"version":3,"t":1234567890123456789,"#
  private let rectText = #"{"x":50,"y":60,"width":100,"height":80}"#

  @Test("The beginning of a stream")
  func stream() {
    #expect(
      EventLine.json(
        .stream(
          canvas: Size(width: 100, height: 80), pixelFormat: "yuv420p",
          rate: .perSecond(30000, over: 1001), surface: size))
        == #"{"type":"stream","canvas":{"width":100,"height":80},"pixFmt":"yuv420p","#
        + #""framerate":"30000/1001","surface":{"width":640,"height":480}}"#)
  }

  @Test(
    "The rate as --framerate reads it",
    arguments: [
      (FrameRate.perSecond(30, over: 1), "30/1"), (.perSecond(2997, over: 100), "2997/100"),
      (.max, "max"),
    ])
  func rate(_ rate: FrameRate, _ text: String) throws {
    let line = EventLine.json(
      .stream(canvas: size, pixelFormat: "gray", rate: rate, surface: size))
    #expect(line.contains(#""framerate":"\#(text)""#))
    #expect(try FrameRate(parsing: text, subject: "") == rate)
  }

  @Test("A new frame is damaged all over")
  func frame() {
    #expect(
      EventLine.json(note(rect))
        == start + #""rect":\#(rectText),"repeat":false,"damage":[\#(rectText)]}"#)
  }

  @Test("A frame that comes again has no damage")
  func repeated() {
    #expect(
      EventLine.json(note(rect, isRepeat: true))
        == start + #""rect":\#(rectText),"repeat":true,"damage":[]}"#)
  }

  @Test("A black frame has no rectangle, and no damage")
  func black() {
    #expect(EventLine.json(note(nil)) == start + #""rect":null,"repeat":false,"damage":[]}"#)
    #expect(
      EventLine.json(note(nil, isRepeat: true))
        == start + #""rect":null,"repeat":true,"damage":[]}"#)
  }

  @Test("A rectangle may lie left of and above the origin")
  func negative() {
    let line = EventLine.json(note(Rect(x: -1, y: -20, width: 1, height: 1)))
    #expect(line.contains(#""rect":{"x":-1,"y":-20,"width":1,"height":1}"#))
  }

  @Test(
    "A change",
    arguments: [(CropState.Kind.none, "none"), (.crop, "crop"), (.restrict, "restrict")])
  func version(_ kind: CropState.Kind, _ text: String) {
    #expect(
      EventLine.json(.version(4, firstSeq: 119, kind: kind))
        == #"{"type":"version","version":4,"firstSeq":119,"kind":"\#(text)"}"#)
  }

  @Test("Frames stop and come again")
  func mute() {
    #expect(EventLine.json(.mute(.empty)) == #"{"type":"mute","reason":"empty"}"#)
    #expect(EventLine.json(.mute(.unmapped)) == #"{"type":"mute","reason":"unmapped"}"#)
    #expect(
      EventLine.json(.unmute(.disconnected)) == #"{"type":"unmute","reason":"disconnected"}"#)
  }

  @Test("Another size says where in the surface it lies, not where on the screen")
  func configurationChange() {
    let region = FrameRegion(
      onScreen: Rect(x: 150, y: 160, width: 100, height: 80), rect: rect, surface: size)
    #expect(
      EventLine.json(.configurationChange(region))
        == #"{"type":"configurationchange","rect":\#(rectText),"#
        + #""surface":{"width":640,"height":480}}"#)
  }

  @Test(
    "Words are escaped, whoever wrote them",
    arguments: [
      ("the window was closed", "the window was closed"), ("", ""),
      (#"say "no" to C:\"#, #"say \"no\" to C:\\"#),
      ("/tmp/x: größer, 窓, 👁", "/tmp/x: größer, 窓, 👁"),
      ("a\nb\tc\r\nd\0", #"a\u000ab\u0009c\u000d\u000ad\u0000"#),
      ("\u{1b}[2J\u{7f}\u{9b}", #"\u001b[2J\u007f\u009b"#),
      ("\u{2028}\u{202e}", #"\u2028\u202e"#),
      ("e\u{301}\u{22}\u{301}", "e\u{301}\\\"\u{301}"),
    ])
  func ended(_ reason: String, _ text: String) {
    #expect(EventLine.json(.ended(reason)) == #"{"type":"ended","reason":"\#(text)"}"#)
  }

  @Test("Where there are several streams, which it is stands behind the type")
  func clone() {
    #expect(
      EventLine.json(.mute(.empty), clone: 2) == #"{"type":"mute","clone":2,"reason":"empty"}"#)
    #expect(
      EventLine.json(.ended("done"), clone: 0)
        == #"{"type":"ended","clone":0,"reason":"done"}"#)
  }
}
