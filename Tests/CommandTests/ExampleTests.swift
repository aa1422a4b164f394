import CropEngine
import TestSupport
import Testing

extension CommandRing {
  @Suite("The example, which uses the library alone") struct ExampleTests {
    private let stage: Stage
    private let folder: TemporaryFolder
    private var scene: Scene { stage.scene }

    init() throws {
      stage = try Stage()
      folder = try TemporaryFolder()
    }

    private func start(_ arguments: [String]) throws -> Command {
      try Command(
        Command.products + "/follow-target", arguments, display: stage.display,
        directory: folder.path)
    }

    @Test("It follows a token, a published rectangle and a child, then the whole window")
    func follows() throws {
      scene.publish("spot 30x20+10+5\n", on: scene.top)
      let minted = try stage.run(["mint", "crop", hexadecimal(scene.t)]).output
      let token = String(decoding: minted.dropLast(), as: UTF8.self)
      let example = try start([hexadecimal(scene.top), "3", token, "rect:spot", "child:2"])
      func expect(_ line: String, at location: SourceLocation = #_sourceLocation) throws {
        let bytes = try example.read(line.utf8.count + 1)
        #expect(
          String(decoding: bytes, as: UTF8.self) == line + "\n", sourceLocation: location)
      }
      try expect("target-1 1: 100x80+50+50 of 400x300")
      scene.unmap(scene.t)
      try expect("target-1 2: nothing to see: empty")
      scene.atOnce {
        scene.map(scene.t)
        scene.move(scene.t, x: 340, y: 20)
      }
      try expect("target-1 3: 60x80+340+20 of 400x300")
      try expect("target-2 1: 30x20+10+5 of 400x300")
      scene.publish("spot 30x20+11+5\n", on: scene.top)
      try expect("target-2 2: 30x20+11+5 of 400x300")
      scene.publish("", on: scene.top)
      try expect("target-2 3: nothing to see: disconnected")
      try expect("target-3 1: 60x80+340+20 of 400x300")
      scene.move(scene.t, x: 50, y: 50)
      try expect("target-3 2: 100x80+50+50 of 400x300")
      scene.resize(scene.t, width: 20, height: 10)
      try expect("target-3 3: 20x10+50+50 of 400x300")
      try expect("window 1: 400x300+0+0 of 400x300")
      let result = try example.finish()
      #expect(result.status == 0 && result.output == [] && result.errors == "")
      #expect(
        folder.names == [
          "target-1-1.ppm", "target-1-3.ppm", "target-2-1.ppm", "target-2-2.ppm", "target-3-1.ppm",
          "target-3-2.ppm", "target-3-3.ppm", "window-1.ppm",
        ])
      for name in ["target-1-1.ppm", "target-3-2.ppm"] {
        #expect(try folder.read(name) == ppm(.ofT), "\(name)")
      }
    }

    @Test("It says what it cannot do, and stops when the window is closed")
    func ends() throws {
      let result = try start([hexadecimal(scene.top), "1", hexadecimal(scene.other)]).finish()
      #expect(result.status == 5)
      #expect(
        String(decoding: result.output, as: UTF8.self)
          == "\(hexadecimal(scene.other)): it is no target inside the surface\n")
      let example = try start([hexadecimal(scene.top), "3", "child:1"])
      _ = try example.read("target-1 1: 40x40+40+40 of 400x300\n".utf8.count)
      scene.destroy(scene.top)
      let rest = try example.finish()
      #expect(rest.status == 0)
      // A window that is destroyed is unmapped first; the server may tell of that beforehand.
      #expect(
        [
          "target-1 2: the window is closed\n",
          "target-1 2: nothing to see: unmapped\ntarget-1 3: the window is closed\n",
        ].contains(String(decoding: rest.output, as: UTF8.self)))
    }

    private func ppm(_ picture: Picture) -> [UInt8] {
      Array("P6\n\(picture.size.width) \(picture.size.height)\n255\n".utf8)
        + picture.pixels.flatMap { [UInt8($0 >> 16), UInt8($0 >> 8 & 0xff), UInt8($0 & 0xff)] }
    }
  }
}
