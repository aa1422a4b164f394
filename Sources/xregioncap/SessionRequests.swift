import CropEngine
import FrameOutput
import ScreenSource

/// What a session does for the clients of its control socket.
extension CaptureLoop {
  /// Takes in what clients have sent, and does as much of it as there is time for.
  mutating func handleRequests() {
    guard let control else { return }
    control.receive()
    while let request = control.next() {
      do throws(CaptureError) {
        if let answer = try handle(request, control) {
          control.answer(request.ticket, .success(answer))
        }
      } catch {
        control.answer(request.ticket, .failure(error))
      }
    }
  }

  /// nil where the answer comes later.
  private mutating func handle(
    _ request: ControlRequest, _ control: ControlServer
  ) throws(CaptureError) -> ControlAnswer? {
    guard let stream = streams.first(where: { $0.number == request.clone && !$0.isClosed })
    else {
      throw CaptureError(.notFound, "clone", "there is no stream \(request.clone)")
    }
    if request.operation == .state { return .state(try report(on: stream)) }
    if ending != nil, request.operation != .stop {
      throw CaptureError(.invalidState, "the session", "it has ended")
    }
    let now = Clock.now
    switch request.operation {
    case .state:
      break
    case .cropTo(let target):
      try change(stream, to: target, .crop, request.ticket, at: now)
      return nil
    case .restrictTo(let target):
      try change(stream, to: target, .restrict, request.ticket, at: now)
      return nil
    case .mint(let kind, let target):
      return .token(try mint(kind, target))
    case .capabilities:
      return .capabilities(capabilities)
    case .pause:
      stream.pause()
    case .resume:
      stream.resume(at: now)
    case .refresh:
      stream.refresh()
    case .stop:
      stream.stop()
      if stream.number == 0 { stop() }
    case .clone(let options):
      return .clone(try clone(options, at: now))
    case .lock:
      // Of the session as a whole: what it shows cannot be had by way of another stream either.
      if stream.number == 0 { for stream in streams { stream.lock() } } else { stream.lock() }
      return .done
    case .subscribe(let frames):
      control.subscribe(request.ticket, frames: frames)
      // The next frame may be written before events are told of.
      for stream in streams { stream.tellsFrames = control.hasFrameSubscribers }
      return .done
    }
    return .seq(stream.nextSeq)
  }

  /// Region Capture's `cropTo`, and Element Capture's `restrictTo`: a failure leaves the stream as
  /// it was.
  private func change(
    _ stream: CaptureStream, to specifier: TargetSpecifier?, _ kind: TargetKind,
    _ ticket: ControlRequest.Ticket, at now: Int64
  ) throws(CaptureError) {
    try stream.cropState.checkUnlocked()
    guard let specifier else {
      try capture.setTarget(.surface, of: stream.crop)
      return stream.accept(.none, for: ticket, at: now)
    }
    let target = try WindowFinder(connection).target(
      specifier, in: capture.surface, kind: kind, subject: "target")
    try capture.setTarget(
      target, restricting: kind == .restrict, of: stream.crop, subject: "target")
    stream.accept(kind == .restrict ? .restrict : .crop, for: ticket, at: now)
  }

  private func mint(
    _ kind: TargetKind, _ specifier: TargetSpecifier
  ) throws(CaptureError) -> Token {
    let target = try WindowFinder(connection).target(
      specifier, in: capture.surface, kind: kind, subject: "target")
    return try TargetRegistry(connection).mint(kind, target, in: capture.surface, subject: "target")
  }

  private mutating func clone(
    _ options: [String: String?], at now: Int64
  ) throws(CaptureError) -> Int {
    try streams[0].cropState.checkUnlocked()
    let plan = try AlsoOptions(options, subject: "clone")
      .plan(
        rate: settings.rate, spliceRefusal: settings.main.frames.spliceRefusal, subject: "clone")
    try plan.checkPace(settings.timing)
    try StreamPlan.checkFiles(of: streams.map(\.plan) + [plan], subject: "clone")
    let crop = capture.addCrop()
    do throws(CaptureError) {
      try capture.limit(crop, to: plan.target, connection)
      let number = try add(crop, plan)
      streams.last?.join(at: now)
      return number
    } catch {
      capture.remove(crop)
      throw error
    }
  }

  private func report(on stream: CaptureStream) throws(CaptureError) -> StreamReport {
    let region: FrameRegion? =
      if stream.muteReason != .ineligible,
        case .visible(let region) = try capture.visibility(of: stream.crop)
      {
        region
      } else { nil }
    let status: StreamReport.Status =
      if ending != nil { .ended } else if stream.isPaused { .paused } else if region == nil {
        .muted
      } else { .live }
    return StreamReport(
      status: status, kind: stream.cropState.kind, version: stream.cropState.version,
      seq: stream.nextSeq, rect: region?.rect, canvas: stream.canvas, surface: region?.surface,
      reason: stream.muteReason, isEligible: stream.crop.ineligibility == nil,
      isLocked: stream.cropState.isLocked,
      clones: streams.filter { !$0.isClosed }.map(\.number).filter { $0 > 0 })
  }

  private var capabilities: Capabilities {
    Capabilities(
      cropTo: true, restrictTo: SurfaceCapture.compositeLack(connection) == nil,
      cursor: connection.has(.fixes),
      shm: connection.has(.sharedMemory) && capture.plainReason == nil,
      damage: connection.has(.damage) && capture.damageLack == nil,
      composite: connection.has(.composite), shape: connection.has(.shape),
      randr: connection.has(.randr), splice: main.frames.canSplice)
  }

  /// Answers what is due, and tells what has happened.
  mutating func tell() {
    for index in streams.indices { tell(streams[index]) }
  }

  func tell(_ stream: CaptureStream) {
    while let (ticket, answer) = stream.nextAnswer() { control?.answer(ticket, .success(answer)) }
    stream.tellsFrames = control?.hasFrameSubscribers ?? false
    guard !stream.events.isEmpty else { return }
    for event in stream.events {
      if let text = event.detail(stream.crop.ineligibility) {
        detail(stream.number > 0 ? "stream \(stream.number): \(text)" : text)
      }
      if let control, control.hasSubscribers {
        let isFrame = if case .frame = event { true } else { false }
        control.tell(
          EventLine.json(event, clone: stream.number > 0 ? stream.number : nil), isFrame: isFrame)
      }
    }
    stream.events.removeAll(keepingCapacity: true)
  }
}

extension StreamEvent {
  /// In words, for those who want to know why things are as they are; nil where that goes without
  /// saying. `ineligibility` is why pixels are not known to be the target's own.
  fileprivate func detail(_ ineligibility: String?) -> String? {
    switch self {
    case .stream, .frame: nil
    case .mute(.ineligible): "mute: ineligible" + (ineligibility.map { ": \($0)" } ?? "")
    case .version(let version, let seq, let kind):
      "version \(version): \(kind == .none ? "not cropped" : kind.rawValue) from frame \(seq) on"
    case .mute(let reason): "mute: \(reason.rawValue)"
    case .unmute: "unmute"
    case .configurationChange(let region):
      "configurationchange: \(region.rect) of \(region.surface)"
    case .ended(let reason): "ended: \(reason)"
    }
  }
}
