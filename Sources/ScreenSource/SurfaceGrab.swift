import CX11
import CropEngine

/// One try to read the pixels of crops, and to know for certain where they were.
extension SurfaceCapture {
  // Arrays are gone through by their indices: an iterator allocates where it is not optimized away.

  /// One try. Returns false where the geometry changed before the pixels were read.
  func attempt(_ crops: [Crop], at now: Int64) throws(CaptureError) -> Bool {
    try connection.checkAlive()
    for index in sources.indices { sources[index].begin() }
    for index in crops.indices {
      let crop = crops[index]
      crop.before = known(crop)
      guard case .visible(let region) = crop.before else { continue }
      guard let source = crop.source,
        source.isReady(region.inSource, checking: checksOwnership)
      else {
        crop.before = .nothing(.ineligible)
        continue
      }
      source.need(region)
    }
    for index in sources.indices {
      let source = sources[index]
      if let due = source.due { source.due = box(due, of: source, besides: crops) }
    }
    needPopups()
    guard let last = try readSources() else { return false }
    if last > 0 {
      guard bracket == .off || isStillKnown(crops, since: last) else { return false }
      for index in sources.indices
      where sources[index].due != nil && sources[index].popupRegion == nil {
        finish(sources[index], crops, at: now)
      }
    }
    for index in crops.indices { conclude(crops[index]) }
    return true
  }

  /// Reads what is due of each source: all of it is of one moment, where nothing happened before
  /// the last of the requests. Returns its serial, 0 where there was none; nil where the windows
  /// are not as they were known.
  private func readSources() throws(CaptureError) -> RequestSerial? {
    var last: RequestSerial = 0
    for index in sources.indices {
      let source = sources[index]
      guard let due = source.due else { continue }
      let (serial, outcome) = source.read(due, screen: screenRect)
      try connection.checkAlive()
      switch outcome {
      case .read: last = serial
      case .temporary: return nil
      case .refused(let error):
        throw CaptureError(
          .notReadable, "window \(WindowInfo.hexadecimal(surface))",
          "the server refuses the pixels (\(error.name))")
      }
    }
    return last
  }

  /// Whether nothing happened to the crops before the request of this serial but what was known.
  private func isStillKnown(_ crops: [Crop], since serial: RequestSerial) -> Bool {
    guard !takeEvents(before: serial) else { return false }
    for index in sources.indices where !sources[index].isAsRead { return false }
    guard arePopupsStillKnown else { return false }
    for index in crops.indices where crops[index].before != .nothing(.ineligible) {
      guard known(crops[index]) == crops[index].before else { return false }
    }
    return true
  }

  /// The box, with the pixels of the crops that are not due, but skip what is unchanged, where they
  /// were kept.
  private func box(_ box: Rect, of source: PixelSource, besides due: [Crop]) -> Rect {
    var box = box
    for index in crops.indices where crops[index].source === source {
      crops[index].isBeside = crops[index].skipsUnchanged
    }
    for index in due.indices { due[index].isBeside = false }
    for index in crops.indices where crops[index].source === source && crops[index].isBeside {
      let crop = crops[index]
      if let kept = crop.kept, case .visible(let region) = known(crop), region.inSource == kept {
        box = box.boundingBox(with: kept)
      } else {
        crop.isBeside = false
      }
    }
    return box
  }

  /// Sees what the image read last holds of the crops.
  private func finish(_ source: PixelSource, _ crops: [Crop], at now: Int64) {
    source.resolve()
    for index in crops.indices where crops[index].source === source { checkOwn(crops[index]) }
    source.compose()
    if source.window == surface { drawPopups(on: source) }
    unsafe source.storage.reader.draw { pixels, stride in
      unsafe cursor?.draw(
        on: pixels, of: source.box.offsetBy(dx: source.originX, dy: source.originY),
        stride: stride, hasAlpha: source.hasAlpha, at: now)
    }
    for index in crops.indices where crops[index].source === source {
      crops[index].isNew = isNew(crops[index], source)
      if crops[index].isNew { source.hasNews = true }
    }
    if source.hasNews { keep(crops, of: source) }
  }

  /// Whether all pixels of a crop are its own, where only such are shown.
  private func checkOwn(_ crop: Crop) {
    guard checksOwnership, let source = crop.source, case .visible(let region) = crop.before
    else { return }
    guard !source.owns(region.inSource) else {
      source.awaitedSince = nil
      return
    }
    if crop.showsPartial, source.isOverdue {
      source.hidesOthers = true
      return
    }
    crop.before = .nothing(.ineligible)
  }

  /// Whether the image read last holds a frame of the crop that is to be shown.
  private func isNew(_ crop: Crop, _ source: PixelSource) -> Bool {
    guard case .visible(let region) = crop.before else { return false }
    guard crop.skipsUnchanged, let old = crop.kept else { return true }
    return !source.storage.reader.isUnchanged(region.inSource, since: old)
  }

  /// Keeps the image read last of a source, which holds these of its crops and no others.
  private func keep(_ due: [Crop], of source: PixelSource) {
    for index in crops.indices where crops[index].source === source {
      // One that is not due now is compared with this image later, if it looks the same in it.
      let crop = crops[index]
      if let kept = crop.kept,
        !crop.isBeside || !source.storage.reader.isUnchanged(kept, since: kept)
      {
        crop.kept = nil
      }
    }
    source.storage.reader.keep()
    for index in due.indices where due[index].source === source {
      if case .visible(let region) = due[index].before { due[index].kept = region.inSource }
    }
  }

  private func conclude(_ crop: Crop) {
    let isIneligible = crop.before == .nothing(.ineligible)
    crop.ineligibility = isIneligible ? ineligibility(of: crop) : nil
    if let nothing = Grab(withoutPixels: crop.before) {
      crop.result = nothing
    } else if case .visible(let region) = crop.before, crop.isNew, let source = crop.source {
      crop.result = unsafe .frame(
        Frame(
          region: region, pixels: source.storage.reader.keptPixels(of: region.inSource),
          stride: source.storage.reader.keptStride, hasAlpha: source.hasAlpha))
    } else {
      crop.result = .unchanged
    }
  }

  /// In words, for whoever waits for frames.
  private func ineligibility(of crop: Crop) -> String {
    switch crop.origin {
    case .failure(let error):
      "\(error)"
    case .success(let source):
      source.ineligibility
        ?? "window \(WindowInfo.hexadecimal(source.window)) was asked to draw itself anew and has "
        + "not yet: it may hold pixels of others"
    }
  }
}
