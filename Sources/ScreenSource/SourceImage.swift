import CX11
import CropEngine

/// The picture of a source, put together.
extension PixelSource {
  /// Reads a rectangle, in px of the window, of it and of the storages inside it. One round trip
  /// for each of them. Returns the serial of the last of the requests. `screen` is in px of the
  /// root.
  func read(_ box: Rect, screen: Rect) -> (RequestSerial, ImageReader.Outcome) {
    self.box = box
    hidesOthers = false
    changesRead = stack?.changes ?? 0
    let onScreen = screen.offsetBy(dx: -originX, dy: -originY)
    var (serial, outcome) = storage.reader.read(
      box, of: window, isOnScreen: onScreen.contains(box))
    insets.removeAll(keepingCapacity: true)
    guard outcome == .read, let stack = stack?.stack, !nested.isEmpty else {
      return (serial, outcome)
    }
    for piece in stack.pieces(of: box) {
      guard let inset = nestedStorage(of: piece), let bounds = piece.region.bounds else { continue }
      let part = bounds.offsetBy(dx: -piece.originX, dy: -piece.originY)
      (serial, outcome) = inset.reader.read(
        part, of: inset.window, isOnScreen: onScreen.contains(bounds))
      guard outcome == .read else { return (serial, outcome) }
      insets.append(Inset(storage: inset, piece: piece, part: part))
    }
    return (serial, .read)
  }

  /// Whether the windows are as they were when the picture was read.
  var isAsRead: Bool { due == nil || changesRead == stack?.changes ?? 0 }

  /// Takes in which pixels of the picture are the windows' own.
  func resolve() {
    guard storage.ownership != nil else { return }
    unsafe storage.reader.draw { pixels, stride in
      unsafe storage.ownership?.resolve(UnsafeRawBufferPointer(pixels), stride: stride, of: box)
    }
    for inset in insets {
      unsafe inset.storage.reader.draw { pixels, stride in
        unsafe inset.storage.ownership?.resolve(
          UnsafeRawBufferPointer(pixels), stride: stride, of: inset.part)
      }
    }
  }

  /// Puts the picture together: the storages inside at their places, black without alpha where the
  /// window has no pixels by its shape, and where they are not its own if others are hidden.
  func compose() {
    guard let stack = stack?.stack else { return }
    let shape = stack.shownShape(of: box)
    guard shape != nil || !insets.isEmpty || hidesOthers else { return }
    unsafe storage.reader.draw { pixels, stride in
      if hidesOthers { unsafe storage.ownership?.hide(in: pixels, stride: stride, of: box) }
      for inset in insets { unsafe draw(inset, on: pixels, stride) }
      guard let shape else { return }
      if !storage.layout.isTranslucent {
        unsafe fill(PixelRegion(box), pixels, stride) { $0 | opaque }
      }
      unsafe fill(PixelRegion(box).subtracting(shape), pixels, stride) { _ in 0 }
    }
  }

  /// Whether the fourth byte of the picture's pixels is an alpha.
  var hasAlpha: Bool {
    guard let stack = stack?.stack else { return false }
    return storage.layout.isTranslucent || stack[window]?.bounding != nil
  }

  /// Draws another source over the picture, where that lies on the screen.
  func draw(_ other: PixelSource) {
    let shape = other.stack?.stack.shownShape(of: other.box) ?? PixelRegion(other.box)
    let (dx, dy) = (other.originX - originX, other.originY - originY)
    unsafe storage.reader.draw { picture, stride in
      unsafe other.storage.reader.draw { pixels, otherStride in
        for rect in shape.intersection(other.box).rects {
          for y in rect.y..<rect.y + rect.height {
            let from = (y - other.box.y) * otherStride + (rect.x - other.box.x) * 4
            let to = (y + dy - box.y) * stride + (rect.x + dx - box.x) * 4
            for offset in Swift.stride(from: 0, to: rect.width * 4, by: 4) {
              var pixel = unsafe pixels.loadUnaligned(
                fromByteOffset: from + offset, as: UInt32.self)
              if other.storage.layout.isTranslucent {
                let below = unsafe picture.loadUnaligned(
                  fromByteOffset: to + offset, as: UInt32.self)
                pixel = CursorImage.blend(pixel, over: below)
              } else {
                pixel |= opaque
              }
              unsafe picture.storeBytes(of: pixel, toByteOffset: to + offset, as: UInt32.self)
            }
          }
        }
      }
    }
  }

  private func draw(_ inset: Inset, on picture: UnsafeMutableRawBufferPointer, _ stride: Int) {
    unsafe inset.storage.reader.draw { pixels, insetStride in
      if hidesOthers {
        unsafe inset.storage.ownership?.hide(in: pixels, stride: insetStride, of: inset.part)
      }
      let (dx, dy) = (inset.piece.originX, inset.piece.originY)
      for rect in inset.piece.region.rects {
        for y in rect.y..<rect.y + rect.height {
          let from =
            unsafe pixels.baseAddress!
            + (y - dy - inset.part.y) * insetStride + (rect.x - dx - inset.part.x) * 4
          let to = unsafe picture.baseAddress! + (y - box.y) * stride + (rect.x - box.x) * 4
          for column in 0..<rect.width {
            // What is inside has no alpha of its own: its colours are over black already.
            let pixel = unsafe from.loadUnaligned(fromByteOffset: column * 4, as: UInt32.self)
            unsafe to.storeBytes(of: pixel | opaque, toByteOffset: column * 4, as: UInt32.self)
          }
        }
      }
    }
  }

  /// Gives the pixels of a region, in px of the window, other values.
  private func fill(
    _ region: PixelRegion, _ picture: UnsafeMutableRawBufferPointer, _ stride: Int,
    _ value: (UInt32) -> UInt32
  ) {
    for rect in region.rects {
      for y in rect.y..<rect.y + rect.height {
        let row = unsafe picture.baseAddress! + (y - box.y) * stride + (rect.x - box.x) * 4
        for column in 0..<rect.width {
          let pixel = unsafe row.loadUnaligned(fromByteOffset: column * 4, as: UInt32.self)
          unsafe row.storeBytes(of: value(pixel), toByteOffset: column * 4, as: UInt32.self)
        }
      }
    }
  }
}

/// An alpha of 255.
private let opaque: UInt32 = 0xff00_0000
