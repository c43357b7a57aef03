// Preloaded into a program, makes one of its file-changing calls fail: call number FAULT_AT fails
// with the error FAULT_ERROR, or kills the program if that is 0. Calls are numbered in order. With
// FAULT_COUNT, a file, records how many there were.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long count;
static long fault_at = -1;
static int fault_error;

__attribute__((constructor)) static void start(void) {
  if (getenv("FAULT_AT")) fault_at = atol(getenv("FAULT_AT"));
  if (getenv("FAULT_ERROR")) fault_error = atoi(getenv("FAULT_ERROR"));
}

__attribute__((destructor)) static void finish(void) {
  const char *path = getenv("FAULT_COUNT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld", atomic_load(&count));
  fclose(file);
}

static int fails(void) {
  if (atomic_fetch_add(&count, 1) + 1 != fault_at) return 0;
  if (fault_error == 0) kill(getpid(), SIGKILL);
  errno = fault_error;
  return 1;
}

// With FAULT_FLOCK, file locks do not work: the call does nothing and returns 0, as on file systems
// where locks are local to one machine, or fails with that error.
int flock(int descriptor, int operation) {
  (void)descriptor, (void)operation;
  const char *error = getenv("FAULT_FLOCK");
  if (!error) return ((int (*)(int, int))dlsym(RTLD_NEXT, "flock"))(descriptor, operation);
  errno = atoi(error);
  return errno ? -1 : 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t size) {
  if (fd > 2) {
    // A full disk accepts a part first.
    if (fails()) {
      if (size > 1) REAL(write)(fd, bytes, size / 2);
      errno = fault_error;
      return -1;
    }
  }
  return REAL(write)(fd, bytes, size);
}

// With FAULT_HOLD, a file, staticd.json is not opened before that file exists.
static void hold(const char *path) {
  const char *file = getenv("FAULT_HOLD");
  if (!file || strcmp(path, "staticd.json") != 0) return;
  while (access(file, F_OK) != 0) usleep(1000);
}

int openat(int directory, const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = va_arg(list, mode_t);
  va_end(list);
  // With FAULT_MEMINFO, that file replaces /proc/meminfo, whose Dirty and Writeback fields are
  // read.
  const char *memory = getenv("FAULT_MEMINFO");
  if (memory && strcmp(path, "/proc/meminfo") == 0) path = memory;
  hold(path);
  if ((flags & O_CREAT) && fails()) return -1;
  return REAL(openat)(directory, path, flags, mode);
}

int mkdirat(int directory, const char *path, mode_t mode) {
  return fails() ? -1 : REAL(mkdirat)(directory, path, mode);
}

int renameat(int from, const char *path, int to, const char *target) {
  return fails() ? -1 : REAL(renameat)(from, path, to, target);
}

int linkat(int from, const char *path, int to, const char *target, int flags) {
  return fails() ? -1 : REAL(linkat)(from, path, to, target, flags);
}

int unlinkat(int directory, const char *path, int flags) {
  return fails() ? -1 : REAL(unlinkat)(directory, path, flags);
}

int fchmod(int fd, mode_t mode) { return fails() ? -1 : REAL(fchmod)(fd, mode); }

int fsync(int fd) { return fails() ? -1 : REAL(fsync)(fd); }

int syncfs(int fd) { return fails() ? -1 : REAL(syncfs)(fd); }
