import CropEngine
import TestSupport
import Testing

extension CommandRing {
  @Suite("mint") struct MintTests {
    private static let property = "_XREGIONCAP_TARGETS"

    private let stage: Stage
    private var scene: Scene { stage.scene }

    init() throws { stage = try Stage() }

    /// What mint prints, without what ends it.
    private func mint(_ arguments: [String]) throws -> String {
      let result = try stage.run(["mint"] + arguments)
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      let lines = String(decoding: result.output, as: UTF8.self).split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 2 && lines.last == "")
      return String(lines[0])
    }

    @Test("B1, B2: one line of text, which another process takes for the target")
    func usable() throws {
      let token = try mint(["crop", hexadecimal(scene.t)])
      _ = try Token(parsing: token, subject: "")
      #expect(scene.property(scene.t, Self.property) == "crop \(token)\n")
      let result = try stage.run(stage.top + ["--crop-to", token, "-n", "1"])
      #expect(result.status == 0)
      #expect(result.errors == "")
      #expect(pictures(result.output) == [Picture.ofT])
      let upper = try stage.run(["-f", "raw", "--crop-to", token.uppercased(), "-n", "1"])
      #expect(pictures(upper.output) == [Picture.ofT], "in the screen, too")
    }

    @Test("T by id, title and class, by a child's place, and in a surface that is named")
    func targets() throws {
      scene.setClass(scene.t, instance: "t", class: "Red")
      let token = try mint(["crop", hexadecimal(scene.t)])
      for arguments in [
        ["crop", "name:^T$"], ["crop", "class:Red"], ["crop", "child:2", "-w", "name:TOP"],
        ["crop", hexadecimal(scene.t), "--window", hexadecimal(scene.top)],
        ["crop", "child:name:^T$", "--window", "name:^TOP$"],
      ] {
        #expect(try mint(arguments) == token, "\(arguments)")
      }
      #expect(try mint(["restrict", "name:^T$"]) != token)
      #expect(try mint(["crop", "root"]) != token)
      #expect(scene.property(scene.root, Self.property)?.hasPrefix("crop ") == true)
    }

