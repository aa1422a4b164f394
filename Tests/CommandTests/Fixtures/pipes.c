// Counts how a program writes to pipes, to be loaded before it by LD_PRELOAD. At its end, five
// numbers go to the file that PIPES names: bytes given by vmsplice, bytes written, calls that gave
// or wrote some, those that could not, and times that it was asked what is unread. Where
// PIPES_SPLICES is set, so many calls of vmsplice work, as if a sandbox forbade it then.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static long spliced, written, calls, vain_calls, looks;

static ssize_t count(int descriptor, ssize_t result, long *bytes) {
  struct stat status;
  if (fstat(descriptor, &status) != 0 || !S_ISFIFO(status.st_mode)) return result;
  if (result > 0) *bytes += result;
  *(result > 0 ? &calls : &vain_calls) += 1;
  return result;
}

ssize_t vmsplice(int pipe, const struct iovec *buffers, size_t number, unsigned flags) {
  static long tries;
  const char *most = getenv("PIPES_SPLICES");
  if (most && tries++ >= atol(most)) {
    errno = ENOSYS;
    return -1;
  }
  return count(pipe, syscall(SYS_vmsplice, pipe, buffers, number, flags), &spliced);
}

ssize_t writev(int descriptor, const struct iovec *buffers, int number) {
  return count(descriptor, syscall(SYS_writev, descriptor, buffers, number), &written);
}

ssize_t write(int descriptor, const void *bytes, size_t number) {
  return count(descriptor, syscall(SYS_write, descriptor, bytes, number), &written);
}

int ioctl(int descriptor, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  looks += request == FIONREAD;
  return syscall(SYS_ioctl, descriptor, request, argument);
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("PIPES");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld %ld %ld %ld %ld\n", spliced, written, calls, vain_calls, looks);
  fclose(file);
}
