import CropEngine
import Foundation
import TestSupport
import Testing

/// What `doctor --json` tells.
struct Diagnosed: Decodable {
  struct Finding: Decodable {
    let name: String
    let state: String
    let found: String
    let lost: String?
    let remedy: String?
  }

  let works: Bool
  let version: String
  let findings: [Finding]

  init(_ result: Command.Result) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(result.output))
  }

  subscript(name: String) -> Finding {
    get throws {
      try #require(findings.first { $0.name == name }, "\(name) of \(findings.map(\.name))")
    }
  }

  /// Names of what is in this state.
  func names(_ state: String) -> [String] { findings.filter { $0.state == state }.map(\.name) }
}

extension CommandRing {
  @Suite("The doctor") struct DoctorTests {
    static let extensions = ["MIT-SHM", "XFIXES", "DAMAGE", "Composite", "RANDR", "SHAPE"]
    static let ofSystem = ["splice", "ffmpeg", "Xvfb"]
    static let ofDisplay =
      ["display", "server"] + extensions + [
        "shared memory", "pixels", "capture", "monitors", "window manager", "compositor",
      ]

    private func diagnose(
      _ stage: Stage, _ arguments: [String] = [], environment: [String: String] = [:]
    ) throws -> Diagnosed {
      let result = try stage.start(["doctor", "--json"] + arguments, environment: environment)
        .finish()
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      return try Diagnosed(result)
    }

    @Test("A full server: all is there but what nobody has started, and captures work")
    func full() throws {
      let stage = try Stage()
      let found = try diagnose(stage)
      #expect(found.works)
      #expect(found.findings.map(\.name) == Self.ofDisplay + Self.ofSystem)
      #expect(found.names("missing") == ["window manager", "compositor"])
      #expect(found.names("warning") == [])
      #expect(try found["display"].found == "\(stage.display), screen 0, 640x480")
      #expect(try found["server"].found.contains(", release "))
      #expect(try found["shared memory"].found == "a pixel was read through it")
      #expect(try found["pixels"].found == "TrueColor of depth 24 at 32 bits a pixel")
      #expect(try found["capture"].found == "a pixel of the screen was read")
      #expect(try found["monitors"].found == "screen 640x480+0+0")
      #expect(try found["ffmpeg"].found == "/usr/bin/ffmpeg")
      #expect(try found["Xvfb"].found == "/usr/bin/Xvfb")
      #expect(try found["splice"].found.hasPrefix("frames go into a pipe by vmsplice; "))
      for name in Self.extensions {
        #expect(try found[name].found.split(separator: ".").allSatisfy { Int($0) != nil })
      }
      let version = try Command.run(Command.xregioncap, ["--version"]).output
      #expect("xregioncap \(found.version)\n" == String(decoding: version, as: UTF8.self))
    }

    @Test("The table says the same, and what is lost without what is missing")
    func table() throws {
      let stage = try Stage()
      let found = try diagnose(stage)
      let result = try stage.run(["doctor"])
      #expect(result.status == 0 && result.errors == "")
      var expected = ""
      for finding in found.findings {
        let state = finding.state.padding(toLength: 9, withPad: " ", startingAt: 0)
        let name = finding.name.padding(toLength: 16, withPad: " ", startingAt: 0)
        expected += "\(state)\(name)\(finding.found)\n"
        if let lost = finding.lost { expected += "         lost without it: \(lost)\n" }
        if let remedy = finding.remedy { expected += "         to get it: \(remedy)\n" }
      }
      expected += "\nxregioncap \(found.version): captures work here\n"
      #expect(String(decoding: result.output, as: UTF8.self) == expected)
    }

    @Test("Whatever is not ok says what is lost and how to get it, and no other does")
    func lostAndRemedy() throws {
      let poor = Self.extensions.flatMap { ["-extension", $0] }
      for stage in [try Stage(), try Stage(server: poor)] {
        for finding in try diagnose(stage, environment: ["PATH": ""]).findings {
          #expect((finding.lost == nil) == (finding.state == "ok"), "\(finding)")
          #expect((finding.remedy == nil) == (finding.state == "ok"), "\(finding)")
        }
      }
    }

    @Test(
      "A server without extensions: each is missed by name, nothing else is said, captures work")
    func poor() throws {
      // Xvfb does not do without SHAPE, and without XFIXES crashes when a client leaves.
      let missing = Self.extensions.dropLast()
      let stage = try Stage(server: missing.flatMap { ["-extension", $0] })
      let found = try diagnose(stage)
      #expect(found.works)
      #expect(
        found.names("missing")
          == missing + ["shared memory", "monitors", "window manager", "compositor"])
      #expect(try found["shared memory"].found == "the server has no MIT-SHM extension")
      #expect(try found["monitors"].found == "no monitors: the server has no RANDR extension")
    }

