import CLinux
import CropEngine
import FrameOutput
import Glibc

/// A video file while ffmpeg makes it of the frames that come through a pipe.
///
/// Nobody else's signals reach ffmpeg, and it ends with the pipe: the file is finished however we
/// end. What is in a file stays until ffmpeg has a frame for it.
final class VideoFile {
  let path: String
  /// ffmpeg, as it was started.
  let command: [String]
  private let encoder: ChildProcess
  /// Of the pipe, for ``takeInput()``.
  private var input: Int32
  private var isLetGo = false
  /// What ffmpeg says on standard error.
  private let said: MemoryFile

  /// Starts ffmpeg.
  ///
  /// Throws `output` where no file can be written at the path, `notSupported` where there is no
  /// ffmpeg, `fault` where it cannot be started.
  init(_ settings: VideoSettings, at path: String) throws(CaptureError) {
    try OutputFile.checkFile(at: path)
    guard ProgramPath.find("ffmpeg") != nil else {
      throw CaptureError(
        .notSupported, "ffmpeg", "not found: install it (apt-get install ffmpeg), or write .y4m")
    }
    self.path = path
    said = try MemoryFile("ffmpeg")
    var ends: [Int32] = [-1, -1]
    guard unsafe clinux_pipe(&ends) == 0 else {
      throw CaptureError(.fault, "pipe", unsafe String(cString: strerror(errno)))
    }
    let draft = settings.needsDraft ? Self.draft(beside: path) : -1
    let nothing = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
    (command, input) = (settings.command(path: path, draft: draft), ends[1])
    defer { for descriptor in [ends[0], draft, nothing] { close(descriptor) } }
    // It waits for frames; we do not wait for it.
    _ = fcntl(ends[0], F_SETFL, 0)
    do throws(ChildProcess.Failure) {
      encoder = try ChildProcess(
        ChildProcess.Settings(
          arguments: command, input: ends[0], output: nothing, errors: said.descriptor,
          handedOn: draft < 0 ? nil : draft, deathSignal: nil))
    } catch {
      close(ends[1])
      throw CaptureError(.fault, "ffmpeg", "it cannot be started: \(error.reason)")
    }
  }

  deinit {
    if input >= 0 { close(input) }
    // Where nothing came of it, it hears that soon, and is not left behind.
    if !isLetGo { encoder.wait(until: Clock.now + 2 * Clock.second) }
  }

  /// Leaves ffmpeg to finish alone.
  func letGo() { isLetGo = true }

  /// A file without a name: in the same folder, and in memory where the disk has no such files.
  private static func draft(beside path: String) -> Int32 {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let draft = unsafe clinux_open_unnamed(folder, 0o600)
    return draft >= 0 ? draft : unsafe clinux_memory_file("draft")
  }

  /// Gives away the one end of the pipe that is ours: ffmpeg finishes when that is closed.
  func takeInput() -> OutputFile {
    defer { input = -1 }
    return .pipe(input, name: path)
  }

  /// Readable once ffmpeg has ended.
  var descriptor: Int32 { encoder.descriptor }

  /// Whether ffmpeg has ended, by now.
  var hasEnded: Bool { encoder.exit != nil }

  /// Whether its end was not seen yet, so that the descriptor is still to tell of it.
  var isAwaited: Bool { encoder.known == nil }

  /// Size of the file as far as it is written, in bytes.
  var byteCount: Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Why the file is not whole, as ffmpeg has put it; nil where it is, or ffmpeg has not ended yet.
  var failure: CaptureError? {
    let end =
      switch encoder.exit {
      case nil, .status(0): String?.none
      case .status(let status): "ended with status \(status)"
      case .signal(let number):
        unsafe "was ended by signal \(number) (\(String(cString: strsignal(number))))"
      }
    guard let end else { return nil }
    return CaptureError(.output, path, "ffmpeg \(end)" + said.lastWords(5))
  }
}
