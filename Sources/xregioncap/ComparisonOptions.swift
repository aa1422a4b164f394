import ArgumentParser
import CropEngine

/// What the picture is compared with.
struct ComparisonOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Fail, with status 22, where the picture differs from that of the PNG file FILE.",
      valueName: "file"),
    completion: .file())
  var compare: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The largest difference of a channel, of 255, that counts as none; 0 by default.",
      valueName: "n"))
  var tolerance: Int?

  @Option(
    help: ArgumentHelp(
      "Where it differs, write a PNG picture of that to FILE: red on the reference in grey.",
      valueName: "file"),
    completion: .file())
  var diff: String?

  /// Understands and checks them, beside where the picture goes; nil where it is not compared.
  ///
  /// Throws `type`.
  func settings(output: String?) throws(CaptureError) -> ComparisonSettings? {
    guard let compare else {
      for (option, isGiven) in [("--tolerance", tolerance != nil), ("--diff", diff != nil)]
      where isGiven {
        throw CaptureError(.type, option, "there is nothing to compare with: use --compare FILE")
      }
      return nil
    }
    if let tolerance, !(0...255).contains(tolerance) {
      throw CaptureError(.type, "--tolerance", "\(tolerance) is not one of 0 to 255")
    }
    if let diff, try diff.outputPath() == nil {
      throw CaptureError(.type, "--diff", "it goes to a file of its own: name one")
    }
    var options = [StreamPlan.identity(of: compare): "--compare"]
    for (option, path) in [("--diff", diff), ("--output", output)] {
      guard let path, let file = StreamPlan.identity(of: path) else { continue }
      if let other = options.updateValue(option, forKey: file) {
        throw CaptureError(.type, option, "'\(path)' is the file of \(other), too")
      }
    }
    return ComparisonSettings(
      referencePath: compare, tolerance: tolerance ?? 0, diffPath: diff)
  }
}
