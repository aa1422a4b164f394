// Gives windows no rest until it is told to stop: another client, that changes them at random.
//
//   xstorm DISPLAY move WINDOW SEED PAUSE_US X Y SPREAD
//   xstorm DISPLAY reparent WINDOW HOLDER SURFACE
//   xstorm DISPLAY monitor NAME SEED WINDOW
//   xstorm DISPLAY die WINDOW
//   xstorm DISPLAY publish WINDOW NAME SEED PAGE COLOUR
//   xstorm DISPLAY paint WINDOW SEED MOST
//   xstorm DISPLAY veil PARENT WINDOW SEED

#include "xstorm.h"

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/extensions/Xrandr.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void begin(void) {
  printf("storming\n");
  fflush(stdout);
}

static void move(Display *display, char **arguments) {
  Window window = strtoul(arguments[0], NULL, 0);
  srandom((unsigned)atoi(arguments[1]));
  int pause = atoi(arguments[2]);
  int x = atoi(arguments[3]), y = atoi(arguments[4]), spread = atoi(arguments[5]);
  begin();
  for (;;) {
    int left = x + (int)(random() % spread), top = y + (int)(random() % spread);
    if (random() % 3 == 0) {
      XMoveResizeWindow(display, window, left, top, 20 + (unsigned)(random() % 120),
                        20 + (unsigned)(random() % 100));
    } else {
      XMoveWindow(display, window, left, top);
    }
    XSync(display, False);
    if (pause > 0) usleep((unsigned)pause);
  }
}

// The window goes into its holder and out of it, and the holder into the window and out of it.
static void reparent(Display *display, char **arguments) {
  Window window = strtoul(arguments[0], NULL, 0);
  Window holder = strtoul(arguments[1], NULL, 0);
  Window surface = strtoul(arguments[2], NULL, 0);
  begin();
  for (;;) {
    XReparentWindow(display, window, holder, 10, 10);
    XSync(display, False);
    XReparentWindow(display, window, surface, 50, 50);
    XSync(display, False);
    // Unmapped, it does not cover the window that it is in.
    XUnmapWindow(display, holder);
    XReparentWindow(display, holder, window, 200, 200);
    XSync(display, False);
    XReparentWindow(display, holder, surface, 200, 150);
    XMapWindow(display, holder);
    XRaiseWindow(display, window);
    XSync(display, False);
  }
}

// The monitor is at another place and of another size each time, and so is the window, which is all
// that it shows. Nobody sees it missing, or the two apart.
static void shift_monitor(Display *display, char **arguments) {
  Window root = DefaultRootWindow(display);
  XRRMonitorInfo *monitor = XRRAllocateMonitor(display, 0);
  monitor->name = XInternAtom(display, arguments[0], False);
  srandom((unsigned)atoi(arguments[1]));
  Window window = strtoul(arguments[2], NULL, 0);
  begin();
  for (;;) {
    monitor->x = (int)(random() % 400);
    monitor->y = (int)(random() % 300);
    monitor->width = monitor->mwidth = 10 + (int)(random() % 60);
    monitor->height = monitor->mheight = 10 + (int)(random() % 50);
    XGrabServer(display);
    XRRDeleteMonitor(display, root, monitor->name);
    XRRSetMonitor(display, root, monitor);
    XMoveResizeWindow(display, window, monitor->x, monitor->y, (unsigned)monitor->width,
                      (unsigned)monitor->height);
    XUngrabServer(display);
    XSync(display, False);
  }
}

// Windows that are gone soon after they are there, each after another time, in round trips: a
// client that looks for them again and again is never just too late each time.
static void die(Display *display, char **arguments) {
  Window parent = strtoul(arguments[0], NULL, 0);
  begin();
  for (;;) {
    Window window = XCreateSimpleWindow(display, parent, 0, 0, 9, 9, 0, 0, 0);
    XMapWindow(display, window);
    for (long life = random() % 6; life >= 0; life--) XSync(display, False);
    XDestroyWindow(display, window);
    XSync(display, False);
  }
}

// A page is drawn at another place and of another size each time, and its rectangle is published in
// the same breath: nobody sees the one without the other. No frame ends up without a pixel of it.
static void publish(Display *display, char **arguments) {
  Window window = strtoul(arguments[0], NULL, 0);
  srandom((unsigned)atoi(arguments[2]));
  unsigned long page = strtoul(arguments[3], NULL, 0), colour = strtoul(arguments[4], NULL, 0);
  Atom property = XInternAtom(display, "_XREGIONCAP_RECTS", False);
  GC context = XCreateGC(display, window, 0, NULL);
  begin();
  for (;;) {
    int x = (int)(random() % 400) - 100, y = (int)(random() % 300) - 100;
    unsigned width = 101 + (unsigned)(random() % 50), height = 101 + (unsigned)(random() % 50);
    char text[100];
    int length = snprintf(text, sizeof text, "%s %ux%u+%d+%d\n", arguments[1], width, height, x, y);
    XGrabServer(display);
    XSetForeground(display, context, page);
    XFillRectangle(display, window, context, 0, 0, 1000, 1000);
    XSetForeground(display, context, colour);
    XFillRectangle(display, window, context, x, y, width, height);
    XChangeProperty(display, window, property, XA_STRING, 8, PropModeReplace,
                    (unsigned char *)text, length);
    XUngrabServer(display);
    XSync(display, False);
  }
}

// With each SIGUSR2 a window is painted without rest, often at the same place in other colours, so
// many times at most; then it says so.
static void paint(Display *display, char **arguments) {
  Window window = strtoul(arguments[0], NULL, 0);
  srandom((unsigned)atoi(arguments[1]));
  GC context = XCreateGC(display, window, 0, NULL);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGUSR2);
  sigprocmask(SIG_BLOCK, &signals, NULL);
  begin();
  for (;;) {
    int number;
    sigwait(&signals, &number);
    for (long left = 1 + random() % atol(arguments[2]); left > 0; left--) {
      XSetForeground(display, context, (unsigned long)(random() & 0xffffff));
      XFillRectangle(display, window, context, 8 * (int)(random() % 3), 10, 6, 20);
      if (random() % 2) XFlush(display);
      if (random() % 8 == 0) XSync(display, False);
    }
    XSync(display, False);
    printf("calm\n");
    fflush(stdout);
  }
}

int main(int count, char **arguments) {
  Display *display = count > 2 ? XOpenDisplay(arguments[1]) : NULL;
  if (!display) return 1;
  if (strcmp(arguments[2], "move") == 0 && count == 9) move(display, arguments + 3);
  if (strcmp(arguments[2], "reparent") == 0 && count == 6) reparent(display, arguments + 3);
  if (strcmp(arguments[2], "monitor") == 0 && count == 6) shift_monitor(display, arguments + 3);
  if (strcmp(arguments[2], "die") == 0 && count == 4) die(display, arguments + 3);
  if (strcmp(arguments[2], "publish") == 0 && count == 8) publish(display, arguments + 3);
  if (strcmp(arguments[2], "paint") == 0 && count == 6) paint(display, arguments + 3);
  if (strcmp(arguments[2], "veil") == 0 && count == 6) veil(display, arguments + 3);
  return 2;
}
