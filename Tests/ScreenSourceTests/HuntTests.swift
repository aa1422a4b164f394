import CropEngine
import Glibc
import ScreenSource
import TestSupport
import Testing

/// E2 as a hunt: windows without background, painted now and then, while all about them is
/// something else at every moment. What belongs to them has little blue, all else has most of it,
/// also where it is mixed by halves or its lowest bit is another.
///
/// `XREGIONCAP_HUNT_SECONDS` is how long all of it takes.
@Suite("The hunt for pixels that are not the target's own")
struct HuntTests {
  private static let seconds =
    getenv("XREGIONCAP_HUNT_SECONDS").flatMap { Double(String(cString: $0)) } ?? 12

  /// What is hunted.
  enum Prey: CaseIterable {
    /// A window in TOP, to which a capture of what is seen is restricted; one of the logical view.
    case inVisible, inLogical
    /// A captured window.
    case surface
    /// A window of depth 32.
    case translucent
  }

  private static let games = Prey.allCases.flatMap { prey in [1, 2].map { (prey, $0) } }

  /// What was caught.
  struct Tally {
    var frames = 0
    /// Frames with a pixel that is none of the target's.
    var leaks = 0
  }

  /// The windows, a capture of them, and who changes them.
  private final class Hunt {
    let prey: Prey
    let scene: Scene
    let window: UInt
    let storm: Command
    var stage: Stage
    /// Whether what is not known to be the target's is withheld.
    let isGuarded: Bool
    private var generator: UInt64

    init(_ prey: Prey, seed: Int, isGuarded: Bool = true) throws {
      self.prey = prey
      self.isGuarded = isGuarded
      generator = UInt64(seed)
      scene = try Scene(Xvfb())
      // All that is not the target's has much blue.
      for window in [scene.top, scene.root, scene.bel, scene.t, scene.tc, scene.sib, scene.other] {
        scene.paint(window, 0x30_70f0)
      }
      let parent = prey == .surface ? scene.root : scene.top
      guard
        let window = scene.bareWindow(
          in: parent, Rect(x: 50, y: 50, width: 120, height: 90), border: 2,
          hasAlpha: prey == .translucent)
      else { throw Failure("no visual of depth 32") }
      self.window = window
      storm = try Command(
        Command.products + "/xstorm",
        [scene.server.displayName, "veil", "\(parent)", "\(window)", "\(seed)"])
      _ = try storm.read("storming\n".utf8.count)
      if seed % 2 == 1 {
        // What the windows copy about is to be their own when the capture begins.
        storm.signal(SIGUSR1)
        _ = try storm.read("calm\n".utf8.count)
      }
      stage = try Self.stage(prey, scene, window)
      try begin()
      if seed % 2 == 1 { try awaitFrame() }
      storm.signal(SIGUSR2)
    }

    /// Grabs until a frame has come.
    func awaitFrame() throws {
      let bound = ContinuousClock.now + .seconds(5)
      while case .nothing = try stage.grab(), ContinuousClock.now < bound {}
    }

    private static func stage(_ prey: Prey, _ scene: Scene, _ window: UInt) throws -> Stage {
      switch prey {
      case .inVisible, .translucent: try Stage(scene, surface: scene.top)
      case .inLogical: try Stage(scene, surface: scene.top, view: .logical)
      case .surface: try Stage(scene, surface: window, view: .logical)
      }
    }

    private func begin() throws {
      stage.capture.checksOwnership = isGuarded
      guard prey != .surface else { return }
      try stage.capture.setTarget(.window(window), restricting: true)
    }

    /// A number of as many.
    func next(_ count: Int) -> Int {
      generator = generator &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(generator >> 33) % count
    }

    /// Ends the restriction, now and then the whole capture, and begins anew.
    func beginAnew() throws {
      if prey == .surface || next(3) == 0 {
        stage = try Self.stage(prey, scene, window)
      } else {
        try stage.capture.setTarget(.surface)
        if next(2) == 0 { _ = try stage.grab() }
      }
      try begin()
    }

    /// Grabs once, and looks at each pixel.
    func grab(_ tally: inout Tally) throws {
      guard case .frame(let frame) = try stage.grab() else { return }
      tally.frames += 1
      let leaks = count(
        0xc0, in: frame.pixels, size: frame.region.rect.size, stride: frame.stride)
      if leaks > 0 { tally.leaks += 1 }
    }

    /// Waits until the window is in its place and is painted when that is asked for.
    func calm() throws {
      storm.signal(SIGUSR1)
      _ = try storm.read("calm\n".utf8.count)
    }

    func goOn() { storm.signal(SIGUSR2) }
  }

  @Test(
    "E2: never a pixel that is not the subtree's, and frames flow again after each repaint",
    arguments: games)
  func hunt(_ prey: Prey, seed: Int) throws {
    let hunt = try Hunt(prey, seed: seed)
    var (tally, calm) = (Tally(), Tally())
    let begin = ContinuousClock.now
    let end = begin + .seconds(Self.seconds / Double(Self.games.count))
    var rounds = 0
    repeat {
      let pause = ContinuousClock.now + .milliseconds(300)
      while ContinuousClock.now < pause {
        try hunt.grab(&tally)
        if seed % 2 == 0, hunt.next(60) == 0 { try hunt.beginAnew() }
      }
      try hunt.calm()
      if seed % 2 == 1 {
        try hunt.beginAnew()
        try hunt.awaitFrame()
      }
      let before = calm.frames
      // A repaint is asked for once a second; a busy machine takes its time for the rest.
      let bound = ContinuousClock.now + .seconds(10)
      while calm.frames == before, ContinuousClock.now < bound { try hunt.grab(&calm) }
      #expect(
        calm.frames > before,
        "\(hunt.stage.capture.main.result), \(hunt.stage.capture.main.ineligibility ?? "")")
      hunt.goOn()
      rounds += 1
      // Without a frame from the storm it was no hunt.
      let isShort = tally.frames == 0 && ContinuousClock.now - begin < .seconds(Command.bound)
      guard ContinuousClock.now < end || isShort else { break }
    } while tally.leaks == 0
    #expect(!hunt.storm.hasEnded(within: 0), "nothing would have moved")
    #expect(tally.leaks == 0 && calm.leaks == 0)
    #expect(tally.frames > 0, "no frame came in \(rounds) storms")
  }

  @Test(
    "Where pixels are not withheld, the hunt finds leaks: it can tell", arguments: Prey.allCases)
  func unguarded(_ prey: Prey) throws {
    let hunt = try Hunt(prey, seed: 1, isGuarded: false)
    var tally = Tally()
    let end = ContinuousClock.now + .seconds(10)
    while tally.leaks == 0, ContinuousClock.now < end {
      try hunt.grab(&tally)
      if hunt.next(60) == 0 { try hunt.beginAnew() }
    }
    #expect(!hunt.storm.hasEnded(within: 0))
    #expect(tally.leaks > 0, "in \(tally.frames) frames")
  }
}
