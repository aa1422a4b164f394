import Foundation
import TestSupport

/// Commands of a document that are run as they stand, and the files that they find.
///
/// In front of a block, `<!-- run -->` says that it is one; `<!-- run 1 where COMMAND -->` that its
/// status is 1, and that it is run where COMMAND succeeds; `<!-- file NAME -->` that the block is a
/// file, which each recipe of the document finds.
struct Recipe: Sendable, CustomStringConvertible {
  let document: String
  /// Where it stands in the document, from 1.
  let number: Int
  let commands: String
  let status: Int32
  /// What has to succeed for it to be run.
  let condition: String
  let files: [String: String]

  var description: String { "\(document), \(number)" }

  static let documents = ["browsers.md", "ci.md", "pipes.md", "testing.md"]

  static let all = documents.flatMap { recipes(of: $0) }

  static func text(of document: String) -> String {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appending(path: "docs").appending(path: document)
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }

  private static func recipes(of document: String) -> [Recipe] {
    let marked = text(of: document).matches(
      of: #/\n<!-- (run|file)(?: ([\w.-]+?))??(?: where (.+))? -->\n```[a-z]+\n((?s:.*?))```\n/#)
    let files = marked.filter { $0.output.1 == "file" }.map {
      (String($0.output.2 ?? ""), String($0.output.4))
    }
    let runs = marked.filter { $0.output.1 == "run" }
    return runs.indices.map { index in
      let (_, _, status, condition, commands) = runs[index].output
      return Recipe(
        document: document, number: index + 1, commands: String(commands),
        status: status.flatMap { Int32($0) } ?? 0, condition: condition.map(String.init) ?? "true",
        files: Dictionary(uniqueKeysWithValues: files))
    }
  }

  /// The videos, pictures and pages that it names, but not those that are there on failure only.
  var results: [String] {
    let words = commands.split { " =,\n".contains($0) }.map(String.init)
    return words.indices.filter { index in
      words[index].wholeMatch(of: #/[\w-]+\.(mp4|mkv|webm|ogv|png|html)/#) != nil
        && (index == 0 || words[index - 1] != "--diff")
    }.map { words[$0] }
  }
}
