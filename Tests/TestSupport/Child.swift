import CXClient
import Glibc

/// A program that a test has started. It is killed when nothing holds it any more.
final class Child {
  let processIdentifier: pid_t
  private let descriptor: Int32
  private var status: Int32?

  init(
    _ program: String, _ arguments: [String], environment: [String], folder: String? = nil,
    input: Int32, output: Int32, errors: Int32
  ) throws {
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    processIdentifier = client_spawn(program, words, variables, folder, input, output, errors)
    guard processIdentifier > 0 else { throw Failure("cannot start \(program)") }
    descriptor = client_process_descriptor(processIdentifier)
  }

  deinit {
    if status == nil {
      kill(processIdentifier, SIGKILL)
      _ = exitStatus(within: 10)
    }
    close(descriptor)
  }

  /// Its exit status, 128 + N where signal N ended it; nil where it still runs after so many
  /// seconds.
  func exitStatus(within seconds: Double) -> Int32? {
    if status == nil, isReadable(descriptor, within: seconds) {
      status = client_exit_status(processIdentifier)
    }
    return status
  }
}

/// A pipe. Children get the descriptors that they are given, and no others.
struct Channel {
  let reading: Int32
  let writing: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure("pipe") }
    (reading, writing) = (ends[0], ends[1])
  }
}

/// Whether there is something to read, or the end, within so many seconds.
public func isReadable(_ descriptor: Int32, within seconds: Double) -> Bool {
  var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  return Glibc.poll(&poll, 1, Int32(seconds * 1000)) > 0
}

/// Bytes that are there, or come within so many seconds; empty at the end of the file.
public func bytes(from descriptor: Int32, within seconds: Double) throws -> [UInt8] {
  guard isReadable(descriptor, within: seconds) else {
    throw Failure("nothing was written within \(seconds) s")
  }
  return try [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
    let got = read(descriptor, buffer.baseAddress, buffer.count)
    guard got >= 0 else { throw Failure("read: \(String(cString: strerror(errno)))") }
    count = got
  }
}
