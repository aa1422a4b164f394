import CropEngine
import Foundation
import TestSupport
import Testing

extension CommandRing {
  @Suite("Lists of windows") struct ListTests {
    private let stage: Stage
    private var scene: Scene { stage.scene }

    init() throws { stage = try Stage() }

    /// Puts TOP into a frame as a window manager does; returns frame and inner window.
    private func frameTop() -> (frame: UInt, inner: UInt) {
      let frame = scene.window(
        in: scene.root, Rect(x: 90, y: 80, width: 420, height: 330), 0xaa_aaaa, border: 2)
      let inner = scene.window(in: frame, Rect(x: 10, y: 20, width: 400, height: 300), 0xbb_bbbb)
      scene.reparent(scene.top, to: inner, x: 0, y: 0)
      scene.setProperty(scene.top, "WM_STATE", type: "WM_STATE", number: 1)
      return (frame, inner)
    }

    @Test("A tree of windows, lowest first, each under the one that it is in")
    func tree() throws {
      scene.setClass(scene.top, instance: "top", class: "Scene")
      scene.setClass(scene.other, instance: "Same", class: "Same")
      scene.setProperty(scene.top, "_NET_WM_PID", type: "CARDINAL", number: 4242)
      scene.focus(scene.tc)
      let id = { hexadecimal($0) }
      #expect(
        try stage.table() == [
          "  WINDOW        GEOMETRY         PID   CLASS      TITLE",
          "  \(id(scene.other))      80x80+0+0        -     Same       OTHER",
          "    \(id(scene.o1))    40x40+0+0        -     -",
          "* \(id(scene.top))      400x300+100+100  4242  top/Scene  TOP",
          "    \(id(scene.bel))    40x40+140+140    -     -",
          "    \(id(scene.t))    100x80+150+150   -     -          T",
          "      \(id(scene.tc))  20x20+160+160    -     -",
          "    \(id(scene.sib))    100x80+200+180   -     -",
        ])
    }

