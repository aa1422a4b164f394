import ArgumentParser
import CropEngine

/// What is captured.
struct SurfaceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("X display; else $DISPLAY.", valueName: "name"))
  var display: String?

  @Flag(help: "The whole X screen (the default).")
  var screen = false

  @Option(
    help: ArgumentHelp(
      "A monitor, as 'list monitors' names it, or primary.", valueName: "name"))
  var monitor: String?

  @Option(
    name: [.customShort("w"), .long, .customShort("i"), .customLong("id")],
    help: ArgumentHelp("A window.", valueName: "sel"))
  var window: String?

  @Flag(help: "The window as seen on the screen, with what covers it (the default).")
  var visible = false

  @Flag(help: "The window's own content even where covered. Not there yet: NotSupportedError.")
  var logical = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Wait for the display, the window, its mapping and the target; 0 by default.",
      valueName: "seconds"))
  var wait: Double?

  @Option(
    help: ArgumentHelp(
      """
      The mouse cursor in the picture: always, never, or motion, for a second after it moved; by \
      default always, in a shot never.
      """, valueName: "when"))
  var cursor: CursorMode?

  @Flag(help: "Read pixels by XGetImage, not by shared memory.")
  var noShm = false
}

/// What the stream is limited to.
struct TargetOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Follow this part of the surface.", valueName: "t"))
  var cropTo: String?

  @Option(
    name: [.customShort("g"), .long], parsing: .unconditional,
    help: ArgumentHelp("A fixed rectangle of the surface.", valueName: "geom"))
  var geometry: String?
}

extension CursorMode: ExpressibleByArgument {}
