import Testing

@testable import CropEngine

@Suite("The geometry grammar")
struct RegionGeometryTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let text: String
    let width: Int
    let height: Int
    let x: RegionGeometry.Offset
    let y: RegionGeometry.Offset

    init(
      _ text: String, _ width: Int, _ height: Int, _ x: RegionGeometry.Offset,
      _ y: RegionGeometry.Offset
    ) {
      (self.text, self.width, self.height, self.x, self.y) = (text, width, height, x, y)
    }

    var testDescription: String { text }
  }

  @Test(
    "X11's and slurp's ways of writing are read",
    arguments: [
      Row("100x80+10+20", 100, 80, .start(10), .start(20)),
      Row("=100x80+10+20", 100, 80, .start(10), .start(20)),
      Row("1x1+0+0", 1, 1, .start(0), .start(0)),
      Row("100x80+-5+-6", 100, 80, .start(-5), .start(-6)),
      Row("100x80-5-6", 100, 80, .end(5), .end(6)),
      Row("100x80-0-0", 100, 80, .end(0), .end(0)),
      Row("100x80--5--6", 100, 80, .end(-5), .end(-6)),
      Row("100x80+5-6", 100, 80, .start(5), .end(6)),
      Row("100x80-5+6", 100, 80, .end(5), .start(6)),
      Row("=100x80--5+-6", 100, 80, .end(-5), .start(-6)),
      Row("99999x99999+99999+99999", 99999, 99999, .start(99999), .start(99999)),
      Row("007x010+01+02", 7, 10, .start(1), .start(2)),
      Row("10,20 100x80", 100, 80, .start(10), .start(20)),
      Row("-10,-20 100x80", 100, 80, .start(-10), .start(-20)),
      Row("0,0 1x1", 1, 1, .start(0), .start(0)),
      // As slop prints it: by itself, of a window that is half off the screen, as maim's users let
      // it, and with slurp's words.
      Row("301x201+50+60", 301, 201, .start(50), .start(60)),
      Row("126x136+-50+-30", 126, 136, .start(-50), .start(-30)),
      Row("126x136+-5+10", 126, 136, .start(-5), .start(10)),
      Row("-5,10 126x136", 126, 136, .start(-5), .start(10)),
    ])
  func accepted(_ row: Row) throws {
    let region = try RegionGeometry(parsing: row.text, subject: "-g")
    #expect(
      region
        == RegionGeometry(size: Size(width: row.width, height: row.height), x: row.x, y: row.y))
  }

  @Test(
    "A8: a region that holds no pixel is overconstrained",
    arguments: ["0x80+0+0", "100x0+0+0", "0x0+0+0", "=0x80-0-0", "10,20 0x80", "10,20 100x0"])
  func zero(_ text: String) {
    let error = #expect(throws: CaptureError.self) {
      try RegionGeometry(parsing: text, subject: "-g")
    }
    #expect(error == CaptureError(.overconstrained, "-g", "'\(text)' holds no pixel"))
  }

  @Test(
    "A8: a region of negative size is overconstrained",
    arguments: ["-100x80+0+0", "100x-80+0+0", "10,20 -100x80", "10,20 100x-80"])
  func negative(_ text: String) {
    let error = #expect(throws: CaptureError.self) {
      try RegionGeometry(parsing: text, subject: "-g")
    }
    #expect(error?.name == .overconstrained)
  }

  @Test(
    "Anything else is an error of type that says what was expected",
    arguments: [
      " ", "=", "x", "100", "100x", "x80", "100x80", "=100x80", "100x80+", "100x80+1",
      "100x80+1+", "100x80+1+2+3", "100x80+1+2 ", " 100x80+1+2", "100x80 +1+2", "100X80+1+2",
      "100x80++1+2", "100x80+-+2", "100x80+--1+2", "100x80---1+2", "100x80+1,2", "+1+2",
      "==100x80+1+2", "100x80+1.5+2", "100x80+a+b", "1e2x80+1+2", "0x64x80+0+0",
      "10,20", "10,20 100", "10,20 100x", "10, 20 100x80", "10,20  100x80", "10,20 100x80 ",
      "10,20 100x80+1+2", "+10,20 100x80", "10 20 100x80", "=10,20 100x80", ",20 100x80",
      "١x٢+٣+٤", "100×80+1+2", "100x80+1+2\n", "100x80+1+2\0",
    ])
  func garbage(_ text: String) {
    let error = #expect(throws: CaptureError.self) {
      try RegionGeometry(parsing: text, subject: "--crop-to")
    }
    #expect(
      error
        == CaptureError(
          .type, "--crop-to", "'\(text)' is no geometry: expected WxH+X+Y or 'X,Y WxH'"))
  }

  @Test("An empty one is what a selection that was cancelled leaves, and is called that")
  func empty() {
    let error = #expect(throws: CaptureError.self) {
      try RegionGeometry(parsing: "", subject: "--geometry")
    }
    #expect(
      error
        == CaptureError(.type, "--geometry", "it is empty: was the selection cancelled?"))
  }

  @Test(
    "Numbers of more than five digits are refused, however long",
    arguments: [
      "100000x80+0+0", "100x100000+0+0", "100x80+100000+0", "100x80+0-100000",
      "000100x80+0+0", "100000,0 100x80", "0,0 100000x80",
      "100x80+9223372036854775808+0", "99999999999999999999999999x80+0+0",
    ])
  func tooManyDigits(_ text: String) {
    let error = #expect(throws: CaptureError.self) {
      try RegionGeometry(parsing: text, subject: "-g")
    }
    #expect(error?.name == .type)
  }

  @Test("Offsets from the left and top do not depend on the viewport")
  func fromTheStart() {
    let region = RegionGeometry(
      size: Size(width: 100, height: 80), x: .start(10), y: .start(-20))
    let rect = Rect(x: 10, y: -20, width: 100, height: 80)
    #expect(region.rect(in: Size(width: 400, height: 300)) == rect)
    #expect(region.rect(in: Size(width: 40, height: 30)) == rect)
  }

  @Test("Offsets from the right and bottom lie between the region's edge and the viewport's")
  func fromTheEnd() {
    let region = RegionGeometry(size: Size(width: 100, height: 80), x: .end(0), y: .end(5))
    #expect(
      region.rect(in: Size(width: 400, height: 300))
        == Rect(x: 300, y: 215, width: 100, height: 80))
    #expect(
      region.rect(in: Size(width: 401, height: 299))
        == Rect(x: 301, y: 214, width: 100, height: 80))
    // Smaller than the region: it sticks out at the left, as an X11 program's window would.
    #expect(
      region.rect(in: Size(width: 60, height: 80)) == Rect(x: -40, y: -5, width: 100, height: 80))
  }

  @Test("Beyond the right edge is where -- leads")
  func beyondTheEnd() throws {
    let region = try RegionGeometry(parsing: "100x80--5--6", subject: "-g")
    #expect(
      region.rect(in: Size(width: 400, height: 300))
        == Rect(x: 305, y: 226, width: 100, height: 80))
  }
}
