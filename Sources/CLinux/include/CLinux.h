// Linux system calls that glibc declares only with _GNU_SOURCE, which Swift's Glibc lacks, or as
// variadic functions, which Swift cannot call.

#ifndef CLINUX_H
#define CLINUX_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// fcntl is variadic; F_SETPIPE_SZ needs _GNU_SOURCE.
int clinux_set_pipe_size(int descriptor, int bytes);

/// The same of F_GETPIPE_SZ; -1 where it is no pipe.
int clinux_pipe_size(int descriptor);

/// ioctl is variadic. The bytes that can be read from a pipe, by FIONREAD at either end; INT_MAX
/// where that cannot be told.
int clinux_unread(int descriptor);

/// pipe2 needs _GNU_SOURCE. Both ends do not block, and are not handed on to children.
int clinux_pipe(int *ends);

/// O_TMPFILE needs _GNU_SOURCE. A new file in a folder, open to be written, that has no name; -1
/// where the disk has no such files.
int clinux_open_unnamed(const char *folder, mode_t mode);

/// linkat's flag for links of /proc is easier said in C. Gives such a file a name.
int clinux_name(int descriptor, const char *path);

/// vmsplice needs _GNU_SOURCE. Gives the pages of a buffer to a pipe, without waiting; returns the
/// bytes given. The pages stay ours, to be read by us too (no SPLICE_F_GIFT).
ssize_t clinux_vmsplice(int pipe, const void *bytes, size_t count);

/// ppoll needs _GNU_SOURCE. A timeout below 0 ns is for ever.
int clinux_poll(struct pollfd *descriptors, size_t count, int64_t timeout);

/// signalfd's header is not in Glibc's module map. Blocks the signals, and returns a
/// non-blocking descriptor to read them from.
int clinux_signal_descriptor(const int *signals, size_t count);

/// The number of one signal that came, 0 where none did, and whether it came from the terminal: the
/// whole process group has got it then.
int clinux_read_signal(int descriptor, bool *is_from_terminal);

/// epoll's header is not in Glibc's module map. A descriptor that is readable while one of those
/// that it holds is ready.
int clinux_epoll(void);

/// What a descriptor is watched for, and told of.
enum { CLINUX_READABLE = 1, CLINUX_WRITABLE = 2, CLINUX_HUNG_UP = 4, CLINUX_ONCE = 8 };

/// The same. Watches a descriptor, whether it is watched already or not; CLINUX_ONCE tells of a
/// change and not of a state. Its end is always told of.
int clinux_epoll_watch(int epoll, int descriptor, int interest, uint64_t tag);

/// The same. The tag and the state of one that is ready now; 0 where none is.
int clinux_epoll_next(int epoll, uint64_t *tag);

/// accept4 needs _GNU_SOURCE. Does not block, and is not handed on to children.
int clinux_accept(int listener);

/// struct ucred needs _GNU_SOURCE. The user at the other end when it connected or began to listen;
/// -1 where that is not to be had.
int64_t clinux_peer_user(int socket);

/// What a program is started with.
struct clinux_program {
  /// The first is looked for in PATH; NULL stands behind the last.
  const char *const *arguments;
  /// What its standard descriptors are to be.
  int input, output, errors;
  /// A descriptor that it gets under the same number; -1 for none.
  int handed_on;
  /// Whether it gets none besides, also of those that we were given ourselves.
  bool gets_no_others;
  /// What it is sent when the thread that started it is gone; 0 for nothing.
  int death_signal;
  /// Whether it is out of reach of the terminal's signals.
  bool has_own_session;
};

/// Between fork and exec nothing may run that allocates, as Swift does; prctl is variadic. Starts a
/// program with no signal blocked. Returns its process id, or the number of the error, negated.
pid_t clinux_start(const struct clinux_program *program);

/// pidfd_open has no function in older glibc. Readable once the process has ended.
int clinux_process_descriptor(pid_t process);

/// A program, and a process of ours that it is kept by.
struct clinux_kept {
  pid_t keeper, program;
  /// Readable once the program has ended: ``clinux_kept_end`` then.
  int end;
};

/// How a kept program ended.
struct clinux_kept_end {
  /// As waitpid tells it.
  int status;
  /// What it left running, which is ended now.
  int left_running;
};

/// No Swift may run in a process that was forked and does not exec. Starts a program under a process
/// that outlives us: whoever of the three is killed, all that the program has started is ended, by
/// SIGTERM, and SIGKILL where that does not help. Returns 0, or the number of the error.
int clinux_keep(const struct clinux_program *program, struct clinux_kept *kept);

/// The same. Starts a process of ours that removes a file when we have ended, however that is, or when
/// the descriptor is closed that this returns; -1 where it cannot be started.
int clinux_remove_at_end(const char *path, pid_t *process);

/// prctl is variadic. Has what descendants leave running when they end come to be our child.
int clinux_adopt_orphans(void);

/// Kills those, and theirs, until none is left; neither what we have started ourselves nor children
/// that we had before.
void clinux_end_orphans(void);

/// pidfd_send_signal has no function in older glibc.
int clinux_signal_process(int process, int signal);

/// memfd_create needs _GNU_SOURCE. A file without a name, not handed on to children.
int clinux_memory_file(const char *name);

/// SIG_DFL and SIG_IGN are casts to function pointers.
void clinux_default_signal(int signal);
void clinux_ignore_signal(int signal);
int clinux_is_ignored(int signal);

#endif
