// Moves and resizes a window at random until it is told to stop: another client that gives no
// rest. xstorm DISPLAY WINDOW SEED PAUSE_US X Y SPREAD

#include <X11/Xlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count != 8) return 2;
  Display *display = XOpenDisplay(arguments[1]);
  if (!display) return 1;
  Window window = strtoul(arguments[2], NULL, 0);
  srandom((unsigned)atoi(arguments[3]));
  int pause = atoi(arguments[4]);
  int x = atoi(arguments[5]), y = atoi(arguments[6]), spread = atoi(arguments[7]);
  // The tests wait for this line: from here on nothing stands still.
  printf("storming\n");
  fflush(stdout);
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
