import CropEngine
import FrameOutput

/// What a shot is compared with, and how: the options, understood and checked.
struct ComparisonSettings {
  var referencePath: String
  /// The largest difference of a channel that counts as none.
  var tolerance: Int
  /// nil where nobody wants to see what differs.
  var diffPath: String?
}

/// A reference that a shot is compared with, and the file that shows where it differs.
struct ShotComparison: ~Copyable {
  private static let subject = "--compare"

  private let settings: ComparisonSettings
  private let reference: ReferencePicture
  private var diffFile: PictureFile?

  /// Reads the reference. What is in the file of differences is gone then: it would be taken for
  /// those of this shot.
  ///
  /// Throws `notFound` or `type` where there is no reference that can be read, `output` where no
  /// differences can be written.
  init(_ settings: ComparisonSettings) throws(CaptureError) {
    let file = try Self.diffFile(settings.diffPath)
    let reference = try ReferencePicture(path: settings.referencePath, subject: Self.subject)
    if file != nil { try file!.removeOld() }
    self.settings = settings
    self.reference = reference
    diffFile = file
  }

  private static func diffFile(_ path: String?) throws(CaptureError) -> PictureFile? {
    guard let path else { return nil }
    guard let file = try PictureFile.file(at: path) else {
      throw CaptureError(.output, path, "nobody reads the FIFO")
    }
    return file
  }

  /// Compares a picture, and shows where it differs.
  ///
  /// Throws `verdict` where it does, `output` or `noFrame` where that cannot be written.
  mutating func check(
    _ picture: borrowing ConvertedPicture, _ signals: borrowing SignalReader
  ) throws(CaptureError) {
    let wanted = ConvertedPicture(
      reference.view, PictureSettings(pixelFormat: picture.pixelFormat))
    let comparison = PictureComparison(picture, reference: wanted, tolerance: settings.tolerance)
    if comparison.isSame { return }
    var reason = comparison.reason
    if let path = settings.diffPath {
      let painted = comparison.painted(picture, over: wanted)
      try diffFile!.write(try EncodedPicture(painted, as: .png), signals)
      reason += ": see '\(path)'"
    }
    throw CaptureError(.verdict, Self.subject, reason)
  }
}

extension PictureComparison {
  /// What differs, in words.
  fileprivate var reason: String {
    guard let bounds, size == referenceSize else {
      return "size \(size) differs from the reference \(referenceSize)"
    }
    let pixels = "\(count) of \(size.bounds.area) pixels differ\(count == 1 ? "s" : "")"
    return "\(pixels) from the reference, by up to \(largest), in \(bounds)"
  }
}