    @Test("The same windows as JSON, with the same keys each")
    func json() throws {
      scene.setClass(scene.top, instance: "top", class: "Scene")
      scene.setProperty(scene.top, "_NET_WM_PID", type: "CARDINAL", number: 4242)
      scene.focus(scene.tc)
      var expected = stage.objects()
      expected[2] = expected[2].with {
        ($0.instance, $0.class, $0.pid, $0.focused) = ("top", "Scene", 4242, true)
      }
      #expect(try stage.list() == expected)
      let output = try stage.run(["list", "windows", "--json"]).output
      let objects = try JSONSerialization.jsonObject(with: Data(output)) as? [[String: Any]]
      for object in try #require(objects) {
        #expect(
          object.keys.sorted() == [
            "border", "class", "focused", "height", "id", "instance", "name", "parent", "pid",
            "viewable", "width", "x", "y",
          ])
      }
    }

    @Test("Geometry is that of the inside, in px of the screen; the border is told apart")
    func borders() throws {
      let outer = scene.window(
        in: scene.root, Rect(x: 10, y: 300, width: 60, height: 50), 0, border: 3)
      let inner = scene.window(in: outer, Rect(x: -5, y: 7, width: 20, height: 9), 0, border: 2)
      let objects = try stage.list()
      #expect(
        objects.suffix(2) == [
          ListedObject(outer, in: scene.root, Rect(x: 13, y: 303, width: 60, height: 50))
            .with { $0.border = 3 },
          ListedObject(inner, in: outer, Rect(x: 10, y: 312, width: 20, height: 9))
            .with { $0.border = 2 },
        ])
    }

    @Test("An id in the list is taken by --window, and a line's number among children by child:N")
    func idsAreTaken() throws {
      let objects = try stage.list()
      let children = objects.filter { $0.parent == hexadecimal(scene.top) }
      for (place, child) in children.enumerated() {
        let result = try stage.run([
          "--window", objects[2].id, "--crop-to", "child:\(place + 1)", "-f", "raw", "-n", "1",
          "--verbose",
        ])
        #expect(result.status == 0)
        #expect(result.output.count == child.width * child.height * 4)
        #expect(try stage.run(["--window", child.id, "-f", "raw", "-n", "1"]).status == 0)
      }
    }

    @Test(
      "What nobody means is left out: unmapped, InputOnly and tiny windows, and what is in them")
    func leftOut() throws {
      let rect = Rect(x: 0, y: 0, width: 30, height: 30)
      let hidden = scene.window(in: scene.root, rect, 0, isMapped: false)
      _ = scene.window(in: hidden, rect, 0)
      let tiny = scene.window(in: scene.root, Rect(x: 5, y: 5, width: 1, height: 1), 0)
      _ = scene.window(in: tiny, rect, 0)
      _ = scene.inputOnlyWindow(in: scene.root)
      _ = scene.inputOnlyWindow(in: scene.t)
      _ = scene.window(in: scene.t, rect, 0, isMapped: false)
      #expect(try stage.list() == stage.objects())
      let line = scene.window(in: scene.root, Rect(x: 5, y: 5, width: 1, height: 2), 0)
      #expect(try stage.list().map(\.id) == stage.objects().map(\.id) + [hexadecimal(line)])
    }

    @Test("--all: every window from the root on, and what keeps it from being meant")
    func all() throws {
      let rect = Rect(x: 0, y: 0, width: 30, height: 30)
      let hidden = scene.window(in: scene.root, rect, 0, isMapped: false)
      let inside = scene.window(in: hidden, rect, 0)
      let input = scene.inputOnlyWindow(in: scene.root)
      let tiny = scene.window(in: scene.root, Rect(x: 5, y: 6, width: 1, height: 1), 0)
      let expected =
        [
          ListedObject(
            scene.root, in: nil, Rect(x: 0, y: 0, width: 640, height: 480), listsAll: true)
        ] + stage.objects(listsAll: true) + [
          ListedObject(hidden, in: scene.root, rect, listsAll: true).with { $0.viewable = false },
          ListedObject(inside, in: hidden, rect, listsAll: true).with { $0.viewable = false },
          ListedObject(
            input, in: scene.root, Rect(x: 0, y: 0, width: 10, height: 10), listsAll: true
          ).with { $0.inputOnly = true },
          ListedObject(
            tiny, in: scene.root, Rect(x: 5, y: 6, width: 1, height: 1), listsAll: true),
        ]
      #expect(try stage.list(["--all"]) == expected)
      let lines = try stage.table(["--all"])
      #expect(lines.count == 1 + expected.count)
      #expect(lines[1].hasPrefix("  \(hexadecimal(scene.root)) ") && lines[1].hasSuffix(" (root)"))
      #expect(
        lines.suffix(4).map { $0.drop { $0 == " " }.prefix { $0 != " " } }
          == [hidden, inside, input, tiny].map { hexadecimal($0)[...] })
      #expect(lines[lines.count - 4].hasSuffix("  (not mapped)"))
      #expect(lines[lines.count - 3].hasSuffix("  (not viewable)"))
      #expect(lines[lines.count - 2].hasSuffix("  (InputOnly)"))
      #expect(lines[lines.count - 1].hasSuffix("  1x1+5+6          -    -"))
    }

    @Test("A client is listed without its frame, also when put away; --all shows the frame as such")
    func frames() throws {
      let (frame, inner) = frameTop()
      let top = ListedObject(
        scene.top, in: inner, Rect(x: 102, y: 102, width: 400, height: 300), name: "TOP")
      var objects = try stage.list()
      #expect(objects.map(\.id) == stage.objects().map(\.id))
      #expect(objects[2] == top)
      let framed = try stage.list(["--all"]).filter { $0.frame == true }
      #expect(framed.map(\.id) == [frame, inner].map(hexadecimal))
      #expect(try stage.table(["--all"]).filter { $0.hasSuffix("  (frame)") }.count == 2)

      scene.setProperty(scene.top, "WM_STATE", type: "WM_STATE", number: 3)
      scene.unmap(scene.top)
      scene.unmap(frame)
      objects = try stage.list()
      #expect(objects.count == 3, "what is in it cannot be seen")
      #expect(objects[2] == top.with { $0.viewable = false })
      #expect(try stage.table()[3].hasSuffix("  (not viewable) TOP"))
      #expect(
        try stage.table(["--all"]).contains { $0.hasSuffix("  (iconified, not mapped) TOP") })

      scene.setProperty(scene.top, "WM_STATE", type: "WM_STATE", number: 0)
      #expect(try stage.list().count == 2, "one that was withdrawn is no client")
    }

    @Test("Titles do not reach the terminal as controls, nor a reader as anything but UTF-8")
    func hostileTitles() throws {
      let long = String(repeating: "long ", count: 40_000)
      scene.setProperty(
        scene.top, "_NET_WM_NAME", type: "UTF8_STRING",
        bytes: Array("a\u{1b}]0;owned\u{7}\nb\u{9b}c\u{7f}\u{202e}\u{2028}\"\\".utf8) + [
          0xff, 0xc3,
        ])
      scene.setProperty(scene.other, "WM_NAME", type: "STRING", bytes: Array(long.utf8))
      scene.setClass(scene.other, instance: "in\nstance", class: "\u{1b}[2J")
      let lines = try stage.table()
      #expect(lines.count == 8)
      #expect(lines[3].hasSuffix("  a?]0;owned??b?c???\"\\\u{fffd}\u{fffd}"))
      #expect(lines[1].contains("  in?stance/?[2J  "))
      let output = try stage.run(["list", "windows", "--json"]).output
      let text = try #require(String(validating: output, as: UTF8.self))
      #expect(text.unicodeScalars.allSatisfy { $0.isHarmless || $0 == "\n" })
      let objects = try stage.list()
      #expect(
        objects[2].name
          == "a\u{1b}]0;owned\u{7}\nb\u{9b}c\u{7f}\u{202e}\u{2028}\"\\\u{fffd}\u{fffd}")
      #expect(objects[0].name == long.prefix(64 * 1024), "of a title, so much is read")
      #expect(objects[0].instance == "in\nstance" && objects[0].class == "\u{1b}[2J")
    }

    @Test("On a terminal, lines end with … at its width, and columns go where it is narrow")
    func widths() throws {
      scene.setClass(scene.top, instance: "instance", class: "AndItsVeryLongClass")
      scene.setProperty(
        scene.top, "_NET_WM_NAME", type: "UTF8_STRING",
        bytes: Array("日本語 and a title that is not short".utf8))
      let id = hexadecimal(scene.top)
      let rows = try [80, 60, 40, 20, 12, 1].map {
        try stage.table(columns: $0, ["list", "windows"])[3]
      }
      #expect(
        rows == [
          "  \(id)      400x300+100+100  -    instance/AndItsVe…  日本語 and a title th…",
          "  \(id)      400x300+100+100  日本語 and a title that is…",
          "  \(id)      日本語 and a title that…",
          "  \(id)      日…",
          "  \(id) …",
          "…",
        ])
      let wide = try stage.table(columns: 0, ["list", "windows"])
      #expect(wide == (try stage.table()), "a terminal that does not say how wide it is")
    }

    @Test("Nothing on the screen is a header, and no object")
    func nothing() throws {
      let server = try Xvfb()
      let run = { (arguments: [String]) in
        try Command.run(Command.xregioncap, arguments + ["--display", server.displayName])
      }
      let table = try run(["list", "windows"])
      #expect(table.status == 0)
      #expect(
        String(decoding: table.output, as: UTF8.self)
          == "  WINDOW  GEOMETRY  PID  CLASS  TITLE\n")
      let json = try run(["list", "windows", "--json"])
      #expect(json.status == 0)
      let objects = try JSONSerialization.jsonObject(with: Data(json.output)) as? [Any]
      #expect(objects?.isEmpty == true)
    }

    @Test("Windows that go away while they are listed are left out")
    func vanishing() throws {
      let rect = Rect(x: 0, y: 0, width: 9, height: 9)
      for _ in 0..<10 {
        var brief = (0..<20).map { _ in scene.window(in: scene.top, rect, 0) }
        let command = try stage.start(["list", "windows", "--json", "--all"])
        while !command.hasEnded(within: 0) {
          scene.destroy(brief.removeFirst())
          brief.append(scene.window(in: scene.top, rect, 0))
        }
        let result = try command.finish()
        #expect(result.status == 0 && result.errors == "")
        let objects = try JSONDecoder().decode([ListedObject].self, from: Data(result.output))
        let ids = objects.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(Set(ids).isSuperset(of: stage.objects().map(\.id)))
        for window in brief { scene.destroy(window) }
      }
    }

    @Test("2,000 windows, and 500 one in the other")
    func many() throws {
      let rect = Rect(x: 0, y: 0, width: 100, height: 100)
      var parent = scene.o1
      for _ in 0..<500 { parent = scene.window(in: parent, rect, 0) }
      for _ in 0..<2000 { _ = scene.window(in: scene.root, rect, 0) }
      let result = try stage.run(["list", "windows"])
      #expect(result.status == 0)
      #expect(result.seconds < 10)
      let lines = String(decoding: result.output, as: UTF8.self).lines
      #expect(lines.count == 1 + 7 + 2500)
      #expect(lines.allSatisfy { $0.count < 120 }, "the tree is not drawn as deep as it is")
    }

    @Test("What cannot be listed: the status that a capture has, one line, and no output")
    func bad() throws {
      let none = BadInputTests.noDisplay
      for row in [
        Refusal(["list"], 2, "say what: windows, monitors or targets"),
        Refusal(["list", "tokens"], 2, "tokens"),
        Refusal(["list", "monitors", "--all"], 2, "--all"),
        Refusal(["list", "windows", "--display", none], 11, none),
        Refusal(["list", "monitors", "--display", none], 11, none),
      ] {
        row.check(try stage.run(row.arguments))
      }
      let full = try stage.shell("$XREGIONCAP list windows > /dev/full")
      #expect(full.status == 15)
      #expect(full.errors == "xregioncap: standard output: No space left on device\n")
      let closed = try stage.shell(
        "$XREGIONCAP list windows | true; echo ${PIPESTATUS[0]}")
      #expect(closed.output == Array("0\n".utf8) && closed.errors == "", "a reader that goes away")
    }
  }
}
