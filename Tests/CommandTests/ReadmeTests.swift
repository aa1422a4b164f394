import Foundation
import TestSupport
import Testing

extension CommandRing {
  @Suite("The README's session") struct ReadmeTests {
    /// The block that shows a shell, without its fences.
    private static func session() throws -> [Substring] {
      let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      let text = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
      let block = try #require(text.firstMatch(of: #/\n```console\n((?s:.*?))```\n/#))
      return String(block.output.1).lines
    }

    /// With the same word for each token, and the same number for each frame.
    private static func normalised(_ text: Substring) -> String {
      String(text).replacing(#/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/#, with: "TOKEN")
        .replacing(#/"(firstSeq|seq)":[0-9]+/#) { "\"\($0.output.1)\":N" }
    }

    @Test("Its commands, run on an xterm, say what the README shows")
    func session() throws {
      let lines = try Self.session()
      let commands = lines.filter { $0.hasPrefix("$ ") }.map { $0.dropFirst(2) }
      let shown = lines.filter { !$0.hasPrefix("$ ") }.map(Self.normalised)
      #expect(commands.count == 6 && shown.count == 6, "it was read")
      let server = try Xvfb()
      let folder = try TemporaryFolder()
      let runtime = try TemporaryFolder()
      let terminal = try Command(
        "/usr/bin/xterm", ["-geometry", "80x24+20+30", "-e", "cat"], display: server.displayName)
      defer { terminal.signal(SIGTERM) }
      // It is there, and the session listens, before somebody could have typed the next line.
      let ready = "until xregioncap ctl -s rec state > state 2>&1; do :; done"
      let script =
        ["set -e; xregioncap shot -w class:XTerm --wait 20 -o first.png"]
        + commands.flatMap { $0.hasSuffix("&") ? [String($0), ready] : [String($0)] } + ["wait $!"]
      let result = try Command.run(
        "/bin/bash", ["-c", script.joined(separator: "\n")], display: server.displayName,
        environment: [
          "PATH": Command.products + ":/usr/local/bin:/usr/bin:/bin",
          "XDG_RUNTIME_DIR": runtime.path,
        ], directory: folder.path)
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      let said = String(decoding: result.output, as: UTF8.self)
      #expect(said.lines.map(Self.normalised) == shown)
      let film = try folder.read("rec.y4m")
      #expect(film.starts(with: "YUV4MPEG2 W".utf8))
    }
  }
}
