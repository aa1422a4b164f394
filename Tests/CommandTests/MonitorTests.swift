import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Monitors, by the command") struct MonitorTests {
    private static let place = Rect(x: 60, y: 50, width: 120, height: 90)
    private static let bytes = 120 * 90 * 4
    private let arguments = ["--monitor", "A", "-f", "raw", "-r", "50", "--verbose"]

    /// A scene whose pixels tell their places, with the monitor A.
    private func stage() throws -> Stage {
      let stage = try Stage()
      _ = stage.scene.mapPlaces(size: Size(width: 640, height: 480))
      stage.scene.setMonitor("A", Self.place)
      return stage
    }

    @Test("A monitor of a name is its rectangle")
    func name() throws {
      let result = try stage().run(["--monitor", "A", "-f", "raw", "-n", "2"])
      #expect(result.status == 0)
      #expect(result.errors.isEmpty)
      #expect(
        pictures(result.output, Self.place.size) == [.places(Self.place), .places(Self.place)])
    }

    @Test("A region and a window in a monitor")
    func targets() throws {
      let stage = try Stage()
      // T is at 150,150 of the screen.
      stage.scene.setMonitor("A", Rect(x: 130, y: 140, width: 300, height: 300))
      for target in [
        ["--crop-to", hexadecimal(stage.scene.t)], ["-g", "100x80+20+10"],
        ["-g", "100x80-180-210"],
      ] {
        let result = try stage.run(["--monitor", "A", "-f", "raw", "-n", "1"] + target)
        #expect(result.status == 0)
        #expect(pictures(result.output) == [.ofT])
      }
    }

    @Test("A12: moved, it is followed without a word; resized, with one configurationchange")
    func followed() throws {
      let stage = try stage()
      let command = try stage.start(arguments + ["--on-resize", "crop"])
      #expect(pictures(try command.read(Self.bytes), Self.place.size) == [.places(Self.place)])
      let moved = Rect(x: 300, y: 200, width: 120, height: 90)
      stage.scene.moveMonitor("A", moved)
      try wait(command, for: .places(moved))
      stage.scene.atOnce {
        stage.scene.moveMonitor("A", Rect(x: 1, y: 2, width: 100, height: 100))
        stage.scene.moveMonitor("A", Rect(x: 9, y: 8, width: 150, height: 100))
      }
      try command.waitForError("configurationchange: 150x100+0+0 of 150x100\n")
      try wait(command, for: .places(Rect(x: 9, y: 8, width: 120, height: 90)))
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(
        result.errors.lines == [
          "xregioncap: pixels by shared memory (MIT-SHM)",
          "xregioncap: frames by write: they are small",
          "xregioncap: configurationchange: 150x100+0+0 of 150x100", "xregioncap: ended: stopped",
        ])
    }

    /// Reads frames until one is this picture.
    private func wait(_ command: Command, for picture: Picture) throws {
      for _ in 0..<500 {
        if pictures(try command.read(Self.bytes), Self.place.size) == [picture] { return }
      }
      Issue.record("\(picture) does not come")
    }

    @Test("A12: removed, the stream ends within 1 s, and no other takes its place")
    func removed() throws {
      let stage = try stage()
      let command = try stage.start(arguments)
      let first = try command.read(Self.bytes)
      stage.scene.removeMonitor("A")
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.seconds < 1)
      #expect(result.errors.lines.last?.hasPrefix("xregioncap: ended: ") == true)
      let all = pictures(first + result.output, Self.place.size)
      #expect(all.allSatisfy { $0 == .places(Self.place) })
    }

    @Test("A12, A13: other monitors that come, move and go change nothing")
    func others() throws {
      let stage = try stage()
      let command = try stage.start(arguments)
      let first = try command.read(Self.bytes)
      stage.scene.setMonitor("B", Rect(x: 0, y: 0, width: 300, height: 200), isPrimary: true)
      stage.scene.moveMonitor("B", Rect(x: 1, y: 0, width: 300, height: 200))
      stage.scene.removeMonitor("B")
      let second = try command.read(10 * Self.bytes)
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.errors.lines.count == 3, "\(result.errors)")
      let all = pictures(first + second + result.output, Self.place.size)
      #expect(all.allSatisfy { $0 == .places(Self.place) })
    }

    @Test("primary is the one that is set so, or the only one")
    func primary() throws {
      let stage = try Stage()
      let primary = ["--monitor", "primary", "-f", "raw", "-n", "1"]
      #expect(try stage.run(primary).output.count == 640 * 480 * 4)
      stage.scene.setMonitor("A", Self.place)
      for part in ["no monitor is set as primary", "screen 640x480+0+0", "A 120x90+60+50"] {
        Refusal(primary, 11, part).check(try stage.run(primary))
      }
      stage.scene.setMonitor("B", Rect(x: 0, y: 0, width: 20, height: 10), isPrimary: true)
      #expect(try stage.run(primary).output.count == 20 * 10 * 4)
    }

    @Test("Monitors that are not there, or not to be had")
    func refusals() throws {
      let stage = try stage()
      for row in [
        Refusal(["--monitor", "DP-9"], 11, "there is no monitor 'DP-9'"),
        Refusal(["--monitor", "DP-9"], 11, "A 120x90+60+50"),
        Refusal(["--monitor", "a"], 11, "screen 640x480+0+0"),
        Refusal(["--monitor", "A\nB\u{1b}[2J"], 11, "there is no monitor"),
        Refusal(["--monitor", "A", "-g", "10x10+120+0"], 5, "outside the surface"),
        Refusal(["--monitor", "A", "--crop-to", "0x1ffffff0"], 5, "no target inside"),
      ] { row.check(try stage.run(row.arguments + ["-n", "1"])) }
      for row in [
        Refusal(["--monitor", "A", "--window", "root"], 2, "--window was given too"),
        Refusal(["--monitor", "A", "--screen"], 2, "was given too"),
        Refusal(["--monitor", ""], 2, "it names no monitor"),
        Refusal(["--monitor"], 2, "--monitor"),
        Refusal(["--cursor", "banana"], 2, "banana"),
        Refusal(["--cursor"], 2, "--cursor"),
      ] { row.check(try Command.run(Command.xregioncap, row.arguments)) }
    }

    @Test("A monitor that comes later is waited for")
    func waits() throws {
      let stage = try Stage()
      let command = try stage.start(["--monitor", "A", "--wait", "30", "-f", "raw", "-n", "1"])
      try command.waitUntilSignalsAreRead()
      #expect(command.isSilent(for: 0.1))
      stage.scene.setMonitor("A", Self.place)
      #expect(try command.finish().output.count == Self.bytes)
    }

    @Test("A12: the screen made smaller and larger, quickly, while it is captured: no exit")
    func screenResized() throws {
      let stage = try Stage(screen: "1280x960x24")
      let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
      defer { close(nowhere) }
      let command = try stage.start(
        ["--screen", "-f", "raw", "-r", "200", "--size", "64x48", "--verbose"], output: nowhere)
      try command.waitForError("MIT-SHM")
      let resized = try stage.shell(
        """
        xrandr --newmode small 25 640 656 752 800 480 490 492 525 && xrandr --addmode screen small \
        && xrandr --output screen --mode small --fb 1280x960 \
        && for i in 1 2 3 4 5 6; do xrandr --fb 700x500; xrandr --fb 1280x960; done \
        && xrandr --fb 800x600
        """)
      #expect(resized.status == 0, "\(resized.errors)")
      try command.waitForError("configurationchange: 800x600+0+0 of 800x600\n")
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(result.errors.lines.last == "xregioncap: ended: stopped")
      #expect(result.errors.count(of: "XGetImage") == 0, "shared memory is used on")
    }

    @Test("Without RANDR a monitor is not supported, and a window is captured all the same")
    func noRANDR() throws {
      let stage = try Stage(server: ["-extension", "RANDR"])
      for name in ["A", "primary"] {
        let row = Refusal(["--monitor", name, "-n", "1"], 3, "RANDR")
        row.check(try stage.run(row.arguments))
      }
      #expect(pictures(try stage.run(stage.cropped + ["-n", "1"]).output) == [.ofT])
    }
  }
}
