import CX11
import CropEngine

/// Something that the server told.
enum ServerEvent {
  /// Of a window's structure or shape.
  case window(WindowEvent)
  /// There may be other monitors, or other places of them.
  case monitorsChanged
  /// The cursor has another image.
  case cursorChanged
  /// The mouse was moved.
  case pointerMoved
  /// A part of a window was drawn on, in px of the window; by the last request of ours before.
  case drawn(WindowID, Rect, RequestSerial)
}

extension WindowEvent {
  init(_ event: CX11Event) {
    let x = Int(event.x)
    let y = Int(event.y)
    let width = Int(event.width)
    let height = Int(event.height)
    let change: Change =
      switch event.kind {
      case CX11CreateNotify:
        .created(
          parent: event.parent, x: x, y: y, width: width, height: height,
          border: Int(event.border))
      case CX11ConfigureNotify:
        .configured(x: x, y: y, width: width, height: height, border: Int(event.border))
      case CX11CirculateNotify: .circulated(toTop: event.on_top)
      case CX11GravityNotify: .moved(x: x, y: y)
      case CX11MapNotify: .mapped
      case CX11UnmapNotify: .unmapped
      case CX11ReparentNotify: .reparented(to: event.parent, x: x, y: y)
      case CX11DestroyNotify: .destroyed
      case CX11ShapeNotify:
        .shaped(
          event.shape_kind == ShapeClip ? .clip : .bounding,
          extents: event.shaped ? Rect(x: x, y: y, width: width, height: height) : nil)
      case CX11PropertyNotify: .publishedChanged
      default: preconditionFailure("cx11_next_event returns the kinds of its enum only")
      }
    self.init(
      window: event.window, serial: event.serial, change: change,
      above: event.above == 0 ? nil : event.above)
  }
}
