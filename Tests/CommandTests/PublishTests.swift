import CropEngine
import Foundation
import TestSupport
import Testing

extension CommandRing {
  @Suite("publish and list targets") struct PublishTests {
    private static let property = "_XREGIONCAP_RECTS"

    private let stage: Stage
    private var scene: Scene { stage.scene }

    init() throws { stage = try Stage() }

    private func publish(_ arguments: [String]) throws {
      let result = try stage.run(["publish", "--window", hexadecimal(scene.t)] + arguments)
      #expect(result.status == 0 && result.errors == "" && result.output == [], "\(result.errors)")
    }

    @Test("Names get rectangles, and lose them; others stay")
    func published() throws {
      try publish(["video=30x20+5+5", "chart=10x0+-1+-2"])
      #expect(scene.property(scene.t, Self.property) == "video 30x20+5+5\nchart 10x0+-1+-2\n")
      try publish(["menu=7,8 9x10", "video==1x2+3+4"])
      #expect(
        scene.property(scene.t, Self.property)
          == "video 1x2+3+4\nchart 10x0+-1+-2\nmenu 9x10+7+8\n")
      try publish(["more=1x1+0+0", "--remove", "chart", "video"])
      #expect(scene.property(scene.t, Self.property) == "menu 9x10+7+8\nmore 1x1+0+0\n")
      try publish(["--remove", "menu", "more"])
      #expect(scene.property(scene.t, Self.property) == nil)
    }

    @Test("A running capture follows what is published")
    func followed() throws {
      try publish(["video=20x20+10+10"])
      let command = try stage.start(stage.top + ["--crop-to", "rect:video", "--on-resize", "crop"])
      let frame = try command.read(20 * 20 * 4)
      #expect(Picture(frame, size: Size(width: 20, height: 20)).colours == [Scene.tc])
      try publish(["video=20x20+60+40"])
      // SIB covers that place.
      while true {
        let frame = try command.read(20 * 20 * 4)
        let colours = Picture(frame, size: Size(width: 20, height: 20)).colours
        if colours == [Scene.sib] { break }
        #expect(colours == [Scene.tc])
      }
      command.signal(SIGINT)
      #expect(try command.finish().status == 0)
    }

    @Test("What cannot be published, and why; nothing is changed then")
    func refused() throws {
      try publish(["a=1x1+0+0"])
      let t = hexadecimal(scene.t)
      for row in [
        Refusal(["-w", t], 2, "say what: NAME=GEOM, or --remove NAME"),
        Refusal(["-w", t, "video"], 2, "'video': expected NAME=GEOM"),
        Refusal(["-w", t, "=1x1+0+0"], 2, "'=1x1+0+0': expected NAME=GEOM"),
        Refusal(["-w", t, "a b=1x1+0+0"], 2, "'a b=1x1+0+0': expected NAME=GEOM"),
        Refusal(["-w", t, "b=1x1+0+0", "video=banana"], 2, "'banana' is no rectangle"),
        Refusal(["-w", t, "video=1x1-5+0"], 2, "'1x1-5+0' is no rectangle"),
        Refusal(["-w", t, "b=1x1+0+0", "--remove", "a/b"], 2, "--remove: 'a/b' is no name"),
        Refusal(["-w", t, "b=1x1+0+0", "--remove", "c"], 11, "window \(t) publishes no 'c'"),
        Refusal(["a=1x1+0+0"], 2, "--window"),
        Refusal(["-w", "pick", "a=1x1+0+0"], 2, "no window can be clicked here"),
        Refusal(["-w", "name:^NOBODY$", "a=1x1+0+0"], 11, "none of the screen's windows fits"),
        Refusal(
          ["-w", hexadecimal(scene.inputOnlyWindow(in: scene.top)), "a=1x1+0+0"], 3, "InputOnly"),
      ] {
        let row = Refusal(["publish"] + row.arguments, row.status, row.word)
        row.check(try stage.run(row.arguments))
      }
      #expect(scene.property(scene.t, Self.property) == "a 1x1+0+0\n")
    }

    @Test("A list of what is published and minted, without a token in it")
    func list() throws {
      #expect(
        try stage.table(what: "targets") == ["WINDOW  RECT  GEOMETRY  MINTED  TITLE"])
      scene.publish("video 30x20+5+-5\nchart 0x0+0+0", on: scene.t)
      scene.publish("video 1x1+0+0", on: scene.o1)
      var tokens: [String] = []
      for arguments in [
        ["crop", hexadecimal(scene.t)], ["crop", "rect:chart"], ["restrict", "rect:chart"],
        ["restrict", hexadecimal(scene.top)],
      ] {
        let output = try stage.run(["mint"] + arguments).output
        tokens.append(String(decoding: output.dropLast(), as: UTF8.self))
      }
      try publish(["--remove", "chart"])
      let (o1, top, t) = (
        hexadecimal(scene.o1), hexadecimal(scene.top), hexadecimal(scene.t)
      )
      let table = try stage.table(what: "targets")
      #expect(
        table == [
          "WINDOW    RECT   GEOMETRY     MINTED         TITLE",
          "\(o1)  video  1x1+0+0      -",
          "\(top)  -      400x300+0+0  restrict       TOP",
          "\(t)  -      100x80+0+0   crop           T",
          "\(t)  video  30x20+5+-5   -              T",
          "\(t)  chart  -            crop,restrict  T",
        ])
      #expect(try stage.table(["-w", "name:^TOP$"], what: "targets").count == 5)
      let output = try stage.run(["list", "targets", "--json", "-w", t]).output
      let objects = try JSONSerialization.jsonObject(with: Data(output)) as? [NSDictionary]
      #expect(
        objects == [
          [
            "window": t, "name": "T", "rect": NSNull(), "x": 0, "y": 0, "width": 100,
            "height": 80, "minted": ["crop"],
          ],
          [
            "window": t, "name": "T", "rect": "video", "x": 5, "y": -5, "width": 30,
            "height": 20, "minted": [] as [String],
          ],
          [
            "window": t, "name": "T", "rect": "chart", "x": NSNull(), "y": NSNull(),
            "width": NSNull(), "height": NSNull(), "minted": ["crop", "restrict"],
          ],
        ])
      let text = String(decoding: output, as: UTF8.self) + table.joined()
      #expect(tokens.count == 4)
      for token in tokens { #expect(!text.contains(token)) }
    }
  }
}
