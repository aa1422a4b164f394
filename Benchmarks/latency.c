// How long a change takes to its reader: draws into a window of its own, and reads frames of that
// from standard input.
//
//   latency DISPLAY raw|y4m WxH+X+Y CHANGES
//
// Prints the window's id, and then for each change the ns from when the server had painted it to
// when the last byte of a frame that shows it was read; -1 where none came within two seconds.

#define _GNU_SOURCE
#include "common.h"
#include "stream.h"
#include "window.h"

#include <poll.h>
#include <sys/prctl.h>

static const int64_t MILLISECOND = 1000000;

// Reads what there is until then, or until a frame shows the number.
static bool read_until(struct stream *stream, int64_t end, const unsigned *number) {
  for (int64_t time = now(); time < end; time = now()) {
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    struct timespec left = {(end - time) / 1000000000, (end - time) % 1000000000};
    if (ppoll(&input, 1, &left, NULL) <= 0) continue;
    enum reading reading = read_some(stream);
    if (reading == ENDED) fail("the frames ended");
    if (reading == WHOLE && number && read_number(stream, 0, 0) == *number % NUMBERS) return true;
  }
  return false;
}

int main(int count, char **arguments) {
  if (count < 5) fail("latency DISPLAY raw|y4m WxH+X+Y CHANGES");
  struct scene scene = open_scene(arguments[1], arguments[3]);
  char size[40];
  snprintf(size, sizeof size, "%ux%u", scene.width, scene.height);
  struct stream stream = open_stream(arguments[2], size);
  prctl(PR_SET_TIMERSLACK, 1);
  srandom(1);

  // A capture that writes nothing is the end of this.
  alarm(20);
  while (read_some(&stream) == PART) continue;
  alarm(0);
  for (unsigned number = 1; number <= (unsigned)atoi(arguments[4]); number++) {
    read_until(&stream, now() + 30 * MILLISECOND + random() % (70 * MILLISECOND), NULL);
    paint_number(&scene, number, 0, 0);
    XSync(scene.display, False);
    int64_t begin = now();
    bool seen = read_until(&stream, begin + 2000 * MILLISECOND, &number);
    printf("%lld\n", seen ? (long long)(now() - begin) : -1LL);
    fflush(stdout);
  }
  return 0;
}
