import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Requests to a session that ends") struct SessionEndTests {
    /// What is asked for while the surface is closed: all of these, again and again.
    static func request(_ number: Int, _ child: UInt) -> (String, [String: Any]) {
      switch number % 9 {
      case 0: ("cropTo", ["target": child.target])
      case 1: ("cropTo", [:])
      case 2: ("mint", ["kind": "crop", "target": child.target])
      case 3: ("state", [:])
      case 4: ("refresh", [:])
      case 5: ("cropTo", ["target": "child:1"])
      case 6: ("pause", [:])
      case 7: ("resume", [:])
      default: ("cropTo", ["target": CropChangeTests.unknownToken])
      }
    }

    @Test(
      "C16: the surface is destroyed while requests fly: an answer or the end, for each of them")
    func destroyed() throws {
      let stage = try Stage()
      let scene = stage.scene
      let folder = try TemporaryFolder()
      var state = 1 as UInt64
      func random(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
      }
      var (late, answered) = (0, 0)
      for round in 0..<50 {
        let rect = Rect(x: 0, y: 200, width: 60, height: 50)
        let surface = scene.window(in: scene.root, rect, Scene.top)
        let child = scene.window(
          in: surface, Rect(x: 5, y: 5, width: 20, height: 20), Scene.t)
        let command = try stage.start(
          ["-w", surface.target, "-f", "raw", "-r", "500", "--session", "rec", "-o", "/dev/null"],
          environment: ["XDG_RUNTIME_DIR": folder.path])
        let client = try ControlClient(session: "rec", in: folder.path)
        while try client.call("state").seq == 0 {}
        var asked: [Int] = []
        func ask(_ count: Int) {
          for _ in 0..<count {
            let (operation, arguments) = Self.request(random(9), child)
            // A session that has ended takes nothing.
            guard let id = try? client.ask(operation, arguments) else { return }
            asked.append(id)
          }
        }
        ask(random(60))
        for _ in 0..<random(20) where !client.isSilent(for: 0) {
          if let id = asked.first {
            _ = try client.answer(id)
            asked.removeFirst()
          }
        }
        scene.destroy(surface)
        let start = ContinuousClock.now
        ask(random(30))
        // Answers may come in another order: errors wait for nothing.
        var answers: [Int: ControlReading] = [:]
        while let line = try client.nextLine(within: 1) {
          let answer = try ControlReading(line)
          let id = try #require(answer["id"])
          #expect(answers.updateValue(answer, forKey: id) == nil, "\(id) was answered twice")
        }
        #expect(command.hasEnded(within: 1))
        #expect(ContinuousClock.now - start < .seconds(1))
        let result = try command.finish()
        #expect(result.status == 0 && result.errors == "", "\(round): \(result.errors)")
        #expect(Set(answers.keys).isSubset(of: asked))
        answered += answers.count
        late += answers.values.count { $0.error == "InvalidStateError" }
        let errors = Set(answers.values.compactMap(\.error))
        #expect(
          errors.isSubset(of: [
            "InvalidStateError", "NotAllowedError", "NotFoundError", "TypeError",
          ]),
          "\(errors)")
      }
      #expect(answered > 500 && late > 0, "\(answered), \(late): or the test shows nothing")
    }

    @Test("C16: a reader that does not read: after the end InvalidStateError, and no hang")
    func blocked() throws {
      let stage = try Stage()
      let scene = stage.scene
      let session = try CropSession(stage: stage, capacity: 4096)
      let client = session.client
      while try client.call("state").seq == 0 {}
      let accepted = try session.ask(scene.t.target, shows: "T")
      #expect(try client.call("state").version == 1)
      scene.destroy(scene.top)
      while try client.call("state").members["status"] as? String != "ended" {}
      for (operation, arguments) in [
        ("cropTo", [:]), ("cropTo", ["target": scene.t.target]), ("pause", [:]), ("resume", [:]),
        ("mint", ["kind": "crop", "target": scene.t.target]), ("refresh", [:]), ("lock", [:]),
        ("capabilities", [:]), ("subscribe", [:]),
      ] as [(String, [String: String])] {
        let answer = try client.call(operation, arguments, within: 0.25)
        #expect(answer.error == "InvalidStateError", "\(operation): \(answer.text)")
        #expect(answer.message == "the session: it has ended")
      }
      #expect(client.isSilent(for: 0.05))
      // What was accepted before is answered when the frame is whole, and then all is over.
      #expect(try session.answer(accepted).firstSeq == 1)
      while try session.reader.read() {}
      #expect(try client.nextLine() == nil)
      #expect(session.reader.names == ["TOP"])
      try session.finish()
    }

    @Test("C16: stopped while changes wait for a reader that does not read: each is answered")
    func stopped() throws {
      let stage = try Stage()
      let session = try CropSession(stage: stage, capacity: 4096)
      let client = session.client
      while try client.call("state").seq == 0 {}
      let ids = try (0..<10).map { _ in
        try client.ask("cropTo", ["target": stage.scene.t.target])
      }
      let start = ContinuousClock.now
      #expect(try client.call("stop").ok)
      for id in ids {
        let answer = try client.answer(id)
        #expect(answer.error == "InvalidStateError", "\(answer.text)")
      }
      #expect(try client.nextLine() == nil)
      #expect(session.command.hasEnded(within: 1))
      #expect(ContinuousClock.now - start < .seconds(1.2))
    }
  }
}
