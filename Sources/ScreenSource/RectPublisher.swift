import CropEngine

/// Publishes rectangles on windows, for whoever captures them: what an application can do itself.
public struct RectPublisher {
  private let connection: Connection

  /// Publishes on windows of this connection's server.
  public init(_ connection: Connection) {
    self.connection = connection
  }

  /// Takes names away from a window and gives it rectangles, in px of its inside; other names stay
  /// (ChangeProperty of `_XREGIONCAP_RECTS`).
  ///
  /// `subject` is what errors call it. Throws `notFound` where a name to be taken away is not
  /// there, `type` where the window is not, `notSupported` where it can have no pixels,
  /// `invalidState` where its property is not to be changed; nothing is changed then.
  public func publish(
    _ entries: [PublishedRects.Entry], removing names: [String] = [], on window: WindowID,
    subject: String
  ) throws(CaptureError) {
    // Nobody else changes it between the look and the deed.
    try connection.grabbingServer { () throws(CaptureError) in
      let property = try TargetProperty(
        connection, window, name: PublishedRects.property, subject: subject)
      var rects = PublishedRects(parsing: try property.text())
      for name in names {
        guard rects.remove(name) else {
          throw CaptureError(
            .notFound, subject,
            "window \(WindowInfo.hexadecimal(window)) publishes no '\(name)'")
        }
      }
      for entry in entries { rects.set(entry) }
      try property.set(rects.text)
    }
  }
}
