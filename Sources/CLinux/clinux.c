#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

int clinux_set_pipe_size(int descriptor, int bytes) {
  return fcntl(descriptor, F_SETPIPE_SZ, bytes);
}

int clinux_pipe_size(int descriptor) { return fcntl(descriptor, F_GETPIPE_SZ); }

int clinux_unread(int descriptor) {
  int count = 0;
  return ioctl(descriptor, FIONREAD, &count) == 0 ? count : INT_MAX;
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

ssize_t clinux_vmsplice(int pipe, const void *bytes, size_t count) {
  struct iovec buffer = {.iov_base = (void *)bytes, .iov_len = count};
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

int clinux_epoll(void) { return epoll_create1(EPOLL_CLOEXEC); }

int clinux_epoll_watch(int epoll, int descriptor, int interest, uint64_t tag) {
  struct epoll_event event = {.data.u64 = tag};
  if (interest & CLINUX_READABLE) event.events |= EPOLLIN;
  if (interest & CLINUX_WRITABLE) event.events |= EPOLLOUT;
  if (interest & CLINUX_ONCE) event.events |= EPOLLET;
  int result = epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event);
  if (result != 0 && errno == ENOENT)
    result = epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
  return result;
}

int clinux_epoll_next(int epoll, uint64_t *tag) {
  struct epoll_event event;
  if (epoll_wait(epoll, &event, 1, 0) != 1) return 0;
  *tag = event.data.u64;
  int state = 0;
  if (event.events & EPOLLIN) state |= CLINUX_READABLE;
  if (event.events & EPOLLOUT) state |= CLINUX_WRITABLE;
  if (event.events & (EPOLLHUP | EPOLLERR)) state |= CLINUX_HUNG_UP;
  return state;
}

int clinux_accept(int listener) {
  return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

int64_t clinux_peer_user(int socket) {
  struct ucred peer;
  socklen_t length = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return -1;
  return peer.uid;
}

/// In the child, where only what is safe in a signal handler may be called. Returns where it failed.
static void become(const struct clinux_program *program, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  // What we ignore would stay ignored.
  signal(SIGPIPE, SIG_DFL);
  signal(SIGXFSZ, SIG_DFL);
  if (program->has_own_session) setsid();
  if (program->death_signal != 0 && prctl(PR_SET_PDEATHSIG, program->death_signal) != 0) return;
  // Gone before it could be told.
  if (program->death_signal != 0 && getppid() != parent) _exit(1);
  if (dup2(program->input, STDIN_FILENO) < 0) return;
  if (dup2(program->output, STDOUT_FILENO) < 0) return;
  if (dup2(program->errors, STDERR_FILENO) < 0) return;
  if (program->handed_on >= 0 && fcntl(program->handed_on, F_SETFD, 0) != 0) return;
  execvpe(
      program->arguments[0], (char *const *)program->arguments,
      (char *const *)program->environment);
}

pid_t clinux_start(const struct clinux_program *program) {
  // Closed by an exec that succeeds.
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
  pid_t parent = getpid();
  pid_t process = fork();
  if (process == 0) {
    become(program, parent);
    int error = errno;
    ssize_t written = write(ends[1], &error, sizeof error);
    _exit(written == sizeof error ? 127 : 1);
  }
  int error = process < 0 ? errno : 0;
  close(ends[1]);
  if (process > 0) {
    ssize_t count;
    do count = read(ends[0], &error, sizeof error);
    while (count < 0 && errno == EINTR);
    if (error != 0) waitpid(process, NULL, 0);
  }
  close(ends[0]);
  return error == 0 ? process : -error;
}

int clinux_process_descriptor(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int clinux_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1); }

int clinux_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

void clinux_default_signal(int number) { signal(number, SIG_DFL); }

void clinux_ignore_signal(int number) { signal(number, SIG_IGN); }

int clinux_is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
