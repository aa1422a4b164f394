import CropEngine
import Foundation
import ScreenSource
import TestSupport
import Testing

extension CommandRing {
  @Suite("A token, once minted") struct MintAndCropTests {
    /// Who mints.
    enum Minter: CaseIterable {
      /// Another client of the server; one session itself; a process for each token.
      case client, session, process
    }

    @Test(
      "B5: new tokens of new windows are accepted by each session at once, never NotAllowedError",
      arguments: Minter.allCases)
    func accepted(_ minter: Minter) throws {
      let stage = try Stage()
      let scene = stage.scene
      let connection = try Connection(displayName: stage.display)
      let folder = try TemporaryFolder()
      func start(_ name: String) throws -> (Command, ControlClient) {
        let command = try stage.start(
          stage.top + ["--on-resize", "native", "-f", "pam", "-r", "100", "-o", "/dev/null"]
            + ["--session", name], environment: ["XDG_RUNTIME_DIR": folder.path])
        let client = try ControlClient(session: name, in: folder.path)
        // Without a frame it would not end well.
        while try client.call("state").seq == 0 {}
        return (command, client)
      }
      let sessions = try [start("a"), start("b")]
      func mint(_ window: UInt) throws -> String? {
        switch minter {
        case .client:
          return try TargetRegistry(connection)
            .mint(.crop, .window(window), in: scene.top, subject: "").text
        case .session:
          return try sessions[0].1.call("mint", ["kind": "crop", "target": window.target]).token
        case .process:
          let output = try stage.run(["mint", "crop", window.target]).output
          return String(decoding: output.dropLast(), as: UTF8.self)
        }
      }
      var tokens: Set<String> = []
      let rounds = minter == .process ? 20 : 1000
      for round in 1...rounds {
        let window = scene.window(in: scene.top, Rect(x: 200, y: 200, width: 9, height: 9), 0)
        let token = try #require(try mint(window))
        tokens.insert(token)
        for (_, client) in sessions {
          let answer = try client.call("cropTo", ["target": token])
          #expect(answer.ok && answer.version == round, "\(answer.text)")
        }
        scene.destroy(window)
      }
      #expect(tokens.count == rounds)
      for (command, _) in sessions {
        command.signal(SIGINT)
        let result = try command.finish()
        #expect(result.status == 0, "\(result.errors)")
      }
    }
  }
}
