import ArgumentParser
import CropEngine
import ScreenSource

/// `xregioncap publish`: rectangles of a window, for whoever captures it.
struct PublishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Publish rectangles on a window, as an application can do itself.",
    usage: "xregioncap publish --window SEL NAME=GEOM… [--remove NAME…]",
    discussion: """
      Captures of the window, or of one that it is in, find them as rect:NAME and follow them. \
      NAME is 1 to 64 of A-Za-z0-9._-. GEOM is in pixels of the window's inside, from its left top \
      corner. Other names stay as they are.

      xregioncap publish --window class:Browser video=640x360+20+96
      """)

  @Argument(help: ArgumentHelp("A name and its rectangle.", valueName: "name=geom"))
  var rects: [String] = []

  @Option(
    name: [.short, .long], help: ArgumentHelp("The window.", valueName: "sel"),
    completion: Completion.window)
  var window: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Names that are published no more.", valueName: "name"))
  var remove: [String] = []

  @Option(help: ArgumentHelp("X display; else $DISPLAY.", valueName: "name"))
  var display: String?

  func run() throws {
    let selector = try WindowSelector(parsing: window, subject: "--window")
    try selector.refuseClick("--window")
    let entries = try entries()
    guard !entries.isEmpty || !remove.isEmpty else {
      throw CaptureError(.type, "publish", "say what: NAME=GEOM, or --remove NAME")
    }
    let connection = try Connection(displayName: display)
    let window = try WindowFinder(connection).surface(selector, subject: "--window")
    try RectPublisher(connection).publish(
      entries, removing: remove, on: window, subject: "publish")
  }

  private func entries() throws(CaptureError) -> [PublishedRects.Entry] {
    var entries: [PublishedRects.Entry] = []
    for text in rects {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, String(parts[0]).isPlainName else {
        throw CaptureError(
          .type, "publish",
          "'\(text)': expected NAME=GEOM, with 1 to 64 of A-Za-z0-9._- for a name")
      }
      entries.append(
        PublishedRects.Entry(
          name: String(parts[0]),
          rect: try Rect(parsing: String(parts[1]), subject: "publish")))
    }
    for name in remove where !name.isPlainName {
      throw CaptureError(
        .type, "--remove", "'\(name)' is no name: expected 1 to 64 of A-Za-z0-9._-")
    }
    return entries
  }
}
