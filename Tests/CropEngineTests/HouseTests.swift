import Foundation
import Testing

/// What holds of the sources as text: the rules that no compiler keeps.
@Suite("The house")
struct HouseTests {
  struct Source: Sendable {
    /// Below Sources, such as `CropEngine/Rect.swift`.
    let path: String
    let text: String

    var module: String { String(path.prefix { $0 != "/" }) }
    var isSwift: Bool { path.hasSuffix(".swift") }
    var lineCount: Int { text.split(separator: "\n", omittingEmptySubsequences: false).count - 1 }
  }

  /// The modules that are imported, whatever stands before or behind their names.
  static func importedModules(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split { $0 == " " || $0 == "\t" }
      guard let place = words.firstIndex(of: "import"),
        words[..<place].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains($0) })
      else { return nil }
      let rest = words[(place + 1)...].drop { Self.kinds.contains($0) }
      return rest.first.map { String($0.prefix { $0 != "." && $0 != ";" }) }
    }
  }

  private static let accessLevels: Set<Substring> = [
    "public", "package", "internal", "fileprivate", "private",
  ]
  private static let kinds: Set<Substring> = [
    "struct", "class", "enum", "protocol", "typealias", "func", "let", "var",
  ]

  private static func sources() throws -> [Source] {
    let root = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appending(path: "Sources", directoryHint: .isDirectory)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path())
    return try paths.filter { path in
      ["swift", "c", "h"].contains(String(path.split(separator: ".").last ?? ""))
    }.map { path in
      Source(
        path: path, text: try String(contentsOf: folder.appending(path: path), encoding: .utf8))
    }
  }

  @Test("All sources are looked at")
  func sourcesAreFound() throws {
    let modules = Set(try Self.sources().map(\.module))
    #expect(
      modules.isSuperset(of: ["CropEngine", "ScreenSource", "FrameOutput", "xregioncap", "CX11"]))
    #expect(try Self.sources().contains { $0.path == "CropEngine/Rect.swift" })
  }

  @Test(
    "An import is recognised in all its forms",
    arguments: [
      ("import A", ["A"]), ("  import A", ["A"]), ("@testable import A", ["A"]),
      ("private import A", ["A"]), ("@preconcurrency public import A", ["A"]),
      ("import struct A.B", ["A"]), ("import A.B.C", ["A"]), ("import A\nimport B", ["A", "B"]),
      ("import A;", ["A"]), ("@_exported import A // why", ["A"]),
      ("// import A", []), ("/// An import line", []), ("let imported = 1", []), ("", []),
    ] as [(String, [String])])
  func importsAreRecognised(_ text: String, _ modules: [String]) {
    #expect(Self.importedModules(in: text) == modules)
  }

  @Test("CropEngine imports nothing")
  func engineImportsNothing() throws {
    for source in try Self.sources() where source.module == "CropEngine" {
      #expect(Self.importedModules(in: source.text) == [], "\(source.path)")
    }
  }

  @Test("ScreenSource alone imports CX11")
  func oneImporterOfX() throws {
    let sources = try Self.sources().filter(\.isSwift)
    let importers = Set(
      sources.filter { Self.importedModules(in: $0.text).contains("CX11") }.map(\.module))
    #expect(importers == ["ScreenSource"])
  }

  @Test("Nothing shipped imports Foundation")
  func noFoundation() throws {
    for source in try Self.sources() where source.isSwift {
      #expect(!Self.importedModules(in: source.text).contains("Foundation"), "\(source.path)")
    }
  }

  @Test("Whatever the libraries offer is documented")
  func documented() throws {
    for source in try Self.sources() where ["CropEngine", "ScreenSource"].contains(source.module) {
      var last = Substring()
      for line in source.text.split(separator: "\n").map({ $0.drop { $0 == " " } }) {
        let isOffer = line.hasPrefix("public ") || line.hasPrefix("@safe public ")
        #expect(!isOffer || last.hasPrefix("///"), "\(source.path): \(line)")
        if !line.hasPrefix("@") || isOffer { last = line }
      }
    }
  }

  @Test("A file has at most 350 lines")
  func shortFiles() throws {
    for source in try Self.sources() {
      #expect(source.lineCount <= 350, "\(source.path) has \(source.lineCount) lines")
    }
  }

  @Test("The file that begins the command stays under 40 lines")
  func shortMain() throws {
    let mains = try Self.sources().filter { $0.isSwift && $0.text.contains("\n@main") }
    #expect(mains.count == 1)
    for source in mains {
      #expect(source.lineCount < 40, "\(source.path) has \(source.lineCount) lines")
    }
  }

  @Test("FrameOutput does not know of X, nor ScreenSource of the output")
  func oneDirection() throws {
    for source in try Self.sources() where source.isSwift {
      let modules = Set(Self.importedModules(in: source.text))
      switch source.module {
      case "FrameOutput":
        #expect(modules.isDisjoint(with: ["ScreenSource", "ArgumentParser"]), "\(source.path)")
      case "ScreenSource":
        #expect(modules.isDisjoint(with: ["FrameOutput", "ArgumentParser"]), "\(source.path)")
      default: break
      }
    }
  }
}
