import CropEngine
import TestSupport
import Testing

extension CommandRing {
  @Suite("What a start costs") struct StartTests {
    /// How often a run of one frame asks the server and waits for the answer.
    private func roundTrips(_ stage: Stage, _ arguments: [String]) throws -> Int {
      let folder = try Fixture.build("roundtrips")
      let command = try stage.start(
        arguments + ["-f", "raw", "-n", "1"],
        environment: [
          "LD_PRELOAD": folder["count.so"], "ROUND_TRIPS": folder["count"],
        ])
      let result = try command.finish()
      #expect(result.status == 0)
      #expect(!result.output.isEmpty)
      let text = String(decoding: try folder.read("count"), as: UTF8.self).lines.first
      guard let count = text.flatMap({ Int($0) }) else {
        throw Failure("nothing was counted: \(result.errors)")
      }
      return count
    }

    @Test(
      "The server is asked no more than it has to be for a first frame, and to take leave",
      arguments: [
        (["--screen"], 16), (["--window", "TOP", "--visible"], 22), (["--window", "TOP"], 49),
        (["--window", "TOP", "--crop-to", "child:1"], 52),
        (["--window", "name:^TOP$", "--crop-to", "child:name:^T$"], 58),
      ])
    func roundTrips(_ arguments: [String], _ expected: Int) throws {
      let stage = try Stage()
      let top = hexadecimal(stage.scene.top)
      let count = try roundTrips(stage, arguments.map { $0 == "TOP" ? top : $0 })
      #expect(count == expected)
    }

    @Test(
      "Where other windows have to be asked for something, they are all asked at once",
      arguments: [["--window", "name:^TOP$"], ["--window", "TOP", "--popups", "own"]])
    func crowd(_ arguments: [String]) throws {
      let stage = try Stage()
      let top = hexadecimal(stage.scene.top)
      let arguments = arguments.map { $0 == "TOP" ? top : $0 }
      let application = try Application(stage.scene)
      func open(_ count: Int) throws -> Int {
        for number in 0..<count {
          let rect = Rect(x: 2 * number, y: 420, width: 40, height: 40)
          let window = application.window(in: stage.scene.root, rect, Scene.ovl)
          stage.scene.setTitle(window, "\(number)")
        }
        return try roundTrips(stage, arguments)
      }
      let one = try open(1)
      #expect(try open(200) == one)
    }

    @Test("Other windows on the screen are not asked for anything")
    func strangers() throws {
      let stage = try Stage()
      let alone = try roundTrips(stage, stage.cropped)
      for number in 0..<100 {
        let rect = Rect(x: 4 * number, y: 420, width: 40, height: 40)
        _ = stage.scene.window(in: stage.scene.root, rect, Scene.ovl)
      }
      #expect(try roundTrips(stage, stage.cropped) == alone)
      #expect(try roundTrips(stage, ["--screen"]) == 16)
    }
  }
}
