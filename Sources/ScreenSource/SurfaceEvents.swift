import CX11
import CropEngine

/// What the server tells of a surface, taken in.
extension SurfaceCapture {
  /// Takes in all that the server has sent so far.
  func takeEvents() {
    connection.readEvents()
    _ = takeEvents(before: .max)
  }

  /// Takes in the queued events that happened before the request of this serial.
  ///
  /// `isReading` says that there are pixels that were read meanwhile. Returns whether something had to
  /// be asked for besides: that is known as of now, not as of that request.
  func takeEvents(before limit: RequestSerial, isReading: Bool = false) -> Bool {
    // Answers bring more events along: those that belong to what was just taken in, too. Where
    // they never end, those that are left are the next call's.
    for round in 0..<Self.tries {
      while let event = connection.nextEvent(before: limit) { take(event, isReading) }
      var asks = tracker.complete()
      if monitor?.complete() == true { asks = true }
      if popupFinder?.complete() == true { asks = true }
      for index in sources.indices where sources[index].complete() { asks = true }
      guard asks else { return round > 0 }
    }
    return true
  }

  private func take(_ event: ServerEvent, _ isReading: Bool) {
    switch event {
    case .drawn(let window, let part, let serial):
      let moment = isReading ? batch.moment(of: serial) : .afterRead
      for index in crops.indices { crops[index].picture.invalidate(part, of: window, moment) }
      for index in popups.indices {
        popups[index].picture.invalidate(part, of: window, moment)
      }
    case .pointerMoved:
      cursor?.noteMotion()
    case .window(let event):
      if event.change == .destroyed { connection.forgetWatched(event.window, at: event.serial) }
      tracker.take(event)
      for index in sources.indices { tell(sources[index], of: event) }
      popupFinder?.take(event)
      if tracker.tree[event.window]?.isDestroyed == true { noteLoss(of: event.window) }
      if event.window == root {
        monitor?.noteChange()
        screen.noteChange()
      }
    case .monitorsChanged:
      monitor?.noteChange()
    case .cursorChanged:
      cursor?.noteChange()
    }
  }

  private func tell(_ source: PixelSource, of event: WindowEvent) {
    source.take(event)
    switch event.change {
    case .mapped, .unmapped, .reparented:
      if tracker.tree.isInside(source.window, of: event.window) { source.noteAppearance() }
    default:
      break
    }
  }

  /// What is lost stays lost, whoever gets the id later and names it.
  private func noteLoss(of window: WindowID) {
    if window == surface { isSurfaceDestroyed = true }
    sources.removeAll { $0.window == window && $0 !== screen }
    popups.removeAll { $0.window == window }
    for crop in crops where crop.target.window == window { crop.isTargetDestroyed = true }
  }
}
