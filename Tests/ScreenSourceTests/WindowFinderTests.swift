import CropEngine
import ScreenSource
import TestSupport
import Testing

@Suite("Windows that the user names")
struct WindowFinderTests {
  private let scene: Scene
  private let finder: WindowFinder

  init() throws {
    scene = try Scene(Xvfb())
    finder = WindowFinder(try Connection(displayName: scene.server.displayName))
    scene.setClass(scene.top, instance: "top", class: "Scene")
    scene.setClass(scene.other, instance: "other", class: "Scene")
    scene.setProperty(scene.top, "_NET_WM_PID", type: "CARDINAL", number: 4242)
  }

  private func surface(_ selector: String) throws -> UInt {
    try finder.surface(WindowSelector(parsing: selector, subject: "SEL"), subject: "SEL")
  }

  private func target(_ text: String) throws -> Target {
    try finder.target(
      TargetSpecifier(parsing: text, subject: "T"), in: scene.top, subject: "T")
  }

  private func error(_ body: () throws -> Void) -> CaptureError? {
    #expect(throws: CaptureError.self, performing: body)
  }

  @Test("By id, title, class, instance, process, and all that must hold at once")
  func found() throws {
    #expect(try surface("\(scene.top)") == scene.top)
    #expect(try surface("0x" + String(scene.top, radix: 16)) == scene.top)
    #expect(try surface("0o" + String(scene.top, radix: 8)) == scene.top)
    #expect(try surface("root") == scene.root)
    #expect(try surface("name:^TOP$") == scene.top)
    #expect(try surface("name:THE") == scene.other)
    #expect(try surface("class:top") == scene.top)
    #expect(try surface("pid:4242") == scene.top)
    #expect(try surface("class:Scene,name:O.H") == scene.other)
    #expect(try surface("class:Scene,pid:4242,name:T") == scene.top)
  }

