#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "CLinux.h"

_Static_assert(CLINUX_EXCLUSIVE == EPOLLEXCLUSIVE, "epoll_ctl(2) flag");
_Static_assert(CLINUX_PEER_FINISHED == EPOLLRDHUP, "epoll_ctl(2) flag");

static int argument_count;
static char **arguments;

// glibc passes the arguments of main() to constructors.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  arguments = values;
}

int clinux_argument_count(void) { return argument_count; }

const char *clinux_argument(int index) { return arguments[index]; }

void clinux_become_idle(void) {
  struct sched_param parameters = {0};
  // A sandbox may forbid one of the calls; 0 is the calling thread for both.
  sched_setscheduler(0, SCHED_IDLE, &parameters);
  setpriority(PRIO_PROCESS, 0, 19);
}

void clinux_lower_priority(void) { setpriority(PRIO_PROCESS, 0, 10); }

void clinux_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

long clinux_accept(int listener, unsigned char *address) {
  struct sockaddr_storage peer;
  socklen_t count = sizeof peer;
  long result = clinux_result(
      accept4(listener, (struct sockaddr *)&peer, &count, SOCK_NONBLOCK | SOCK_CLOEXEC));
  address[0] = 0;
  if (result < 0) return result;
  if (peer.ss_family == AF_INET) {
    address[0] = 4;
    memcpy(address + 1, &((struct sockaddr_in *)&peer)->sin_addr, 4);
  } else if (peer.ss_family == AF_INET6) {
    const struct in6_addr *bytes = &((struct sockaddr_in6 *)&peer)->sin6_addr;
    int is_mapped = IN6_IS_ADDR_V4MAPPED(bytes);
    address[0] = is_mapped ? 4 : 6;
    memcpy(address + 1, bytes->s6_addr + (is_mapped ? 12 : 0), is_mapped ? 4 : 16);
  }
  return result;
}

long clinux_signal_descriptor(const int *signals, size_t count) {
  sigset_t set;
  sigemptyset(&set);
  for (size_t i = 0; i < count; i++) sigaddset(&set, signals[i]);
  int result = pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (result != 0) return -result;
  return clinux_result(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

long clinux_take_signal(int fd) {
  struct signalfd_siginfo info;
  long result = clinux_result(read(fd, &info, sizeof info));
  return result < 0 ? result : (long)info.ssi_signo;
}

long clinux_memory_file(const char *name) { return clinux_result(memfd_create(name, MFD_CLOEXEC)); }

void clinux_drop_start(int fd, int64_t kept) {
  struct stat status;
  if (fstat(fd, &status) < 0 || status.st_size <= kept) return;
  fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, status.st_size - kept);
}

long clinux_temporary_file(const char *directory) {
  long result = clinux_result(open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (result != -EOPNOTSUPP && result != -EISDIR && result != -EINVAL) return result;
  // Some file systems, such as overlayfs of old kernels, do not support O_TMPFILE.
  char path[4096];
  if (snprintf(path, sizeof path, "%s/staticd-XXXXXX", directory) >= (int)sizeof path) {
    return -ENAMETOOLONG;
  }
  result = clinux_result(mkostemp(path, O_CLOEXEC));
  if (result >= 0) unlink(path);
  return result;
}

size_t clinux_local_time(int64_t seconds, char *text, size_t capacity) {
  time_t time = (time_t)seconds;
  struct tm parts;
  if (!localtime_r(&time, &parts)) return 0;
  // The program never leaves the locale "C", so months are English.
  return strftime(text, capacity, "%b %e %H:%M:%S", &parts);
}

long clinux_write_at(int fd, const void *start, size_t count, int64_t offset) {
  return clinux_result(pwrite(fd, start, count, offset));
}

long clinux_read_at(int fd, void *start, size_t count, int64_t offset) {
  long result;
  do {
    result = clinux_result(pread(fd, start, count, offset));
  } while (result == -EINTR);
  return result;
}

long clinux_empty_file(int fd) { return clinux_result(ftruncate(fd, 0)); }

/// Connects to `address`. Returns the descriptor, also while the connection is being established
/// (EINPROGRESS), or connect(2)'s error.
static long connect_stream(int family, const void *address, socklen_t count) {
  long fd = clinux_result(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd < 0) return fd;
  if (family != AF_UNIX) {
    int on = 1;
    setsockopt((int)fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  long result = clinux_result(connect((int)fd, address, count));
  if (result == 0 || result == -EINPROGRESS) return fd;
  close((int)fd);
  return result;
}

long clinux_connect_unix(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return -ENAMETOOLONG;
  strcpy(address.sun_path, path);
  return connect_stream(AF_UNIX, &address, sizeof address);
}

long clinux_connect_tcp(const unsigned char *address, size_t count, unsigned port) {
  if (count == 4) {
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    memcpy(&target.sin_addr, address, 4);
    return connect_stream(AF_INET, &target, sizeof target);
  }
  if (count != 16) return -EINVAL;
  struct sockaddr_in6 target = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
  memcpy(&target.sin6_addr, address, 16);
  return connect_stream(AF_INET6, &target, sizeof target);
}
