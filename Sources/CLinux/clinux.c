#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/uio.h>
#include <unistd.h>

int clinux_set_pipe_size(int descriptor, int bytes) {
  return fcntl(descriptor, F_SETPIPE_SZ, bytes);
}

int clinux_pipe(int *ends) { return pipe2(ends, O_CLOEXEC | O_NONBLOCK); }

int clinux_open_unnamed(const char *folder, mode_t mode) {
  return open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
}

int clinux_name(int descriptor, const char *path) {
  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  return linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

ssize_t clinux_vmsplice(int pipe, void *bytes, size_t count) {
  struct iovec buffer = {.iov_base = bytes, .iov_len = count};
  return vmsplice(pipe, &buffer, 1, SPLICE_F_NONBLOCK);
}

int clinux_poll(struct pollfd *descriptors, size_t count, int64_t timeout) {
  struct timespec wait = {.tv_sec = timeout / 1000000000, .tv_nsec = timeout % 1000000000};
  return ppoll(descriptors, count, timeout < 0 ? NULL : &wait, NULL);
}

int clinux_signal_descriptor(const int *signals, size_t count) {
  sigset_t set;
  sigemptyset(&set);
  for (size_t index = 0; index < count; index++) sigaddset(&set, signals[index]);
  if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) return -1;
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int clinux_read_signal(int descriptor) {
  struct signalfd_siginfo info;
  return read(descriptor, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

void clinux_default_signal(int number) { signal(number, SIG_DFL); }

void clinux_ignore_signal(int number) { signal(number, SIG_IGN); }

int clinux_is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
