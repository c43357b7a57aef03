#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "CLinux.h"

_Static_assert(CLINUX_SIGNAL_COUNT == NSIG, "signal(7)");

// Resets all signals to their default disposition and unblocks them. signal(7)
static void reset_signals(void) {
  // The kernel's struct sigaction, all zeros: SIG_DFL. glibc's own function rejects signals 32 and
  // 33, which may have been inherited as ignored.
  static const unsigned char standard[64];
  for (int number = 1; number < NSIG; number++) {
    syscall(SYS_rt_sigaction, number, standard, NULL, (NSIG - 1) / 8);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

// The parameters of a new program; a negative descriptor means that the one of this process is
// inherited.
struct launch {
  char *const *arguments;
  char *const *environment;
  // The working directory; NULL for that of this process.
  const char *directory;
  // Standard output and standard error, and descriptor 3.
  int output;
  int answer;
  int own_group;
  // The signal that the program gets when the calling thread ends; 0 for none.
  int death_signal;
  // Descriptors that the program inherits although they are close-on-exec.
  const int *passed;
  size_t passed_count;
  // The soft limit of descriptors; 0 for that of this process.
  rlim_t descriptor_limit;
};

// Runs between fork(2) and exec: only async-signal-safe functions are allowed here. Returns if a
// call fails.
static void become(const struct launch *launch, pid_t parent) {
  // The program must end if this process is killed. PR_SET_PDEATHSIG has no effect if the parent
  // has already died, which getppid() detects.
  if (launch->death_signal) {
    prctl(PR_SET_PDEATHSIG, launch->death_signal);
    if (getppid() != parent) _exit(127);
  }
  for (size_t index = 0; index < launch->passed_count; index++) {
    if (fcntl(launch->passed[index], F_SETFD, 0) < 0) return;
  }
  if (launch->own_group) setpgid(0, 0);
  struct rlimit limit;
  if (launch->descriptor_limit > 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    rlim_t wanted = launch->descriptor_limit;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  if (launch->directory && chdir(launch->directory) < 0) return;
  if (launch->output >= 0) {
    int input = open("/dev/null", O_RDONLY);
    if (input < 0 || dup2(input, 0) < 0 || dup2(launch->output, 1) < 0 ||
        dup2(launch->output, 2) < 0 || dup2(launch->answer, 3) < 0 || fcntl(3, F_SETFD, 0) < 0) {
      return;
    }
    if (input > 3) close(input);
  }
  reset_signals();
  execvpe(launch->arguments[0], launch->arguments, launch->environment);
}

static long start(const struct launch *launch) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) < 0) return -errno;
  // 10 or higher: above the descriptors that are set up for the program.
  int writer = fcntl(report[1], F_DUPFD_CLOEXEC, 10);
  int failure = writer < 0 ? errno : 0;
  close(report[1]);
  pid_t parent = getpid();
  pid_t process = failure ? -1 : fork();
  if (process == 0) {
    become(launch, parent);
    failure = errno;
    if (write(writer, &failure, sizeof failure) < 0) _exit(126);
    _exit(127);
  }
  if (process < 0 && !failure) failure = errno;
  if (writer >= 0) close(writer);
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

long clinux_start(char *const *arguments, char *const *environment, int own_group,
                  unsigned long descriptor_limit) {
  struct launch launch = {
      .arguments = arguments,
      .environment = environment,
      .output = -1,
      .answer = -1,
      .own_group = own_group,
      .death_signal = SIGTERM,
      .descriptor_limit = descriptor_limit,
  };
  return start(&launch);
}

long clinux_succeed(char *const *arguments, char *const *environment, const int *passed,
                    size_t passed_count) {
  struct launch launch = {
      .arguments = arguments,
      .environment = environment,
      .output = -1,
      .answer = -1,
      .passed = passed,
      .passed_count = passed_count,
  };
  return start(&launch);
}

long clinux_ask(char *const *arguments, const char *directory, int output, int answer) {
  struct launch launch = {
      .arguments = arguments,
      .environment = environ,
      .directory = directory,
      .output = output,
      .answer = answer,
      .own_group = 1,
      .death_signal = SIGKILL,
  };
  return start(&launch);
}

// Closes all descriptors but one. close_range(2) is missing before Linux 5.9.
static void close_others(int kept) {
  long failed = kept > 0 ? syscall(SYS_close_range, 0U, (unsigned)kept - 1, 0U) : 0;
  failed |= syscall(SYS_close_range, (unsigned)kept + 1, ~0U, 0U);
  if (failed == 0) return;
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
  for (rlim_t number = 0; number < limit.rlim_cur && number < INT_MAX; number++) {
    if ((int)number != kept) close((int)number);
  }
}

int clinux_guard_group(int process, int *guard) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return -errno;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  *guard = fork();
  if (*guard == 0) {
    // Being a member of the group, the guard keeps the group's number from being reused.
    if (setpgid(0, process) < 0) _exit(0);
    close_others(ends[0]);
    char word;
    ssize_t count;
    do count = read(ends[0], &word, 1);
    while (count < 0 && errno == EINTR);
    // End of stream without a byte: the process that held the other end has died.
    if (count == 0) kill(0, SIGKILL);
    _exit(0);
  }
  int failure = *guard < 0 ? errno : 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(ends[0]);
  if (!failure) return ends[1];
  close(ends[1]);
  return -failure;
}

void clinux_dismiss_guard(int descriptor, int guard) {
  // Fails if the guard is dead already, which does not matter.
  char word = 0;
  while (send(descriptor, &word, 1, MSG_NOSIGNAL) < 0 && errno == EINTR) {}
  close(descriptor);
  while (waitpid(guard, NULL, 0) < 0 && errno == EINTR) {}
}

long clinux_wait(int process, int milliseconds, int *status) {
  // pidfd_open(2) is missing before Linux 5.3: then the child is polled.
  int fd = (int)syscall(SYS_pidfd_open, process, 0);
  int64_t end = clinux_monotonic_milliseconds() + milliseconds;
  while (1) {
    pid_t ended = waitpid(process, status, WNOHANG);
    if (ended != 0) {
      long result = clinux_result(ended);
      if (fd >= 0) close(fd);
      return result;
    }
    int64_t left = end - clinux_monotonic_milliseconds();
    if (left <= 0) {
      if (fd >= 0) close(fd);
      return 0;
    }
    struct pollfd event = {.fd = fd, .events = POLLIN};
    poll(&event, fd >= 0, fd >= 0 || left < 10 ? (int)left : 10);
  }
}

long clinux_notify(const char *path, const void *text, size_t count) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(path);
  if (length < 2 || length >= sizeof address.sun_path) return -EINVAL;
  memcpy(address.sun_path, path, length);
  // An abstract name begins with a NUL, and is not NUL-terminated.
  if (path[0] == '@') address.sun_path[0] = 0;
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (path[0] != '@'));
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  long result = clinux_result(
      sendto(fd, text, count, MSG_NOSIGNAL, (const struct sockaddr *)&address, size));
  close(fd);
  return result;
}

int64_t clinux_monotonic_microseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
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
