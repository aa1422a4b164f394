import ArgumentParser
import CropEngine

/// A further stream from the same grabs: `--also`, and the control socket's `clone`.
struct AlsoOptions: ParsableArguments {
  @OptionGroup var target: TargetOptions
  @OptionGroup var frames: FrameOptions
  @OptionGroup var empty: EmptyOptions
  @OptionGroup var log: LogOptions

  static let keys = [
    "crop-to", "restrict-to", "partial", "output", "format", "pix-fmt", "color-range", "size",
    "on-resize", "on-empty",
    "on-lost", "frame-log", "frame-params", "ffmpeg-args",
  ]
}

extension AlsoOptions {
  /// Reads `KEY=VALUE,…` or, of a flag, `KEY`; the keys are options without their dashes.
  ///
  /// A comma that no key follows belongs to the value before it. Throws `type` where it is none.
  init(parsing text: String, subject: String) throws(CaptureError) {
    var options: [String: String?] = [:]
    var key: String?
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(part.prefix { $0 != "=" })
      if Self.keys.contains(name) {
        guard options[name] == nil else {
          throw CaptureError(.type, subject, "'\(name)' is given twice")
        }
        key = name
        options[name] = .some(
          part.count > name.count ? String(part.dropFirst(name.count + 1)) : nil)
      } else if let key, let value = options[key] ?? nil {
        options[key] = value + "," + part
      } else {
        throw CaptureError(
          .type, subject,
          "'\(part)': expected \(Self.keys.map { $0 + "=…" }.joined(separator: ", "))")
      }
    }
    try self.init(options, subject: subject)
  }

  /// Understands options by their names without dashes; nil for a flag. Throws `type` where it
  /// cannot.
  init(_ options: [String: String?], subject: String) throws(CaptureError) {
    var arguments: [String] = []
    for (name, value) in options.sorted(by: { $0.key < $1.key }) {
      guard Self.keys.contains(name) else {
        throw CaptureError(
          .type, subject,
          "there is no option '\(name)': expected \(Self.keys.joined(separator: ", "))")
      }
      arguments.append(value.map { "--\(name)=\($0)" } ?? "--\(name)")
    }
    do {
      self = try Self.parse(arguments)
    } catch {
      let text = Self.message(for: error).split { $0.isNewline || $0 == " " }
      throw CaptureError(.type, subject, text.joined(separator: " "))
    }
  }

  /// What the stream is to be. Throws what is said of its options, `type` where it has no file of
  /// its own.
  func plan(
    rate: FrameRate, spliceRefusal: String? = nil, subject: String
  ) throws(CaptureError) -> StreamPlan {
    guard frames.output != "-" else {
      throw CaptureError(.type, subject, "output=FILE is missing: each stream has its own")
    }
    var plan = try StreamPlan(frames, empty, log, rate: rate)
    plan.frames.spliceRefusal = spliceRefusal
    plan.target = try TargetSettings(target, subject: subject)
    if plan.target.wanted?.asksForClick ?? false {
      throw CaptureError(.type, subject, "only the first target can be picked")
    }
    return plan
  }
}