    @Test("B6: processes that mint the same window at once get the same token")
    func race() throws {
      for _ in 0..<5 {
        let commands = try (0..<4).map { _ in
          try stage.start(["mint", "crop", hexadecimal(scene.t)])
        }
        let outputs = try commands.map { try $0.finish().output }
        #expect(Set(outputs).count == 1)
        #expect(
          scene.property(scene.t, Self.property) == "crop "
            + String(decoding: outputs[0], as: UTF8.self))
        scene.deleteProperty(scene.t, Self.property)
      }
    }

    @Test("A published rectangle has a token that follows it")
    func rectangle() throws {
      scene.publish("video 30x20+5+5", on: scene.t)
      let token = try mint(["crop", "rect:video"])
      #expect(scene.property(scene.t, Self.property) == "crop \(token) video\n")
      scene.publish("video 20x20+10+10", on: scene.t)
      let result = try stage.run(stage.top + ["--crop-to", token, "-n", "1"])
      #expect(
        pictures(result.output, Size(width: 20, height: 20)).map(\.colours) == [[Scene.tc]])
    }

    @Test("B3: asked to store one, it says why not, before anything is asked of X")
    func stored() throws {
      let folder = try TemporaryFolder()
      let row = Refusal(
        ["mint", "crop", "root", "--token-file", folder["token"]], 7, "--token-file")
      row.check(
        try Command.run(Command.xregioncap, row.arguments, display: BadInputTests.noDisplay))
      #expect(folder.names == [])
    }

    @Test("B8 and others: what cannot be minted, and why")
    func refused() throws {
      let dead = scene.window(in: scene.top, Rect(x: 0, y: 0, width: 9, height: 9), 0)
      scene.destroy(dead)
      let input = scene.inputOnlyWindow(in: scene.top)
      let top = hexadecimal(scene.top)
      for row in [
        Refusal(["crop", hexadecimal(dead)], 2, "mint: \(hexadecimal(dead)) is no window"),
        Refusal(["crop", hexadecimal(input)], 3, "an InputOnly window has no pixels"),
        Refusal(["crop", "10x10+0+0"], 2, "publish it on a window, and mint rect:NAME"),
        Refusal(
          ["crop", "-w", top, hexadecimal(scene.o1)], 5, "it is no target inside the surface"),
        Refusal(["crop", "rect:video"], 11, "no window inside the surface publishes 'video'"),
        Refusal(["crop", "rect:a/b"], 2, "expected rect:NAME"),
        Refusal(["crop", "name:^NOBODY$"], 11, "none of the windows inside the surface fits"),
        Refusal(["crop", "child", "-w", top], 2, "3 windows fit"),
        Refusal(["crop", "-w", "name:^NOBODY$", "root"], 11, "--window"),
        Refusal(["crop", "-w", "pick", "child"], 2, "no window can be clicked here"),
        Refusal(["crop", "12345678-1234"], 4, "'12345678-1234' is a malformed token"),
        Refusal(["watch", top], 2, "watch"),
        Refusal(["crop"], 2, "<t>"),
        Refusal(["crop", "root", "--wait", "-1"], 2, "--wait: -1"),
      ] {
        let row = Refusal(["mint"] + row.arguments, row.status, row.word)
        row.check(try stage.run(row.arguments))
      }
      #expect(scene.property(scene.root, Self.property) == nil)
    }

    @Test("C6, C7, B10, E10: tokens that crop or restrict nothing")
    func useless() throws {
      let restrict = try mint(["restrict", hexadecimal(scene.t)])
      let unknown = "6a0e7f0c-1f1d-4c0b-9d3a-0123456789ab"
      let other = try mint(["crop", hexadecimal(scene.o1)])
      for row in [
        Refusal([restrict], 2, "--crop-to: a restriction token names no crop target"),
        Refusal([unknown], 5, "--crop-to: it is no target inside the surface"),
        Refusal([other], 5, "--crop-to: it is no target inside the surface"),
      ] {
        let row = Refusal(stage.top + ["--crop-to"] + row.arguments, row.status, row.word)
        row.check(try stage.run(row.arguments + ["-n", "1"]))
      }
      let crop = try mint(["crop", hexadecimal(scene.t)])
      for row in [
        Refusal([crop], 2, "--restrict-to: a crop token names no restriction target"),
        Refusal([unknown], 5, "--restrict-to: it is no target inside the surface"),
      ] {
        let row = Refusal(stage.top + ["--restrict-to"] + row.arguments, row.status, row.word)
        row.check(try stage.run(row.arguments + ["-n", "1"]))
      }
      let malformed = Refusal(["--crop-to", String(unknown.dropLast())], 4, "is a malformed token")
      malformed.check(
        try Command.run(
          Command.xregioncap, malformed.arguments, display: BadInputTests.noDisplay))
    }

    @Test("The target may be clicked, and waited for")
    func laterTargets() throws {
      let clicking = try stage.start(["mint", "crop", "pick:child"])
      #expect(
        try clicking.nextError()
          == "xregioncap: mint: click what the token is to name; Escape cancels")
      try scene.xdotool("mousemove 155 155 click 1")
      let clicked = try clicking.finish()
      #expect(clicked.status == 0)
      let token = try mint(["crop", hexadecimal(scene.t)])
      #expect(clicked.output == Array((token + "\n").utf8))

      let waiting = try stage.start(["mint", "crop", "rect:late", "--wait", "100"])
      try waiting.waitUntilSignalsAreRead()
      scene.publish("late 1x1+0+0", on: scene.t)
      #expect(try waiting.finish().status == 0)

      let stopped = try stage.start(["mint", "crop", "rect:never", "--wait", "100"])
      try stopped.waitUntilSignalsAreRead()
      stopped.signal(2)
      let result = try stopped.finish()
      #expect(result.status == 8)
      #expect(
        result.errors
          == "xregioncap: no token was minted: it was stopped while it waited for the window\n")
    }

    @Test("A capture waits for a rectangle that is published later")
    func waiting() throws {
      let command = try stage.start(
        stage.top + ["--crop-to", "rect:late", "--wait", "100", "-n", "1"])
      try command.waitUntilSignalsAreRead()
      scene.publish("late 20x20+10+10", on: scene.t)
      let result = try command.finish()
      #expect(
        pictures(result.output, Size(width: 20, height: 20)).map(\.colours) == [[Scene.tc]])
    }
  }
}
