extension UnsafeRawBufferPointer {
  /// The bytes from an offset on, as libyuv takes them.
  func bytes(at offset: Int) -> UnsafePointer<UInt8> {
    unsafe (baseAddress! + offset).assumingMemoryBound(to: UInt8.self)
  }
}

extension UnsafeMutableRawBufferPointer {
  /// Makes room for so many bytes. What it holds is lost where there is not enough.
  mutating func reserve(_ byteCount: Int) {
    guard count < byteCount else { return }
    unsafe deallocate()
    unsafe self = .allocate(byteCount: byteCount, alignment: 64)
  }

  /// The bytes from an offset on, as libyuv takes them.
  func bytes(at offset: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe (baseAddress! + offset).assumingMemoryBound(to: UInt8.self)
  }
}
