import CropEngine
import ScreenSource

/// What there is to say of a display.
enum DisplayFindings {
  /// Of one that cannot be connected to.
  static func of(_ error: CaptureError) -> [Finding] {
    [
      .lacking(
        "display",
        error.subject == "display" ? error.reason : "\(error)",
        lost: "everything: there is nothing to capture",
        remedy: "name one with --display or $DISPLAY, or start one: Xvfb :9 &")
    ]
  }

  static func of(_ facts: DisplayFacts) -> [Finding] {
    [
      .ok("display", "\(facts.name), screen \(facts.screen), \(facts.size)"),
      .ok("server", "\(facts.vendor), release \(facts.release)"),
    ] + DisplayFacts.Extension.allCases.map { `extension`($0, facts) } + [
      sharedMemory(facts), layout(facts), grab(facts), monitors(facts), windowManager(facts),
      compositor(facts),
    ]
  }

  private static func `extension`(
    _ extension: DisplayFacts.Extension, _ facts: DisplayFacts
  ) -> Finding {
    let name = `extension`.rawValue
    if let version = facts.versions[`extension`] { return .ok(name, version) }
    return .lacking(
      name, "the server does not offer it", lost: lost(without: `extension`),
      remedy: "start the server with '+extension \(name)', or take one that has it, such as Xvfb")
  }

  private static func lost(without extension: DisplayFacts.Extension) -> String {
    switch `extension` {
    case .sharedMemory: "the fast way for pixels: each frame comes through the connection"
    case .fixes: "the mouse cursor in the picture"
    case .damage: "to be told what changes: all pixels are read for each frame"
    case .composite:
      "--logical and --restrict-to: windows are captured as they are seen on the screen"
    case .randr: "--monitor and 'list monitors'"
    case .shape: "nothing: without it every window is a rectangle"
    }
  }

  private static func sharedMemory(_ facts: DisplayFacts) -> Finding {
    let (name, lost) = ("shared memory", "speed: large frames take many times as long")
    if facts.grabError != nil {
      return .lacking(
        name, "not tried: no pixel can be read", lost: lost, remedy: "see capture")
    }
    guard let reason = facts.plainReason else { return .ok(name, "a pixel was read through it") }
    guard facts.versions[.sharedMemory] != nil else {
      return .lacking(name, reason, lost: lost, remedy: "see MIT-SHM")
    }
    return .lacking(
      name, reason, state: .warning, lost: lost,
      remedy: "run on the server's machine, by a local socket (:0, not host:0), and in its IPC "
        + "namespace (docker run --ipc=host)")
  }

  private static func layout(_ facts: DisplayFacts) -> Finding {
    switch facts.layout {
    case .success(let words): .ok("pixels", words)
    case .failure(let error):
      .lacking(
        "pixels", error.reason, lost: "everything: what is on the screen cannot be read",
        remedy: "a screen of depth 24: Xvfb :9 -screen 0 1280x720x24 &")
    }
  }

  private static func grab(_ facts: DisplayFacts) -> Finding {
    guard let error = facts.grabError else {
      return .ok("capture", "a pixel of the screen was read")
    }
    let isRead = if case .success = facts.layout { true } else { false }
    return .lacking(
      "capture", isRead ? "\(error)" : "not tried: the layout of pixels is not read",
      lost: "everything: there is nothing to capture",
      remedy: isRead
        ? "a trusted connection: with the cookie (xauth) of the display's owner" : "see pixels")
  }

  private static func monitors(_ facts: DisplayFacts) -> Finding {
    let (lost, remedy) = (
      "--monitor: --screen with --geometry captures a part of the screen",
      "a server that has RANDR 1.5 or later"
    )
    switch facts.monitors {
    case .success(let monitors) where monitors.isEmpty:
      return .lacking(
        "monitors", "none is on", state: .warning, lost: lost,
        remedy: "switch one on or define one with xrandr")
    case .success(let monitors):
      let names = monitors.map { $0.description + ($0.isPrimary ? " (primary)" : "") }
      return .ok("monitors", names.joined(separator: "; "))
    case .failure(let error):
      return .lacking("monitors", error.reason, lost: lost, remedy: remedy)
    }
  }

  private static func windowManager(_ facts: DisplayFacts) -> Finding {
    let (name, lost, remedy) = (
      "window manager", "nothing that captures need: 'focused' goes by the keyboard alone",
      "run one, such as openbox (apt install openbox)"
    )
    return switch facts.windowManager {
    case .running(let title): .ok(name, title)
    case .none: .lacking(name, "none is running", lost: lost, remedy: remedy)
    case .stale:
      .lacking(
        name, "the one that the root window tells of is gone", state: .warning, lost: lost,
        remedy: remedy)
    }
  }

  private static func compositor(_ facts: DisplayFacts) -> Finding {
    guard let compositor = facts.compositor else {
      return .lacking(
        "compositor", "none is running",
        lost: "nothing that captures need: translucent windows look opaque",
        remedy: "run one, such as picom (apt install picom)")
    }
    return .ok("compositor", compositor)
  }
}
