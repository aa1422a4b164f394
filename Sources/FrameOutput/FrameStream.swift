import CropEngine

/// What a stream of frames is to be.
public struct StreamSettings: Sendable {
  /// How frames follow one another.
  public var format: StreamFormat
  /// How the pixels of a frame lie.
  public var pixelFormat: PixelFormat
  /// Of Y, U and V.
  public var range: ColorRange
  /// What the header says of the rate.
  public var rate: FrameRate
  /// Size of the canvas, in px; nil for that of the first frame, or of each one.
  public var size: Size?
  /// What becomes of a picture of another size.
  public var policy: ResizePolicy

  public init(
    format: StreamFormat, pixelFormat: PixelFormat, range: ColorRange, rate: FrameRate,
    size: Size?, policy: ResizePolicy
  ) {
    self.format = format
    self.pixelFormat = pixelFormat
    self.range = range
    self.rate = rate
    self.size = size
    self.policy = policy
  }
}

/// A stream: pictures of any size go in, whole frames come out, of one size unless the policy is
/// to have none.
///
/// A frame is taken in hand by ``show(_:stride:size:)``, ``showLast()`` or ``showBlack()`` and goes
/// out by ``write()``; the next may be taken in hand when it is whole.
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

  private let settings: StreamSettings
  private var sink: FrameSink
  private var canvas: Canvas?
  private var hasPicture = false
  private var header = ""
  private var converter: FrameConverter?
  private var isLastBlack = false
  /// The frame shown last, as it was written; nil before the first.
  private var last: UnsafeRawBufferPointer?

  /// A stream that begins with its first frame.
  public init(_ file: consuming OutputFile, _ settings: StreamSettings) {
    self.settings = settings
    sink = FrameSink(file)
  }

  /// Whether there is a file to write to: false for a FIFO whose first reader is awaited.
  public var isOpen: Bool { sink.isOpen }

  /// Opens a FIFO whose reader was awaited. Returns whether one is there now.
  ///
  /// Throws `output` where it cannot be opened any more.
  public mutating func open() throws(CaptureError) -> Bool { try sink.open() }

  /// To be polled for POLLOUT while a frame waits.
  public var descriptor: Int32 { sink.descriptor }
  /// Whether a frame is in hand.
  public var isBusy: Bool { sink.isBusy }
  /// Whether there is a frame to show again.
  public var hasLast: Bool { unsafe last != nil }
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

  /// Takes a picture in hand: rows of BGRX from the top, `stride` bytes apart, `size` in px; of
  /// BGRA, multiplied by it, where it has alpha. Its bytes are used until the next picture is
  /// shown, unless they are `copying`.
  ///
  /// Returns false where the stream is to end instead, because the picture has another size.
  public mutating func show(
    _ pixels: UnsafeRawBufferPointer, stride: Int, size: Size, hasAlpha: Bool = false,
    copying: Bool = false
  ) -> Bool {
    // Black frames came before, perhaps; the first picture is what others are measured by.
    if !hasPicture || !canvas!.holds(size) { begin(firstPicture: size) }
    hasPicture = true
    guard let placement = canvas!.place(size) else { return false }
    isLastBlack = false
    unsafe take(
      converter!.convert(
        pixels, stride: stride, hasAlpha: hasAlpha, placement: placement, copying: copying))
    return true
  }

  /// Takes the frame shown last in hand again.
  public mutating func showLast() {
    guard let last = unsafe last else { preconditionFailure("no frame was shown yet") }
    unsafe take(last)
  }

  /// Takes a black frame in hand. Returns false where no size is known for it yet.
  public mutating func showBlack() -> Bool {
    if canvas == nil {
      guard let size = settings.size else { return false }
      begin(firstPicture: size)
    }
    if isLastBlack { showLast() } else { unsafe take(converter!.black()) }
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
    unsafe last = nil
    isLastBlack = false
  }

  /// Makes the pixels that were shown last its own, where they are not: they may change now.
  public mutating func copyLast() {
    guard let bytes = unsafe isBusy ? sink.payload : last else { return }
    let own = unsafe converter!.own(bytes)
    if isBusy { unsafe sink.replacePayload(own) }
    if unsafe last != nil { unsafe last = own }
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
    if before == nil {
      converter = FrameConverter(format: pixelFormat, range: settings.range, canvas: new.size)
    } else {
      converter!.resize(to: new.size)
    }
    header = format.header(
      canvas: new.size, pixelFormat: pixelFormat, range: settings.range, rate: settings.rate)
    setFrameHeader(format.frameHeader(canvas: new.size, pixelFormat: pixelFormat))
  }

  private mutating func take(_ bytes: UnsafeRawBufferPointer) {
    unsafe last = bytes
    unsafe sink.begin(bytes)
  }
}
