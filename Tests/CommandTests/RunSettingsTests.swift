import CropEngine
import Glibc
import Testing

@testable import xregioncap

@Suite("What a run is given") struct RunSettingsTests {
  @Test(
    "A screen has a size, and a depth of 24 where none is named",
    arguments: [("1280x720", "1280x720x24"), ("640x480x16", "640x480x16"), ("1x1x8", "1x1x8")])
  func screen(_ text: String, _ screen: String) throws {
    #expect(try ScreenSize(parsing: text, subject: "--screen-size").description == screen)
  }

  @Test(
    "What is no screen is refused",
    arguments: [
      ("", CaptureError.Name.type), ("x", .type), ("12", .type), ("1x2x24x1", .type),
      ("0x5", .overconstrained), ("40000x10", .overconstrained), ("10x10x7", .overconstrained),
      ("10x10x", .overconstrained), ("10x10x32", .overconstrained),
    ])
  func noScreen(_ text: String, _ name: CaptureError.Name) {
    let error = #expect(throws: CaptureError.self) {
      try ScreenSize(parsing: text, subject: "--screen-size")
    }
    #expect(error?.name == name && error?.subject == "--screen-size")
  }

  @Test("A cookie's entry is good for any host and any display")
  func cookie() {
    let entry = DisplayCookie.entry([1, 2, 3])
    let name = Array("MIT-MAGIC-COOKIE-1".utf8)
    #expect(entry == [0xff, 0xff, 0, 0, 0, 0, 0, 18] + name + [0, 3, 1, 2, 3])
  }

  @Test("Only its user can read the cookie, and its file goes with it")
  func cookieFile() throws {
    let cookie = try DisplayCookie()
    var status = stat()
    #expect(stat(cookie.path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600 && status.st_size == 8 + 18 + 2 + 16)
    cookie.remove()
    #expect(stat(cookie.path, &status) != 0 && errno == ENOENT)
  }

  @Test("A process is inside those that started it, and inside no others")
  func processes() {
    let own = Int(getpid())
    #expect(ProcessTree.isInside(own, own))
    #expect(ProcessTree.parent(of: own) == Int(getppid()))
    #expect(ProcessTree.isInside(own, Int(getppid())))
    #expect(!ProcessTree.isInside(Int(getppid()), own))
    #expect(!ProcessTree.isInside(0, own) && !ProcessTree.isInside(1, own))
  }

  @Test("The last lines of what a program has said")
  func lastWords() throws {
    let file = try MemoryFile("test")
    #expect(file.lastWords(2) == "")
    let text = "one\n\n" + String(repeating: "x", count: 5000) + "\ntwo\u{1b}[1m\nthree\n"
    #expect(write(file.descriptor, text, text.utf8.count) == text.utf8.count)
    #expect(file.lastWords(2) == ": two?[1m; three")
  }
}
