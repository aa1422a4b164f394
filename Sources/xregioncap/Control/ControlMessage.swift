import CropEngine
import FoundationEssentials

/// A line of a client, as far as it is understood.
struct ControlMessage {
  /// How many options a clone may have.
  fileprivate static let mostOptions = 64

  let id: ControlRequest.ID
  /// What is asked for, or why that cannot be.
  let content: Result<Content, CaptureError>

  struct Content {
    let operation: ControlRequest.Operation
    /// The stream that it is about; 0 for the session's own.
    let clone: Int
  }

  /// Throws `type` where the line is no JSON object with an id.
  init(line: [UInt8]) throws(CaptureError) {
    // The decoder guesses at encodings, and takes what has a 0 in it for UTF-16.
    guard String(validating: line, as: UTF8.self) != nil, !line.contains(0) else {
      throw CaptureError(.type, "request", "it is not UTF-8")
    }
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(line))
    } catch let error as CaptureError {
      throw error
    } catch DecodingError.typeMismatch, DecodingError.valueNotFound {
      throw CaptureError(.type, "request", "it is no JSON object")
    } catch {
      throw CaptureError(.type, "request", "it is no JSON: expected an object on one line")
    }
  }
}

extension ControlMessage: Decodable {
  init(from decoder: any Decoder) throws {
    let members = Members(try decoder.container(keyedBy: JSONKey.self))
    guard let id = try members.value(ControlRequest.ID.self, "id", "a number or a string") else {
      throw CaptureError(.type, "id", "it is missing: expected a number or a string")
    }
    self.id = id
    content = Result { () throws(CaptureError) in
      Content(operation: try members.operation(), clone: try members.clone())
    }
  }
}

/// What a JSON object calls a member.
struct JSONKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

/// The members of a request. Those that nobody asks for are not looked at.
private struct Members {
  private let container: KeyedDecodingContainer<JSONKey>

  init(_ container: KeyedDecodingContainer<JSONKey>) { self.container = container }

  /// nil where it is absent or null. Throws `type` where it is of another type.
  func value<Value: Decodable>(
    _ type: Value.Type, _ name: String, _ expected: String
  ) throws(CaptureError) -> Value? {
    let key = JSONKey(stringValue: name)
    guard container.contains(key), (try? container.decodeNil(forKey: key)) != true else {
      return nil
    }
    guard let value = try? container.decode(type, forKey: key) else {
      throw CaptureError(.type, name, "expected \(expected)")
    }
    return value
  }

  private func text(_ name: String) throws(CaptureError) -> String? {
    let text = try value(String.self, name, "a string")
    // Nobody can write it on the command line either, and it ends the names of files.
    guard text?.utf8.contains(0) != true else {
      throw CaptureError(.type, name, "it has a character 0 in it")
    }
    return text
  }

  private func flag(_ name: String) throws(CaptureError) -> Bool {
    try value(Bool.self, name, "true or false") ?? false
  }

  func clone() throws(CaptureError) -> Int {
    let number = try value(Int.self, "clone", "the number of a clone") ?? 0
    guard number >= 0 else { throw CaptureError(.type, "clone", "\(number) is below 0") }
    return number
  }

  func operation() throws(CaptureError) -> ControlRequest.Operation {
    guard let text = try text("op"), let name = ControlRequest.Name(rawValue: text) else {
      let names = ControlRequest.Name.allCases.map(\.rawValue).joined(separator: ", ")
      let what = try text("op").map { "'\($0)' is unknown" } ?? "it is missing"
      throw CaptureError(.type, "op", "\(what): expected one of \(names)")
    }
    return switch name {
    case .cropTo: .cropTo(try target())
    case .restrictTo: .restrictTo(try target())
    case .mint: try mint()
    case .state: .state
    case .capabilities: .capabilities
    case .pause: .pause
    case .resume: .resume
    case .refresh: .refresh
    case .stop: .stop
    case .clone: .clone(try options())
    case .lock: .lock
    case .subscribe: .subscribe(frames: try flag("frames"))
    }
  }

  /// nil where it is absent, null or empty.
  private func target() throws(CaptureError) -> TargetSpecifier? {
    guard let text = try text("target"), !text.isEmpty else { return nil }
    let target = try TargetSpecifier(parsing: text, subject: "target")
    if case .window(.pick) = target {
      throw CaptureError(.type, "target", "'\(text)': a request asks nobody for a click")
    }
    return target
  }

  private func mint() throws(CaptureError) -> ControlRequest.Operation {
    let kinds = TargetKind.allCases.map(\.rawValue).joined(separator: " or ")
    guard let text = try text("kind"), let kind = TargetKind(rawValue: text) else {
      throw CaptureError(.type, "kind", "expected \(kinds)")
    }
    guard try !flag("forStorage") else {
      throw CaptureError(.dataClone, "mint", "a token is not to be stored: mint it anew")
    }
    guard let target = try target() else {
      throw CaptureError(.type, "target", "it is missing: expected what the token is to name")
    }
    return .mint(kind, target)
  }

  /// Options as on the command line: `pixFmt` is `pix-fmt`.
  private func options() throws(CaptureError) -> [String: String?] {
    let named = container.allKeys.map(\.stringValue).filter { !["id", "op", "clone"].contains($0) }
    guard named.count <= ControlMessage.mostOptions else {
      throw CaptureError(.type, "clone", "\(named.count) members are too many")
    }
    guard try text("output")?.isEmpty == false else {
      throw CaptureError(.type, "output", "it is missing: expected the file to write to")
    }
    var options: [String: String?] = [:]
    for name in named {
      if let isSet = try? value(Bool.self, name, "") {
        if isSet { options.updateValue(nil, forKey: name.optionName) }
      } else if let number = try? value(Decimal.self, name, "") {
        options[name.optionName] = number.description
      } else if let text = try text(name) {
        options[name.optionName] = text
      }
    }
    return options
  }
}

extension String {
  /// As the command line writes what JSON calls `pixFmt`: `pix-fmt`.
  var optionName: String {
    var name = ""
    for letter in self {
      if letter.isASCII, letter.isUppercase { name.append("-") }
      name += letter.isASCII ? letter.lowercased() : String(letter)
    }
    return name
  }

  /// As JSON calls what the command line writes `pix-fmt`: `pixFmt`.
  var memberName: String {
    let words = split(separator: "-")
    return words.prefix(1).joined()
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
