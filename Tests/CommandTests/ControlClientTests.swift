import CropEngine
import Glibc
import TestSupport
import Testing

@testable import xregioncap

extension CommandRing {
  @Suite("Clients of a control socket") struct ControlClientTests {
    @Test("C13: each id is answered once; an id that waits is TypeError, and free again after")
    func ids() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      try client.send(line: #"{"id":1,"op":"cropTo","target":"child"}"#)
      try client.send(line: #"{"id":1,"op":"pause"}"#)
      try client.send(line: #"{"id":"1","op":"pause"}"#)
      #expect(
        try client.nextLine()
          == #"{"error":"TypeError","id":null,"message":"id: 1 is not answered yet: use another","#
          + #""ok":false}"#)
      #expect(try client.nextLine() == #"{"id":"1","ok":true,"seq":5}"#)
      // Others have ids of their own.
      let other = try folder.client()
      #expect(try other.call("pause").seq == 5)
      try client.send(line: #"{"id":2,"op":"resume"}"#)
      #expect(try client.nextLine() == #"{"firstSeq":10,"id":1,"ok":true,"version":1}"#)
      #expect(try client.nextLine() == #"{"id":2,"ok":true,"seq":6}"#)
      try client.send(line: #"{"id":1,"op":"pause"}"#)
      #expect(try client.nextLine() == #"{"id":1,"ok":true,"seq":5}"#)
      session.end()
    }

    @Test("Thousands of requests in one go are answered in their order")
    func pipelined() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      let count = 3000
      let lines = (1...count).map {
        $0 % 2 == 0
          ? #"{"id":\#($0),"op":"cropTo"}"# + "\n"
          : #"{"id":\#($0),"op":"cropTo","target":"0-0"}"# + "\n"
      }
      // The session reads meanwhile, so that all of it is taken.
      try client.send(lines.joined().utf8)
      for id in 1...count {
        let answer = try ControlReading(try #require(try client.nextLine()))
        #expect(answer["id"] == id)
        #expect(answer.ok == (id % 2 == 0))
        if answer.ok { #expect(answer.version == id / 2) }
      }
      #expect(client.isSilent(for: 0))
      session.end()
    }

    @Test("Who writes no more gets the answers that are owed, then the end")
    func halfClosed() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      let waiting = try client.ask("cropTo", ["target": "child"])
      client.closeWriting()
      #expect(client.isSilent(for: 0.05))
      #expect(try folder.client().call("resume").ok)
      #expect(try client.answer(waiting).version == 1)
      #expect(try client.nextLine() == nil)
      session.end()
    }

    @Test("What a client wrote before it went away is done; its answers harm nobody")
    func dying() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      for _ in 1...20 {
        let client = try folder.client()
        for _ in 1...100 { try client.ask("state") }
        try client.ask("cropTo", ["target": "child"])
        client.close()
      }
      let last = try folder.client()
      #expect(try last.call("resume").ok)
      // The others' requests may come after it.
      let end = ContinuousClock.now + .seconds(10)
      while session.seen.count < 20 * 101 + 1, .now < end { sched_yield() }
      #expect(session.seen.count == 20 * 101 + 1)
      #expect(try last.call("resume").ok)
      session.end()
    }

    @Test("A flood, silence and half lines of others keep nobody from an answer")
    func flood() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let silent = try folder.client()
      let half = try folder.client()
      try half.send(#"{"id":1,"op":"#.utf8)
      let flooders = try (1...3).map { _ in try folder.client() }
      let flood = Array(
        String(repeating: #"{"op":"state","target":[]}"# + "\n", count: 1000).utf8)
      let client = try folder.client()
      var worst = Duration.zero
      for _ in 1...30 {
        for flooder in flooders { _ = flooder.sendOnce(flood[...]) }
        let start = ContinuousClock.now
        #expect(try client.call("pause").seq == 5)
        worst = max(worst, .now - start)
      }
      #expect(worst < .seconds(2))
      try half.send("\"pause\"}\n".utf8)
      #expect(try half.nextLine() == #"{"id":1,"ok":true,"seq":5}"#)
      #expect(try silent.call("pause").ok)
      session.end()
    }

    @Test("Who does not read is cut off at 4 MiB, and nobody else")
    func cutOff() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let reader = try folder.client()
      let client = try folder.client()
      #expect(try client.call("subscribe", ["frames": true]).ok)
      #expect(try reader.call("subscribe").ok)
      let id = String(repeating: "i", count: 2000)
      let lines = Array(String(repeating: #"{"id":"\#(id)","op":"pause"}"# + "\n", count: 20).utf8)
      var isCutOff = false
      let end = ContinuousClock.now + .seconds(Command.bound)
      while !isCutOff, .now < end { isCutOff = client.sendOnce(lines[...]) < 0 }
      #expect(isCutOff)
      #expect(try reader.call("refresh").seq == 7)
      #expect(try reader.event().type == "unmute")
      // What was sent before can still be read, then the end.
      var count = 0
      while try client.nextLine() != nil { count += 1 }
      #expect(count > 10)
      session.end()
    }

    @Test("Answers that wait for frames are bounded, too")
    func owed() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      let long = String(repeating: "i", count: 60_000)
      var sent = 0
      while sent < 100 {
        let line = #"{"id":"\#(long)\#(sent)","op":"cropTo","target":"child"}"# + "\n"
        do { try client.send(line.utf8) } catch { break }
        sent += 1
      }
      #expect(sent < 100)
      #expect(try folder.client().call("pause").ok)
      session.end()
    }

    @Test("Events go to those who asked for them, frames only where they were asked for")
    func events() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let (all, some, none) = (try folder.client(), try folder.client(), try folder.client())
      #expect(try all.call("subscribe", ["frames": true]).ok)
      #expect(try some.call("subscribe").ok)
      #expect(try none.call("refresh").ok)
      #expect(try all.nextLine() == #"{"type":"unmute"}"#)
      #expect(try all.nextLine() == #"{"type":"frame","seq":7}"#)
      #expect(try some.nextLine() == #"{"type":"unmute"}"#)
      #expect(some.isSilent(for: 0.05))
      #expect(none.isSilent(for: 0))
      // It stays for the events, though it writes no more.
      some.closeWriting()
      #expect(try all.call("subscribe").ok)
      #expect(try none.call("refresh").ok)
      #expect(try some.nextLine() == #"{"type":"unmute"}"#)
      #expect(try all.nextLine() == #"{"type":"unmute"}"#)
      #expect(all.isSilent(for: 0.05))
      session.end()
    }

    @Test("There are 64 clients at most; the next hears why, and a place is free again")
    func many() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      var clients = try (1...64).map { _ in try folder.client() }
      for client in clients { #expect(try client.call("pause").ok) }
      let late = try folder.client()
      let line = try #require(try late.nextLine())
      #expect(line.contains(#""error":"InvalidStateError","id":null"#))
      #expect(try late.nextLine() == nil)
      clients.removeLast()
      let end = ContinuousClock.now + .seconds(5)
      var isIn = false
      while !isIn, .now < end { isIn = (try? folder.client().call("pause").ok) ?? false }
      #expect(isIn)
      for client in clients { #expect(try client.call("pause").ok) }
      session.end()
    }

    @Test("C16: at the end who waits hears InvalidStateError, and no one hangs")
    func end() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      let nonsense = try folder.client()
      try nonsense.send(#"{"id":1,"op":"state"#.utf8)
      #expect(try client.call("pause").ok)
      // In one go: the session may end before another line could be sent.
      let change = #""op":"cropTo","target":"child"}"#
      let lines = [#"{"id":2,\#(change)"#, #"{"id":3,"op":"stop"}"#, #"{"id":4,\#(change)"#]
      try client.send(line: lines.joined(separator: "\n"))
      #expect(try client.answer(3).seq == 8)
      for id in [2, 4] {
        let answer = try client.answer(id)
        #expect(answer.error == "InvalidStateError")
        #expect(answer.message == "the session: it has ended")
      }
      #expect(try client.nextLine() == nil)
      #expect(try nonsense.nextLine() == nil)
      session.end()
      #expect(folder.names == [])
      #expect(throws: Failure.self) { try folder.client() }
    }

    @Test("C16: a race with the end is an answer or the end, for each of many")
    func endRace() throws {
      for round in 1...20 {
        let folder = try RuntimeFolder()
        let session = try ControlledSession()
        let clients = try (1...8).map { _ in try folder.client() }
        for (number, client) in clients.enumerated() {
          for _ in 1...round { _ = try? client.ask("cropTo", ["target": "child"]) }
          if number == 4 { _ = try? client.ask("stop") }
        }
        for client in clients {
          while let line = try client.nextLine() {
            let answer = try ControlReading(line)
            #expect(answer.ok || answer.error == "InvalidStateError")
          }
        }
        session.end()
      }
    }

    @Test(
      "Another user gets nothing, even where the folder lets him in", .enabled(if: geteuid() == 0))
    func otherUser() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      for path in [folder.path, folder.sockets] { chmod(path, 0o755) }
      chmod(folder.socket(), 0o666)
      #expect(try ControlClient.isAnswered(folder.socket(), asUser: geteuid()))
      #expect(try !ControlClient.isAnswered(folder.socket(), asUser: 65_534))
      #expect(session.seen == [.init(operation: .state, clone: 0)])
      session.end()
    }

    @Test("Where no descriptor is left for a client, the session does not spin, and goes on after")
    func noDescriptors() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      #expect(try client.call("pause").ok)
      var old = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &old)
      // The next number is the first that may not be had: our own end of the connection.
      let late = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      var none = rlimit(rlim_cur: rlim_t(late) + 1, rlim_max: old.rlim_max)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none)
      let result = atSocket(folder.socket()) { connect(late, $0, $1) }
      #expect(result == 0)
      #expect(try client.call("pause").ok)
      let before = session.turns
      #expect(client.isSilent(for: 0.2))
      #expect(session.turns - before < 60)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &old)
      #expect(try client.call("pause").ok)
      #expect(try folder.client().call("pause").ok)
      close(late)
      session.end()
    }
  }
}
