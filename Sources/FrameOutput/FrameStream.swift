import CropEngine

/// A stream: pictures of any size go in, whole frames come out, of one size unless the policy is
/// to have none.
///
/// A frame is taken in hand by ``show(_:stride:size:hasAlpha:damage:slot:)``, ``showLast()`` or
/// ``showBlack()`` and goes out by ``write()``; the next may be taken in hand when it is whole. Into
/// a pipe its pages go as they are, by vmsplice, so that they stay in use when it is written: see
/// ``heldSlots()``.
@safe public struct FrameStream: ~Copyable {
  /// How the frame in hand stands.
  public enum Progress: Equatable, Sendable {
    /// It is written, or there is none.
    case whole
    /// The reader takes no more for now: go on when ``descriptor`` is writable.
    case waiting
    /// The reader is gone, and nothing will be read any more.
    case readerGone
  }

  /// A frame's bytes, and where they lie.
  @safe private struct Frame {
    let bytes: UnsafeRawBufferPointer
    let slot: PipeAccount.Slot
  }

  private let settings: StreamSettings
  private var sink: FrameSink
  private var canvas: Canvas?
  private var hasPicture = false
  private var header = ""
  private var converter: FrameConverter?
  private var isLastBlack = false
  /// The frame shown last, as it was written; nil before the first.
  private var last: Frame?
  /// Where the frame in hand lies, or the last one.
  private var slotInHand: PipeAccount.Slot?

  /// A stream that begins with its first frame.
  public init(_ file: consuming OutputFile, _ settings: StreamSettings) {
    self.settings = settings
    sink = FrameSink(file, refusal: settings.spliceRefusal)
  }

  /// Whether there is a file to write to: false for a FIFO whose first reader is awaited.
  public var isOpen: Bool { sink.isOpen }

  /// Opens a FIFO whose reader was awaited. Returns whether one is there now.
  ///
  /// Throws `output` where it cannot be opened any more.
  public mutating func open() throws(CaptureError) -> Bool { try sink.open() }

  /// Says that nothing is written any more: whoever reads comes to the end.
  public mutating func close() { sink.close() }

  /// To be polled for POLLOUT while a frame waits.
  public var descriptor: Int32 { sink.descriptor }
  /// Whether a frame is in hand.
  public var isBusy: Bool { sink.isBusy }
  /// Whether there is a frame to show again.
  public var hasLast: Bool { last != nil }
  /// Frames wholly written.
  public var frames: Int { sink.frames }
  /// Bytes of the headers and whole frames written.
  public var byteCount: Int { sink.byteCount }
  /// Bytes written, of the frame in hand too.
  public var writtenCount: Int { sink.writtenCount }
  /// Size of the frame in hand or the last one, in px; nil before the first.
  public var canvasSize: Size? { canvas?.size }
  /// Whether a byte of the frame in hand is written, so that it cannot be given up any more.
  public var hasBegun: Bool { sink.hasBegun }
  /// Whether the reader takes something now, or is gone.
  public var isWritable: Bool { sink.isWritable }

  /// Whether frames that are not small are given to a pipe by vmsplice.
  public var canSplice: Bool { sink.canSplice }

  /// Why frames are written, by write; nil where they are given to a pipe by vmsplice. Known when
  /// the first frame is out.
  public var plainReason: String? { sink.plainReason(frameSize(canvas?.size)) }

