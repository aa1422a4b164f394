import CropEngine
import Glibc
import TestSupport
import Testing

@testable import xregioncap

extension CommandRing {
  @Suite("xregioncap ctl") struct ControlCommandTests {
    private func start(_ arguments: [String], in folder: RuntimeFolder) throws -> Command {
      try Command(
        Command.xregioncap, ["ctl"] + arguments, environment: ["XDG_RUNTIME_DIR": folder.path],
        directory: folder.path)
    }

    private func run(_ arguments: [String], in folder: RuntimeFolder) throws -> Command.Result {
      try start(arguments, in: folder).finish()
    }

    @Test(
      "Each operation is asked for, and its answer printed",
      arguments: [
        (["state"], .state, 0), (["capabilities"], .capabilities, 0), (["pause"], .pause, 0),
        (["resume"], .resume, 0), (["refresh"], .refresh, 0), (["stop"], .stop, 0),
        (["uncrop"], .cropTo(nil), 0), (["crop-to", ""], .cropTo(nil), 0),
        (["restrict-to", ""], .restrictTo(nil), 0), (["state", "--clone", "2"], .state, 2),
        (["--clone", "2", "pause"], .pause, 2),
        (["mint", "crop", "child:2"], .mint(.crop, .child(.position(2))), 0),
      ] as [([String], ControlRequest.Operation, Int)])
    func operations(
      _ arguments: [String], _ operation: ControlRequest.Operation, _ clone: Int
    ) throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let result = try run(["-s", "rec"] + arguments, in: folder)
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      let text = String(decoding: result.output, as: UTF8.self)
      #expect(text.lines.count == 1 && text.hasSuffix("\n"))
      #expect(try ControlReading(text).ok)
      #expect(session.seen == [.init(operation: operation, clone: clone)])
      session.end()
    }

