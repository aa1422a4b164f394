// What all programs here share.

#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// Says why, as printf does, and ends.
__attribute__((noreturn, format(printf, 1, 2))) static inline void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(1);
}

// CLOCK_MONOTONIC, in ns.
static inline int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static inline void sleep_until(int64_t time) {
  struct timespec due = {time / 1000000000, time % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) != 0) continue;
}

// A picture's number, from 0 to NUMBERS - 1, painted as blocks: black for 0 and white for 1, the
// lowest bit on the left. Even in 4:2:0 the middle of a block is its own colour.
enum { BLOCK = 8, BITS = 8, NUMBERS = 1 << BITS, COUNTER_WIDTH = BLOCK * BITS };
