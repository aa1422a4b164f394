import CropEngine
import Glibc
import TestSupport
import Testing

@testable import xregioncap

extension CommandRing {
  @Suite("The end of a run") struct RunEndTests {
    /// A run whose film has begun, with a window manager, and a COMMAND of several processes.
    private struct Scene {
      let folder: TemporaryFolder
      let command: Command
      let processes: [Int]
      let display: String
      let cookie: String

      init(_ script: String) throws {
        folder = try TemporaryFolder()
        command = try Command(
          Command.xregioncap,
          [
            "run", "-f", "raw", "-r", "100", "--", "sh", "-c",
            "echo $DISPLAY $XAUTHORITY; \(script)",
          ], environment: ["XDG_RUNTIME_DIR": folder.path])
        let words = try command.nextError().split(separator: " ").map(String.init)
        (display, cookie) = (words[0], words[1])
        _ = try command.read(164 * 164 * 4)
        processes = Self.inside(Int(command.processIdentifier))
      }

      static func inside(_ ancestor: Int) -> [Int] {
        TemporaryFolder.names(in: "/proc").compactMap { Int($0) }
          .filter { ProcessTree.isInside($0, ancestor) }
      }

      static func name(_ process: Int) -> String {
        let text = (try? contents(of: "/proc/\(process)/comm")) ?? []
        return String(decoding: text, as: UTF8.self).lines.first.map(String.init) ?? ""
      }

      /// Those that run yet: neither gone nor dead and not waited for.
      var running: [Int] {
        processes.filter { process in
          guard let text = try? contents(of: "/proc/\(process)/stat") else { return false }
          return !String(decoding: text, as: UTF8.self).contains(") Z ")
        }
      }

      /// Files that the server has left.
      var remains: [String] {
        let number = display.dropFirst()
        return ["/tmp/.X11-unix/X\(number)", cookie].filter { access($0, F_OK) == 0 }
      }

      /// How many segments of shared memory its processes have made that are there yet.
      var segmentCount: Int {
        let text = (try? contents(of: "/proc/sysvipc/shm")) ?? []
        return String(decoding: text, as: UTF8.self).lines.dropFirst().count { line in
          // key, id, mode, size, and who has made it.
          let fields = line.split(separator: " ")
          return fields.count > 4 && Int(fields[4]).map(processes.contains) ?? false
        }
      }

      /// Waits until nothing is left.
      func isClean() -> Bool {
        let end = ContinuousClock.now + .seconds(Command.bound)
        while ContinuousClock.now < end {
          if running.isEmpty, remains.isEmpty, segmentCount == 0 { return true }
          usleep(1000)
        }
        return false
      }
    }

    @Test(
      "Whoever is killed, nothing is left: no process, no segment, no socket, no cookie",
      arguments: ["xregioncap", "keeper", "Xvfb", "sh", "remover"])
    func killed(_ victim: String) throws {
      let scene = try Scene("xclock -update 1 & setsid sleep 1000 & sleep 1000")
      let own = Int(scene.command.processIdentifier)
      // Two processes of ours bear our name: the one that has children keeps COMMAND.
      let children = scene.processes.filter { ProcessTree.parent(of: $0) == own }
      let helpers = children.filter { Scene.name($0) == "xregioncap" }
      let shell = try #require(scene.processes.first { Scene.name($0) == "sh" })
      let keeper = try #require(ProcessTree.parent(of: shell))
      #expect(helpers.count == 2 && helpers.contains(keeper) && scene.processes.count == 8)
      #expect(scene.remains.count == 2 && scene.segmentCount > 0)
      let process =
        switch victim {
        case "xregioncap": own
        case "keeper": keeper
        case "sh": shell
        case "Xvfb": try #require(children.first { Scene.name($0) == "Xvfb" })
        default: try #require(helpers.first { $0 != keeper })
        }
      kill(pid_t(process), SIGKILL)
      // Nobody notices that one is gone, before the end.
      if victim == "remover" { scene.command.signal(SIGTERM) }
      let result = try scene.command.finish()
      let statuses: [String: Int32] = [
        "xregioncap": 137, "keeper": 137, "sh": 137, "Xvfb": 20, "remover": 143,
      ]
      #expect(result.status == statuses[victim], "\(result.errors)")
      #expect(scene.isClean(), "\(scene.running.map(Scene.name)), \(scene.remains)")
    }

    @Test(
      "A signal goes to COMMAND, and the film ends with it",
      arguments: [("INT", SIGINT), ("TERM", SIGTERM), ("HUP", SIGHUP)])
    func signals(_ name: String, _ number: Int32) throws {
      let scene = try Scene(
        "trap 'echo told; kill $!; exit 5' \(name); xclock -update 1 & while :; do wait; done")
      scene.command.signal(number)
      let result = try scene.command.finish()
      #expect(result.status == 5 && result.errors.contains("told\n"))
      #expect(result.output.count % (164 * 164 * 4) == 0)
      #expect(scene.isClean())
    }

    @Test("A COMMAND that hears no signal is killed, and the film is whole")
    func deaf() throws {
      let scene = try Scene("trap '' TERM; xclock -update 1")
      scene.command.signal(SIGTERM)
      let result = try scene.command.finish()
      #expect(result.status == 137 && result.seconds < 10)
      #expect(result.output.count % (164 * 164 * 4) == 0)
      #expect(scene.isClean())
    }

