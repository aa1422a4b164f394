import CropEngine
import FrameOutput

/// The files of one stream, as far as they could be opened: a FIFO may have no reader yet.
struct StreamFiles: ~Copyable {
  private let plan: StreamPlan
  private var output: OutputFile?
  /// What the output becomes; nil where frames are written as they are.
  private(set) var video: VideoFile?
  private var log: FrameLog?

  /// Opens what can be opened at once. Throws `output` or `type` where something never can, and
  /// `notSupported` where there is no ffmpeg for a video.
  init(_ plan: StreamPlan) throws(CaptureError) {
    self.plan = plan
    _ = try openMore()
  }

  /// Opens what could not be opened yet. Returns whether all is there now.
  mutating func openMore() throws(CaptureError) -> Bool {
    if output == nil { output = try openOutput() }
    if log == nil, let name = plan.logName {
      log = try FrameLog.open(name, subject: "--frame-log")
    }
    return output != nil && (log != nil || plan.logName == nil)
  }

  /// nil where it is a FIFO that nobody reads yet.
  private mutating func openOutput() throws(CaptureError) -> OutputFile? {
    guard let path = plan.outputPath else { return try .standardOutput() }
    guard let settings = plan.video else { return try .file(at: path) }
    let video = try VideoFile(settings, at: path)
    self.video = video
    return video.takeInput()
  }

  /// Gives the output away; one that has no reader yet awaits it.
  mutating func takeOutput() -> OutputFile {
    output.take() ?? .awaited(at: plan.outputPath ?? "")
  }

  /// Gives the log away; nil where none is wanted. Throws `output` where nobody reads it yet.
  mutating func takeLog() throws(CaptureError) -> FrameLog? {
    if log == nil, let name = plan.logName {
      throw CaptureError(.output, name, "nobody reads the FIFO yet")
    }
    return log.take()
  }
}
