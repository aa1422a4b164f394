import CropEngine

/// One try to read the pixels of crops, and to know for certain where they were.
extension SurfaceCapture {
  /// One try. Returns false where the geometry changed before the pixels were read.
  func attempt(_ crops: [Crop], at now: Int64) throws(CaptureError) -> Bool {
    try connection.checkAlive()
    // What holds the pixels of all of them: they are of one moment.
    var box: Rect?
    // By their indices: an array's iterator allocates where it is not optimized away.
    for index in crops.indices {
      let crop = crops[index]
      crop.before = known(crop)
      guard case .visible(let region) = crop.before else { continue }
      box = box?.boundingBox(with: region.onScreen) ?? region.onScreen
    }
    var hasNews = false
    if let due = box {
      let box = self.box(due, besides: crops)
      let (serial, outcome) = reader.read(box, of: root)
      try connection.checkAlive()
      if case .refused(let error) = outcome {
        throw CaptureError(
          .notReadable, "window \(WindowInfo.hexadecimal(surface))",
          "the server refuses the pixels (\(error.name))")
      }
      guard bracket == .off || isStillKnown(crops, since: serial) else { return false }
      guard outcome == .read else { return false }
      unsafe reader.draw { pixels, stride in
        unsafe cursor?.draw(on: pixels, of: box, stride: stride, at: now)
      }
      for index in crops.indices {
        crops[index].isNew = isNew(crops[index])
        hasNews = hasNews || crops[index].isNew
      }
    }
    if hasNews { keep(crops) }
    for index in crops.indices { conclude(crops[index]) }
    return true
  }

  /// Whether nothing happened to the crops before the request of this serial but what was known.
  private func isStillKnown(_ crops: [Crop], since serial: RequestSerial) -> Bool {
    guard !takeEvents(before: serial) else { return false }
    for index in crops.indices where known(crops[index]) != crops[index].before { return false }
    return true
  }

  /// The box, with the pixels of the crops that are not due, but skip what is unchanged, where they
  /// were kept.
  private func box(_ box: Rect, besides due: [Crop]) -> Rect {
    var box = box
    for index in crops.indices { crops[index].isBeside = crops[index].skipsUnchanged }
    for index in due.indices { due[index].isBeside = false }
    for index in crops.indices where crops[index].isBeside {
      let crop = crops[index]
      if let kept = crop.kept, case .visible(let region) = known(crop), region.onScreen == kept {
        box = box.boundingBox(with: kept)
      } else {
        crop.isBeside = false
      }
    }
    return box
  }

  /// Whether the image read last holds a frame of the crop that is to be shown.
  private func isNew(_ crop: Crop) -> Bool {
    guard case .visible(let region) = crop.before else { return false }
    guard crop.skipsUnchanged, let old = crop.kept else { return true }
    return !reader.isUnchanged(region.onScreen, since: old)
  }

  /// Keeps the image read last, which holds these crops and no others.
  private func keep(_ crops: [Crop]) {
    for index in self.crops.indices {
      // One that is not due now is compared with this image later, if it looks the same in it.
      let crop = self.crops[index]
      if let kept = crop.kept, !crop.isBeside || !reader.isUnchanged(kept, since: kept) {
        crop.kept = nil
      }
    }
    reader.keep()
    for index in crops.indices {
      if case .visible(let region) = crops[index].before { crops[index].kept = region.onScreen }
    }
  }

  private func conclude(_ crop: Crop) {
    if let nothing = Grab(withoutPixels: crop.before) {
      crop.result = nothing
    } else if case .visible(let region) = crop.before, crop.isNew {
      crop.result = unsafe .frame(
        Frame(
          region: region, pixels: reader.keptPixels(of: region.onScreen),
          stride: reader.keptStride, hasAlpha: false))
    } else {
      crop.result = .unchanged
    }
  }
}
