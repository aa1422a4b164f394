import CropEngine
import TestSupport
import Testing

@testable import ScreenSource

@Suite("Where nothing is to be seen anew, nothing is asked and nothing is told")
struct QuietTests {
  /// A target and what lies beside it.
  enum Target: CaseIterable {
    /// T as it is seen on the screen, and in TOP's own pixels; the whole of TOP's; T's alone.
    case visible, logical, surface, restricted
  }

  private static func stage(_ target: Target) throws -> Stage {
    let stage = try Stage(view: target == .visible ? .visible : .logical)
    if target != .surface {
      try stage.capture.setTarget(
        .window(stage.scene.t), restricting: target == .restricted)
    }
    return stage
  }

  /// How many requests a grab sends.
  private func requests(_ stage: Stage, at now: Int64) throws -> Int {
    let first = stage.connection.nextSerial
    _ = try stage.frame(at: now)
    return Int(stage.connection.nextSerial - first)
  }

  /// Whether the server has told something, now that it has done all that was asked of it so far.
  private func hasTold(_ stage: Stage) -> Bool {
    _ = stage.connection.has(.shape)
    return stage.connection.hasReadEvents
  }

  @Test("Drawing beside a target is not told, drawing on it is, once", arguments: Target.allCases)
  func beside(_ target: Target) throws {
    let stage = try Self.stage(target)
    let scene = stage.scene
    // What covers TOP is not in its own pixels.
    let cover = scene.mapOverlay()
    if target == .visible { scene.move(cover, x: 300, y: 300) }
    _ = try stage.ownFrame()
    var now = Stage.now
    for _ in 0..<3 {
      now += 1
      _ = try stage.frame(at: now)
    }
    _ = hasTold(stage)
    let start = ContinuousClock.now
    // Grabs that sent another number of requests than expected.
    var others = 0
    func grab(expecting requests: Int) throws {
      now += 1
      if try self.requests(stage, at: now) != requests { others += 1 }
    }
    try grab(expecting: 0)
    for number in 0..<100 {
      let colour = UInt(number)
      let beside = Rect(x: 210 + number, y: 5, width: 50, height: 200)
      scene.fill(scene.other, Rect(x: 0, y: 0, width: 80, height: 80), colour)
      scene.fill(cover, Rect(x: 0, y: 0, width: 60, height: 60), colour)
      if target != .surface { scene.fill(scene.top, beside, colour) }
      if target == .restricted {
        scene.fill(scene.sib, Rect(x: 0, y: 0, width: 50, height: 50), colour)
      }
      let isTold = hasTold(stage)
      #expect(!isTold, "\(number)")
      try grab(expecting: 0)
    }
    // The damage is taken out of the server's account, and read: two requests.
    for number in 1...20 {
      scene.fill(scene.t, Rect(x: 35, y: 5, width: 12, height: 9), UInt(number))
      try grab(expecting: 2)
      try grab(expecting: 0)
    }
    // Storages in a window are looked for each two seconds.
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    #expect(others <= (target == .visible ? 0 : 1 + Int(seconds / 2)))
    #expect(stage.capture.retries == 0)
  }

  @Test("Of two crops, the one that was drawn on is read, and the other is not")
  func crops() throws {
    let stage = try Stage()
    let (scene, capture) = (stage.scene, stage.capture)
    try capture.setTarget(.window(scene.t))
    let other = capture.addCrop()
    try capture.setTarget(.region(.init(parsing: "60x60+300+200", subject: "a test")), of: other)
    var now = Stage.now
    func requests() throws -> Int {
      now += 1
      let first = stage.connection.nextSerial
      try capture.grab([capture.main, other], at: now)
      return Int(stage.connection.nextSerial - first)
    }
    func damage(_ crop: Crop) -> DamageArea? {
      if case .frame(let frame) = crop.result { frame.damage } else { nil }
    }
    for _ in 0..<4 { _ = try requests() }
    #expect(try requests() == 0)
    scene.fill(scene.t, Rect(x: 35, y: 5, width: 12, height: 9), 1)
    #expect(try requests() > 0)
    #expect(damage(capture.main) == DamageArea(Rect(x: 35, y: 5, width: 12, height: 9)))
    #expect(damage(other) == DamageArea())
    scene.fill(scene.top, Rect(x: 310, y: 215, width: 10, height: 20), 2)
    #expect(try requests() > 0)
    #expect(damage(capture.main) == DamageArea())
    #expect(damage(other) == DamageArea(Rect(x: 10, y: 15, width: 10, height: 20)))
    #expect(try requests() == 0)
  }
}
