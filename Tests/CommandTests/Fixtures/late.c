// Has a child end right behind each look whether it has ended yet, to be loaded before a program by
// LD_PRELOAD.

#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t waitpid(pid_t process, int *status, int options) {
  pid_t result = syscall(SYS_wait4, process, status, options, NULL);
  // Its end is awaited, and left to be found. One that does not end by then is none of these.
  siginfo_t info;
  for (int turn = 0; result == 0 && turn < 500; turn++) {
    info.si_pid = 0;
    if (waitid(P_PID, process, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0) break;
    usleep(1000);
  }
  return result;
}
