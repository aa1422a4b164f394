#include "CX11.h"

#include <X11/Xlibint.h>

static _Thread_local CX11Error last_error;
static _Thread_local bool has_error;

static int keep_error(Display *display, XErrorEvent *event) {
  (void)display;
  if (!has_error) {
    has_error = true;
    last_error = (CX11Error){
        .code = event->error_code,
        .request = event->request_code,
        .minor = event->minor_code,
    };
  }
  return 0;
}

static int keep_quiet(Display *display) {
  (void)display;
  return 0;
}

static void note_loss(Display *display, void *lost) {
  (void)display;
  *(bool *)lost = true;
}

void cx11_install_error_handlers(void) {
  XSetErrorHandler(keep_error);
  XSetIOErrorHandler(keep_quiet);
}

void cx11_watch_connection(Display *display, bool *lost) {
  XSetIOErrorExitHandler(display, note_loss, lost);
}

bool cx11_take_error(CX11Error *error) {
  bool had = has_error;
  *error = last_error;
  has_error = false;
  return had;
}

static bool is_of(int base, int type, int first, int last) {
  return base > 0 && type >= base + first && type <= base + last;
}

// Translates the event; false where it is none of the kinds of interest.
static bool translate(const XEvent *from, CX11EventBases bases, CX11Event *to) {
  *to = (CX11Event){.serial = from->xany.serial};
  if (is_of(bases.randr, from->type, RRScreenChangeNotify, RRNotify)) {
    to->kind = CX11MonitorsNotify;
    return true;
  }
  if (is_of(bases.fixes, from->type, XFixesCursorNotify, XFixesCursorNotify)) {
    to->kind = CX11CursorNotify;
    return true;
  }
  if (is_of(bases.damage, from->type, XDamageNotify, XDamageNotify)) {
    const XDamageNotifyEvent *damage = (const XDamageNotifyEvent *)from;
    to->kind = CX11DamageNotify;
    to->window = damage->drawable;
    to->x = damage->area.x;
    to->y = damage->area.y;
    to->width = damage->area.width;
    to->height = damage->area.height;
    return true;
  }
  if (is_of(bases.shape, from->type, ShapeNotify, ShapeNotify)) {
    const XShapeEvent *shape = (const XShapeEvent *)from;
    to->kind = CX11ShapeNotify;
    to->window = shape->window;
    to->x = shape->x;
    to->y = shape->y;
    to->width = (int)shape->width;
    to->height = (int)shape->height;
    to->shape_kind = shape->kind;
    to->shaped = shape->shaped;
    return shape->kind == ShapeBounding || shape->kind == ShapeClip;
  }
  if (from->type == GenericEvent) {
    to->kind = CX11MotionNotify;
    return bases.input > 0 && ((const XGenericEvent *)from)->extension == bases.input;
  }
  switch (from->type) {
  case CreateNotify:
    to->kind = CX11CreateNotify;
    to->window = from->xcreatewindow.window;
    to->parent = from->xcreatewindow.parent;
    to->x = from->xcreatewindow.x;
    to->y = from->xcreatewindow.y;
    to->width = from->xcreatewindow.width;
    to->height = from->xcreatewindow.height;
    to->border = from->xcreatewindow.border_width;
    return true;
  case ConfigureNotify:
    to->kind = CX11ConfigureNotify;
    to->window = from->xconfigure.window;
    to->x = from->xconfigure.x;
    to->y = from->xconfigure.y;
    to->width = from->xconfigure.width;
    to->height = from->xconfigure.height;
    to->border = from->xconfigure.border_width;
    to->above = from->xconfigure.above;
    return true;
  case CirculateNotify:
    to->kind = CX11CirculateNotify;
    to->window = from->xcirculate.window;
    to->on_top = from->xcirculate.place == PlaceOnTop;
    return true;
  case GravityNotify:
    to->kind = CX11GravityNotify;
    to->window = from->xgravity.window;
    to->x = from->xgravity.x;
    to->y = from->xgravity.y;
    return true;
  case MapNotify:
    to->kind = CX11MapNotify;
    to->window = from->xmap.window;
    return true;
  case UnmapNotify:
    to->kind = CX11UnmapNotify;
    to->window = from->xunmap.window;
    return true;
  case ReparentNotify:
    to->kind = CX11ReparentNotify;
    to->window = from->xreparent.window;
    to->parent = from->xreparent.parent;
    to->x = from->xreparent.x;
    to->y = from->xreparent.y;
    return true;
  case DestroyNotify:
    to->kind = CX11DestroyNotify;
    to->window = from->xdestroywindow.window;
    return true;
  case PropertyNotify:
    to->kind = CX11PropertyNotify;
    to->window = from->xproperty.window;
    return from->xproperty.atom == bases.rects;
  default:
    return false;
  }
}

void cx11_read_events(Display *display) {
  LockDisplay(display);
  _XEventsQueued(display, QueuedAfterFlush);
  UnlockDisplay(display);
}

bool cx11_next_event(Display *display, CX11EventBases bases, unsigned long serial_limit,
                     CX11Event *event) {
  while (XEventsQueued(display, QueuedAlready) > 0) {
    XEvent next;
    XPeekEvent(display, &next);
    if (next.xany.serial >= serial_limit) return false;
    XNextEvent(display, &next);
    if (!next.xany.send_event && translate(&next, bases, event)) return true;
  }
  return false;
}

bool cx11_next_input_event(Display *display, CX11InputEvent *event) {
  const long mask = ButtonPressMask | ButtonReleaseMask | KeyPressMask;
  XEvent next;
  while (XCheckMaskEvent(display, mask, &next)) {
    if (next.xany.send_event) continue;
    *event = (CX11InputEvent){.type = next.type};
    if (next.type == KeyPress) {
      event->key = XLookupKeysym(&next.xkey, 0);
      event->control = next.xkey.state & ControlMask;
    } else {
      event->x = next.xbutton.x_root;
      event->y = next.xbutton.y_root;
      event->on_screen = next.xbutton.same_screen;
      event->button = next.xbutton.button;
    }
    return true;
  }
  return false;
}

bool cx11_select_motion(Display *display, Window root) {
  unsigned char bits[XIMaskLen(XI_LASTEVENT)] = {0};
  XIEventMask mask = {.deviceid = XIAllMasterDevices, .mask_len = sizeof bits, .mask = bits};
  XISetMask(bits, XI_RawMotion);
  // Of a pointer that a program puts elsewhere only this tells, where no window takes it first.
  XISetMask(bits, XI_Motion);
  XISetMask(bits, XI_RawTouchUpdate);
  return XISelectEvents(display, root, &mask, 1) == Success;
}

void cx11_destroy_image(XImage *image) { XDestroyImage(image); }

unsigned long cx11_get_pixel(XImage *image, int x, int y) { return XGetPixel(image, x, y); }

bool cx11_is_same_client(Display *display, XID one, XID other) {
  return (one & ~display->resource_mask) == (other & ~display->resource_mask);
}
