// A window of a benchmark's own, and the numbers painted into it.

#pragma once

#include "common.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>

struct scene {
  Display *display;
  Window window;
  GC gc;
  unsigned width, height;
  // Boxes of many colours, some rows more than the window has; and each number, one below another.
  Pixmap texture, numbers;
};

static inline Display *open_display(const char *name) {
  Display *display = XOpenDisplay(name);
  if (!display) fail("%s: cannot open the display", name);
  return display;
}

static inline Window make_window(Display *display, int x, int y, unsigned width, unsigned height,
                                 bool watched) {
  XSetWindowAttributes attributes = {
      .override_redirect = True,
      .background_pixel = 0x203040,
      .event_mask = watched ? ExposureMask : 0,
  };
  return XCreateWindow(display, DefaultRootWindow(display), x, y, width, height, 0, CopyFromParent,
                       InputOutput, CopyFromParent, CWOverrideRedirect | CWBackPixel | CWEventMask,
                       &attributes);
}

// Opens a window with something to see in it, and prints its id when it is there.
static inline struct scene open_scene(const char *display_name, const char *geometry) {
  struct scene scene = {.display = open_display(display_name)};
  Display *display = scene.display;
  int x = 0, y = 0;
  XParseGeometry(geometry, &x, &y, &scene.width, &scene.height);
  scene.window = make_window(display, x, y, scene.width, scene.height, true);
  XStoreName(display, scene.window, "benchmark scene");
  XGCValues no_exposures = {.graphics_exposures = False};
  scene.gc = XCreateGC(display, scene.window, GCGraphicsExposures, &no_exposures);
  unsigned depth = (unsigned)DefaultDepth(display, DefaultScreen(display));
  unsigned rows = scene.height + 256;
  scene.texture = XCreatePixmap(display, scene.window, scene.width, rows, depth);
  scene.numbers = XCreatePixmap(display, scene.window, COUNTER_WIDTH, BLOCK * NUMBERS, depth);
  for (unsigned row = 0; row < rows; row += 16) {
    for (unsigned column = 0; column < scene.width; column += 48) {
      XSetForeground(display, scene.gc, (row * 2654435761u ^ column * 40503u) >> 7 & 0xffffff);
      XFillRectangle(display, scene.texture, scene.gc, (int)column, (int)row, 48, 16);
    }
  }
  for (int number = 0; number < NUMBERS; number++) {
    for (int bit = 0; bit < BITS; bit++) {
      XSetForeground(display, scene.gc, number >> bit & 1 ? 0xffffff : 0);
      XFillRectangle(display, scene.numbers, scene.gc, bit * BLOCK, number * BLOCK, BLOCK, BLOCK);
    }
  }
  XMapWindow(display, scene.window);
  XEvent event;
  do XNextEvent(display, &event);
  while (event.type != Expose || event.xexpose.count > 0);
  XCopyArea(display, scene.texture, scene.window, scene.gc, 0, 0, scene.width, scene.height, 0, 0);
  XSync(display, False);
  printf("0x%lx\n", scene.window);
  fflush(stdout);
  return scene;
}

// All of the window moves on by some rows.
static inline void paint_texture(struct scene *scene, unsigned number) {
  XCopyArea(scene->display, scene->texture, scene->window, scene->gc, 0, (int)(number * 3 % 256),
            scene->width, scene->height, 0, 0);
}

// Paints the number in one request, so that no one sees half of it.
static inline void paint_number(struct scene *scene, unsigned number, int x, int y) {
  XCopyArea(scene->display, scene->numbers, scene->window, scene->gc, 0,
            (int)(number % NUMBERS) * BLOCK, COUNTER_WIDTH, BLOCK, x, y);
}
