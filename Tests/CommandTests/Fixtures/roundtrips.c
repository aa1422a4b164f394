// Counts how often a program sends requests to the X server and waits for the answer, to be loaded
// before it by LD_PRELOAD. At its end the number goes to the file that ROUND_TRIPS names.
//
// Xlib sends what it has gathered, and then waits for each answer in it, once or twice; images are
// sent for and awaited by xcb's own calls. Not counted are the two round trips in which xcb itself makes the connection.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef int writev_function(void *, void *, int, uint64_t);
typedef void *wait_function(void *, uint64_t, void **);
typedef int flush_function(void *);
typedef void *short_wait_function(void *, unsigned, void **);

static bool has_sent;
static long round_trips;

int xcb_writev(void *connection, void *parts, int count, uint64_t requests) {
  writev_function *next = (writev_function *)dlsym(RTLD_NEXT, "xcb_writev");
  has_sent = true;
  return next(connection, parts, count, requests);
}

void *xcb_wait_for_reply64(void *connection, uint64_t request, void **error) {
  wait_function *next = (wait_function *)dlsym(RTLD_NEXT, "xcb_wait_for_reply64");
  if (has_sent) round_trips++;
  has_sent = false;
  return next(connection, request, error);
}

int xcb_flush(void *connection) {
  flush_function *next = (flush_function *)dlsym(RTLD_NEXT, "xcb_flush");
  has_sent = true;
  return next(connection);
}

void *xcb_wait_for_reply(void *connection, unsigned request, void **error) {
  short_wait_function *next = (short_wait_function *)dlsym(RTLD_NEXT, "xcb_wait_for_reply");
  if (has_sent) round_trips++;
  has_sent = false;
  return next(connection, request, error);
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("ROUND_TRIPS");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld\n", round_trips);
  fclose(file);
}
