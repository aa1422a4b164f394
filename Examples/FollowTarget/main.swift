// Follows parts of a window, then the whole of it: so many frames of each, each of another place,
// told of and written as a picture. As in: follow-target class:XTerm 5 child 200x100+0+0

import CropEngine
import Glibc
import ScreenSource

/// Waits until the server tells something, unless Xlib has read something already.
func waitForEvents(_ connection: Connection) {
  var server = pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
  if !connection.hasReadEvents { unsafe _ = poll(&server, 1, -1) }
}

/// Writes a frame as a PPM picture: a header, then red, green and blue of each pixel.
func write(_ frame: Frame, to path: String) throws(CaptureError) {
  guard let file = unsafe fopen(path, "w") else { throw CaptureError(.output, path, "not opened") }
  defer { unsafe _ = fclose(file) }
  let size = frame.region.rect.size
  unsafe _ = fputs("P6\n\(size.width) \(size.height)\n255\n", file)
  for y in 0..<size.height {
    for x in 0..<size.width {
      let blue = y * frame.stride + x * 4
      for byte in [blue + 2, blue + 1, blue] { unsafe _ = putc(Int32(frame.pixels[byte]), file) }
    }
  }
}

func words(of grab: Grab) -> String {
  switch grab {
  case .frame(let frame): "\(frame.region.rect) of \(frame.region.surface)"
  case .nothing(let reason): "nothing to see: \(reason)"
  case .unchanged: "as before"
  case .ended: "the window is closed"
  }
}

/// Grabs whenever the server tells something, and tells of so many frames of different places. None
/// is of a place that the target has left: a grab that a move overtakes is done again.
func follow(
  _ name: String, _ capture: SurfaceCapture, _ connection: Connection, frames count: Int
) throws(CaptureError) {
  var (told, last) = (0, "")
  while told < count {
    let grab = try capture.grab()
    let line = words(of: grab)
    if line == last {
      waitForEvents(connection)
      continue
    }
    (told, last) = (told + 1, line)
    if case .frame(let frame) = grab { try write(frame, to: "\(name)-\(told).ppm") }
    print("\(name) \(told): \(line)")
    fflush(nil)
    if case .ended = grab { exit(0) }
  }
}

let arguments = CommandLine.arguments
guard arguments.count > 3, let count = Int(arguments[2]) else {
  print("usage: follow-target WINDOW FRAMES TARGET...")
  exit(2)
}
do throws(CaptureError) {
  let connection = try Connection()
  let finder = WindowFinder(connection)
  let selector = try WindowSelector(parsing: arguments[1], subject: "window")
  let surface = try finder.surface(selector, subject: "window")
  let capture = try SurfaceCapture(connection, surface: surface)
  for (number, text) in arguments.dropFirst(3).enumerated() {
    let specifier = try TargetSpecifier(parsing: text, subject: text)
    let target = try finder.target(specifier, in: surface, subject: text)
    try capture.setTarget(target, subject: text)
    try follow("target-\(number + 1)", capture, connection, frames: count)
  }
  try capture.setTarget(.surface)
  try follow("window", capture, connection, frames: 1)
} catch {
  print(error)
  exit(error.name.rawValue)
}
