// Counts connection attempts by interposing the C library's connect(2).
//
// Nothing is counted under a sanitizer, which has its own.
#include "CConnects.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define WATCHED_MAX 64

static struct {
  char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
  atomic_ulong count;
  atomic_int is_ready;
} watched[WATCHED_MAX];
static atomic_int watched_count;

int cconnects_watch(const char *path) {
  int index = atomic_fetch_add(&watched_count, 1);
  if (index >= WATCHED_MAX || strlen(path) >= sizeof watched[0].path) __builtin_trap();
  strcpy(watched[index].path, path);
  atomic_store(&watched[index].is_ready, 1);
  return index;
}

unsigned long cconnects_count(int index) { return atomic_load(&watched[index].count); }

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
int cconnects_is_counting(void) { return 0; }
#else
int cconnects_is_counting(void) { return 1; }

static void note(const struct sockaddr_un *address) {
  int count = atomic_load(&watched_count);
  for (int index = 0; index < count && index < WATCHED_MAX; index++) {
    if (!atomic_load(&watched[index].is_ready)) continue;
    if (strncmp(address->sun_path, watched[index].path, sizeof address->sun_path) != 0) continue;
    atomic_fetch_add(&watched[index].count, 1);
  }
}

int connect(int socket, const struct sockaddr *address, socklen_t byte_count) {
  if (address && address->sa_family == AF_UNIX) note((const struct sockaddr_un *)address);
  return (int)syscall(SYS_connect, socket, address, byte_count);
}
#endif
