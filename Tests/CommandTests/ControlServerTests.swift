import CropEngine
import Glibc
import TestSupport
import Testing

@testable import xregioncap

extension CommandRing {
  @Suite("The file of a control socket") struct ControlServerTests {
    private func mode(_ path: String) -> mode_t {
      var status = stat()
      return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    /// What opening a session fails with.
    private func error(_ name: String = "rec") -> CaptureError? {
      do {
        _ = try ControlledSession(name)
        return nil
      } catch {
        return error as? CaptureError
      }
    }

    @Test("F5: folder and socket are this user's alone, and the socket goes at the end")
    func modes() throws {
      let folder = try RuntimeFolder()
      let old = umask(0)
      defer { umask(old) }
      let session = try ControlledSession()
      #expect(mode(folder.sockets) == 0o700)
      #expect(mode(folder.socket()) == 0o600)
      #expect(folder.names == ["rec.sock"])
      session.end()
      #expect(folder.names == [])
    }

    @Test("A folder that others may enter, or that is none, is SecurityError")
    func folder() throws {
      let folder = try RuntimeFolder()
      mkdir(folder.sockets, 0o755)
      chmod(folder.sockets, 0o755)
      var refusal = try #require(error())
      #expect(refusal.name == .security && refusal.subject == folder.sockets)
      #expect(refusal.reason.contains("'chmod 700'"))
      chmod(folder.sockets, 0o710)
      #expect(error()?.name == .security)
      rmdir(folder.sockets)

      try folder.folder.write([], to: "xregioncap")
      #expect(error()?.reason.hasPrefix("it is no folder: remove it") == true)
      unlink(folder.sockets)

      mkdir(folder.folder["real"], 0o700)
      symlink(folder.folder["real"], folder.sockets)
      refusal = try #require(error())
      #expect(refusal.name == .security && refusal.reason.hasPrefix("it is no folder"))
      unlink(folder.sockets)
      #expect(TemporaryFolder.names(in: folder.folder["real"]) == [])

      if geteuid() == 0 {
        mkdir(folder.sockets, 0o700)
        chown(folder.sockets, 65_534, 65_534)
        #expect(error()?.reason.hasPrefix("it is another user's") == true)
      }
      setenv("XDG_RUNTIME_DIR", folder.folder["nowhere"], 1)
      #expect(error()?.reason.hasPrefix("No such file or directory") == true)
    }

    @Test("Without $XDG_RUNTIME_DIR the folder is in /tmp", arguments: [nil, "", "relative"])
    func temporary(_ value: String?) throws {
      if let value { setenv("XDG_RUNTIME_DIR", value, 1) } else { unsetenv("XDG_RUNTIME_DIR") }
      let name = "test-\(getpid())"
      let path = "/tmp/xregioncap-\(geteuid())/\(name).sock"
      let session = try ControlledSession(name)
      #expect(mode(path) == 0o600)
      session.end()
      #expect(access(path, F_OK) != 0)
      rmdir("/tmp/xregioncap-\(geteuid())")
    }

    @Test(
      "A name that is none is TypeError", arguments: ["", ".", "..", "a/b", "ä", "a b"])
    func name(_ name: String) throws {
      let folder = try RuntimeFolder()
      #expect(error(name)?.name == .type)
      #expect(error(String(repeating: "a", count: 65))?.name == .type)
      #expect(error("a\0b")?.name == .type)
      #expect(folder.names == [])
    }

    @Test("A path that is too long is an error that says so")
    func path() throws {
      let folder = try RuntimeFolder()
      let fits = 107 - folder.socket("").utf8.count
      let session = try ControlledSession(String(repeating: "a", count: fits))
      #expect(folder.names.count == 1)
      session.end()
      let refusal = try #require(error(String(repeating: "a", count: fits + 1)))
      #expect(refusal.name == .type && refusal.reason.contains("longer than the 107 bytes"))
      #expect(folder.names == [])
    }

    @Test("F3: a live session's name is InvalidStateError, and it is not disturbed")
    func live() throws {
      let folder = try RuntimeFolder()
      let session = try ControlledSession()
      let client = try folder.client()
      let refusal = try #require(error())
      #expect(refusal.name == .invalidState)
      #expect(refusal.reason.contains("'rec' is running"))
      #expect(try client.call("pause").ok)
      #expect(try folder.client().call("pause").ok)
      let other = try ControlledSession("other")
      #expect(folder.names == ["other.sock", "rec.sock"])
      other.end()
      session.end()
    }

    /// A socket's file, bound and left behind.
    private func leave(_ path: String) throws {
      let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(socket) }
      guard atSocket(path, { bind(socket, $0, $1) }) == 0 else { throw Failure("bind") }
    }

    @Test("A dead socket is replaced")
    func dead() throws {
      let folder = try RuntimeFolder()
      mkdir(folder.sockets, 0o700)
      try leave(folder.socket())
      let session = try ControlledSession()
      #expect(mode(folder.socket()) == 0o600)
      #expect(try folder.client().call("pause").ok)
      session.end()
      #expect(folder.names == [])
    }

    @Test("Anything else in the socket's place is SecurityError, and stays")
    func occupied() throws {
      let folder = try RuntimeFolder()
      mkdir(folder.sockets, 0o700)
      try leave(folder.folder["real.sock"])
      symlink(folder.folder["real.sock"], folder.socket())
      #expect(error()?.name == .security)
      symlink("nowhere", folder.socket("dangling"))
      #expect(error("dangling")?.name == .security)
      try folder.folder.write("text".utf8, to: "xregioncap/file.sock")
      #expect(error("file")?.name == .security)
      #expect(try folder.folder.read("xregioncap/file.sock") == Array("text".utf8))
      mkdir(folder.socket("folder"), 0o700)
      #expect(error("folder")?.name == .security)
      mkfifo(folder.socket("fifo"), 0o600)
      #expect(error("fifo")?.name == .security)
      #expect(
        folder.names == [
          "dangling.sock", "fifo.sock", "file.sock", "folder.sock", "rec.sock",
        ])
      #expect(access(folder.folder["real.sock"], F_OK) == 0)
    }

    @Test("Of those that start at once, one wins")
    func race() async throws {
      let folder = try RuntimeFolder()
      mkdir(folder.sockets, 0o700)
      for _ in 1...20 {
        try leave(folder.socket())
        let winners = await withTaskGroup(of: ControlledSession?.self) { group in
          for _ in 1...4 { group.addTask { try? ControlledSession() } }
          var winners: [ControlledSession] = []
          for await session in group { if let session { winners.append(session) } }
          return winners
        }
        #expect(winners.count == 1)
        #expect(try folder.client().call("pause").ok)
        #expect(folder.names == ["rec.sock"])
        for winner in winners { winner.end() }
        #expect(folder.names == [])
      }
    }

    @Test("Another session's file is not taken away at the end")
    func replaced() throws {
      let folder = try RuntimeFolder()
      let first = try ControlledSession()
      unlink(folder.socket())
      let second = try ControlledSession()
      first.end()
      #expect(folder.names == ["rec.sock"])
      #expect(try folder.client().call("pause").ok)
      second.end()
      #expect(folder.names == [])
    }
  }
}
