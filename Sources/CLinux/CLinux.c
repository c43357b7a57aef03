#define _GNU_SOURCE
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

#include "CLinux.h"

_Static_assert(CLINUX_EXCLUSIVE == EPOLLEXCLUSIVE, "epoll_ctl(2) flag");

long clinux_processor_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) < 0) return 1;
  int count = CPU_COUNT(&set);
  return count > 0 ? count : 1;
}

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
