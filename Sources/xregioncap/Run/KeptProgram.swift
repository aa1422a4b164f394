import CLinux
import CropEngine
import Glibc

/// A program with all that it starts: nothing of it is left when it ends, when it is given up, or when
/// somebody kills one of us.
///
/// A process of ours keeps it (`clinux_keep`), and ends what it leaves.
final class KeptProgram {
  /// The process that all of it is inside of.
  let keeper: pid_t
  /// Readable once the program has ended.
  let descriptor: Int32
  private let process: Int32
  /// How it ended, as far as was looked; nil while it runs.
  private(set) var exit: ChildProcess.Exit?
  /// How many processes it left running when it ended.
  private(set) var leftRunning = 0
  private var isGone = false

  /// Throws the system's reason where it cannot be started.
  init(_ settings: ChildProcess.Settings) throws(ChildProcess.Failure) {
    var kept = clinux_kept()
    let error = unsafe settings.withProgram { unsafe clinux_keep($0, &kept) }
    guard error == 0 else { throw ChildProcess.Failure(number: error) }
    keeper = kept.keeper
    descriptor = kept.end
    // One that has ended already cannot be had, and needs no signal.
    process = clinux_process_descriptor(kept.program)
  }

  deinit {
    end(patience: 0)
    close(descriptor)
    if process >= 0 { close(process) }
  }

  /// Whether it has ended, by now.
  var hasEnded: Bool {
    if exit == nil { look() }
    return exit != nil
  }

  private func look() {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard unsafe clinux_poll(&poll, 1, 0) > 0 else { return }
    var end = clinux_kept_end()
    let size = MemoryLayout<clinux_kept_end>.size
    let isTold = unsafe read(descriptor, &end, size) == size
    // A keeper that says nothing was killed, and the program with it.
    exit = isTold ? ChildProcess.Exit(waitStatus: end.status) : .signal(SIGKILL)
    leftRunning = Int(end.left_running)
  }

  /// Sends the program a signal, unless it has ended.
  func signal(_ number: Int32) {
    guard !hasEnded, process >= 0 else { return }
    _ = clinux_signal_process(process, number)
  }

  /// Ends what is left of it, the program by SIGTERM, and by SIGKILL after so many ns.
  func end(patience: Int64) {
    if patience > 0 { signal(SIGTERM) }
    wait(until: Clock.now + patience)
    if !hasEnded {
      signal(SIGKILL)
      // Where it cannot be had, its keeper takes it along.
      if process < 0 { kill(keeper, SIGKILL) }
      wait(until: .max)
    }
    guard !isGone else { return }
    isGone = true
    // It ends when nothing is left.
    waitpid(keeper, nil, 0)
  }

  private func wait(until time: Int64) {
    while !hasEnded {
      let rest = time == .max ? Int64.max : time - Clock.now
      guard rest > 0 else { return }
      Poller.wait(for: descriptor, atMost: rest)
    }
  }
}
