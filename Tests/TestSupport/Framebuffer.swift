import CropEngine
import Glibc

/// The framebuffer of a server that keeps it in a file (Xvfb -fbdir). What is written there is on the
/// screen, and no client was told of it: a driver that draws past the server does the same.
public final class Framebuffer {
  private let bytes: UnsafeMutableRawBufferPointer
  /// Where the first pixel is, and the bytes from one row to the next.
  private let (first, stride): (Int, Int)

  /// Options of a server that keeps it in a folder.
  public static func options(in folder: TemporaryFolder) -> [String] { ["-fbdir", folder.path] }

  /// That of screen 0, whose pixels take four bytes each.
  public init(in folder: TemporaryFolder) throws {
    let file = open(folder["Xvfb_screen0"], O_RDWR | O_CLOEXEC)
    guard file >= 0 else { throw Failure("no framebuffer in \(folder.names)") }
    defer { close(file) }
    let count = Int(lseek(file, 0, SEEK_END))
    guard let memory = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
      memory != MAP_FAILED
    else { throw Failure("mmap") }
    bytes = UnsafeMutableRawBufferPointer(start: memory, count: count)
    // The header of xwd: numbers of four bytes, the highest first, and colours of twelve.
    let numbers = bytes.bindMemory(to: UInt32.self)
    func number(_ place: Int) -> Int { Int(UInt32(bigEndian: numbers[place])) }
    guard number(11) == 32 else { throw Failure("\(number(11)) bits a pixel") }
    stride = number(12)
    first = number(0) + 12 * number(19)
  }

  deinit { munmap(bytes.baseAddress, bytes.count) }

  /// Paints a rectangle of the screen with a pixel value.
  public func fill(_ rect: Rect, _ pixel: UInt32) {
    for y in rect.y..<rect.y + rect.height {
      for x in rect.x..<rect.x + rect.width {
        bytes.storeBytes(of: pixel, toByteOffset: first + y * stride + x * 4, as: UInt32.self)
      }
    }
  }
}
