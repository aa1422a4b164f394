import CX11
import CropEngine

/// Frames of crops, at once or while something else is done.
extension SurfaceCapture {
  /// Grabs a frame of each of the crops at one moment (XShmGetImage, else XGetImage): only what was
  /// drawn on since the one before, where the server tells that. What came of it is their
  /// ``Crop/result``.
  ///
  /// One round trip where something changed, and none where nothing did; one more where the cursor
  /// was moved, or where geometry changed meanwhile. `now` is in ns: a cursor that has not moved for
  /// a while may be hidden. Throws `connectionLost`, or `notReadable` where the server does not give
  /// the pixels.
  public func grab(_ crops: [Crop], at now: Int64) throws(CaptureError) {
    try begin(crops, at: now)
    try finish()
  }

  /// Begins a grab of crops, as ``grab(_:at:)`` does, without waiting for the server. It goes on by
  /// ``finish()``, which does not wait once the ``Connection/descriptor`` is readable.
  ///
  /// Throws `connectionLost`.
  public func begin(_ crops: [Crop], at now: Int64) throws(CaptureError) {
    abandon()
    claimPixels(of: crops)
    takeEvents()
    try send(crops, at: now)
    isGrabbing = true
  }

  /// Waits for the server, and finishes the grab that was begun; does it again where what happened
  /// meanwhile overtook it.
  ///
  /// Throws `connectionLost`, or `notReadable` where the server does not give the pixels.
  public func finish() throws(CaptureError) {
    guard isGrabbing else { return }
    isGrabbing = false
    for _ in 1..<Self.tries {
      if try receive() { return }
      retries += 1
      takeEvents()
      try send(grabbed, at: grabTime)
    }
    if try receive() { return }
    retries += 1
    // Someone moves it faster than it can be read.
    unsafe XGrabServer(connection.display)
    defer {
      unsafe XUngrabServer(connection.display)
      unsafe XFlush(connection.display)
    }
    unsafe _ = XSync(connection.display, False)
    takeEvents()
    try send(grabbed, at: grabTime)
    guard try receive() else {
      throw CaptureError(
        .notReadable, "window \(WindowInfo.hexadecimal(surface))",
        "the server gives no pixels of it")
    }
  }

  /// Gives up the grab that was begun, if any.
  public func abandon() {
    guard isGrabbing else { return }
    isGrabbing = false
    _ = batch.receive()
    for index in grabbed.indices where grabbed[index].isRead {
      grabbed[index].picture.ring.spoil()
    }
  }

  /// Until when there is nothing new to grab of a crop, as far as the server has told, in ns; it may
  /// tell of something at any time. `now` where there may be something already.
  public func quietTime(of crop: Crop, at now: Int64) -> Int64 {
    guard path.damageLack == nil, popups.isEmpty, case .visible(let region) = known(crop),
      !hasNews(crop, region), let source = crop.source, source.storage.damage != nil,
      !source.isPending
    else { return now }
    return max(
      now, min(crop.checked + Self.checkInterval, cursor?.nextLook(after: now) ?? .max))
  }
}
