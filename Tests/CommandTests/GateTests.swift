import CropEngine
import Glibc
import TestSupport
import Testing

extension CommandRing {
  /// Counts that do not depend on the machine: what a run of so many frames more takes.
  @Suite("What a frame costs") struct GateTests {
    /// Scenes that frames are taken of.
    enum Scenery: CaseIterable {
      /// Nothing changes, and frames follow each other as fast as they can.
      case still
      /// T is painted for each frame.
      case painted
    }

    /// What was counted in a run, and how long that took, in s.
    private struct Count {
      let numbers: [Int]
      let seconds: Double
    }

    /// Runs the command for so many frames with a fixture in it, which tells its numbers in a file
    /// that `variable` names.
    private func count(
      _ fixture: String, _ variable: String, _ scenery: Scenery, _ arguments: [String],
      frames: Int
    ) throws -> Count {
      let stage = try Stage()
      let folder = try Fixture.build(fixture)
      let start = ContinuousClock.now
      let timing = scenery == .still ? ["-r", "max"] : ["-r", "1000", "--timing", "vfr"]
      let command = try stage.start(
        stage.cropped + ["-n", "\(frames)"] + timing + arguments,
        environment: [
          "LD_PRELOAD": folder["count.so"], variable: folder["count"],
          "SWIFT_DETERMINISTIC_HASHING": "1",
        ])
      if scenery == .painted {
        for number in 0..<frames - 1 {
          _ = try command.read(Stage.bytesOfT)
          stage.scene.fill(stage.scene.t, Rect(x: 35, y: 5, width: 12, height: 9), UInt(number))
        }
      }
      let result = try command.finish()
      #expect(result.status == 0)
      let numbers = try Fixture.numbers(folder)
      guard !numbers.isEmpty else { throw Failure("nothing was counted: \(result.errors)") }
      return Count(numbers: numbers, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// What so many frames more take, and how long both runs took, in s.
    private func difference(
      _ fixture: String, _ variable: String, _ scenery: Scenery, _ arguments: [String] = [],
      frames: Int
    ) throws -> Count {
      let few = try count(fixture, variable, scenery, arguments, frames: 50)
      let many = try count(fixture, variable, scenery, arguments, frames: 50 + frames)
      return Count(
        numbers: zip(many.numbers, few.numbers).map { $0 - $1 },
        seconds: few.seconds + many.seconds)
    }

    @Test(
      "A frame takes one round trip where something was drawn, and none where nothing was",
      arguments: Scenery.allCases, ["never", "always"])
    func roundTrips(_ scenery: Scenery, _ cursor: String) throws {
      let frames = scenery == .still ? 1000 : 200
      let more = try difference(
        "roundtrips", "ROUND_TRIPS", scenery, ["--cursor", cursor], frames: frames)
      let expected = scenery == .still ? 0 : frames
      // Everything is read each two seconds; where the cursor is drawn, its place is asked for ten
      // times a second.
      let spare = more.seconds / 2 + (cursor == "never" ? 0 : more.seconds * 10) + 1
      #expect(abs(more.numbers[0] - expected) <= Int(spare), "\(more)")
    }

    @Test(
      "A frame allocates nothing but what xcb and Xlib take for what the server sends",
      arguments: Scenery.allCases)
    func allocations(_ scenery: Scenery) throws {
      let more = try difference("allocations", "ALLOCATIONS", scenery, frames: 200)
      #expect(abs(more.numbers[1]) <= 2, "\(more)")
      // Three for the image's answer, and two for each event: one of what was painted, and four of
      // what of the screen lies beside the target, which the server tells of when asked anew.
      // Where the cursor is is asked for ten times a second.
      let expected = scenery == .still ? 0 : (3 + 2 * 5) * 200
      #expect(more.numbers[0] <= expected + 20 + Int(more.seconds * 30), "\(more)")
    }

    /// System calls of one frame, at most: of ppoll, poll, recvmsg, writev, vmsplice, ioctl, read,
    /// write, and of others that move bytes.
    private static func mostCalls(_ scenery: Scenery) -> [(name: String, count: Int)] {
      switch scenery {
      case .still:
        // To wait for the reader; to look for events twice; to write the frame, which is small; to
        // look for signals.
        [
          ("ppoll", 1), ("poll", 0), ("recvmsg", 2), ("writev", 1), ("vmsplice", 0), ("ioctl", 0),
          ("read", 1), ("write", 0), ("others", 0),
        ]
      case .painted:
        // To wait for the event, for the answer, and for the reader. The renewal is sent by Xlib and
        // the image is asked for by xcb, and the frame is written. xcb waits by poll, and reads
        // before it does and after, and each time that Xlib asks for events.
        [
          ("ppoll", 4), ("poll", 6), ("recvmsg", 12), ("writev", 3), ("vmsplice", 0), ("ioctl", 0),
          ("read", 4), ("write", 0), ("others", 1),
        ]
      }
    }

    @Test("A frame takes these system calls, and no others", arguments: Scenery.allCases)
    func systemCalls(_ scenery: Scenery) throws {
      let frames = 200
      let more = try difference(
        "systemcalls", "SYSTEM_CALLS", scenery, ["--cursor", "never"], frames: frames)
      // A reader that takes part of a frame, and a start in which the server was slow, cost some.
      let spare = frames / 5
      for (number, most) in Self.mostCalls(scenery).enumerated() {
        #expect(more.numbers[number] <= most.count * frames + spare, "\(most.name): \(more)")
      }
    }

    @Test("Drawing beside the target wakes nobody")
    func wakeUps() throws {
      func waits(drawing: Bool) throws -> Int {
        let stage = try Stage()
        let scene = stage.scene
        let folder = try Fixture.build("systemcalls")
        let command = try stage.start(
          stage.cropped + ["--timing", "vfr", "-r", "1000", "-t", "1.5", "--cursor", "never"],
          environment: ["LD_PRELOAD": folder["count.so"], "SYSTEM_CALLS": folder["count"]])
        _ = try command.read(Stage.bytesOfT)
        scene.fill(scene.t, Rect(x: 35, y: 5, width: 12, height: 9), 1)
        _ = try command.read(Stage.bytesOfT)
        for number in 0..<(drawing ? 300 : 0) {
          scene.fill(scene.top, Rect(x: 210, y: 5, width: 50, height: 200), UInt(number))
          scene.fill(scene.other, Rect(x: 0, y: 0, width: 80, height: 80), UInt(number))
        }
        let result = try command.finish()
        #expect(result.status == 0 && result.output.isEmpty)
        return try Fixture.numbers(folder)[0]
      }
      let still = try waits(drawing: false)
      // For the server's answers, for the changes, for the check of everything, for the end.
      #expect(still <= 10)
      #expect(abs(try waits(drawing: true) - still) <= 3, "300 times something was drawn")
    }
  }
}
