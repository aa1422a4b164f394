import CropEngine
import Foundation
import TestSupport
import Testing

/// A window as `list windows --json` tells of it.
struct ListedObject: Decodable, Equatable {
  var id: String
  var parent: String?
  var name = ""
  var instance = ""
  var `class` = ""
  var pid: Int?
  var x: Int
  var y: Int
  var width: Int
  var height: Int
  var border = 0
  var viewable = true
  var focused = false
  var inputOnly: Bool?
  var overrideRedirect: Bool?
  var frame: Bool?

  /// A window of the scene, which has no properties.
  init(_ id: UInt, in parent: UInt?, _ rect: Rect, name: String = "", listsAll: Bool = false) {
    self.id = hexadecimal(id)
    self.parent = parent.map(hexadecimal)
    self.name = name
    (x, y, width, height) = (rect.x, rect.y, rect.width, rect.height)
    if listsAll { (inputOnly, overrideRedirect, frame) = (false, false, false) }
  }

  func with(_ change: (inout Self) -> Void) -> Self {
    var object = self
    change(&object)
    return object
  }
}

extension Stage {
  func list(_ arguments: [String] = []) throws -> [ListedObject] {
    let result = try run(["list", "windows", "--json"] + arguments)
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    return try JSONDecoder().decode([ListedObject].self, from: Data(result.output))
  }

  /// The lines of the list, without what ends them.
  func table(_ arguments: [String] = [], what: String = "windows") throws -> [String] {
    let result = try run(["list", what] + arguments)
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    return String(decoding: result.output, as: UTF8.self).lines.map(String.init)
  }

  /// The same, on a terminal.
  func table(columns: Int, _ arguments: [String]) throws -> [String] {
    let terminal = try Terminal(columns: columns)
    let result = try start(arguments, output: terminal.descriptor).finish()
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    return try terminal.text().split(separator: "\r\n").map(String.init)
  }

  /// What the scene has, lowest first.
  func objects(listsAll: Bool = false) -> [ListedObject] {
    func object(_ id: UInt, _ parent: UInt, _ rect: Rect, _ name: String = "") -> ListedObject {
      ListedObject(id, in: parent, rect, name: name, listsAll: listsAll)
    }
    let s = scene
    return [
      object(s.other, s.root, Rect(x: 0, y: 0, width: 80, height: 80), "OTHER"),
      object(s.o1, s.other, Rect(x: 0, y: 0, width: 40, height: 40)),
      object(s.top, s.root, Rect(x: 100, y: 100, width: 400, height: 300), "TOP"),
      object(s.bel, s.top, Rect(x: 140, y: 140, width: 40, height: 40)),
      object(s.t, s.top, Rect(x: 150, y: 150, width: 100, height: 80), "T"),
      object(s.tc, s.t, Rect(x: 160, y: 160, width: 20, height: 20)),
      object(s.sib, s.top, Rect(x: 200, y: 180, width: 100, height: 80)),
    ]
  }
}
