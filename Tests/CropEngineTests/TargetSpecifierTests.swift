import Testing

@testable import CropEngine

@Suite("The target grammar")
struct TargetSpecifierTests {
  private func target(_ text: String) throws -> TargetSpecifier {
    try TargetSpecifier(parsing: text, subject: "--crop-to")
  }

  private func title(_ source: String) throws -> TitlePattern {
    try TitlePattern(source, subject: "--crop-to")
  }

  @Test("A child is the only one, the N-th, or the one of a title")
  func children() throws {
    #expect(try target("child") == .child(.only))
    #expect(try target("child:1") == .child(.position(1)))
    #expect(try target("child:12") == .child(.position(12)))
    #expect(try target("child:name:a,b:c") == .child(.name(title("a,b:c"))))
  }

  @Test("A window selector names a window")
  func windows() throws {
    #expect(try target("0x1e00007") == .window(.id(0x1e00007)))
    #expect(try target("31457287") == .window(.id(31_457_287)))
    #expect(try target("root") == .window(.root))
    #expect(try target("focused") == .window(.focused))
    #expect(try target("pick") == .window(.pick(deepest: false)))
    #expect(try target("pick:child") == .window(.pick(deepest: true)))
    #expect(
      try target("name:child,pid:3")
        == .window(.matching([.name(title("child")), .pid(3)])))
    #expect(try target("class:1x2") == .window(.matching([.class("1x2")])))
  }

  @Test(
    "A geometry is taken for one",
    arguments: [
      ("100x80+10-20", RegionGeometry.Offset.start(10), RegionGeometry.Offset.end(20)),
      ("=100x80+10-20", .start(10), .end(20)), ("10,20 100x80", .start(10), .start(20)),
      ("-10,20 100x80", .start(-10), .start(20)),
    ])
  func regions(_ text: String, _ x: RegionGeometry.Offset, _ y: RegionGeometry.Offset) throws {
    let region = RegionGeometry(size: Size(width: 100, height: 80), x: x, y: y)
    #expect(try target(text) == .region(region))
  }

  @Test(
    "A number is a window's id, also where a geometry might begin with it",
    arguments: ["0x80", "0x1e00007", "0X80", "100", "0x100x", "0xffx1"])
  func numbersAreNoGeometry(_ text: String) {
    #expect(!RegionGeometry.looksLikeOne(text))
  }

  @Test(
    "What begins as a geometry is one, right or wrong",
    arguments: [
      "100x80", "100x", "-100x80+0+0", "10,20", "10,20 0x1", "=", "=garbage", "0x80+0+0",
      "0x80-0-0", "0,0 1x1",
    ])
  func geometries(_ text: String) {
    #expect(RegionGeometry.looksLikeOne(text))
  }

  @Test(
    "What begins otherwise is none",
    arguments: ["", "child", "name:100x80+0+0", "root", "x80+0+0", ",", "+1,2 3x4", "-", "abc"])
  func others(_ text: String) {
    #expect(!RegionGeometry.looksLikeOne(text))
  }

  @Test("A size alone is told that its place is missing", arguments: ["100x80", "10,20", "=1x1"])
  func sizeAlone(_ text: String) {
    let error = #expect(throws: CaptureError.self) { try target(text) }
    #expect(
      error
        == CaptureError(
          .type, "--crop-to", "'\(text)' is no geometry: expected WxH+X+Y or 'X,Y WxH'"))
  }

  @Test("A8: a region without pixels is overconstrained", arguments: ["0x80+0+0", "1,2 3x0"])
  func emptyRegions(_ text: String) {
    let error = #expect(throws: CaptureError.self) { try target(text) }
    #expect(error == CaptureError(.overconstrained, "--crop-to", "'\(text)' holds no pixel"))
  }

  @Test(
    "A child that cannot be is an error of type",
    arguments: [
      "child:", "child:0", "child:-1", "child:x", "child:1x", "child:1 ", "child:1.5",
      "child:99999999999999999999", "child:name", "child:title:x", "child:0x1",
    ])
  func badChildren(_ text: String) {
    let error = #expect(throws: CaptureError.self) { try target(text) }
    #expect(
      error
        == CaptureError(
          .type, "--crop-to", "'\(text)': expected child:N with N from 1, or child:name:REGEX"))
  }

  @Test("A child's title is checked when it is read")
  func badChildTitles() {
    let empty = #expect(throws: CaptureError.self) { try target("child:name:") }
    #expect(
      empty == CaptureError(.type, "--crop-to", "'child:name:' says nothing after the colon"))
    let pattern = #expect(throws: CaptureError.self) { try target("child:name:(") }
    #expect(pattern == CaptureError(.type, "--crop-to", "'(' is no regular expression"))
  }

  @Test(
    "Anything else is an error of type", arguments: [" ", "children", "Child", "nonsense", "0"])
  func garbage(_ text: String) {
    let error = #expect(throws: CaptureError.self) { try target(text) }
    #expect(error?.name == .type)
    #expect(error?.subject == "--crop-to")
    #expect(error?.reason.hasPrefix("'\(text)' names no window") == true)
  }
}
