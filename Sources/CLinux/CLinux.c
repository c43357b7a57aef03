#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>

#include "CLinux.h"

_Static_assert(CLINUX_EXCLUSIVE == EPOLLEXCLUSIVE, "epoll_ctl(2) flag");

long clinux_processor_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) < 0) return 1;
  int count = CPU_COUNT(&set);
  return count > 0 ? count : 1;
}

void clinux_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
