// What Swift cannot say of Xlib: function macros, unions, and the process-wide error handlers.

#ifndef CX11_H
#define CX11_H

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xlib-xcb.h>
#include <X11/Xutil.h>
#include <X11/cursorfont.h>
#include <X11/keysym.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/XInput2.h>
#include <X11/extensions/Xcomposite.h>
#include <X11/extensions/Xdamage.h>
#include <X11/extensions/Xfixes.h>
#include <X11/extensions/Xrandr.h>
#include <X11/extensions/shape.h>
#include <stdbool.h>
#include <xcb/xcb.h>
#include <xcb/xcbext.h>

/// What happened; the names are those of the X events.
typedef enum {
  CX11CreateNotify,
  CX11ConfigureNotify,
  CX11CirculateNotify,
  CX11GravityNotify,
  CX11MapNotify,
  CX11UnmapNotify,
  CX11ReparentNotify,
  CX11DestroyNotify,
  CX11ShapeNotify,
  /// Of the one property that is watched.
  CX11PropertyNotify,
  /// RRScreenChangeNotify and RRNotify of any kind: monitors or the screen changed.
  CX11MonitorsNotify,
  /// XFixesCursorNotify: the cursor has another image.
  CX11CursorNotify,
  /// XDamageNotify: a part of the window was drawn on.
  CX11DamageNotify,
  /// XI_RawMotion and the like: a pointing device was used.
  CX11MotionNotify,
} CX11EventKind;

/// First event codes of the extensions in use, and the property that is watched; 0 where there is
/// none.
typedef struct {
  int shape, randr, fixes, damage;
  /// XInput's events bear its major opcode instead.
  int input;
  Atom rects;
} CX11EventBases;

/// An event of those kinds in one form: XEvent is a union.
typedef struct {
  CX11EventKind kind;
  unsigned long serial;
  Window window;
  /// Parent of CreateNotify, new parent of ReparentNotify.
  Window parent;
  /// The sibling right below, of ConfigureNotify; None at the bottom.
  Window above;
  /// PlaceOnTop of CirculateNotify.
  bool on_top;
  int x, y, width, height, border;
  /// ShapeBounding or ShapeClip, and whether there is such a shape.
  int shape_kind;
  bool shaped;
} CX11Event;

/// A key or button event in one form: XEvent is a union.
typedef struct {
  /// ButtonPress, ButtonRelease or KeyPress.
  int type;
  /// Place of the pointer in the root, and whether that is a root of the screen grabbed on.
  int x, y;
  bool on_screen;
  unsigned button;
  KeySym key;
  bool control;
} CX11InputEvent;

/// An error that the server sent: what XErrorEvent says of its kind.
typedef struct {
  unsigned char code;
  unsigned char request;
  unsigned char minor;
} CX11Error;

/// Xlib's handlers end the process: ours keep the error for the thread that caused it.
void cx11_install_error_handlers(void);

/// XSetIOErrorExitHandler takes a function pointer: ours sets *lost and returns.
void cx11_watch_connection(Display *display, bool *lost);

/// The handler is a C function: the oldest error kept since the last call, if any.
bool cx11_take_error(CX11Error *error);

/// XEventsQueued reads nothing while an event is queued: this flushes, and takes in all that came.
void cx11_read_events(Display *display);

/// Takes the oldest queued event of interest whose serial is below the limit, reading nothing
/// from the connection. Events that another client sent are dropped: a window manager's
/// synthetic ConfigureNotify bears other coordinates, and anyone can forge one.
bool cx11_next_event(Display *display, CX11EventBases bases, unsigned long serial_limit,
                     CX11Event *event);

/// Takes the oldest event of a button or a key pressed, reading from the connection without
/// waiting; other events stay in the queue, for cx11_next_event.
bool cx11_next_input_event(Display *display, CX11InputEvent *event);

/// XDestroyImage is a macro.
void cx11_destroy_image(XImage *image);

/// Which bits of an id are the client's is known inside Xlib only: whether one client made both.
bool cx11_is_same_client(Display *display, XID one, XID other);

/// Xlib waits for the answer of each request before it sends the next: these send by xcb, and the
/// answers are taken later. They return the serials of the requests as Xlib counts them.
/// XNextRequest is asked once, as `first`, since it flushes what was sent so far.
unsigned long cx11_send_shared_image(Display *display, unsigned long first, Drawable drawable,
                                     int x, int y, unsigned width, unsigned height,
                                     ShmSeg segment, unsigned offset);
unsigned long cx11_send_image(Display *display, unsigned long first, Drawable drawable, int x,
                              int y, unsigned width, unsigned height);
/// The same.
void cx11_send_server_grab(Display *display, bool grabs);
/// The same.
void cx11_flush(Display *display);

/// Waits for the answer to cx11_send_shared_image. False where there is an error instead; its code
/// is 0 where the connection is lost.
bool cx11_await_shared_image(Display *display, unsigned long serial, CX11Error *error);

/// Waits for the answer to cx11_send_image. The answer, to be freed, and its pixels; NULL where
/// there is an error instead.
void *cx11_await_image(Display *display, unsigned long serial, const void **pixels,
                       CX11Error *error);

/// xcb asks for extensions by itself, and would wait for each when it is used first: this asks for
/// them along with Xlib's SHAPE, whose first event code it returns; 0 where there is none.
int cx11_first_shape_event(Display *display);

/// What a window's shapes lie within, where it has them.
typedef struct {
  bool has_bounding, has_clip;
  XRectangle bounding, clip;
} CX11ShapeExtents;

/// ShapeQueryExtents is not among xcb's own requests. Returns xcb's number of the request.
unsigned cx11_send_shape_query(Display *display, Window window);

/// What xcb_wait_for_reply returns for that.
CX11ShapeExtents cx11_shape_extents(const void *answer);

/// XResQueryClientIds would need a library of its own, and waits. Asks for the process that owns a
/// window; the server has X-Resource. Returns xcb's number of the request.
unsigned cx11_send_process_query(Display *display, Window window);

/// What xcb_wait_for_reply returns for that; 0 where the server does not know.
int cx11_process(const void *answer);

/// XISetMask is a macro. Whether the server tells of all motion on a screen from now on.
bool cx11_select_motion(Display *display, Window root);

/// XGetPixel is a macro.
unsigned long cx11_get_pixel(XImage *image, int x, int y);

#endif
