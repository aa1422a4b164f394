import CropEngine

/// What of a frame is not what it should be, in px of the canvas.
struct StaleArea: Equatable {
  /// Whether nothing of the frame is known, what lies beside the picture included.
  private(set) var isWhole = false
  private var area = DamageArea()

  /// A frame as it should be.
  static let nothing = StaleArea()

  /// All of a frame.
  static func whole(_ size: Size) -> StaleArea {
    StaleArea(isWhole: true, area: DamageArea(size.bounds))
  }

  var isEmpty: Bool { area.isEmpty }
  /// How many rectangles hold it. They may overlap.
  var count: Int { area.count }

  subscript(index: Int) -> Rect { area[index] }

  /// Takes a rectangle in.
  mutating func add(_ rect: Rect) {
    if !isWhole { area.insert(rect) }
  }

  /// Takes all of another one in.
  mutating func add(_ other: StaleArea) {
    if other.isWhole { self = other } else if !isWhole { area.formUnion(other.area) }
  }
}
