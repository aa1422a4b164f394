// Counts what a program takes from the heap, to be loaded before it by LD_PRELOAD. At its end, two
// numbers go to the file that ALLOCATIONS names: calls from the X libraries, which take memory for
// each answer of the server, and all others. Where ALLOCATIONS_AFTER is set, the others' callers
// after so many calls go to standard error.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static long of_x, others, traced_after = -1;
static __thread bool inside;

static void count(void *caller) {
  if (inside) return;
  inside = true;
  // dladdr would look through all symbols of a library each time.
  struct dl_find_object found;
  const char *name = _dl_find_object(caller, &found) ? "" : found.dlfo_link_map->l_name;
  bool is_x = strstr(name, "libX") || strstr(name, "libxcb");
  long number = __atomic_add_fetch(is_x ? &of_x : &others, 1, __ATOMIC_RELAXED);
  if (!is_x && traced_after >= 0 && number > traced_after) {
    void *frames[24];
    backtrace_symbols_fd(frames, backtrace(frames, 24), STDERR_FILENO);
  }
  inside = false;
}

void *malloc(size_t size) {
  count(__builtin_return_address(0));
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count(__builtin_return_address(0));
  return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
  count(__builtin_return_address(0));
  return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count(__builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
  count(__builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  count(__builtin_return_address(0));
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : 12;
}

__attribute__((constructor)) static void begin(void) {
  const char *after = getenv("ALLOCATIONS_AFTER");
  if (after) traced_after = atol(after);
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("ALLOCATIONS");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld %ld\n", of_x, others);
  fclose(file);
}
