import Foundation
import TestSupport
import Testing

extension CommandRing {
  @Suite("The recipes of the documents") struct RecipeTests {
    /// Runs lines in bash as a user would, whose programs are those of who runs the tests.
    private static func shell(
      _ lines: String, in folder: TemporaryFolder, display: String? = nil
    ) throws -> Command.Result {
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
      return try Command.run(
        "/bin/bash", ["-e", "-o", "pipefail", "-c", lines], display: display,
        environment: [
          "PATH": Command.products + ":" + path, "HOME": folder.path,
          "XDG_RUNTIME_DIR": folder.path,
        ], directory: folder.path)
    }

    /// A display with the window that recipes for a display are about.
    private final class Desk {
      let server: Xvfb
      let terminal: Command

      init() throws {
        server = try Xvfb()
        terminal = try Command(
          "/usr/bin/xterm", ["-e", "seq 300; cat"], display: server.displayName)
        let ready = try Command.run(
          Command.xregioncap, ["shot", "-w", "class:XTerm", "--wait", "20", "-o", "-"],
          display: server.displayName)
        guard ready.status == 0 else { throw Failure(ready.errors) }
      }

      deinit { terminal.signal(SIGTERM) }
    }

    @Test("They were read")
    func reading() {
      let counts = Recipe.documents.map { name in Recipe.all.count { $0.document == name } }
      #expect(counts == [3, 2, 6, 5])
    }

    @Test("Run as they stand, they do what they say", arguments: Recipe.all)
    func recipe(_ recipe: Recipe) throws {
      let folder = try TemporaryFolder()
      guard try Self.shell(recipe.condition, in: folder).status == 0 else { return }
      for (name, text) in recipe.files { try folder.write(text.utf8, to: name) }
      let desk = try recipe.commands.contains("class:XTerm") ? Desk() : nil
      let result = try Self.shell(
        recipe.commands, in: folder, display: desk?.server.displayName)
      let said = result.errors + String(decoding: result.output, as: UTF8.self)
      #expect(result.status == recipe.status, "\(said)")
      for name in recipe.results {
        let isVideo = !name.hasSuffix(".png") && !name.hasSuffix(".html")
        let bytes = (try? folder.read(name).count) ?? 0
        #expect(bytes > 500, "\(name): \(said)")
        if bytes > 0, isVideo {
          let probe =
            "ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0"
          let count = try Self.shell("\(probe) \(name)", in: folder).output
          let frames = Int(String(decoding: count, as: UTF8.self).filter { $0.isNumber }) ?? 0
          #expect((1...300).contains(frames), "\(name): \(frames) frames")
        }
      }
      if recipe.files["conftest.py"] != nil, recipe.status == 1 {
        #expect(
          TemporaryFolder.names(in: folder["films"]) == ["test_window.py_test_that_fails.mkv"])
      }
    }

    /// The words behind each `xregioncap` of a document's blocks, up to what belongs to another
    /// program.
    private static func commands(of document: String) -> [String] {
      let blocks = Recipe.text(of: document).matches(of: #/\n```[a-z]+\n((?s:.*?))```\n/#)
      return blocks.flatMap { block in
        let line = String(block.output.1).replacing(#/(\\|,)\n\s*/#, with: " ")
          .replacing(#/'[^']*'/#, with: "…").replacing(#/["\[\],]/#, with: " ")
        return line.split(separator: "xregioncap ", omittingEmptySubsequences: false).dropFirst()
          .map { rest in
            String(rest.prefix { !"|;&)#\n".contains($0) }.split(separator: " -- ")[0])
          }
      }
    }

    @Test("Each option in their commands is one of the help")
    func options() throws {
      let subcommands = ["run", "shot", "publish", "ctl", "report"]
      let commands = Recipe.documents.flatMap { Self.commands(of: $0) }
      #expect(commands.count == 36, "they were read")
      var known: [String: Set<String>] = [:]
      for command in commands {
        let words = command.split(separator: " ").map(String.init)
        let name = words.first.flatMap { subcommands.contains($0) ? $0 : nil } ?? "capture"
        if known[name] == nil {
          let help = try Command.run(Command.xregioncap, [name, "--help"])
          #expect(help.status == 0)
          let text = String(decoding: help.output, as: UTF8.self)
          let names = text.matches(of: #/(?:\s|\/)(--?[a-z][a-z-]*)/#)
          known[name] = Set(names.map { String($0.output.1) })
        }
        let own = words.filter { $0.wholeMatch(of: #/--?[a-z][a-z-]*/#) != nil }
        #expect(Set(own).isSubset(of: known[name]!), "xregioncap \(command)")
      }
    }
  }
}
