// Reads what a capture writes.
//
//   reader count raw|y4m WxH X Y SECONDS   frames and bytes a second, and how many frames in a
//                                          hundred differ from the one before in the number at X Y
//   reader start COMMAND [ARGUMENT…]       ns from exec to the first byte

#define _GNU_SOURCE
#include "common.h"
#include "stream.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static int count_frames(char **arguments) {
  struct stream stream = open_stream(arguments[0], arguments[1]);
  unsigned x = (unsigned)atoi(arguments[2]), y = (unsigned)atoi(arguments[3]);
  int64_t length = (int64_t)(atof(arguments[4]) * 1e9);
  // A capture that writes nothing is the end of this.
  alarm((unsigned)(length / 1000000000) + 20);
  // The first frame is waited for, and begins the time.
  enum reading reading;
  while ((reading = read_some(&stream)) == PART) continue;
  if (reading == ENDED) fail("not one frame");
  unsigned last = read_number(&stream, x, y);
  int64_t begin = now(), end = begin, frames = 0, unique = 0;
  stream.bytes = 0;
  while (end - begin < length && reading != ENDED) {
    reading = read_some(&stream);
    end = now();
    if (reading != WHOLE) continue;
    unsigned number = read_number(&stream, x, y);
    frames++;
    unique += number != last;
    last = number;
  }
  double seconds = (double)(end - begin) / 1e9;
  printf("%.2f %.0f %.2f\n", (double)frames / seconds, (double)stream.bytes / seconds,
         frames > 0 ? 100.0 * (double)unique / (double)frames : 0);
  return 0;
}

static int time_start(char **command) {
  int ends[2];
  if (pipe(ends) != 0) fail("pipe: %m");
  // The child shares our memory until it is another program.
  volatile int64_t begin = 0;
  pid_t child = vfork();
  if (child < 0) fail("vfork: %m");
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    begin = now();
    execvp(command[0], command);
    _exit(127);
  }
  close(ends[1]);
  char byte;
  alarm(30);
  ssize_t count = read(ends[0], &byte, 1);
  int64_t end = now();
  kill(child, SIGTERM);
  close(ends[0]);
  waitpid(child, NULL, 0);
  if (count != 1) fail("%s: not one byte", command[0]);
  printf("%lld\n", (long long)(end - begin));
  return 0;
}

int main(int count, char **arguments) {
  if (count == 7 && strcmp(arguments[1], "count") == 0) return count_frames(arguments + 2);
  if (count > 2 && strcmp(arguments[1], "start") == 0) return time_start(arguments + 2);
  fail("reader count raw|y4m WxH X Y SECONDS | start COMMAND [ARGUMENT...]");
}