  @Test("Among more windows than are asked at once, any")
  func crowd() throws {
    let rect = Rect(x: 0, y: 0, width: 10, height: 10)
    let windows = (0..<2100).map { _ in scene.window(in: scene.other, rect, 0) }
    for (index, window) in windows.enumerated() { scene.setTitle(window, "w\(index)") }
    for index in [0, 999, 1000, 1001, 1999, 2000, 2099] {
      #expect(
        try finder.target(
          TargetSpecifier(parsing: "child:name:^w\(index)$", subject: "T"), in: scene.other,
          subject: "T") == .window(windows[index]))
    }
  }

  @Test("None that fits, and several, are errors that list the candidates")
  func notOne() throws {
    let none = error { _ = try surface("name:nobody") }
    #expect(none?.name == .notFound)
    #expect(none?.description.contains("'TOP' (Scene) 400x300") == true)
    #expect(none?.description.contains("'OTHER' (Scene) 80x80") == true)
    let several = error { _ = try surface("class:Scene") }
    #expect(several?.name == .type)
    #expect(several?.description.contains("2 windows fit") == true)
    #expect(several?.description.contains(WindowInfo.hexadecimal(scene.other)) == true)
    #expect(error { _ = try surface("class:Scene,pid:1") }?.name == .notFound)
    #expect(error { _ = try surface("0x1ffffff0") }?.name == .notFound)
  }

  @Test("What a title says does not reach the terminal as controls, and never a second line")
  func hostileTitle() throws {
    scene.setTitle(scene.other, "a\u{1b}]0;owned\u{7}\nb")
    let text = error { _ = try surface("name:nobody") }?.description
    #expect(text?.contains("'a?]0;owned??b'") == true)
  }

  @Test("A process id that is none does no harm")
  func hostileProcess() throws {
    scene.setProperty(scene.other, "_NET_WM_PID", type: "CARDINAL", number: 0xffff_ffff)
    #expect(try surface("name:^TOP$") == scene.top)
    #expect(try surface("pid:4294967295") == scene.other)
  }

  @Test("A title of UTF-8 is preferred; Latin-1 and compound text are read as such")
  func titles() throws {
    scene.setProperty(scene.top, "WM_NAME", type: "STRING", bytes: [0x5a, 0xfc, 0x72, 0x69])
    #expect(try surface("name:^Züri$") == scene.top)
    // As xterm writes it: a part in JIS X 0208, one in UTF-8, one in Latin-1.
    scene.setProperty(
      scene.top, "WM_NAME", type: "COMPOUND_TEXT",
      bytes: Array("\u{1b}$(BF|K\\8l\u{1b}(B \u{1b}%G—\u{1b}%@ Z".utf8) + [0xfc])
    #expect(try surface("name:^日本語 — Zü$") == scene.top)
    scene.setProperty(
      scene.top, "_NET_WM_NAME", type: "UTF8_STRING", bytes: Array("日本 – text".utf8))
    #expect(try surface("name:^日本") == scene.top)
  }

  @Test("Hidden windows of the same name and class do not stand in the way; alone they do not fit")
  func hidden() throws {
    let hidden = scene.window(
      in: scene.root, Rect(x: 0, y: 0, width: 10, height: 10), 0, isMapped: false)
    scene.setTitle(hidden, "TOP")
    #expect(try surface("name:^TOP$") == scene.top)
    scene.unmap(scene.top)
    #expect(error { _ = try surface("name:^TOP$") }?.name == .notFound)
    // An iconified client bears WM_STATE.
    scene.setProperty(scene.top, "WM_STATE", type: "WM_STATE", number: 3)
    #expect(try surface("name:^TOP$") == scene.top)
  }

  @Test("A window manager's frame leads to the client inside")
  func frame() throws {
    let frame = scene.window(
      in: scene.root, Rect(x: 90, y: 80, width: 420, height: 330), 0xaa_aaaa)
    let inner = scene.window(in: frame, Rect(x: 10, y: 20, width: 400, height: 300), 0xbb_bbbb)
    scene.reparent(scene.top, to: inner, x: 0, y: 0)
    scene.setProperty(scene.top, "WM_STATE", type: "WM_STATE", number: 1)
    #expect(try surface("\(frame)") == scene.top)
    #expect(try surface("name:^TOP$") == scene.top)
    #expect(try surface("\(scene.top)") == scene.top)
    #expect(try surface("\(scene.t)") == scene.t, "a window inside a client is meant itself")
    #expect(try surface("\(scene.other)") == scene.other, "a window without a client inside too")
  }

  @Test("The window that has the keyboard: the active one, or the one that holds the focus")
  func focused() throws {
    scene.focus(scene.tc)
    #expect(try surface("focused") == scene.top)
    scene.setProperty(
      scene.root, "_NET_ACTIVE_WINDOW", type: "WINDOW", number: scene.other)
    #expect(try surface("focused") == scene.other)
    scene.setProperty(scene.root, "_NET_ACTIVE_WINDOW", type: "WINDOW", number: 0)
    #expect(try surface("focused") == scene.top)
    scene.focus(1)
    #expect(error { _ = try surface("focused") }?.name == .notFound)
  }

  @Test("A target by id, title, and as a child: the only one, the N-th from the bottom, by title")
  func targets() throws {
    #expect(try target("\(scene.t)") == .window(scene.t))
    #expect(try target("name:^T$") == .window(scene.t))
    #expect(try target("child:1") == .window(scene.bel))
    #expect(try target("child:2") == .window(scene.t))
    #expect(try target("child:3") == .window(scene.sib))
    #expect(try target("child:name:T") == .window(scene.t))
    scene.unmap(scene.bel)
    #expect(try target("child:1") == .window(scene.t), "hidden children do not count")
    scene.unmap(scene.sib)
    _ = scene.inputOnlyWindow(in: scene.top)
    #expect(try target("child") == .window(scene.t))
    scene.setTitle(scene.sib, "SIB")
    #expect(try target("name:SIB") == .window(scene.sib), "hidden, but no other fits")
    scene.raise(scene.tc)
    #expect(
      try finder.target(.child(.only), in: scene.t, subject: "T") == .window(scene.tc))
  }

  @Test("A target that is not one child, or can have no pixels, is an error that says which are")
  func badTargets() throws {
    let several = error { _ = try target("child") }
    #expect(several?.name == .type)
    #expect(several?.description.contains(WindowInfo.hexadecimal(scene.sib)) == true)
    #expect(error { _ = try target("child:4") }?.name == .notFound)
    #expect(error { _ = try target("child:name:nobody") }?.name == .notFound)
    #expect(error { _ = try target("name:OTHER") }?.name == .notFound, "it is outside")
    let input = scene.inputOnlyWindow(in: scene.top)
    #expect(error { _ = try target("\(input)") }?.name == .notSupported)
    #expect(
      error { _ = try finder.target(.child(.only), in: scene.tc, subject: "T") }?.name
        == .notFound)
  }
}
