/// One thing that was looked at, and what was found.
struct Finding {
  enum State: String {
    case ok
    /// It is there, but does not do all that it could.
    case warning
    case missing
  }

  let name: String
  let state: State
  let found: String
  /// What cannot be had without it; nil where it is ok.
  let lost: String?
  /// How to get it; nil where it is ok.
  let remedy: String?

  /// Something that is as it should be.
  static func ok(_ name: String, _ found: String) -> Finding {
    Finding(name: name, state: .ok, found: found.printable, lost: nil, remedy: nil)
  }

  /// Something that is not.
  static func lacking(
    _ name: String, _ found: String, state: State = .missing, lost: String, remedy: String
  ) -> Finding {
    Finding(name: name, state: state, found: found.printable, lost: lost, remedy: remedy)
  }
}

extension Finding: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, state, found, lost, remedy
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: CodingKeys.self)
    try object.encode(name, forKey: .name)
    try object.encode(state.rawValue, forKey: .state)
    try object.encode(found, forKey: .found)
    // With null, where others leave the key out: each finding has the same keys.
    try object.encode(lost, forKey: .lost)
    try object.encode(remedy, forKey: .remedy)
  }
}