    @Test("Shared memory that the server cannot attach is a warning with the reason")
    func remote() throws {
      let stage = try Stage(server: ["-listen", "tcp", "-ac"])
      let found = try diagnose(stage, ["--display", "127.0.0.1\(stage.display)"])
      #expect(found.works)
      #expect(found.names("warning") == ["shared memory"])
      #expect(
        try found["shared memory"].found
          == "the server cannot attach the segment (BadAccess): it is on another machine or in "
          + "another IPC namespace")
    }

    @Test("No display: what can be said is said, and the status is that of the error")
    func noDisplay() throws {
      let none = BadInputTests.noDisplay
      for arguments in [["doctor"], ["doctor", "--json"]] {
        let result = try Command.run(Command.xregioncap, arguments, display: none)
        #expect(result.status == 11)
        #expect(result.errors == "xregioncap: display \(none): cannot connect to it\n")
        #expect(!result.output.isEmpty)
      }
      let found = try Diagnosed(
        try Command.run(Command.xregioncap, ["doctor", "--json"], display: none))
      #expect(!found.works)
      #expect(found.findings.map(\.name) == ["display"] + Self.ofSystem)
      #expect(found.names("missing") == ["display"])
      let unset = try Command.run(Command.xregioncap, ["doctor"])
      #expect(unset.status == 11)
      let lines = String(decoding: unset.output, as: UTF8.self).lines
      #expect(lines[0] == "missing  display  $DISPLAY is not set: name one with --display")
      #expect(lines.last?.hasSuffix(": captures do not work here") == true)
    }

    @Test("Pixels that are not read: NotSupportedError, and the rest is said")
    func layout() throws {
      // The default visual is one of DirectColor.
      let stage = try Stage(server: ["-cc", "5"])
      let result = try stage.run(["doctor", "--json"])
      #expect(result.status == 3)
      #expect(result.errors.contains("DirectColor of depth 24 at 32 bits a pixel is not read"))
      let found = try Diagnosed(result)
      #expect(!found.works)
      #expect(
        found.names("missing")
          == ["shared memory", "pixels", "capture", "window manager", "compositor"])
    }

    @Test("Pixels that the server refuses to an untrusted client: NotReadableError")
    func untrusted() throws {
      let stage = try Stage(server: ["+extension", "SECURITY"])
      let folder = try TemporaryFolder()
      let result = try stage.shell(
        """
        export XAUTHORITY=$PWD/cookies
        xauth -q generate $DISPLAY . untrusted 2> /dev/null || exit 99
        $XREGIONCAP doctor --json
        """, in: folder)
      #expect(result.status == 12, "\(result.errors)")
      let found = try Diagnosed(result)
      #expect(!found.works)
      #expect(try found["capture"].state == "missing")
      #expect(try found["pixels"].state == "ok")
    }

    @Test("Programs are looked for in $PATH: an empty one has none, and folders are no programs")
    func path() throws {
      let stage = try Stage()
      let empty = try diagnose(stage, environment: ["PATH": ""])
      #expect(try empty["ffmpeg"].found == "$PATH is empty")
      #expect(try empty["Xvfb"].remedy == "apt install xvfb")
      let folder = try TemporaryFolder()
      try folder.write([], to: "ffmpeg")
      #expect(mkdir(folder["Xvfb"], 0o700) == 0)
      defer { rmdir(folder["Xvfb"]) }
      let variables = ["PATH": "/nowhere:\(folder.path)"]
      var found = try diagnose(stage, environment: variables)
      #expect(try found["ffmpeg"].found == "it is not in $PATH", "it may not be executed")
      #expect(try found["Xvfb"].found == "it is not in $PATH")
      #expect(chmod(folder["ffmpeg"], 0o700) == 0)
      found = try diagnose(stage, environment: variables)
      #expect(try found["ffmpeg"].found == folder["ffmpeg"])
    }

    @Test("A window manager and a compositor by name; one that is gone is told as such")
    func managers() throws {
      let stage = try Stage()
      let scene = stage.scene
      let check = "_NET_SUPPORTING_WM_CHECK"
      let window = scene.window(in: scene.root, Rect(x: 0, y: 0, width: 1, height: 1), 0)
      scene.setProperty(scene.root, check, type: "WINDOW", number: window)
      scene.own("_NET_WM_CM_S0", by: window)
      var found = try diagnose(stage)
      #expect(try found["window manager"].state == "warning", "the window does not confirm it")
      #expect(try found["compositor"].found == hexadecimal(window))
      scene.setProperty(window, check, type: "WINDOW", number: window)
      scene.setProperty(
        window, "_NET_WM_NAME", type: "UTF8_STRING", bytes: Array("Some\u{1b}WM".utf8))
      found = try diagnose(stage)
      #expect(try found["window manager"].found == "Some?WM")
      #expect(try found["compositor"].found == "Some?WM")
      #expect(found.names("missing") == [])
      scene.destroy(window)
      found = try diagnose(stage)
      #expect(try found["window manager"].state == "warning")
      #expect(try found["compositor"].state == "missing")
    }

    @Test("A terminal's width is kept to, and no word is lost", arguments: [80, 40, 20])
    func widths(_ columns: Int) throws {
      let stage = try Stage(server: ["-extension", "DAMAGE"])
      let lines = try stage.table(columns: columns, ["doctor"])
      let longest = lines.flatMap { $0.split(separator: " ") }.map(\.count).max()!
      for line in lines.dropLast() {
        // A word that is longer than the room beside the states stands out.
        #expect(line.count <= max(columns, 9 + longest), "\(line)")
      }
      let plain = String(decoding: try stage.run(["doctor"]).output, as: UTF8.self)
      #expect(
        lines.joined(separator: " ").split(separator: " ")
          == plain.lines.joined(separator: " ").split(separator: " "))
    }
  }
}
