import Glibc

/// The built binary, or another program, while it runs and after it has ended. Nothing waits
/// longer than its bound.
public final class Command {
  /// How long anything may take before a test gives up, in s.
  public static let bound = 30.0

  /// Folder of the products of the build that this test is part of.
  public static let products: String = {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    readlink("/proc/self/exe", &path, path.count - 1)
    let executable = path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: executable, as: UTF8.self)
      .split(separator: "/").dropLast().map { "/" + $0 }.joined()
  }()

  public static let xregioncap = products + "/xregioncap"

  private let child: Child
  private let output: Int32
  private let errors: Int32
  private var outputSoFar: [UInt8] = []
  private var errorsSoFar = ""

  /// Starts a program, xregioncap where none is named. `standardOutput` and `standardError` are
  /// descriptors to write to in place of what this object reads.
  public init(
    _ program: String = Command.xregioncap, _ arguments: [String], display: String? = nil,
    environment: [String: String] = [:], standardOutput: Int32? = nil,
    standardError: Int32? = nil, directory: String? = nil
  ) throws {
    let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
    let (out, err) = (try Channel(), try Channel())
    defer {
      close(nothing)
      close(out.writing)
      close(err.writing)
    }
    var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"]
    variables["DISPLAY"] = display
    variables.merge(environment) { _, new in new }
    child = try Child(
      program, arguments, environment: variables.map { "\($0)=\($1)" }, folder: directory,
      input: nothing, output: standardOutput ?? out.writing,
      errors: standardError ?? err.writing)
    (output, errors) = (out.reading, err.reading)
  }

  deinit {
    if !isOutputClosed { close(output) }
    close(errors)
  }

  public struct Result {
    /// Exit status; 128 + N where signal N ended it.
    public let status: Int32
    public let output: [UInt8]
    public let errors: String
    /// From when it was waited for, in s.
    public let seconds: Double
  }

  public func signal(_ number: Int32) { kill(child.processIdentifier, number) }

  public var processIdentifier: Int32 { child.processIdentifier }

  /// Reads standard output until so many bytes are there.
  public func read(_ count: Int) throws -> [UInt8] {
    let end = Self.deadline
    while outputSoFar.count < count {
      guard ContinuousClock.now < end else { throw Failure("\(count) bytes took too long") }
      let more = try bytes(from: output, within: Self.bound)
      guard !more.isEmpty else {
        throw Failure("the output ended after \(outputSoFar.count) bytes, not \(count)")
      }
      outputSoFar += more
    }
    let taken = Array(outputSoFar.prefix(count))
    outputSoFar.removeFirst(count)
    return taken
  }

  /// Reads standard output until nothing is written for so many seconds.
  public func drain(silence seconds: Double) throws -> [UInt8] {
    let end = Self.deadline
    while isReadable(output, within: seconds) {
      guard ContinuousClock.now < end else { throw Failure("it does not fall silent") }
      let more = try bytes(from: output, within: 0)
      if more.isEmpty { break }
      outputSoFar += more
    }
    defer { outputSoFar = [] }
    return outputSoFar
  }

  /// Waits until the program reads its signals, and none of them strikes it any more.
  ///
  /// No descriptor tells of that, so the kernel is asked again and again.
  public func waitUntilSignalsAreRead() throws {
    let end = Self.deadline
    let path = "/proc/\(child.processIdentifier)/status"
    while ContinuousClock.now < end {
      let file = open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { throw Failure("it has ended") }
      let status = String(decoding: try bytes(from: file, within: 0), as: UTF8.self)
      close(file)
      let line = status.split(separator: "\n").first { $0.hasPrefix("SigBlk:") }
      if let line, let blocked = UInt64(line.dropFirst("SigBlk:\t".count), radix: 16),
        blocked & 1 << (UInt64(SIGUSR2) - 1) != 0
      {
        return
      }
      if hasEnded(within: 0.001) { throw Failure("it has ended") }
    }
    throw Failure("it does not read its signals")
  }

  private static var deadline: ContinuousClock.Instant { .now + .seconds(bound) }

  /// Whether nothing is written to standard output for so many seconds.
  public func isSilent(for seconds: Double) -> Bool {
    outputSoFar.isEmpty && !isReadable(output, within: seconds)
  }

  /// Reads standard error until it holds the text.
  public func waitForError(_ text: String) throws {
    while !errorsSoFar.contains(text) {
      guard isReadable(errors, within: Self.bound) else {
        throw Failure("'\(text)' is not said, but: \(errorsSoFar)")
      }
      let more = try bytes(from: errors, within: 0)
      guard !more.isEmpty else { throw Failure("'\(text)' was not said, but: \(errorsSoFar)") }
      errorsSoFar += String(decoding: more, as: UTF8.self)
    }
  }

  /// Reads the next line of standard error, without what ends it. It is not in the result then.
  public func nextError() throws -> String {
    try waitForError("\n")
    let end = errorsSoFar.firstIndex(of: "\n")!
    defer { errorsSoFar = String(errorsSoFar[errorsSoFar.index(after: end)...]) }
    return String(errorsSoFar[..<end])
  }

  /// Goes away as a reader.
  public func closeOutput() {
    close(output)
    isOutputClosed = true
  }
  private var isOutputClosed = false

  /// Whether it has ended by itself within so many seconds.
  public func hasEnded(within seconds: Double) -> Bool {
    child.exitStatus(within: seconds) != nil
  }

  /// Waits for its end, reading what it writes meanwhile.
  ///
  /// With `readingOutput` false, it is a reader that has stopped reading but is not gone.
  public func finish(readingOutput: Bool = true) throws -> Result {
    let clock = ContinuousClock()
    let start = clock.now
    var open = readingOutput && !isOutputClosed ? [output, errors] : [errors]
    while !open.isEmpty {
      var polls = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard clock.now - start < .seconds(Self.bound),
        poll(&polls, UInt(polls.count), Int32(Self.bound * 1000)) > 0
      else { throw Failure("it did not end: \(errorsSoFar)") }
      for ready in polls where ready.revents != 0 {
        let more = try bytes(from: ready.fd, within: 0)
        if more.isEmpty {
          open.removeAll { $0 == ready.fd }
        } else if ready.fd == output {
          outputSoFar += more
        } else {
          errorsSoFar += String(decoding: more, as: UTF8.self)
        }
      }
    }
    guard let status = child.exitStatus(within: Self.bound) else {
      throw Failure("it closed its outputs, but did not end")
    }
    return Result(
      status: status, output: outputSoFar, errors: errorsSoFar,
      seconds: (clock.now - start) / .seconds(1))
  }

  /// Runs a program to its end.
  public static func run(
    _ program: String = Command.xregioncap, _ arguments: [String], display: String? = nil,
    environment: [String: String] = [:], directory: String? = nil
  ) throws -> Result {
    try Command(
      program, arguments, display: display, environment: environment, directory: directory
    ).finish()
  }

  /// Runs a line in bash, where `$XREGIONCAP` is the built binary.
  public static func shell(
    _ line: String, display: String? = nil, directory: String? = nil
  ) throws -> Result {
    try run(
      "/bin/bash", ["-c", line], display: display,
      environment: ["XREGIONCAP": Command.xregioncap], directory: directory)
  }
}
