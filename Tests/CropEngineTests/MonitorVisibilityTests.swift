import CropEngine
import Testing

@Suite("What of a monitor can be seen")
struct MonitorVisibilityTests {
  private let monitor = Rect(x: 120, y: 90, width: 300, height: 200)

  private func seen(
    _ target: Target = .surface, in part: SurfacePart, of tree: WindowTree = .scene()
  ) -> Visibility {
    tree.visibility(of: target, in: Windows.root, part: part)
  }

  private func region(
    _ width: Int, _ height: Int, _ x: RegionGeometry.Offset,
    _ y: RegionGeometry.Offset
  ) -> Target {
    .region(RegionGeometry(size: Size(width: width, height: height), x: x, y: y))
  }

  private func visible(_ onScreen: Rect, _ rect: Rect, of surface: Size) -> Visibility {
    .visible(FrameRegion(onScreen: onScreen, rect: rect, surface: surface))
  }

  @Test("A monitor is its rectangle of the screen")
  func whole() {
    #expect(
      seen(in: .monitor(monitor)) == visible(monitor, monitor.size.bounds, of: monitor.size))
  }

  @Test("A12: moved and resized, it is what it is then")
  func moved() {
    for rect in [
      Rect(x: 0, y: 0, width: 300, height: 200), Rect(x: 340, y: 280, width: 300, height: 200),
      Rect(x: 7, y: 9, width: 1, height: 1), Rect(x: 0, y: 0, width: 640, height: 480),
    ] {
      #expect(seen(in: .monitor(rect)) == visible(rect, rect.size.bounds, of: rect.size))
    }
  }

  @Test(
    "A monitor that reaches beyond the screen is seen as far as there are pixels",
    arguments: [
      (Rect(x: -20, y: 30, width: 100, height: 50), Rect(x: 20, y: 0, width: 80, height: 50)),
      (Rect(x: 30, y: -40, width: 100, height: 50), Rect(x: 0, y: 40, width: 100, height: 10)),
      (Rect(x: 600, y: 0, width: 100, height: 50), Rect(x: 0, y: 0, width: 40, height: 50)),
      (Rect(x: 0, y: 470, width: 100, height: 50), Rect(x: 0, y: 0, width: 100, height: 10)),
      (Rect(x: -10, y: -10, width: 900, height: 900), Rect(x: 10, y: 10, width: 640, height: 480)),
    ])
  func beyondTheScreen(_ monitor: Rect, _ rect: Rect) {
    #expect(
      seen(in: .monitor(monitor))
        == visible(rect.offsetBy(dx: monitor.x, dy: monitor.y), rect, of: monitor.size))
  }

  @Test("A monitor beside the screen has no pixel, and is not gone")
  func besideTheScreen() {
    for (x, y) in [(640, 0), (0, 480), (-300, 0), (0, -200), (5000, 5000)] {
      let monitor = Rect(x: x, y: y, width: 300, height: 200)
      #expect(seen(in: .monitor(monitor)) == .nothing(.empty))
    }
  }

  @Test("A12: a removed monitor has ended, whatever the target is")
  func removed() {
    for target in [Target.surface, .window(Windows.t), region(1, 1, .start(0), .start(0))] {
      #expect(seen(target, in: .removedMonitor) == .ended)
    }
    #expect(WindowTree.scene().viewport(of: Windows.root, part: .removedMonitor) == nil)
  }

  @Test("The screen made smaller cuts the monitor")
  func smallerScreen() {
    var tree = WindowTree.scene()
    tree.apply(.configured(x: 0, y: 0, width: 200, height: 150, border: 0), to: Windows.root)
    #expect(
      seen(in: .monitor(monitor), of: tree)
        == visible(
          Rect(x: 120, y: 90, width: 80, height: 60), Rect(x: 0, y: 0, width: 80, height: 60),
          of: monitor.size))
    tree.apply(.configured(x: 0, y: 0, width: 100, height: 90, border: 0), to: Windows.root)
    #expect(seen(in: .monitor(monitor), of: tree) == .nothing(.empty))
  }

  @Test("A window in a monitor counts from the monitor's corner, and is cut at its edges")
  func window() {
    // T is at 150,150 of the screen, 100×80.
    #expect(
      seen(.window(Windows.t), in: .monitor(monitor))
        == visible(
          Rect(x: 150, y: 150, width: 100, height: 80), Rect(x: 30, y: 60, width: 100, height: 80),
          of: monitor.size))
    let corner = Rect(x: 200, y: 0, width: 100, height: 200)
    #expect(
      seen(.window(Windows.t), in: .monitor(corner))
        == visible(
          Rect(x: 200, y: 150, width: 50, height: 50), Rect(x: 0, y: 150, width: 50, height: 50),
          of: corner.size))
  }

  @Test("A window that lies beside the monitor is empty, and seen once the monitor is there")
  func windowBeside() {
    let beside = Rect(x: 300, y: 300, width: 100, height: 100)
    #expect(seen(.window(Windows.t), in: .monitor(beside)) == .nothing(.empty))
    let there = Rect(x: 249, y: 229, width: 100, height: 100)
    #expect(
      seen(.window(Windows.t), in: .monitor(there))
        == visible(
          Rect(x: 249, y: 229, width: 1, height: 1), Rect(x: 0, y: 0, width: 1, height: 1),
          of: there.size))
  }

  @Test("A region counts from the monitor's edges: the right and bottom ones too")
  func regions() {
    func check(_ target: Target, _ rect: Rect) {
      #expect(
        seen(target, in: .monitor(monitor))
          == visible(rect.offsetBy(dx: 120, dy: 90), rect, of: monitor.size))
    }
    check(region(50, 40, .start(10), .start(20)), Rect(x: 10, y: 20, width: 50, height: 40))
    check(region(50, 40, .end(0), .end(0)), Rect(x: 250, y: 160, width: 50, height: 40))
    check(region(50, 40, .end(10), .end(20)), Rect(x: 240, y: 140, width: 50, height: 40))
    check(region(50, 40, .end(-30), .start(-5)), Rect(x: 280, y: 0, width: 20, height: 35))
    check(region(50, 40, .start(-30), .end(-5)), Rect(x: 0, y: 165, width: 20, height: 35))
  }

  @Test("A region at the right edge of a monitor that reaches beyond the screen stays there")
  func regionBeyondTheScreen() {
    let monitor = Rect(x: 540, y: 0, width: 200, height: 100)
    #expect(seen(region(50, 40, .end(0), .start(0)), in: .monitor(monitor)) == .nothing(.empty))
    #expect(
      seen(region(150, 40, .end(0), .start(0)), in: .monitor(monitor))
        == visible(
          Rect(x: 590, y: 0, width: 50, height: 40), Rect(x: 50, y: 0, width: 50, height: 40),
          of: monitor.size))
  }
}

@Suite("Which monitor is meant")
struct MonitorSelectorTests {
  @Test("A name is one, and primary is the primary one")
  func names() throws {
    #expect(try MonitorSelector(parsing: "primary", subject: "s") == .primary)
    for name in ["DP-1", "Primary", "primary ", "0", " ", "eDP-1.2", "ünï"] {
      #expect(try MonitorSelector(parsing: name, subject: "s") == .name(name))
    }
  }

  @Test("Nothing names no monitor")
  func nothing() {
    let error = #expect(throws: CaptureError.self) {
      try MonitorSelector(parsing: "", subject: "--monitor")
    }
    #expect(error == CaptureError(.type, "--monitor", "it names no monitor"))
  }
}
