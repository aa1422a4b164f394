// Programs that are started, and a process that ends what they leave behind.

#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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
  if (program->gets_no_others) close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  if (program->handed_on >= 0 && fcntl(program->handed_on, F_SETFD, 0) != 0) return;
  execvp(program->arguments[0], (char *const *)program->arguments);
}

/// Children that are not ended as orphans.
static pid_t *spared;
static size_t spared_count;

static void spare(pid_t process) {
  pid_t *more = realloc(spared, (spared_count + 1) * sizeof *spared);
  if (more == NULL) return;
  spared = more;
  spared[spared_count++] = process;
}

static bool is_spared(pid_t process) {
  for (size_t index = 0; index < spared_count; index++)
    if (spared[index] == process) return true;
  return false;
}

pid_t clinux_start(const struct clinux_program *program) {
  // Closed by an exec that succeeds.
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
  // Ignored, as whoever started us may have had it, it would leave nothing to wait for.
  signal(SIGCHLD, SIG_DFL);
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
  if (error != 0) return -error;
  spare(process);
  return process;
}

int clinux_process_descriptor(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int clinux_signal_process(int process, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, process, signal, NULL, 0);
}

/// Closes all descriptors but one: others wait for their ends.
static void close_others(int kept) {
  for (int number = 0; number < kept; number++) close(number);
  closefrom(kept + 1);
}

/// Has no signal end this process but SIGKILL.
static void block_signals(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
}

int clinux_remove_at_end(const char *path, pid_t *process) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  *process = fork();
  if (*process == 0) {
    block_signals();
    setsid();
    close_others(ends[0]);
    char byte;
    while (read(ends[0], &byte, 1) < 0 && errno == EINTR) continue;
    _exit(unlink(path) == 0 ? 0 : 1);
  }
  close(ends[0]);
  if (*process > 0) {
    spare(*process);
    return ends[1];
  }
  close(ends[1]);
  return -1;
}

/// Goes through our children, and hands each to `visit`. Returns for how many that was true.
static int count_children(bool (*visit)(pid_t, int), int signal) {
  int list = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (list < 0) return 0;
  char text[4096];
  int count = 0;
  pid_t process = 0;
  ssize_t length;
  // Numbers, with a space behind each.
  while ((length = read(list, text, sizeof text)) > 0) {
    for (ssize_t index = 0; index < length; index++) {
      if (text[index] >= '0' && text[index] <= '9') {
        process = process * 10 + (text[index] - '0');
      } else if (process > 0) {
        count += visit(process, signal);
        process = 0;
      }
    }
  }
  close(list);
  return count;
}

static bool note_child(pid_t process, int signal) {
  (void)signal;
  spare(process);
  return true;
}

int clinux_adopt_orphans(void) {
  count_children(note_child, 0);
  return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/// Reaps an orphan that has ended; sends another a signal. Whether there is one.
static bool signal_orphan(pid_t process, int signal) {
  if (is_spared(process)) return false;
  if (waitpid(process, NULL, WNOHANG) == process) return false;
  kill(process, signal);
  return true;
}

static const struct timespec turn = {.tv_nsec = 20000000};

/// Sends all orphans a signal, and theirs as they become ours, until none is left, for so many times
/// 20 ms at most.
static void end_orphans(int signal, int turns) {
  for (int number = 0; number < turns; number++) {
    // Once more now and then: for those that were theirs.
    if (count_children(signal_orphan, number % 10 == 0 ? signal : 0) == 0) return;
    nanosleep(&turn, NULL);
  }
}

void clinux_end_orphans(void) { end_orphans(SIGKILL, 100); }

/// Waits until the program has ended, or whoever started us, and ends what is left.
static void keep(pid_t program, pid_t parent, int end) {
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGCHLD);
  sigaddset(&awaited, SIGTERM);
  struct clinux_kept_end told = {0};
  // SIGTERM may be somebody's who means all of us: COMMAND is told of it by whoever started us.
  while (waitpid(program, &told.status, WNOHANG) == 0 && getppid() == parent) {
    sigwaitinfo(&awaited, NULL);
    // Others that have become ours end, too.
    count_children(signal_orphan, 0);
  }
  bool has_ended = waitpid(program, NULL, WNOHANG) < 0;
  spared_count = 0;
  // What ends along with it is not left running. The film ends with the program.
  if (count_children(signal_orphan, 0) > 0) nanosleep(&turn, NULL);
  told.left_running = count_children(signal_orphan, 0);
  if (has_ended && write(end, &told, sizeof told) < 0) close(end);
  end_orphans(SIGTERM, 50);
  end_orphans(SIGKILL, 100);
}

int clinux_keep(const struct clinux_program *program, struct clinux_kept *kept) {
  int started[2], end[2];
  if (pipe2(started, O_CLOEXEC) != 0) return errno;
  if (pipe2(end, O_CLOEXEC) != 0) {
    int error = errno;
    close(started[0]);
    close(started[1]);
    return error;
  }
  pid_t parent = getpid();
  kept->end = end[0];
  kept->keeper = fork();
  if (kept->keeper == 0) {
    // They wait until they are asked for.
    block_signals();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(1);
    spared_count = 0;
    pid_t process = clinux_start(program);
    // The group's signals are for the program; SIGTERM tells of the death of who started us.
    setpgid(0, 0);
    if (write(started[1], &process, sizeof process) != sizeof process || process < 0) _exit(1);
    close_others(end[1]);
    keep(process, parent, end[1]);
    _exit(0);
  }
  int error = kept->keeper < 0 ? errno : 0;
  close(started[1]);
  close(end[1]);
  if (kept->keeper > 0) {
    ssize_t count;
    do count = read(started[0], &kept->program, sizeof kept->program);
    while (count < 0 && errno == EINTR);
    error = count != sizeof kept->program ? ECHILD : kept->program < 0 ? -kept->program : 0;
    if (error == 0) spare(kept->keeper); else waitpid(kept->keeper, NULL, 0);
  }
  close(started[0]);
  if (error != 0) close(end[0]);
  return error;
}