    @Test("The third signal ends at once, and nothing is left")
    func thirdSignal() throws {
      let scene = try Scene("trap '' INT TERM HUP; xclock -update 1; sleep 1000")
      // Of one kind, they would be one while nobody has read them.
      for signal in [SIGINT, SIGTERM, SIGHUP] { scene.command.signal(signal) }
      let result = try scene.command.finish()
      #expect(result.status == 137 && result.seconds < 3)
      #expect(scene.isClean())
    }

    @Test("Everyone of ours is told to stop, and COMMAND still has its time, and its status")
    func all() throws {
      let scene = try Scene(
        "trap 'sleep 1.5; exit 3' TERM; xclock -update 1 & while :; do wait; done")
      for process in scene.processes where Scene.name(process) == "xregioncap" {
        kill(pid_t(process), SIGTERM)
      }
      #expect(try scene.command.finish().status == 3)
      #expect(scene.isClean())
    }

    @Test("Programs that whoever starts us has started are left alone")
    func others() throws {
      let folder = try TemporaryFolder()
      let result = try Command.shell(
        "sleep 1000 >/dev/null 2>&1 & echo $!; exec $XREGIONCAP run -q -n 1 -o film.y4m -- xclock",
        directory: folder.path)
      let process = try #require(pid_t(String(decoding: result.output.dropLast(), as: UTF8.self)))
      #expect(result.status == 0 && kill(process, SIGKILL) == 0)
    }

    @Test("The socket of a server that listens elsewhere is neither taken nor removed")
    func takenNumber() throws {
      // As a container that shares the folder sees it: nobody has the abstract socket.
      let folder = try TemporaryFolder()
      let free = try #require((0...).first { access("/tmp/.X11-unix/X\($0)", F_OK) != 0 })
      let path = "/tmp/.X11-unix/X\(free)"
      close(open(path, O_WRONLY | O_CREAT, 0o600))
      defer { unlink(path) }
      let result = try RunTests.run(
        ["-n", "1", "-o", "film.y4m", "--", "sh", "-c", "echo $DISPLAY; exec xclock"], in: folder)
      #expect(result.status == 0 && access(path, F_OK) == 0)
      #expect(result.output != Array(":\(free)\n".utf8) && result.output.first == 58)
    }

    @Test("An ffmpeg that is left to finish alone is left alone")
    func slowEncoder() throws {
      let folder = try TemporaryFolder()
      let script = "#!/bin/sh\ncat >/dev/null; until [ -e go ]; do sleep 0.05; done; echo >done\n"
      try folder.write(script.utf8, to: "ffmpeg")
      chmod(folder["ffmpeg"], 0o755)
      let command = try Command(
        Command.xregioncap,
        [
          "run", "-r", "20", "-o", "film.mp4", "--", "sh", "-c",
          "xclock & $0 shot -w class:XClock --wait 20 -o here.png; wait", Command.xregioncap,
        ], environment: ["PATH": folder.path + ":/usr/bin:/bin"], directory: folder.path)
      let end = ContinuousClock.now + .seconds(Command.bound)
      while access(folder["here.png"], F_OK) != 0, ContinuousClock.now < end { usleep(1000) }
      command.signal(SIGTERM)
      let result = try command.finish()
      #expect(result.status == 143)
      #expect(result.errors.contains("will finish it alone"), "\(result.errors)")
      try folder.write([], to: "go")
      while access(folder["done"], F_OK) != 0, ContinuousClock.now < end { usleep(1000) }
      #expect(access(folder["done"], F_OK) == 0)
    }

    @Test("A window that is closed ends the film, and not COMMAND")
    func windowClosed() throws {
      let scene = try Scene(
        "xclock -update 1 & echo $! >&2; wait; echo went on; exit 4")
      let clock = try scene.command.nextError()
      kill(try #require(pid_t(clock)), SIGTERM)
      let result = try scene.command.finish()
      #expect(result.status == 4 && result.errors.contains("went on\n"))
      #expect(scene.isClean())
    }

    @Test("A reader that goes away ends the film, and not COMMAND")
    func readerGone() throws {
      let scene = try Scene(
        "xclock -update 1 & until [ -e $XDG_RUNTIME_DIR/go ]; do sleep 0.02; done; echo went on; exit 6"
      )
      scene.command.closeOutput()
      try scene.folder.write([], to: "go")
      let result = try scene.command.finish()
      #expect(result.status == 6 && result.errors.contains("went on\n"))
      #expect(scene.isClean())
    }

    @Test("Control-C reaches COMMAND once, from the terminal itself")
    func controlC() throws {
      let folder = try TemporaryFolder()
      let script = """
        trap 'echo told >>told; kill $clock' INT
        xclock & clock=$!; $XREGIONCAP shot -w class:XClock --wait 20 -o here.png
        while kill -0 $clock; do wait $clock; done; exit 8
        """
      try folder.write(script.utf8, to: "script")
      let result = try Command.shell(
        """
        mkfifo keys; exec 3<>keys
        script -qec "$XREGIONCAP run -f y4m -o film.y4m -- sh script" /dev/null <keys >said &
        until [ -e here.png ]; do sleep 0.05; done
        printf '\\003' >&3
        wait $!
        """, directory: folder.path)
      #expect(result.status == 8, "\(result.errors)")
      #expect(try folder.read("told") == Array("told\n".utf8))
    }
  }
}
