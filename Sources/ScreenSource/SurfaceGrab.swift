import CX11
import CropEngine

/// One try to read the pixels of crops, and to know for certain where they were.
extension SurfaceCapture {
  // Arrays are gone through by their indices: an iterator allocates where it is not optimized away.

  /// How often everything is read to see whether all that changed was told, in ns.
  static let checkInterval: Int64 = 2_000_000_000

  /// Asks the server for what crops lack. Nothing is asked where nothing changed.
  func send(_ crops: [Crop], at now: Int64) throws(CaptureError) {
    try connection.checkAlive()
    grabTime = now
    grabbed.removeAll(keepingCapacity: true)
    for index in crops.indices { grabbed.append(crops[index]) }
    for index in sources.indices { sources[index].watchDamage() }
    cursor?.update(at: now)
    for index in crops.indices { prepare(crops[index], at: now) }
    // What the server tells when it is first asked to is no news of what is read now.
    batch.begin()
    preparePopups()
    for index in crops.indices where crops[index].isRead {
      let crop = crops[index]
      crop.hasRoom = crop.picture.request(&batch, screen: screenRect, isWhole: crop.isChecked)
    }
    batch.send()
  }

  /// Sees whether something of the crop has to be read.
  private func prepare(_ crop: Crop, at now: Int64) {
    crop.before = known(crop)
    (crop.isRead, crop.isChecked, crop.hasRoom) = (false, false, true)
    crop.hadNews = false
    guard case .visible(let region) = crop.before else { return }
    guard let source = crop.source,
      source.isReady(region.inSource, checking: checksOwnership)
    else {
      crop.before = .nothing(.ineligible)
      return
    }
    source.place(region)
    crop.picture.arrange(region, of: source)
    if !popups.isEmpty, source.window == surface { crop.picture.ring.invalidate(.everywhere) }
    crop.isChecked = path.damageLack == nil && now - crop.checked >= Self.checkInterval
    crop.hadNews = hasNews(crop, region)
    crop.isRead = crop.isChecked || crop.hadNews
  }

  /// Whether the crop may look otherwise than it was shown last.
  func hasNews(_ crop: Crop, _ region: FrameRegion) -> Bool {
    crop.shownRegion != region || crop.picture.ring.damage.intersects(region.inSource)
      || cursor?.drawn(in: region.onScreen) != crop.shownCursor
  }

  /// Waits for the answers. Returns false where something happened before the pixels were read, or
  /// where they could not be.
  func receive() throws(CaptureError) -> Bool {
    let hasAsked = !batch.isEmpty
    let outcome = batch.receive()
    try connection.checkAlive()
    if case .refused(let error) = outcome {
      throw CaptureError(
        .notReadable, "window \(WindowInfo.hexadecimal(surface))",
        "the server refuses the pixels (\(error.name))")
    }
    guard outcome == .read, !hasAsked || bracket == .off || isStillKnown() else {
      for index in grabbed.indices where grabbed[index].isRead {
        grabbed[index].picture.ring.spoil()
      }
      return false
    }
    completePopups()
    for index in grabbed.indices { finish(grabbed[index]) }
    return true
  }

  /// Whether nothing happened to the crops before their pixels were read but what was known.
  private func isStillKnown() -> Bool {
    connection.readEvents()
    guard !takeEvents(before: batch.lastSerial, isReading: true) else { return false }
    guard arePopupsStillKnown else { return false }
    for index in grabbed.indices where grabbed[index].before != .nothing(.ineligible) {
      let crop = grabbed[index]
      guard known(crop) == crop.before else { return false }
      if crop.isRead, crop.hasRoom, !crop.picture.isAsRead { return false }
    }
    return true
  }

  /// Sees what was read of a crop, and says what comes of it.
  private func finish(_ crop: Crop) {
    if crop.isRead, crop.hasRoom { checkOwn(crop) }
    guard case .visible(let region) = crop.before, let source = crop.source else {
      crop.picture.ring.spoil()
      crop.ineligibility = crop.before == .nothing(.ineligible) ? ineligibility(of: crop) : nil
      crop.result = Grab(withoutPixels: crop.before) ?? .ended
      return
    }
    crop.ineligibility = nil
    if !crop.hasRoom {
      // Readers hold all there is: they have enough to read.
      crop.hadNews = true
      crop.result = .unchanged
    } else if crop.isRead {
      complete(crop, region, source)
    } else if crop.picture.ring.shown == nil {
      crop.result = .nothing(.ineligible)
    } else {
      leave(crop, region, source)
    }
  }

