import CX11
import CropEngine
import TestSupport
import Testing

@testable import ScreenSource

@Suite("Events of the windows in a window")
struct SubstructureTests {
  private let scene: Scene
  private let connection: ScreenSource.Connection

  init() throws {
    scene = try Scene(Xvfb())
    connection = try ScreenSource.Connection(displayName: scene.server.displayName)
    unsafe XSelectInput(connection.display, scene.top, SubstructureNotifyMask)
    unsafe _ = XSync(connection.display, False)
  }

  /// What happened by now, in order.
  private func events() -> [WindowEvent] {
    unsafe _ = XSync(connection.display, False)
    var events: [WindowEvent] = []
    while case .window(let event)? = connection.nextEvent(before: connection.nextSerial) {
      events.append(event)
    }
    return events
  }

  @Test("A new window tells of its parent and place")
  func created() {
    let window = scene.window(
      in: scene.top, Rect(x: 5, y: 6, width: 7, height: 8), 0x12_3456)
    #expect(
      events().first { $0.window == window }?.change
        == .created(parent: scene.top, x: 5, y: 6, width: 7, height: 8, border: 0))
  }

  @Test("A window that is configured tells what it is above")
  func configured() {
    scene.raise(scene.t)
    unsafe XLowerWindow(connection.display, scene.t)
    let told = events().filter { $0.window == scene.t }
    #expect(told.map(\.above) == [scene.sib, nil])
    #expect(
      told.map(\.change)
        == Array(
          repeating: .configured(x: 50, y: 50, width: 100, height: 80, border: 0), count: 2))
  }

  @Test("A window that is circulated tells where to")
  func circulated() {
    unsafe XCirculateSubwindowsUp(connection.display, scene.top)
    unsafe XCirculateSubwindowsDown(connection.display, scene.top)
    let told = events()
    #expect(told.map(\.change) == [.circulated(toTop: true), .circulated(toTop: false)])
  }
}
