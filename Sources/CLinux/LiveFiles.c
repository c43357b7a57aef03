#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include "CLinux.h"

_Static_assert(CLINUX_PATH_ONLY == O_PATH, "openat(2) flag");

// <linux/openat2.h> may be missing: it is newer than glibc 2.31.
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#define RESOLVE_BELOW 0x08
#define RESOLVE_WITHOUT_MAGIC_LINKS 0x02
#define RESOLVE_WITHOUT_LINKS 0x04

struct open_request {
  uint64_t flags;
  uint64_t mode;
  uint64_t resolve;
};

long clinux_open_below(int directory, const char *path, int flags, int follows_links) {
  struct open_request request = {0};
  request.flags = (uint64_t)(unsigned)flags | O_CLOEXEC;
  request.resolve = RESOLVE_BELOW | RESOLVE_WITHOUT_MAGIC_LINKS;
  if (!follows_links) request.resolve |= RESOLVE_WITHOUT_LINKS;
  long result = -EAGAIN;
  // EAGAIN: a rename occurred while `..` of a symbolic link was resolved.
  for (int turn = 0; turn < 16 && (result == -EAGAIN || result == -EINTR); turn++) {
    result = clinux_result(syscall(SYS_openat2, directory, path, &request, sizeof request));
  }
  return result;
}

long clinux_walk_below(int directory, const char *path, int flags) {
  int current = directory;
  while (1) {
    const char *slash = strchr(path, '/');
    size_t count = slash ? (size_t)(slash - path) : strlen(path);
    char segment[NAME_MAX + 1];
    if (count > NAME_MAX) {
      if (current != directory) close(current);
      return -ENAMETOOLONG;
    }
    memcpy(segment, path, count);
    segment[count] = 0;
    int step = slash ? O_PATH | O_DIRECTORY : flags;
    long next = clinux_result(openat(current, segment, step | O_NOFOLLOW | O_CLOEXEC));
    if (current != directory) close(current);
    if (next < 0) return next;
    // O_PATH with O_NOFOLLOW opens a symbolic link itself.
    struct stat status;
    if ((step & O_PATH) && (fstat((int)next, &status) < 0 || S_ISLNK(status.st_mode))) {
      close((int)next);
      return -ELOOP;
    }
    if (!slash) return next;
    current = (int)next;
    path = slash + 1;
  }
}

int clinux_reports_changes(int fd) {
  struct statfs status;
  if (fstatfs(fd, &status) < 0) return 0;
  switch ((uint32_t)status.f_type) {
  case 0xEF53:      // ext2, ext3, ext4
  case 0x58465342:  // XFS
  case 0x9123683E:  // btrfs
  case 0x01021994:  // tmpfs
  case 0xF2F52010:  // F2FS
  case 0x2FC12FC1:  // ZFS
  case 0xCA451A4E:  // bcachefs
  case 0x794C7630:  // overlayfs
    return 1;
  default:
    return 0;
  }
}

long clinux_watch(int inotify, int fd, int reports_names) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  // IN_MASK_ADD: the site may have the same directory twice, with other events.
  uint32_t events = IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB | IN_ONLYDIR | IN_MASK_ADD;
  if (reports_names) events |= IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;
  return clinux_result(inotify_add_watch(inotify, path, events));
}

int clinux_next_change(const void *bytes, size_t count, size_t *offset,
                       struct clinux_change *change) {
  struct inotify_event event;
  if (count - *offset < sizeof event) return 0;
  const char *start = (const char *)bytes + *offset;
  memcpy(&event, start, sizeof event);
  *offset += sizeof event + event.len;
  change->watch = event.mask & IN_Q_OVERFLOW ? -1 : event.wd;
  change->name = start + sizeof event;
  // The name is padded with NUL.
  change->name_count = event.len > 0 ? strnlen(change->name, event.len) : 0;
  change->is_own = change->name_count == 0;
  return 1;
}
