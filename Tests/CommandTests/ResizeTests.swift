import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Windows that are resized") struct ResizeTests {
    static let colour: UInt32 = 0xff_0000

    /// A red window over windows of other colours, and what is written of it meanwhile: the colours
    /// that occur, and the frames' sizes in pam, each once in a row.
    private func record(
      _ policy: String, of first: Rect, screen: String = "1200x300x24", options: [String] = [],
      while change: (Stage, UInt, Command) throws -> Void
    ) throws -> (colours: Set<UInt32>, sizes: [String], frames: Int) {
      let stage = try Stage(screen: screen)
      let folder = try TemporaryFolder()
      let window = stage.scene.window(in: stage.scene.root, first, Self.colour)
      let format = policy == "native" ? "pam" : "raw"
      let command = try stage.start(
        [
          "-w", hexadecimal(window), "-f", format, "--on-resize", policy, "-r", "200", "--verbose",
          "--cursor", "never", "-o", folder["frames"],
        ] + options)
      try command.waitForError("pixels by")
      try change(stage, window, command)
      #expect(!command.hasEnded(within: 0))
      command.signal(SIGINT)
      let result = try command.finish()
      #expect(result.status == 0, "\(result.errors)")
      let bytes = try folder.read("frames")
      if policy == "native" {
        let frames = try pamPictures(bytes)
        var sizes: [String] = []
        for frame in frames where sizes.last != "\(frame.size)" { sizes.append("\(frame.size)") }
        return (frames.reduce(into: []) { $0.formUnion($1.colours) }, sizes, frames.count)
      }
      let screenSize = try Size(
        parsing: String(screen.prefix { $0 != "x" }) + "x"
          + screen.split(separator: "x")[1], subject: "")
      let canvas = first.intersection(screenSize.bounds).size
      let count = canvas.width * canvas.height * 4
      #expect(bytes.count % count == 0)
      var colours: Set<UInt32> = []
      bytes.withUnsafeBytes { bytes in
        for at in stride(from: 0, to: bytes.count, by: 4) {
          let pixel = bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self) & 0xff_ffff
          if pixel != Self.colour, pixel != 0 { colours.insert(pixel) }
          if colours.count > 16 { break }
        }
      }
      return (colours, [], bytes.count / count)
    }

    /// Nothing but red, as scaling leaves it, and black.
    private func check(_ colours: Set<UInt32>, _ policy: String) {
      let foreign = colours.filter {
        policy == "stretch" ? $0 & 0xff_ffff < 0xf8_0000 : $0 != Self.colour
      }
      let mayPad = policy == "native" ? foreign : foreign.subtracting([0])
      #expect(mayPad == [], "\(policy): \(mayPad.map { String($0, radix: 16) }.prefix(8))")
    }

    @Test("A window is enlarged", arguments: ["fit", "crop", "stretch", "native"])
    func enlarged(_ policy: String) throws {
      let start = Rect(x: 20, y: 20, width: 50, height: 40)
      let (colours, sizes, frames) = try record(policy, of: start) { stage, window, command in
        for step in 1...10 {
          stage.scene.resize(window, width: 50 + 20 * step, height: 40 + 20 * step)
          try command.waitForError(" \(50 + 20 * step)x\(40 + 20 * step)+0+0 of ")
        }
      }
      check(colours, policy)
      #expect(frames >= 10)
      if policy == "native" {
        #expect(sizes == (0...10).map { "\(50 + 20 * $0)x\(40 + 20 * $0)" })
      }
    }

    @Test(
      "A window is dragged smaller 1,000 times", arguments: ["fit", "crop", "stretch", "native"])
    func draggedSmaller(_ policy: String) throws {
      let start = Rect(x: 10, y: 10, width: 1100, height: 30)
      let (colours, sizes, frames) = try record(policy, of: start) { stage, window, command in
        for step in 1...1000 {
          stage.scene.resize(window, width: 1100 - step, height: 30 - step / 50)
        }
        try command.waitForError(" 100x10+0+0 of ")
      }
      check(colours, policy)
      #expect(frames >= 2)
      #expect(policy != "native" || sizes.first == "1100x30" && sizes.last == "100x10")
    }

    @Test("A window is larger than the screen", arguments: ["fit", "crop", "stretch", "native"])
    func largerThanScreen(_ policy: String) throws {
      let start = Rect(x: -50, y: -40, width: 1000, height: 800)
      let (colours, sizes, _) = try record(
        policy, of: start, screen: "320x240x24", options: ["--visible"]
      ) { stage, window, command in
        stage.scene.resize(window, width: 32767, height: 32767)
        try command.waitForError("of 32767x32767")
        stage.scene.move(window, x: -32000, y: 0)
        stage.scene.move(window, x: 20, y: 40)
        try command.waitForError("300x200+0+0 of 32767x32767")
        stage.scene.resize(window, width: 9, height: 7)
        try command.waitForError("9x7+0+0 of 9x7")
      }
      check(colours, policy)
      #expect(policy != "native" || sizes == ["320x240", "300x200", "9x7"])
    }

    @Test("The whole of the screen is shot of a window that is larger")
    func shot() throws {
      let stage = try Stage(screen: "320x240x24")
      let window = stage.scene.window(
        in: stage.scene.root, Rect(x: -50, y: -40, width: 32767, height: 32767), Self.colour)
      let result = try stage.run(
        ["shot", "-w", hexadecimal(window), "--visible", "-o", "-", "-f", "ppm"])
      #expect(result.status == 0)
      let red = (0..<320 * 240).flatMap { _ -> [UInt8] in [255, 0, 0] }
      let isRed = result.output == Array("P6\n320 240\n255\n".utf8) + red
      #expect(isRed)
    }
  }
}
