import CXClient
import Glibc

/// An X server of a test's own. It ends with this object, and with this process however that ends:
/// the last client that leaves takes it along.
public final class Xvfb {
  public let displayName: String
  private let child: Child
  /// Held open, so that the server does not reset when another client leaves.
  private let held: OpaquePointer

  public init(screen: String = "640x480x24", arguments: [String] = []) throws {
    let said = try Channel()
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer {
      close(said.reading)
      close(nothing)
    }
    child = try Child(
      "/usr/bin/Xvfb",
      ["-displayfd", "1", "-screen", "0", screen, "-nolisten", "tcp", "-terminate"] + arguments,
      environment: [], input: nothing, output: said.writing, errors: nothing)
    close(said.writing)
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n") {
      let more = try bytes(from: said.reading, within: 20)
      if more.isEmpty { throw Failure("Xvfb said no display number") }
      line += more
    }
    displayName = ":" + String(decoding: line.dropLast(), as: UTF8.self)
    guard let display = client_open_display(displayName) else {
      throw Failure("cannot connect to Xvfb on \(displayName)")
    }
    held = display
  }

  /// Makes the server answer nobody while `body` runs, as one does that another client has grabbed.
  public func whileSilent(_ body: () throws -> Void) rethrows {
    Glibc.kill(child.processIdentifier, SIGSTOP)
    defer { Glibc.kill(child.processIdentifier, SIGCONT) }
    try body()
  }

  /// Ends the server at once, as a crash would.
  public func kill() {
    Glibc.kill(child.processIdentifier, SIGKILL)
    _ = child.exitStatus(within: 10)
  }
}

/// What keeps a test from being run at all.
public struct Failure: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
