import ArgumentParser
import CropEngine
import Glibc
import ScreenSource

/// What a shell offers for a value that only the display or the running sessions know.
enum Completion {
  /// Whoever types does not wait longer for a server that does not answer, in s.
  private static let patience: UInt32 = 1

  /// A SEL: its words, and the classes of windows.
  static let window = offering { display in
    ["focused", "pick", "pick:child", "root", "name:", "class:"] + classes(display)
  }

  /// A T: its words, and what windows publish.
  static let target = offering { display in
    ["child", "child:", "pick", "pick:child", "rect:"] + published(display)
  }

  /// A monitor's name.
  static let monitor = offering { display in
    let monitors = connection(display).flatMap { try? MonitorInfo.all($0) } ?? []
    return ["primary"] + monitors.map(\.name).filter(\.isPlainName)
  }

  /// The name of a session that runs.
  static let session = offering { _ in
    guard let folder = try? ControlFolder.open(making: false) else { return [] }
    return folder.sessions()
  }

  /// What a function says of a display, which is named in the line or not. Nothing is said of
  /// errors, and nothing is waited for.
  private static func offering(
    _ words: @escaping @Sendable (_ display: String?) -> [String]
  ) -> CompletionKind {
    .custom { line, _, _ in
      // Xlib writes of its own accord.
      unsafe dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO)
      signal(SIGALRM) { _ in _exit(0) }
      alarm(patience)
      let display = display(in: line)
      let isZsh = CompletionShell.requesting == .zsh
      // There a description follows a colon.
      return words(display).map { isZsh ? $0.replacing(":", with: "\\:") : $0 }
    }
  }

  /// The display that a line names, in a word of its own or in that of the option.
  static func display(in line: [String]) -> String? {
    let (option, joined) = ("--display", "--display=")
    guard let place = line.firstIndex(where: { $0 == option || $0.hasPrefix(joined) }) else {
      return nil
    }
    if line[place] != option { return String(line[place].dropFirst(joined.count)) }
    return place + 1 < line.count ? line[place + 1] : nil
  }

  private static func connection(_ display: String?) -> Connection? {
    try? Connection(displayName: display)
  }

  private static func classes(_ display: String?) -> [String] {
    guard let connection = connection(display),
      let windows = try? WindowList.windows(.usual, of: connection)
    else { return [] }
    let names = windows.filter { $0.depth == 0 }.map(\.info.className)
    return Set(names).filter(\.isPlainName).sorted().map { "class:" + $0 }
  }

  private static func published(_ display: String?) -> [String] {
    guard let connection = connection(display),
      let targets = try? ListedTarget.targets(in: connection.root, of: connection)
    else { return [] }
    return Set(targets.compactMap(\.name)).sorted().map { "rect:" + $0 }
  }
}
