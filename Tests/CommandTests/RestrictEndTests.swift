import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  @Suite("Restrictions of several at once, and their ends") struct RestrictEndTests {
    private func restricted(_ stage: Stage) -> [String] {
      stage.top + ["-r", "100", "--restrict-to", hexadecimal(stage.scene.t)]
    }

    /// Waits until neither TOP nor T is redirected: the server hears of an end when it does.
    private func expectReleased(
      _ scene: Scene, at location: SourceLocation = #_sourceLocation
    ) {
      let end = ContinuousClock.now + .seconds(5)
      while scene.isRedirected(scene.t) || scene.isRedirected(scene.top) {
        guard .now < end else { break }
      }
      #expect(!scene.isRedirected(scene.t), sourceLocation: location)
      #expect(!scene.isRedirected(scene.top), sourceLocation: location)
    }

    @Test("F5: a stop and a kill release redirects", arguments: [SIGTERM, SIGINT, SIGHUP, SIGKILL])
    func ended(by signal: Int32) throws {
      let stage = try Stage()
      let scene = stage.scene
      _ = scene.mapOverlay()
      let order = (scene.children(scene.root), scene.children(scene.top))
      let command = try stage.start(restricted(stage))
      #expect(pictures(try command.read(Stage.bytesOfT)) == [.ofTAlone])
      #expect(scene.isRedirected(scene.t))
      command.signal(signal)
      let result = try command.finish()
      #expect(result.status == (signal == SIGKILL ? 128 + SIGKILL : 0))
      if signal != SIGKILL { #expect(result.output.count % Stage.bytesOfT == 0) }
      expectReleased(scene)
      #expect(scene.children(scene.root) == order.0)
      #expect(scene.children(scene.top) == order.1)
      // All is as it was, for whoever comes next.
      let next = try stage.run(stage.top + ["-n", "1", "--visible"])
      let seen = Picture.ofTop.painted([(Rect(x: 20, y: 20, width: 60, height: 60), Scene.ovl)])
      #expect(pictures(next.output, Stage.sizeOfTop) == [seen])
    }

    @Test(
      "F2: two sessions on one window, one crops, one restricts: both right, whoever ends first")
    func cropAndRestrict() throws {
      let stage = try Stage()
      let scene = stage.scene
      _ = scene.mapOverlay()
      for restrictedEndsFirst in [true, false] {
        let commands = [
          (try stage.start(restricted(stage)), Picture.ofTAlone),
          (try stage.start(stage.cropped + ["-r", "100"]), Picture.ofT),
        ]
        func check(_ command: Command, _ picture: Picture) throws {
          let frames = pictures(try command.read(20 * Stage.bytesOfT))
          #expect(frames.allSatisfy { $0 == picture })
        }
        for (command, picture) in commands { try check(command, picture) }
        let (first, last) = restrictedEndsFirst ? (0, 1) : (1, 0)
        commands[first].0.signal(SIGTERM)
        #expect(try commands[first].0.finish().status == 0)
        try check(commands[last].0, commands[last].1)
        #expect(scene.isRedirected(scene.t) == !restrictedEndsFirst)
        commands[last].0.signal(SIGTERM)
        #expect(try commands[last].0.finish().status == 0)
        expectReleased(scene)
      }
    }

    @Test("F2: two sessions restrict the same window, and one is killed: the other goes on")
    func both() throws {
      let stage = try Stage()
      let scene = stage.scene
      _ = scene.mapOverlay()
      let commands = try (0..<2).map { _ in try stage.start(restricted(stage)) }
      for command in commands {
        let frames = pictures(try command.read(10 * Stage.bytesOfT))
        #expect(frames.allSatisfy { $0 == .ofTAlone })
      }
      commands[0].signal(SIGKILL)
      _ = try commands[0].finish()
      let frames = pictures(try commands[1].read(30 * Stage.bytesOfT))
      #expect(frames.allSatisfy { $0 == .ofTAlone })
      #expect(scene.isRedirected(scene.t))
      commands[1].signal(SIGTERM)
      #expect(try commands[1].finish().status == 0)
      expectReleased(scene)
    }

    @Test("The target is destroyed: as without frames, or the end, as asked; the surface: the end")
    func destroyed() throws {
      for (options, isSurface) in [(["--on-lost", "end"], false), ([], true)] {
        let stage = try Stage()
        let command = try stage.start(restricted(stage) + options)
        _ = try command.read(Stage.bytesOfT)
        stage.scene.destroy(isSurface ? stage.scene.top : stage.scene.t)
        let result = try command.finish()
        #expect(result.status == 0 && result.seconds < 1, "\(result.errors)")
        #expect(result.output.count % Stage.bytesOfT == 0)
      }
      let stage = try Stage()
      let command = try stage.start(restricted(stage))
      _ = try command.read(Stage.bytesOfT)
      stage.scene.destroy(stage.scene.t)
      _ = try command.drain(silence: 0.3)
      #expect(!command.hasEnded(within: 0))
      command.signal(SIGTERM)
      #expect(try command.finish().status == 0)
    }
  }
}
