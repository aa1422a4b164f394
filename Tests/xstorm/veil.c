// A window without background, and such windows in it, that are moved, grown, hidden, covered and
// painted at random. What belongs to them has less than 32 of blue; all that does not, and may come
// to be in them where nobody looks after it, has 240 of it and more.
//
// With an odd seed, pixels are copied within the windows, too.
//
// SIGUSR1 brings calm: the window is in its place, and all that is exposed is painted. SIGUSR2 ends
// it.

#include "xstorm.h"

#include <X11/Xutil.h>
#include <X11/extensions/shape.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { KIDS = 4, COVERS = 5, SIBLINGS = 3 };

static Display *display;
static Window parent, prey, holder;
static Window kids[KIDS], covers[COVERS];
static XVisualInfo translucent;
static volatile sig_atomic_t is_calm;
static bool is_scrolling;

static void note_signal(int number) { is_calm = number == SIGUSR1; }

// Windows die while something is asked of them.
static int ignore(Display *of, XErrorEvent *event) {
  (void)of;
  (void)event;
  return 0;
}

static int below(int limit) { return (int)(random() % limit); }

static unsigned long foreign_colour(void) { return ((unsigned long)random() & 0xffff0f) | 0xf0; }

// Opaque, or half so, multiplied with the alpha: windows without alpha do not heed it.
static unsigned long own_colour(void) {
  unsigned long colour = (unsigned long)random() & 0xffff1f;
  return below(2) ? colour | 0xff000000 : (colour & 0x7f7f0f) | 0x80000000;
}

static void fill(Window window, int x, int y, unsigned width, unsigned height) {
  GC context = XCreateGC(display, window, 0, NULL);
  XSetForeground(display, context, own_colour());
  XFillRectangle(display, window, context, x, y, width, height);
  XFreeGC(display, context);
}

// The window, or one of those in it.
static Window any_own(void) {
  Window kid = kids[below(KIDS)];
  return kid && below(2) ? kid : prey;
}

static void fill_all(void) {
  fill(prey, 0, 0, 1000, 1000);
  for (int at = 0; at < KIDS; at++) {
    if (kids[at]) fill(kids[at], 0, 0, 1000, 1000);
  }
}

// Paints what was exposed, or forgets about it.
static void answer(bool is_painting) {
  while (XPending(display) > 0) {
    XEvent event;
    XNextEvent(display, &event);
    if (event.type != Expose || !is_painting) continue;
    XExposeEvent *part = &event.xexpose;
    fill(part->window, part->x, part->y, (unsigned)part->width, (unsigned)part->height);
  }
}

static Window bare_child(void) {
  XSetWindowAttributes about = {.background_pixmap = None, .border_pixel = own_colour()};
  about.event_mask = ExposureMask;
  unsigned long given = CWBackPixmap | CWBorderPixel | CWEventMask;
  XVisualInfo look = {.visual = CopyFromParent, .depth = CopyFromParent};
  if (translucent.visual && below(3) == 0) {
    look = translucent;
    about.colormap = XCreateColormap(display, prey, look.visual, AllocNone);
    given |= CWColormap;
  }
  Window kid = XCreateWindow(display, prey, below(100) - 20, below(80) - 20,
                             10 + (unsigned)below(80), 10 + (unsigned)below(60),
                             (unsigned)below(3), look.depth, InputOutput, look.visual, given,
                             &about);
  if (below(4)) XMapWindow(display, kid);
  return kid;
}

static void change_kid(void) {
  Window *kid = &kids[below(KIDS)];
  if (!*kid) {
    *kid = bare_child();
    return;
  }
  switch (below(6)) {
  case 0:
    XDestroyWindow(display, *kid);
    *kid = None;
    break;
  case 1: XUnmapWindow(display, *kid); break;
  case 2: XMapRaised(display, *kid); break;
  case 3: XSetWindowBorderWidth(display, *kid, (unsigned)below(4)); break;
  default:
    XMoveResizeWindow(display, *kid, below(100) - 20, below(80) - 20, 10 + (unsigned)below(80),
                      10 + (unsigned)below(60));
  }
}

static void change_cover(void) {
  Window cover = covers[below(COVERS)];
  switch (below(6)) {
  case 0: XUnmapWindow(display, cover); break;
  case 1: XLowerWindow(display, cover); break;
  case 2:
    XSetWindowBackground(display, cover, foreign_colour());
    XClearWindow(display, cover);
    break;
  default:
    XMoveWindow(display, cover, below(250), below(200));
    XMapRaised(display, cover);
  }
}

