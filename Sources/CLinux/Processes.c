#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "CLinux.h"

_Static_assert(CLINUX_SIGNAL_COUNT == NSIG, "signal(7)");

// Every signal as it is by default, and none blocked. signal(7)
static void reset_signals(void) {
  // The kernel's struct sigaction, all zeros: SIG_DFL. glibc's own function refuses signals 32 and 33,
  // which may have been inherited as ignored.
  static const unsigned char standard[64];
  for (int number = 1; number < NSIG; number++) {
    syscall(SYS_rt_sigaction, number, standard, NULL, (NSIG - 1) / 8);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

// Runs between fork(2) and exec: only async-signal-safe functions are allowed here.
static void become(char *const *arguments, char *const *environment, int own_group,
                   rlim_t descriptor_limit, pid_t parent) {
  // If the server is killed, the app must end too. The signal comes only if the server dies after
  // this call; if it is dead already, getppid() shows it.
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(127);
  if (own_group) setpgid(0, 0);
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = descriptor_limit < limit.rlim_max ? descriptor_limit : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  reset_signals();
  execvpe(arguments[0], arguments, environment);
}

long clinux_start(char *const *arguments, char *const *environment, int own_group,
                  unsigned long descriptor_limit) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) < 0) return -errno;
  pid_t parent = getpid();
  pid_t process = fork();
  if (process == 0) {
    become(arguments, environment, own_group, descriptor_limit, parent);
    int failure = errno;
    if (write(report[1], &failure, sizeof failure) < 0) _exit(126);
    _exit(127);
  }
  int failure = process < 0 ? errno : 0;
  close(report[1]);
  if (process > 0) {
    // FD_CLOEXEC closes the pipe without data when exec succeeds; otherwise it contains errno.
    ssize_t count;
    do count = read(report[0], &failure, sizeof failure);
    while (count < 0 && errno == EINTR);
    if (count == sizeof failure) {
      while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
    } else {
      failure = 0;
    }
  }
  close(report[0]);
  return failure ? -failure : process;
}

const char *clinux_environment_entry(size_t index) { return environ[index]; }

long clinux_reap(int *status) { return clinux_result(waitpid(-1, status, WNOHANG)); }

int clinux_exit_status(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

long clinux_adopt_orphans(void) { return clinux_result(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)); }

long clinux_take_signal_with_origin(int fd, int *is_from_kernel) {
  struct signalfd_siginfo info;
  long result = clinux_result(read(fd, &info, sizeof info));
  if (result < 0) return result;
  *is_from_kernel = info.ssi_code == SI_KERNEL;
  return (long)info.ssi_signo;
}
