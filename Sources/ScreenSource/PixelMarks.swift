import CropEngine

/// Pixels of a window that may be another's: each was given another value, so that the window's own
/// drawing shows.
///
/// A pixel that has not the value any more was drawn by the window, or by the server for it. Until
/// then nobody knows whose it is.
struct PixelMarks {
  /// What is said of, in px of the window.
  private(set) var area: Rect
  /// The value of each pixel of the area when it was marked.
  private var values: [UInt32]
  /// Whether it still has that, as far as is known.
  private var isMarked: [Bool]
  /// How many do.
  private(set) var count = 0
  /// The value that most of them have: where else it is, it was copied to from a mark.
  private var common: UInt32 = 0

  /// No marks.
  init(area: Rect) {
    self.area = area
    values = Array(repeating: 0, count: area.width * area.height)
    isMarked = Array(repeating: false, count: values.count)
  }

  /// Takes those as marked that two images of the area show with different values: it is the later
  /// one's, which is `common` where it is not known from the earlier one. Rows of both are `stride`
  /// bytes apart.
  mutating func mark(
    before: UnsafeRawBufferPointer, after: UnsafeRawBufferPointer, stride: Int, common: UInt32
  ) {
    self.common = common
    let (area, width) = (area, area.width)
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe isMarked.withUnsafeMutableBufferPointer { isMarked in
        for row in 0..<area.height {
          let old = unsafe before.row(row, stride)
          let new = unsafe after.row(row, stride)
          for column in 0..<width where unsafe old[column] != new[column] {
            unsafe values[row * width + column] = new[column]
            if unsafe !isMarked[row * width + column] { count += 1 }
            unsafe isMarked[row * width + column] = true
          }
        }
      }
    }
  }

  /// Gives those up that an image of a part of the area shows with other values, and takes those
  /// in that a mark was copied to.
  mutating func resolve(_ image: UnsafeRawBufferPointer, stride: Int, of part: Rect) {
    let seen = part.intersection(area)
    guard count > 0, !seen.isEmpty else { return }
    let (area, width, common) = (area, area.width, common)
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe isMarked.withUnsafeMutableBufferPointer { isMarked in
        for row in seen.y..<seen.y + seen.height {
          let pixels = unsafe image.row(row - part.y, stride)
          let start = (row - area.y) * width - area.x
          for column in seen.x..<seen.x + seen.width {
            let pixel = unsafe pixels[column - part.x]
            if unsafe isMarked[start + column] {
              guard unsafe pixel != values[start + column], pixel & 0xff_ffff != common else {
                continue
              }
              unsafe isMarked[start + column] = false
              count -= 1
            } else if pixel & 0xff_ffff == common {
              unsafe values[start + column] = pixel
              unsafe isMarked[start + column] = true
              count += 1
            }
          }
        }
      }
    }
  }

  /// Goes on with another area: what both have keeps its marks, the rest has none.
  mutating func move(to new: Rect) {
    guard new != area else { return }
    let old = self
    self = PixelMarks(area: new)
    let both = new.intersection(old.area)
    for row in both.y..<both.y + both.height {
      for column in both.x..<both.x + both.width {
        let from = (row - old.area.y) * old.area.width + column - old.area.x
        guard old.isMarked[from] else { continue }
        let to = (row - area.y) * area.width + column - area.x
        values[to] = old.values[from]
        isMarked[to] = true
        count += 1
      }
    }
  }

  /// The smallest rectangle that holds the marks inside a part, in px of the window; nil where there
  /// are none.
  func bounds(in part: Rect) -> Rect? {
    let seen = part.intersection(area)
    guard count > 0, !seen.isEmpty else { return nil }
    var (left, right, top, bottom) = (Int.max, Int.min, Int.max, Int.min)
    for row in seen.y..<seen.y + seen.height {
      let start = (row - area.y) * area.width - area.x
      for column in seen.x..<seen.x + seen.width where isMarked[start + column] {
        left = min(left, column)
        right = max(right, column)
        top = min(top, row)
        bottom = row
      }
    }
    guard left <= right else { return nil }
    return Rect(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }

  /// Makes those black, without alpha, that an image of a part shows.
  func hide(in image: UnsafeMutableRawBufferPointer, stride: Int, of part: Rect) {
    let seen = part.intersection(area)
    guard count > 0, !seen.isEmpty else { return }
    for row in seen.y..<seen.y + seen.height {
      let pixels = unsafe (image.baseAddress! + (row - part.y) * stride)
        .assumingMemoryBound(to: UInt32.self)
      let start = (row - area.y) * area.width - area.x
      for column in seen.x..<seen.x + seen.width where isMarked[start + column] {
        unsafe pixels[column - part.x] = 0
      }
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func row(_ row: Int, _ stride: Int) -> UnsafePointer<UInt32> {
    unsafe (baseAddress! + row * stride).assumingMemoryBound(to: UInt32.self)
  }
}
