import CropEngine

/// What a client gets for a request.
struct ControlReply {
  /// nil where the request had none that could be used.
  let id: ControlRequest.ID?
  let result: Result<ControlAnswer, CaptureError>
}

extension ControlReply: Encodable {
  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: JSONKey.self)
    try object.set("id", id)
    switch result {
    case .success(let answer):
      try object.set("ok", true)
      try answer.encode(into: &object)
    case .failure(let error):
      try object.set("ok", false)
      try object.set("error", error.name.text)
      try object.set("message", "\(error)")
    }
  }
}

private typealias JSONObject = KeyedEncodingContainer<JSONKey>

extension JSONObject {
  /// nil is null.
  fileprivate mutating func set(_ name: String, _ value: (some Encodable)?) throws {
    let key = JSONKey(stringValue: name)
    if let value { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
  }
}

extension ControlAnswer {
  fileprivate func encode(into object: inout JSONObject) throws {
    switch self {
    case .change(let version, let firstSeq):
      try object.set("version", version)
      try object.set("firstSeq", firstSeq)
    case .token(let token): try object.set("token", token.text)
    case .state(let report): try report.encode(into: &object)
    case .capabilities(let capabilities): try capabilities.encode(into: &object)
    case .seq(let seq): try object.set("seq", seq)
    case .clone(let number): try object.set("clone", number)
    case .done: break
    }
  }
}

extension StreamReport {
  fileprivate func encode(into object: inout JSONObject) throws {
    try object.set("status", status.rawValue)
    try object.set("kind", kind.rawValue)
    try object.set("version", version)
    try object.set("seq", seq)
    try object.set(
      "rect", rect.map { ["x": $0.x, "y": $0.y].merging($0.size.members) { x, _ in x } })
    try object.set("canvas", canvas?.members)
    try object.set("surface", surface?.members)
    try object.set("reason", reason?.rawValue)
    try object.set("eligible", isEligible)
    try object.set("locked", isLocked)
    try object.set("clones", clones)
  }
}

extension Size {
  fileprivate var members: [String: Int] { ["width": width, "height": height] }
}

extension Capabilities {
  fileprivate func encode(into object: inout JSONObject) throws {
    try object.set("cropTo", cropTo)
    try object.set("restrictTo", restrictTo)
    try object.set("cursor", cursor)
    try object.set("shm", shm)
    try object.set("damage", damage)
    try object.set("composite", composite)
    try object.set("shape", shape)
    try object.set("randr", randr)
    try object.set("splice", splice)
  }
}
