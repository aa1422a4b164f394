import CropEngine
import ScreenSource

/// Whether captures work here, and what was found that bears on it.
struct Diagnosis {
  let findings: [Finding]
  /// Why captures do not work; nil where they do.
  let error: CaptureError?

  /// Looks at a display, `$DISPLAY` where nil, and at the system.
  init(displayName: String?) {
    do throws(CaptureError) {
      let facts = try DisplayFacts(Connection(displayName: displayName))
      findings = DisplayFindings.of(facts) + SystemFindings.all()
      error = facts.grabError
    } catch {
      findings = DisplayFindings.of(error) + SystemFindings.all()
      self.error = error
    }
  }
}

extension Diagnosis: Encodable {
  private enum CodingKeys: String, CodingKey {
    case works, version, findings
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: CodingKeys.self)
    try object.encode(error == nil, forKey: .works)
    try object.encode(Version.number, forKey: .version)
    try object.encode(findings, forKey: .findings)
  }
}

extension Diagnosis {
  private static let gap = 2
  /// Columns that what was found is to have, before it gets a line of its own.
  private static let roomForFound = 28

  /// A table of what was found, and a verdict; wrapped to `width` columns, nil for no bound.
  func lines(width: Int?) -> [String] {
    let states = findings.map { $0.state.rawValue.columns }.max()! + Self.gap
    let names = findings.map(\.name.columns).max()! + Self.gap
    let verdict = error == nil ? "captures work here" : "captures do not work here"
    return findings.flatMap { lines($0, states: states, names: names, width: width) }
      + ["", "xregioncap \(Version.number): \(verdict)"]
  }

  private func lines(_ finding: Finding, states: Int, names: Int, width: Int?) -> [String] {
    let start = finding.state.rawValue.padded(to: states)
    let indent = String(repeating: " ", count: states)
    var lines: [String] = []
    // On a narrow terminal, all goes below the name.
    let room = width.map { $0 - states - names }
    if let width, let room, room < min(Self.roomForFound, finding.found.columns) {
      lines = [start + finding.name] + below(indent, finding.found, width)
    } else {
      lines = below(indent + String(repeating: " ", count: names), finding.found, width)
      lines[0].replaceSubrange(
        ..<lines[0].index(lines[0].startIndex, offsetBy: states + names),
        with: start + finding.name.padded(to: names))
    }
    if let lost = finding.lost { lines += below(indent, "lost without it: \(lost)", width) }
    if let remedy = finding.remedy { lines += below(indent, "to get it: \(remedy)", width) }
    return lines
  }

  private func below(_ indent: String, _ text: String, _ width: Int?) -> [String] {
    let lines = width.map { text.wrapped(to: max(1, $0 - indent.columns)) } ?? [text]
    return (lines.isEmpty ? [""] : lines).map { indent + $0 }
  }
}
