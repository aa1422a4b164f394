import CropEngine
import Foundation
import TestSupport
import Testing

extension CommandRing {
  @Suite("Lists of monitors") struct MonitorListTests {
    @Test("The one that an output makes, and those that somebody has defined")
    func monitors() throws {
      let stage = try Stage()
      #expect(
        try stage.table(what: "monitors") == [
          "  MONITOR  GEOMETRY     SIZE", "  screen   640x480+0+0  169x127 mm",
        ])
      let defined = try stage.shell(
        """
        xrandr --setmonitor left 300/100x480/150+0+0 none &&
        xrandr --setmonitor '*right side' 340/0x400/0+300+80 none
        """)
      #expect(defined.status == 0, "\(defined.errors)")
      #expect(
        try stage.table(what: "monitors") == [
          "  MONITOR     GEOMETRY        SIZE",
          "* right side  340x400+300+80  -           primary",
          "  left        300x480+0+0     100x150 mm",
          "  screen      640x480+0+0     169x127 mm",
        ])
      let output = try stage.run(["list", "monitors", "--json"]).output
      let objects = try JSONSerialization.jsonObject(with: Data(output)) as? [NSDictionary]
      #expect(
        objects == [
          [
            "name": "right side", "x": 300, "y": 80, "width": 340, "height": 400, "primary": true,
            "automatic": false, "millimetres": NSNull(),
          ],
          [
            "name": "left", "x": 0, "y": 0, "width": 300, "height": 480, "primary": false,
            "automatic": false, "millimetres": ["width": 100, "height": 150],
          ],
          [
            "name": "screen", "x": 0, "y": 0, "width": 640, "height": 480, "primary": false,
            "automatic": true, "millimetres": ["width": 169, "height": 127],
          ],
        ])
      #expect(
        try stage.table(columns: 30, ["list", "monitors"])[1] == "* right side  340x400+300+80 …")
    }

    @Test("Without RANDR there are none, and the error says so")
    func withoutRandr() throws {
      let stage = try Stage(server: ["-extension", "RANDR"])
      Refusal(["list", "monitors"], 3, "no monitors: the server has no RANDR extension")
        .check(try stage.run(["list", "monitors"]))
    }
  }
}
