import CXClient

/// The mouse and the keyboard of the scene's server, and who gets what they do.
extension Scene {
  /// Moves the mouse and presses keys and buttons, as xdotool's words say. All is done when it
  /// returns.
  public func xdotool(_ words: String) throws {
    let result = try Command.run(
      "/usr/bin/xdotool", words.split(separator: " ").map(String.init),
      display: server.displayName)
    guard result.status == 0 else { throw Failure("xdotool \(words): \(result.errors)") }
  }

  /// Takes the pointer for itself, as a menu that is open does. False where another has it.
  public func grabPointer() -> Bool {
    XGrabPointer(
      display, root, False, UInt32(ButtonPressMask), GrabModeAsync, GrabModeAsync, 0, 0,
      UInt(CurrentTime)) == GrabSuccess
  }

  public func ungrabPointer() {
    XUngrabPointer(display, UInt(CurrentTime))
    XSync(display, False)
  }

  /// Takes the keyboard for itself, as a program that locks the screen does.
  public func grabKeyboard() -> Bool {
    XGrabKeyboard(display, root, False, GrabModeAsync, GrabModeAsync, UInt(CurrentTime))
      == GrabSuccess
  }

  /// Is told, from now on, of the buttons that are pressed and released on a window.
  public func watchButtons(of window: Window) {
    XSelectInput(display, window, ButtonPressMask | ButtonReleaseMask)
    XSync(display, False)
  }

  /// How many buttons were pressed and released on the windows watched, since the last call.
  public func buttonEvents() -> Int {
    XSync(display, False)
    var event = XEvent()
    var count = 0
    while XCheckMaskEvent(display, ButtonPressMask | ButtonReleaseMask, &event) != 0 { count += 1 }
    return count
  }

  /// Lets clicks through a window, to what is below it (the empty input shape).
  public func letClicksThrough(_ window: Window) {
    XShapeCombineRectangles(
      display, window, ShapeInput, 0, 0, nil, 0, ShapeSet, Unsorted)
    XSync(display, False)
  }
}
