import CropEngine
import Glibc
import ScreenSource
import TestSupport
import Testing

@Suite("Windows that the user clicks")
struct WindowPickerTests {
  private let scene: Scene
  private let connection: Connection
  private let finder: WindowFinder

  init() throws {
    scene = try Scene(Xvfb())
    connection = try Connection(displayName: scene.server.displayName)
    finder = WindowFinder(connection)
  }

  /// What is clicked by xdotool.
  private func windows(_ words: String) throws -> [WindowID] {
    let picker = WindowPicker(connection)
    #expect(picker.grab())
    try scene.xdotool(words)
    return try windows(picker)
  }

  /// Waits until something is clicked.
  private func windows(_ picker: WindowPicker) throws -> [WindowID] {
    while true {
      if let windows = try picker.windows(subject: "SEL") { return windows }
      var ready = pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 10_000) > 0 else { throw Failure("no click was heard") }
    }
  }

  private func click(_ x: Int, _ y: Int) throws -> [WindowID] {
    try windows("mousemove \(x) \(y) click 1")
  }

  private func surface(_ clicked: [WindowID], deepest: Bool = false) throws -> WindowID {
    try finder.surface(.pick(deepest: deepest), clicked: clicked, subject: "SEL")
  }

  private func target(
    _ clicked: [WindowID], in surface: WindowID, deepest: Bool = false
  ) throws -> Target {
    try finder.target(
      .window(.pick(deepest: deepest)), in: surface, clicked: clicked, subject: "T")
  }

  @Test("All windows under the pointer, from the root down, the topmost of those side by side")
  func path() throws {
    #expect(try click(165, 165) == [scene.root, scene.top, scene.t, scene.tc])
    #expect(try click(155, 155) == [scene.root, scene.top, scene.t])
    #expect(try click(210, 190) == [scene.root, scene.top, scene.sib], "T is below")
    #expect(try click(145, 145) == [scene.root, scene.top, scene.bel])
    #expect(try click(499, 399) == [scene.root, scene.top])
    #expect(try click(500, 400) == [scene.root])
  }

  @Test("The border is a window's own, and what it hides of a child is not there")
  func border() throws {
    let outer = scene.window(
      in: scene.root, Rect(x: 520, y: 20, width: 50, height: 50), 0x11_1111, border: 10)
    let inner = scene.window(in: outer, Rect(x: -5, y: 5, width: 30, height: 30), 0x22_2222)
    #expect(try click(520, 20) == [scene.root, outer])
    #expect(try click(527, 40) == [scene.root, outer])
    #expect(try click(530, 40) == [scene.root, outer, inner])
    #expect(try click(519, 40) == [scene.root])
    #expect(try click(589, 89) == [scene.root, outer])
    #expect(try click(590, 90) == [scene.root])
  }

  @Test("Windows that cannot be seen, or let clicks through, are passed by")
  func passedBy() throws {
    _ = scene.inputOnlyWindow(in: scene.root)
    #expect(try click(5, 5) == [scene.root, scene.other, scene.o1], "InputOnly")
    scene.unmap(scene.tc)
    #expect(try click(165, 165) == [scene.root, scene.top, scene.t], "unmapped")
    let overlay = scene.mapOverlay()
    #expect(try click(165, 165) == [scene.root, overlay])
    scene.shape(overlay, to: Rect(x: 0, y: 0, width: 40, height: 40))
    #expect(try click(165, 165) == [scene.root, scene.top, scene.t], "outside its shape")
    #expect(try click(159, 159) == [scene.root, overlay])
    scene.letClicksThrough(overlay)
    #expect(try click(159, 159) == [scene.root, scene.top, scene.t], "outside its input shape")
  }

  @Test("The wheel does not choose, the three buttons do", arguments: 1...3)
  func buttons(_ button: Int) throws {
    let words = "mousemove 5 5 click 4 click 5 click 8 mousemove 155 155 click \(button)"
    #expect(try windows(words) == [scene.root, scene.top, scene.t])
  }

  @Test("The press counts; nothing is chosen before its button is released")
  func held() throws {
    let picker = WindowPicker(connection)
    #expect(picker.grab())
    try scene.xdotool("mousemove 155 155 mousedown 1 mousemove 5 5")
    #expect(try picker.windows(subject: "SEL") == nil)
    try scene.xdotool("mousedown 3 mouseup 1")
    #expect(try picker.windows(subject: "SEL") == nil)
    try scene.xdotool("mouseup 3")
    #expect(try windows(picker) == [scene.root, scene.top, scene.t])
  }

  @Test("Escape cancels, and so does Control-C, which the terminal does not get")
  func cancelled() throws {
    for key in ["Escape", "ctrl+c"] {
      let error = #expect(throws: CaptureError.self) { try windows("key \(key)") }
      #expect(error == CaptureError(.fault, "SEL", "cancelled: no window was clicked"))
    }
    #expect(try windows("key c key Return mousemove 155 155 click 1").count == 3)
  }

  @Test("The windows get neither the click nor its release; afterwards they do again")
  func clickIsKept() throws {
    for window in [scene.top, scene.t, scene.other] { scene.watchButtons(of: window) }
    #expect(try click(155, 155).last == scene.t)
    #expect(try windows("mousemove 5 5 click 5 click 2").contains(scene.other))
    #expect(throws: CaptureError.self) { try windows("mousedown 1 key Escape mouseup 1") }
    #expect(scene.buttonEvents() == 0)
    try scene.xdotool("click 1")
    #expect(scene.buttonEvents() == 2)
  }

  @Test("What another program has grabbed is not had, and had as soon as it lets go")
  func grabbed() throws {
    let picker = WindowPicker(connection)
    #expect(scene.grabPointer())
    #expect(!picker.grab())
    #expect(!picker.hasPointer)
    #expect(picker.hasKeyboard)
    scene.ungrabPointer()
    #expect(picker.grab())
    #expect(!scene.grabPointer())
    #expect(picker.hasPointer)
  }

  @Test("A click on a window manager's frame means the client, as its id does")
  func frame() throws {
    let frame = scene.window(
      in: scene.root, Rect(x: 90, y: 80, width: 420, height: 330), 0xaa_aaaa)
    let hidden = scene.window(in: frame, Rect(x: 0, y: 20, width: 400, height: 300), 0)
    let inner = scene.window(in: frame, Rect(x: 10, y: 20, width: 400, height: 300), 0xbb_bbbb)
    scene.reparent(scene.top, to: inner, x: 0, y: 0)
    scene.setProperty(scene.top, "WM_STATE", type: "WM_STATE", number: 1)
    let (inside, title) = (try click(155, 155), try click(200, 85))
    #expect(inside == [scene.root, frame, inner, scene.top, scene.t])
    #expect(title == [scene.root, frame])
    #expect(try surface(inside) == scene.top)
    #expect(try surface(title) == scene.top)
    #expect(try surface(inside, deepest: true) == scene.t)
    #expect(try surface(title, deepest: true) == frame)
    #expect(try target(inside, in: scene.root) == .window(scene.top))
    #expect(try target(title, in: scene.root) == .window(scene.top))

    scene.setProperty(hidden, "WM_STATE", type: "WM_STATE", number: 1)
    #expect(try surface(inside) == scene.top, "of two clients in a frame the one that was clicked")
  }

  @Test("A window without a client inside is meant itself, and the root where there is no other")
  func unmanaged() throws {
    #expect(try surface([scene.root]) == scene.root)
    #expect(try surface([scene.root], deepest: true) == scene.root)
    #expect(try surface([scene.root, scene.other, scene.o1]) == scene.other)
    #expect(try surface([scene.root, scene.other, scene.o1], deepest: true) == scene.o1)
    let error = #expect(throws: CaptureError.self) { try surface([]) }
    #expect(error?.name == .notFound)
  }

  @Test("A target is the surface's child that was clicked, or the deepest; else the surface")
  func targets() throws {
    let clicked = [scene.root, scene.top, scene.t, scene.tc]
    #expect(try target(clicked, in: scene.top) == .window(scene.t))
    #expect(try target(clicked, in: scene.top, deepest: true) == .window(scene.tc))
    #expect(try target(clicked, in: scene.t) == .window(scene.tc))
    #expect(try target(clicked, in: scene.tc) == .window(scene.tc))
    #expect(try target([scene.root, scene.top], in: scene.top) == .window(scene.top))
    let outside = try target([scene.root, scene.other], in: scene.top)
    #expect(outside == .window(scene.other))
    let capture = try SurfaceCapture(connection, surface: scene.top)
    let error = #expect(throws: CaptureError.self) { try capture.setTarget(outside) }
    #expect(error?.name == .notAllowed)
  }
}