    @Test("A change waits for its answer; --session may stand before and behind")
    func change() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let commands = try [
        ["-s", "rec", "crop-to", "child"], ["crop-to", "child", "--session", "rec"],
        ["restrict-to", "-s", "rec", "10x10+-5+5"],
      ].map { try start($0, in: folder) }
      let end = ContinuousClock.now + .seconds(10)
      while session.seen.count < 3, .now < end { sched_yield() }
      #expect(!commands[0].hasEnded(within: 0))
      #expect(try folder.client().call("resume").ok)
      for command in commands {
        let result = try command.finish()
        #expect(result.status == 0)
        #expect(try ControlReading(String(decoding: result.output, as: UTF8.self)).version != nil)
      }
      session.end()
    }

    @Test("A clone's options are passed on, and its file is one of this folder")
    func clone() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let words = [
        "clone", "--pix-fmt", "gray", "-o", "b c.y4m", "--size=10x10", "--start-paused", "-s",
        "rec", "--framerate", "30",
      ]
      #expect(try run(words, in: folder).status == 0)
      #expect(try run(["-s", "rec", "clone", "--output", "/x"], in: folder).status == 0)
      let own: [String: String?] = [
        "output": folder.folder["b c.y4m"], "pix-fmt": "gray", "size": "10x10",
        "start-paused": nil, "framerate": "30",
      ]
      #expect(
        session.seen == [
          .init(operation: .clone(own), clone: 0),
          .init(operation: .clone(["output": "/x"]), clone: 0),
        ])
      for words in [["-r", "10"], ["more"], ["--"]] {
        let result = try run(["-s", "rec", "clone", "-o", "x"] + words, in: folder)
        #expect(result.status == 2 && result.output == [])
      }
      session.end()
    }

    @Test(
      "An error is printed as the session said it, and ends with its status",
      arguments: [
        (["crop-to", "banana"], 2, "TypeError"), (["crop-to", "3f0c-x"], 4, "UnknownError"),
        (["restrict-to", "0x1+0+0"], 10, "OverconstrainedError"),
        (["lock"], 6, "InvalidStateError"), (["mint", "x", "child"], 2, "TypeError"),
        (["crop-to", String(repeating: "x", count: 70_000)], 2, "TypeError"),
      ] as [([String], Int32, String)])
    func errors(_ arguments: [String], _ status: Int32, _ name: String) throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let result = try run(["-s", "rec"] + arguments, in: folder)
      #expect(result.status == status)
      let answer = try ControlReading(String(decoding: result.output, as: UTF8.self))
      #expect(!answer.ok && answer.error == name)
      #expect(result.errors == "xregioncap: \(answer.message ?? "")\n")
      session.end()
    }

    @Test("Without such a session it says which there are")
    func noSession() throws {
      let folder = try RuntimeFolder()
      let none = Refusal(
        [], 6, "session 'rec': none of this name is running: start one with --session")
      none.check(try run(["-s", "rec", "state"], in: folder))
      #expect(access(folder.sockets, F_OK) != 0)
      let sessions = try ["b", "a"].map { try ControlledSession($0) }
      symlink("nowhere", folder.socket("dangling"))
      let two = Refusal([], 6, "session 'rec': none of this name is running: there is a, b")
      two.check(try run(["-s", "rec", "state"], in: folder))
      let bad = Refusal([], 2, "--session: 'a/b' is no name")
      bad.check(try run(["-s", "a/b", "state"], in: folder))
      Refusal([], 2, "--session: name one").check(try run(["state"], in: folder))
      Refusal([], 2, "ctl: say what").check(try run(["-s", "rec"], in: folder))
      chmod(folder.sockets, 0o750)
      Refusal([], 14, folder.sockets).check(try run(["-s", "a", "state"], in: folder))
      for session in sessions { session.end() }
    }

    @Test("C16: a session that ends before it answers is InvalidStateError")
    func end() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let command = try start(["-s", "rec", "crop-to", "child"], in: folder)
      let bound = ContinuousClock.now + .seconds(10)
      while session.seen.isEmpty, .now < bound { sched_yield() }
      session.end()
      let result = try command.finish()
      #expect(result.status == 6)
      #expect(result.errors == "xregioncap: the session: it has ended\n")

      // One that is killed says nothing.
      let path = folder.socket("mute")
      let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      #expect(atSocket(path) { bind(listener, $0, $1) } == 0 && listen(listener, 1) == 0)
      let waiting = try start(["-s", "mute", "state"], in: folder)
      close(accept(listener, nil, nil))
      let ended = Refusal([], 6, "session 'mute': it ended before it answered")
      ended.check(try waiting.finish())
      close(listener)
    }

    @Test("watch prints events until the session ends")
    func watch() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let some = try start(["-s", "rec", "watch"], in: folder)
      let all = try start(["-s", "rec", "watch", "--frames"], in: folder)
      let end = ContinuousClock.now + .seconds(10)
      while session.seen.count < 2, .now < end { sched_yield() }
      #expect(try folder.client().call("refresh").ok)
      // It is there at once, not when the session ends.
      let event = #"{"type":"unmute"}"# + "\n"
      #expect(try some.read(event.utf8.count) == Array(event.utf8))
      session.end()
      let rest = try some.finish()
      #expect(rest.status == 0 && rest.output == [] && rest.errors == "")
      let result = try all.finish()
      #expect(result.status == 0)
      #expect(
        String(decoding: result.output, as: UTF8.self)
          == event + #"{"type":"frame","seq":7}"# + "\n")
    }

    @Test("watch ends at a signal, and when nobody reads it")
    func watchEnds() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let stopped = try start(["-s", "rec", "watch"], in: folder)
      let unread = try start(["-s", "rec", "watch"], in: folder)
      let end = ContinuousClock.now + .seconds(10)
      while session.seen.count < 2, .now < end { sched_yield() }
      stopped.signal(SIGINT)
      #expect(try stopped.finish().status == 0)
      unread.closeOutput()
      #expect(try folder.client().call("refresh").ok)
      let result = try unread.finish()
      #expect(result.status == 0 && result.errors == "")
      session.end()
    }
  }
}