  /// Takes a picture in hand: rows of BGRX from the top, `stride` bytes apart, `size` in px; of
  /// BGRA, multiplied by it, where it has alpha.
  ///
  /// `damage` is what differs from the picture shown before, in px of the picture: nil for all of
  /// it, an empty region for nothing. `slot` is the number, from 0 to 63, of the source's memory that
  /// the pixels lie in, and where they stay as they are for as long as ``heldSlots()`` says; nil where
  /// they may change when this has returned: they are copied then where they would be passed on.
  ///
  /// Returns false where the stream is to end instead, because the picture has another size.
  public mutating func show(
    _ pixels: UnsafeRawBufferPointer, stride: Int, size: Size, hasAlpha: Bool = false,
    damage: DamageArea? = nil, slot: Int? = nil
  ) -> Bool {
    // Black frames came before, perhaps; the first picture is what others are measured by.
    if !hasPicture || !canvas!.holds(size) { begin(firstPicture: size) }
    hasPicture = true
    guard let placement = canvas!.place(size) else { return false }
    isLastBlack = false
    sink.measure(frameSize(canvas!.size))
    if let slot, mayPassOn, converter!.passesOn(stride: stride, placement: placement) {
      converter!.forget()
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: pixels[..<frameSize(canvas!.size)])
      take(unsafe Frame(bytes: bytes, slot: PipeAccount.Slot(memory: .source, number: slot)))
    } else {
      let number = unsafe converter!.convert(
        pixels, stride: stride, hasAlpha: hasAlpha, placement: placement, damage: damage,
        held: sink.account.held(.ring))
      takeConverted(number)
    }
    return true
  }

  /// Takes the frame shown last in hand again.
  public mutating func showLast() {
    guard let last else { preconditionFailure("no frame was shown yet") }
    sink.measure(frameSize(canvas?.size))
    take(last)
  }

  /// Takes a black frame in hand. Returns false where no size is known for it yet.
  public mutating func showBlack() -> Bool {
    if canvas == nil {
      guard let size = settings.size else { return false }
      begin(firstPicture: size)
    }
    if isLastBlack {
      showLast()
    } else {
      sink.measure(frameSize(canvas!.size))
      takeConverted(converter!.black(held: sink.account.held(.ring)))
    }
    isLastBlack = true
    return true
  }

  /// Gives the frame in hand up. None of it may be written yet.
  public mutating func discard() {
    sink.discard()
    // The first picture that is written is the one that others are measured by.
    guard sink.frames == 0 else { return }
    (canvas, hasPicture) = (nil, false)
    forgetLast()
  }

  /// There is no frame to show again any more. One in hand is written all the same.
  public mutating func forgetLast() {
    last = nil
    isLastBlack = false
  }

  /// Says what stands before the frame in hand and those that follow.
  public mutating func setFrameHeader(_ text: String) {
    sink.announce(header: sink.frames == 0 ? header : "", frameHeader: text)
  }

  /// Writes on as far as the reader takes it.
  ///
  /// Throws `output` where it cannot be written; a file then ends with the last whole frame.
  public mutating func write() throws(CaptureError) -> Progress {
    try sink.write()
  }

  /// Begins a canvas, and with the first the stream.
  private mutating func begin(firstPicture: Size) {
    let before = canvas?.size
    let new = Canvas(
      size: settings.size, firstPicture: firstPicture, policy: settings.policy)
    canvas = new
    guard new.size != before else { return }
    let (format, pixelFormat) = (settings.format, settings.pixelFormat)
    if converter == nil {
      converter = FrameConverter(format: pixelFormat, range: settings.range)
    }
    // A frame that was shown before is not shown again.
    last = nil
    converter!.resize(to: new.size, slotCount: sink.slotCount(frameSize(new.size)))
    sink.renew(.max, of: .ring)
    header = format.header(
      canvas: new.size, pixelFormat: pixelFormat, range: settings.range, rate: settings.rate)
    setFrameHeader(format.frameHeader(canvas: new.size, pixelFormat: pixelFormat))
  }

  private mutating func takeConverted(_ number: Int) {
    take(
      unsafe Frame(
        bytes: converter!.frame(number), slot: PipeAccount.Slot(memory: .ring, number: number)))
  }

  private mutating func take(_ frame: Frame) {
    last = frame
    slotInHand = frame.slot
    unsafe sink.begin(frame.bytes, in: frame.slot)
  }
}

// MARK: The source's slots

extension FrameStream {
  /// The slots of the source whose bytes may be read yet, one bit each: that of the frame in hand,
  /// that of the last one, which may be shown again, and those that the pipe holds, or a reader that
  /// splices on. They are not to be written to; how many there may be, ``PipeAccount`` says.
  ///
  /// Other memory may be given to a slot at once where it is neither in hand nor the last: a pipe has
  /// references of its own to its pages.
  public func heldSlots() -> UInt64 {
    var slots = sink.account.held(.source)
    if isBusy, let slotInHand, slotInHand.memory == .source { slots |= 1 << slotInHand.number }
    if let last, last.slot.memory == .source { slots |= 1 << last.slot.number }
    return slots
  }

  private func frameSize(_ canvas: Size?) -> Int {
    canvas.map { settings.pixelFormat.byteCount(of: $0) } ?? 0
  }

  /// Whether a slot of the source's may be kept busy by the next frame. Where frames are spliced, and
  /// this one is not, it must not be, beside those that the pipe holds.
  private var mayPassOn: Bool {
    sink.canSplice(frameSize(canvas?.size)) || sink.account.held(.source) == 0
  }
}
