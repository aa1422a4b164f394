import CropEngine
import Glibc

/// Where a picture or a text goes: a file that is there whole or as it was before, or whatever else
/// can be written to.
///
/// A picture is taken in hand by ``begin(_:)`` and goes out by ``write()``.
@safe public struct PictureFile: ~Copyable {
  /// What becomes of a file's place.
  private struct Replacement {
    /// Path of the file itself, links followed.
    let path: String
    /// Of the file that is there now; nil where there is none.
    let mode: mode_t?
    /// What errors call it.
    let name: String
  }

  private let replacement: Replacement?
  private var temporary: TemporaryFile?
  private var sink: FrameSink?

  /// Standard output. Throws `output` where it is closed.
  public static func standardOutput() throws(CaptureError) -> PictureFile {
    PictureFile(try OutputFile.standardOutput())
  }

  /// A file, made where there is none. Nothing of it is touched before a picture is there.
  ///
  /// nil where it is a FIFO that nobody reads yet. Throws `output` where it cannot be written.
  public static func file(at path: String) throws(CaptureError) -> PictureFile? {
    if let replacement = try replacement(of: path) { return PictureFile(replacement) }
    guard let file = try OutputFile.file(at: path) else { return nil }
    return PictureFile(file)
  }

  /// Whatever takes bytes as they come.
  public init(_ file: consuming OutputFile) {
    replacement = nil
    sink = FrameSink(file)
  }

  private init(_ replacement: Replacement) {
    self.replacement = replacement
  }

  /// To be polled for POLLOUT while a picture waits; below 0 where there is none.
  public var descriptor: Int32 {
    switch sink {
    case .some(let sink): sink.descriptor
    case .none: -1
    }
  }

  /// Removes what is there, where it is a file that is to be replaced. Throws `output`.
  public func removeOld() throws(CaptureError) {
    guard let replacement, replacement.mode != nil else { return }
    guard unsafe unlink(replacement.path) == 0 else { throw OutputFile.failure(replacement.name) }
  }

  /// Takes a picture in hand. It must stay until it is whole. Throws `output`.
  public mutating func begin(_ picture: borrowing EncodedPicture) throws(CaptureError) {
    try begin(header: picture.header)
    unsafe sink!.begin(picture.payload)
  }

  /// Takes a text in hand, which a file is to consist of. Throws `output`.
  public mutating func begin(_ text: String) throws(CaptureError) {
    try begin(header: text)
    unsafe sink!.begin(UnsafeRawBufferPointer(start: nil, count: 0))
  }

  private mutating func begin(header: String) throws(CaptureError) {
    if let replacement {
      let new = try TemporaryFile(
        beside: replacement.path, mode: replacement.mode, name: replacement.name)
      sink = FrameSink(.regular(new.descriptor, replacement.name))
      temporary = consume new
    }
    sink!.announce(header: header, frameHeader: "")
  }

  /// Writes on as far as the reader takes it; a file is in its place when it is whole.
  ///
  /// Throws `output` where it cannot be written; a file is then as it was before.
  public mutating func write() throws(CaptureError) -> FrameStream.Progress {
    let progress = try sink!.write()
    if progress == .whole, let replacement {
      try temporary!.replace(replacement.path, name: replacement.name)
    }
    return progress
  }

  /// Which file a path leads to; nil where what is there is no file to be replaced, but something
  /// to write to.
  private static func replacement(of path: String) throws(CaptureError) -> Replacement? {
    var status = stat()
    let isThere = unsafe stat(path, &status) == 0
    guard isThere || errno == ENOENT && !path.isEmpty else { throw OutputFile.failure(path) }
    if isThere, status.st_mode & S_IFMT != S_IFREG { return nil }
    guard let target = followed(path) else { return nil }
    let folder = TemporaryFile.folder(of: target)
    // A file that may not be written is not to be replaced, though it could be.
    guard unsafe !isThere || access(target, W_OK) == 0 else { throw OutputFile.failure(path) }
    guard unsafe access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0 else {
      if isThere { return nil }
      throw OutputFile.failure(path)
    }
    return Replacement(path: target, mode: isThere ? status.st_mode & 0o777 : nil, name: path)
  }

  /// The path that symbolic links lead to, whether there is a file or not; nil where a link is one
  /// of /proc, such as /dev/stdout, which lead to files without a path, or leads to one that is not
  /// UTF-8.
  private static func followed(_ path: String) -> String? {
    let mostLinks = 40
    var path = path
    for _ in 0..<mostLinks {
      var text = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = unsafe readlink(path, &text, text.count)
      guard count > 0 else { return path }
      if isOfProcesses(path) { return nil }
      let bytes = text[..<count].map { UInt8(bitPattern: $0) }
      guard let link = String(validating: bytes, as: UTF8.self) else { return nil }
      path = link.hasPrefix("/") ? link : TemporaryFile.folder(of: path) + link
    }
    return path
  }

  private static func isOfProcesses(_ link: String) -> Bool {
    var (status, processes) = (stat(), stat())
    return unsafe lstat(link, &status) == 0 && stat("/proc", &processes) == 0
      && status.st_dev == processes.st_dev
  }
}
