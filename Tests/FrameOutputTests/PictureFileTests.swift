import CropEngine
import Glibc
import TestSupport
import Testing

@testable import FrameOutput

@Suite("A picture's file")
struct PictureFileTests {
  private static let picture = Array("P5\n2 1\n255\n".utf8) + [255, 255]

  /// A white picture of 2×1 for a file, written as far as it goes.
  private func write(to file: inout PictureFile) throws -> FrameStream.Progress {
    let settings = PictureSettings(pixelFormat: .gray)
    let grab = Grab(2, 1, 0xff_ffff)
    return try grab.bytes.withUnsafeBytes { pixels throws in
      let picture = try EncodedPicture(
        ConvertedPicture(
          PictureView(pixels, stride: grab.stride, size: grab.size), settings),
        as: .pgm)
      try file.begin(picture)
      return try file.write()
    }
  }

  private func opened(_ path: String) throws -> PictureFile {
    guard let file = try PictureFile.file(at: path) else { throw Failure("nobody reads it") }
    return file
  }

  private func write(to path: String) throws {
    var file = try opened(path)
    #expect(try write(to: &file) == .whole)
  }

  private func failure(_ path: String) -> CaptureError? {
    do {
      try write(to: path)
      return nil
    } catch {
      return error as? CaptureError
    }
  }

  private func status(_ path: String) -> stat {
    var status = stat()
    lstat(path, &status)
    return status
  }

  private func mode(_ path: String) -> mode_t { status(path).st_mode & 0o7777 }

  @Test("A new file has the mode that the user has set for new files")
  func new() throws {
    let folder = try TemporaryFolder()
    try folder.write([], to: "other")
    try write(to: folder["x.pgm"])
    #expect(folder.names == ["other", "x.pgm"])
    #expect(try folder.read("x.pgm") == Self.picture)
    let mask = umask(0)
    umask(mask)
    #expect(mode(folder["x.pgm"]) == 0o666 & ~mask)
  }

  @Test("A file in the current folder needs no slash")
  func currentFolder() {
    #expect(TemporaryFile.folder(of: "x.png") == "")
    #expect(TemporaryFile.folder(of: "a/b/x.png") == "a/b/")
    #expect(TemporaryFile.folder(of: "/x.png") == "/")
  }

  @Test(
    "An old file is replaced, and keeps its mode", arguments: [0o600, 0o640, 0o777] as [mode_t])
  func replaced(_ mode: mode_t) throws {
    let folder = try TemporaryFolder()
    try folder.write("what was there, longer than the picture".utf8, to: "x.pgm")
    chmod(folder["x.pgm"], mode)
    let before = open(folder["x.pgm"], O_RDONLY | O_CLOEXEC)
    defer { close(before) }
    try write(to: folder["x.pgm"])
    #expect(folder.names == ["x.pgm"])
    #expect(try folder.read("x.pgm") == Self.picture)
    #expect(self.mode(folder["x.pgm"]) == mode)
    // Who reads the old one goes on with it: it was not written over.
    var start = [UInt8](repeating: 0, count: 14)
    #expect(read(before, &start, start.count) == 14)
    #expect(start == Array("what was there".utf8))
  }

  @Test("Nothing is touched before the picture is there, nor where none comes")
  func untouched() throws {
    let folder = try TemporaryFolder()
    try folder.write("old".utf8, to: "old.pgm")
    for name in ["old.pgm", "new.pgm"] {
      _ = try PictureFile.file(at: folder[name])
      #expect(folder.names == ["old.pgm"])
    }
    #expect(try folder.read("old.pgm") == Array("old".utf8))
  }

  @Test("A picture that is not written to its end leaves the old one, and nothing beside it")
  func abandoned() throws {
    let folder = try TemporaryFolder()
    try folder.write("old".utf8, to: "x.pgm")
    do {
      var file = try opened(folder["x.pgm"])
      let settings = PictureSettings(pixelFormat: .gray)
      let grab = Grab(2, 1, 0)
      try grab.bytes.withUnsafeBytes { pixels throws in
        let picture = try EncodedPicture(
          ConvertedPicture(
            PictureView(pixels, stride: grab.stride, size: grab.size), settings),
          as: .pgm)
        try file.begin(picture)
      }
      // A disk may have to have a name for it.
      #expect(folder.names.filter { !$0.hasPrefix(".xregioncap-") } == ["x.pgm"])
      #expect(try folder.read("x.pgm") == Array("old".utf8))
    }
    #expect(folder.names == ["x.pgm"])
    #expect(try folder.read("x.pgm") == Array("old".utf8))
  }

