// A window for others to capture; prints its id, and goes on until it is told to stop.
//
//   scene DISPLAY still WxH+X+Y                 never changes again
//   scene DISPLAY small WxH+X+Y RATE [X Y]      a number at X Y in it changes RATE times a second
//   scene DISPLAY full WxH+X+Y RATE [X Y]       so does all of it
//   scene DISPLAY crowd COUNT                   COUNT small windows, and not one of the above
//
// With a RATE of 0 it changes as fast as the server paints it. No more than eight changes are ever
// under way, so that others are served between them.

#include "common.h"
#include "window.h"

#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void crowd(const char *display_name, int count) {
  Display *display = open_display(display_name);
  for (int number = 0; number < count; number++) {
    Window window = make_window(display, number % 1000, number / 1000 * 4, 8, 8, false);
    XMapWindow(display, window);
  }
  XSync(display, False);
  printf("%d windows\n", count);
  fflush(stdout);
  for (;;) pause();
}

int main(int count, char **arguments) {
  if (count < 4) fail("scene DISPLAY still|small|full WxH+X+Y [RATE [X Y]] | crowd COUNT");
  const char *mode = arguments[2];
  if (strcmp(mode, "crowd") == 0) crowd(arguments[1], atoi(arguments[3]));
  double rate = count > 4 ? atof(arguments[4]) : 0;
  int x = count > 6 ? atoi(arguments[5]) : 0, y = count > 6 ? atoi(arguments[6]) : 0;
  bool full = strcmp(mode, "full") == 0;

  struct scene scene = open_scene(arguments[1], arguments[3]);
  if (strcmp(mode, "still") == 0)
    for (;;) pause();

  prctl(PR_SET_TIMERSLACK, 1);
  int64_t period = rate > 0 ? (int64_t)(1e9 / rate) : 0;
  int64_t due = now();
  for (unsigned number = 0;; number++) {
    if (full) paint_texture(&scene, number);
    paint_number(&scene, number, x, y);
    if (period || number % 8 == 0) XSync(scene.display, False);
    else XFlush(scene.display);
    due += period;
    // What was missed is left out.
    if (due < now()) due = now();
    sleep_until(due);
  }
}
