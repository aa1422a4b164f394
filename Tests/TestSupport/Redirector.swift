import CXClient

/// Another client, which redirects windows to storages of their own, as compositors do and programs
/// that embed others. When it goes away, they are not any more.
public final class Redirector {
  private let display: OpaquePointer

  public init(_ scene: Scene) throws {
    guard let display = client_open_display(scene.server.displayName) else {
      throw Failure("no display")
    }
    self.display = display
  }

  deinit { XCloseDisplay(display) }

  /// Redirects a window; the server does not show it any more (Manual).
  public func redirect(_ window: Window) {
    XCompositeRedirectWindow(display, window, Int32(CompositeRedirectManual))
    XSync(display, False)
  }

  /// Redirects a window's children, those that are there and those that come.
  public func redirectChildren(of window: Window) {
    XCompositeRedirectSubwindows(display, window, Int32(CompositeRedirectManual))
    XSync(display, False)
  }

  /// Undoes ``redirect(_:)``.
  public func release(_ window: Window) {
    XCompositeUnredirectWindow(display, window, Int32(CompositeRedirectManual))
    XSync(display, False)
  }

  /// Undoes ``redirectChildren(of:)``.
  public func releaseChildren(of window: Window) {
    XCompositeUnredirectSubwindows(display, window, Int32(CompositeRedirectManual))
    XSync(display, False)
  }
}

extension Scene {
  /// Whether some client has redirected a window that is viewable.
  public func isRedirected(_ window: Window) -> Bool { client_is_redirected(display, window) }
}