  @Test("A file that cannot be put in its place leaves nothing behind")
  func notRenamed() throws {
    let folder = try TemporaryFolder()
    var file = try opened(folder["x.pgm"])
    // Somebody makes a folder of that name meanwhile.
    try #require(mkdir(folder["x.pgm"], 0o700) == 0)
    defer { rmdir(folder["x.pgm"]) }
    #expect(
      throws: CaptureError(
        .output, folder["x.pgm"],
        "cannot be replaced: Is a directory; -o - can be redirected into it")
    ) {
      _ = try write(to: &file)
    }
    _ = consume file
    #expect(folder.names == ["x.pgm"])
  }

  @Test("A link is followed, by more than one step too, and stays")
  func links() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    try other.write("old".utf8, to: "target.pgm")
    symlink(other["target.pgm"], folder["absolute"])
    symlink("absolute", folder["relative"])
    try write(to: folder["relative"])
    #expect(try other.read("target.pgm") == Self.picture)
    #expect(other.names == ["target.pgm"])
    #expect(folder.names == ["absolute", "relative"])
    for name in folder.names { #expect(status(folder[name]).st_mode & S_IFMT == S_IFLNK) }
  }

  @Test("A link to a file that is not there leads to a new one")
  func danglingLink() throws {
    let folder = try TemporaryFolder()
    symlink("new.pgm", folder["link"])
    try write(to: folder["link"])
    #expect(folder.names == ["link", "new.pgm"])
    #expect(try folder.read("new.pgm") == Self.picture)
    #expect(status(folder["link"]).st_mode & S_IFMT == S_IFLNK)
  }

  @Test("A link that leads to itself is an error")
  func circle() throws {
    let folder = try TemporaryFolder()
    symlink("b", folder["a"])
    symlink("a", folder["b"])
    #expect(
      failure(folder["a"])
        == CaptureError(
          .output, folder["a"], "cannot write: Too many levels of symbolic links"))
  }

  @Test("What is no file is written to: a FIFO, when it is read, and devices")
  func others() throws {
    let folder = try TemporaryFolder()
    try #require(mkfifo(folder["pipe"], 0o600) == 0)
    let isThere = try PictureFile.file(at: folder["pipe"]) != nil
    #expect(!isThere)
    let reader = try Reader()
    try write(to: reader.path)
    #expect(reader.take() == Self.picture)
    #expect(status(reader.path).st_mode & S_IFMT == S_IFIFO)
    try write(to: "/dev/null")
    #expect(status("/dev/null").st_mode & S_IFMT == S_IFCHR)
    #expect(
      failure("/dev/full")
        == CaptureError(.output, "/dev/full", "cannot write: No space left on device"))
  }

  @Test("A file of /proc is written to, for it may be one without a path")
  func descriptor() throws {
    let folder = try TemporaryFolder()
    let file = open(folder["x.pgm"], O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(file) }
    let number = status(folder["x.pgm"]).st_ino
    try write(to: "/dev/fd/\(file)")
    #expect(try folder.read("x.pgm") == Self.picture)
    #expect(status(folder["x.pgm"]).st_ino == number)
  }

  @Test("A folder that is not there, or is none, or is what was named")
  func folders() throws {
    let folder = try TemporaryFolder()
    try folder.write([], to: "file")
    for (path, reason) in [
      (folder["none/x.pgm"], "No such file or directory"), ("", "No such file or directory"),
      (folder["none/"], "No such file or directory"), (folder["file/x.pgm"], "Not a directory"),
      (folder.path, "Is a directory"),
    ] {
      #expect(failure(path) == CaptureError(.output, path, "cannot write: \(reason)"))
    }
    #expect(folder.names == ["file"])
  }
}
