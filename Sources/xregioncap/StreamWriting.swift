import CropEngine
import FrameOutput

/// Frames out, each told of before it is written.
extension CaptureStream {
  /// Writes on as far as the readers of frames and log take it.
  ///
  /// Throws `output` where one of them cannot be written.
  func write() throws(CaptureError) {
    guard try writeLog(), isBusy else { return }
    if !isCommitted {
      guard frames.isWritable, log?.isWritable ?? true else { return }
      commit()
      guard try writeLog() else { return }
    }
    switch try frames.write() {
    case .waiting: break
    case .whole: isCommitted = false
    // The frame stays as it is: nobody will read the rest.
    case .readerGone: endAsReaderIsGone()
    }
  }

  /// Returns whether all that was told is written: it stands before the frame that it speaks of.
  private func writeLog() throws(CaptureError) -> Bool {
    guard log != nil else { return true }
    do throws(CaptureError) {
      return try log!.write() != .waiting
    } catch {
      // A frame that cannot be told of is not written either.
      if frames.isBusy, !frames.hasBegun { frames.discard() }
      isCommitted = frames.isBusy
      throw error
    }
  }

  /// Tells of the frame in hand, which is about to be written.
  private func commit() {
    guard let note else { preconditionFailure("a frame in hand has a note") }
    isCommitted = true
    if note.isRepeat { repeats += 1 }
    verdicts.write()
    if announcedCanvas != canvas, let canvas {
      announcedCanvas = canvas
      emit(
        .stream(
          canvas: canvas, pixelFormat: plan.frames.pixelFormat.rawValue, rate: plan.frames.rate,
          surface: region?.surface))
    }
    if let region {
      let muted = state.muteReason
      let action = state.handle(.frame(region))
      if action.contains(.unmute), let muted { emit(.unmute(muted)) }
      if action.contains(.configurationChange) { emit(.configurationChange(region)) }
    }
    if plan.hasFrameParameters { frames.setFrameHeader(StreamFormat.y4mFrameHeader(note)) }
    if log != nil { log!.append(.frame(note)) }
    if tellsFrames { events.append(.frame(note)) }
  }

  /// Says that nothing is written any more, where ffmpeg waits to hear that.
  func finishVideo() {
    guard video != nil else { return }
    frames.close()
    isClosed = true
  }

  /// Whether ffmpeg is still at work on what was written.
  var isFinishing: Bool { isClosed && !(video?.hasEnded ?? true) }

  /// Why its video is not whole; nil where it is, and where there was nothing to make one of.
  var videoFailure: CaptureError? {
    frameCount > 0 || isReaderGone ? video?.failure : nil
  }

  /// Whether lines of the log wait for its reader.
  var hasUnwrittenLines: Bool { !(log?.isEmpty ?? true) }

  func emit(_ event: StreamEvent) {
    if log != nil { log!.append(event) }
    events.append(event)
  }

  /// Adds the two things that it waits for: whether its reader goes away, or takes more where a
  /// frame is in hand, and room in the log where lines wait.
  func wait(_ poller: inout Poller) {
    // Not looked at anew: where ffmpeg ends just now, the descriptor tells of that, and nothing else.
    if let video, isClosed, video.isAwaited {
      _ = poller.add(video.descriptor, for: .input)
      _ = poller.add(-1, for: .output)
      return
    }
    let log = blockedLog()
    // Of a reader that is gone, poll would tell for ever.
    _ = poller.add(
      isReaderGone ? -1 : frames.descriptor, for: log == nil && isBusy ? .output : .hangUp)
    _ = poller.add(log ?? -1, for: .output)
  }

  /// The log's descriptor where that is what the stream waits for.
  private func blockedLog() -> Int32? {
    let holdsFrame = isBusy && !isCommitted && !(log?.isWritable ?? true)
    return holdsFrame || hasUnwrittenLines ? log?.descriptor : nil
  }
}