  /// Puts the picture of a crop together, and shows it where it is another one.
  private func complete(_ crop: Crop, _ region: FrameRegion, _ source: PixelSource) {
    let ring = crop.picture.ring
    crop.picture.compose()
    if source.window == surface {
      for index in popups.indices where popups[index].region != nil {
        crop.picture.draw(popups[index].picture)
      }
    }
    guard let slot = ring.next else { return }
    let isSamePlace = crop.shownRegion == region
    let cursorNow = cursor?.drawn(in: region.onScreen)
    var damage = ring.damage.intersection(region.inSource)
    if cursorNow != crop.shownCursor {
      if let old = crop.shownCursor { damage.insert(old.rect.offsetBy(from: region, slot.box)) }
      if let new = cursorNow { damage.insert(new.rect.offsetBy(from: region, slot.box)) }
    }
    if crop.isChecked {
      crop.checked = grabTime
      if isSamePlace, let shown = ring.shown, !check(crop, slot, shown, damage) {
        damage = DamageArea(region.inSource)
      } else if !crop.hadNews, damage.isEmpty {
        return leave(crop, region, source)
      }
    }
    unsafe cursor?.draw(
      on: slot.pixels, of: region.onScreen, stride: slot.stride, hasAlpha: source.hasAlpha)
    if let cursorNow { slot.overdrawn.insert(cursorNow.rect.offsetBy(from: region, slot.box)) }
    let isSame =
      crop.skipsUnchanged && crop.shownRegion?.rect.size == region.rect.size
      && ring.shown.map { !slot.differs(from: $0, in: isSamePlace ? damage : .everywhere) } ?? false
    let isFirst = ring.shown == nil
    ring.show()
    crop.shownRegion = region
    crop.shownCursor = cursorNow
    guard !isSame else {
      crop.result = .unchanged
      return
    }
    let isAll = isFirst || !isSamePlace || source.storage.damage == nil
    crop.result = frame(of: crop, region, source, isAll ? nil : damage)
  }

  /// Sees whether the server has told of all that changed. Where it has not, it is not trusted any
  /// more.
  private func check(
    _ crop: Crop, _ slot: PictureSlot, _ shown: PictureSlot, _ told: DamageArea
  ) -> Bool {
    var exempt = told
    exempt.formUnion(shown.overdrawn)
    guard slot.differs(from: shown, outside: exempt) else { return true }
    path.giveUpDamage("pixels changed of which DAMAGE had told nothing", isFault: true)
    crop.picture.ring.invalidate(.everywhere)
    return false
  }

  /// What was shown last is as it was. The slot stays free, so that checks take no other ones.
  private func leave(_ crop: Crop, _ region: FrameRegion, _ source: PixelSource) {
    crop.picture.ring.leave()
    crop.result =
      crop.skipsUnchanged ? .unchanged : frame(of: crop, region, source, DamageArea())
  }

  private func frame(
    of crop: Crop, _ region: FrameRegion, _ source: PixelSource, _ damage: DamageArea?
  ) -> Grab {
    guard let slot = crop.picture.ring.shown else { return .unchanged }
    return unsafe .frame(
      Frame(
        region: region, pixels: UnsafeRawBufferPointer(slot.pixels), stride: slot.stride,
        hasAlpha: source.hasAlpha,
        damage: damage?.offsetBy(dx: -slot.box.x, dy: -slot.box.y),
        slot: slot.isShared ? slot.number : nil))
  }

  /// Whether all pixels of a crop are its own, where only such are shown.
  private func checkOwn(_ crop: Crop) {
    guard checksOwnership, let source = crop.source, case .visible(let region) = crop.before
    else { return }
    crop.picture.resolve()
    guard !source.owns(region.inSource) else {
      source.awaitedSince = nil
      return
    }
    if crop.showsPartial, source.isOverdue {
      crop.picture.hidesOthers = true
      return
    }
    crop.before = .nothing(.ineligible)
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

extension Rect {
  /// What of a rectangle of the screen lies in a box, in px of the source that a region is read
  /// from.
  fileprivate func offsetBy(from region: FrameRegion, _ box: Rect) -> Rect {
    offsetBy(
      dx: region.inSource.x - region.onScreen.x, dy: region.inSource.y - region.onScreen.y
    ).intersection(box)
  }
}