static void change_shape(void) {
  XRectangle parts[2];
  for (int at = 0; at < 2; at++) {
    parts[at] = (XRectangle){.x = (short)below(60), .y = (short)below(40),
                             .width = (unsigned short)(20 + below(80)),
                             .height = (unsigned short)(20 + below(60))};
  }
  if (below(2)) {
    XShapeCombineRectangles(display, prey, ShapeBounding, 0, 0, parts, 2, ShapeSet, Unsorted);
  } else {
    XShapeCombineMask(display, prey, ShapeBounding, 0, 0, None, ShapeSet);
  }
}

static void scroll(void) {
  Window window = any_own();
  GC context = XCreateGC(display, window, 0, NULL);
  XCopyArea(display, window, window, context, below(60), below(60), 20 + (unsigned)below(80),
            20 + (unsigned)below(60), below(60), below(60));
  XFreeGC(display, context);
}

static void step(void) {
  switch (below(18)) {
  case 0: XMoveWindow(display, prey, below(150), below(120)); break;
  case 1:
  case 2:
    XResizeWindow(display, prey, 40 + (unsigned)below(120), 40 + (unsigned)below(90));
    break;
  case 3:
    XUnmapWindow(display, prey);
    if (below(2)) XSync(display, False);
    XMapWindow(display, prey);
    break;
  case 4: XReparentWindow(display, prey, below(2) ? holder : parent, below(60), below(50)); break;
  case 5:
    XSetWindowBorder(display, prey, own_colour());
    XSetWindowBorderWidth(display, prey, (unsigned)below(6));
    break;
  case 6: below(2) ? XRaiseWindow(display, prey) : XLowerWindow(display, prey); break;
  case 7: if (is_scrolling) scroll(); break;
  case 8: change_shape(); break;
  case 9:
  case 10: change_kid(); break;
  case 11: fill(any_own(), below(100), below(80), (unsigned)below(90), (unsigned)below(70)); break;
  case 12: answer(true); break;
  case 13: answer(false); break;
  case 14:
    fill_all();
    XSync(display, False);
    usleep(3000);
    break;
  default: change_cover();
  }
  if (below(3)) XSync(display, False);
  if (below(3) == 0) usleep((unsigned)below(2000));
}

// The window in its place, of a size that the tests know, with all that is in it.
static void settle(void) {
  XShapeCombineMask(display, prey, ShapeBounding, 0, 0, None, ShapeSet);
  XReparentWindow(display, prey, parent, 50, 50);
  XResizeWindow(display, prey, 120, 90);
  XMapRaised(display, prey);
  for (int at = 0; at < COVERS; at++) XMapRaised(display, covers[at]);
  XSync(display, False);
}

static Window cover(Window in, int x, int y) {
  Window window = XCreateSimpleWindow(display, in, x, y, 40 + (unsigned)below(80),
                                      30 + (unsigned)below(60), 0, 0, foreign_colour());
  XMapRaised(display, window);
  return window;
}

void veil(Display *to, char **arguments) {
  display = to;
  parent = strtoul(arguments[0], NULL, 0);
  prey = strtoul(arguments[1], NULL, 0);
  srandom((unsigned)atoi(arguments[2]));
  is_scrolling = atoi(arguments[2]) % 2;
  XSetErrorHandler(ignore);
  if (!XMatchVisualInfo(display, DefaultScreen(display), 32, TrueColor, &translucent)) {
    translucent.visual = NULL;
  }
  XSelectInput(display, prey, ExposureMask);
  holder = XCreateSimpleWindow(display, parent, 20, 20, 260, 200, 0, 0, foreign_colour());
  XMapWindow(display, holder);
  XLowerWindow(display, holder);
  for (int at = 0; at < COVERS; at++) {
    covers[at] = cover(at < SIBLINGS ? parent : DefaultRootWindow(display), below(250), below(200));
  }
  signal(SIGUSR1, note_signal);
  signal(SIGUSR2, note_signal);
  begin();
  bool was_calm = false;
  for (;;) {
    if (!is_calm) {
      was_calm = false;
      step();
      continue;
    }
    if (!was_calm) {
      settle();
      printf("calm\n");
      fflush(stdout);
      was_calm = true;
    }
    answer(true);
    XFlush(display);
    struct pollfd connection = {.fd = ConnectionNumber(display), .events = POLLIN};
    poll(&connection, 1, 10);
  }
}
