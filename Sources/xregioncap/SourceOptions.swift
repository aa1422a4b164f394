import ArgumentParser
import CropEngine

/// What is captured.
struct SurfaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "X display; else $DISPLAY.", valueName: "name"))
  var display: String?

  @Flag(help: "The whole X screen. The default, but in a run.")
  var screen = false

  @Option(
    help: ArgumentHelp(
      "A monitor, as 'list monitors' names it, or primary.", valueName: "name"),
    completion: Completion.monitor)
  var monitor: String?

  @Option(
    name: [.customShort("w"), .long, .customShort("i"), .customLong("id")],
    help: ArgumentHelp("A window.", valueName: "sel"), completion: Completion.window)
  var window: String?

  @Flag(help: "The window as seen on the screen, with what covers it.")
  var visible = false

  @Flag(
    help: """
      The window's own pixels, also where it is covered or off the screen. The default, where the \
      server has the Composite extension.
      """)
  var logical = false

  @Option(
    help: ArgumentHelp(
      """
      With a window's own pixels, other windows of its program: own shows its menus, tooltips and \
      dialogs over it.
      """, valueName: "which"))
  var popups: Popups = .none

  /// Which windows that belong to the one that is captured are shown with it.
  enum Popups: String, OptionWord {
    case none, own
  }

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Wait for the display, the window, its mapping and the target; 0 by default, in a run until \
      COMMAND ends.
      """,
      valueName: "seconds"))
  var wait: Double?

  @Option(
    help: ArgumentHelp(
      """
      The mouse cursor in the picture: always, never, or motion, for a second after it moved; by \
      default always, in a run or a shot never.
      """, valueName: "when"))
  var cursor: CursorMode?

  @Flag(help: "Read pixels by XGetImage, not by shared memory.")
  var noShm = false

  @Flag(help: "Read all pixels each time, not only where the server tells of changes.")
  var noDamage = false
}

/// What the stream is limited to.
struct TargetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Follow this part of the surface.", valueName: "t"),
    completion: Completion.target)
  var cropTo: String?

  @Option(
    help: ArgumentHelp(
      "Follow this part, and show its own pixels alone: nothing that covers it or shines through.",
      valueName: "t"),
    completion: Completion.target)
  var restrictTo: String?

  @Option(
    name: [.customShort("g"), .long], parsing: .unconditional,
    help: ArgumentHelp("A fixed rectangle of the surface.", valueName: "geom"))
  var geometry: String?

  @Option(
    help: ArgumentHelp(
      """
      Not all of the pixels are known to be its own yet: silent shows none, black shows those that \
      are, on black.
      """, valueName: "policy"))
  var partial: PartialPolicy = .silent

  /// What is shown while a part of the pixels may be another window's.
  enum PartialPolicy: String, OptionWord {
    case silent, black
  }
}

extension CursorMode: OptionWord {}
