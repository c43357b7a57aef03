// The floor of collecting with a full cache: creates the files and links of a collected root from
// one open file with all contents, and syncs them to disk.
//
// Usage: tree PACK ROOT < LIST
// A line of LIST is `D NAME`, a directory; `F OFFSET LENGTH NAME`, a file; `L TARGET<TAB>NAME`, a link.

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(3);
}

static void make_file(int pack, int root, const char *name, long long offset, size_t length) {
  static char *buffer;
  static size_t capacity;
  if (length > capacity) {
    buffer = realloc(buffer, length);
    capacity = length;
  }
  if (pread(pack, buffer, length, offset) != (ssize_t)length) fail("pack");
  int file = openat(root, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0 || write(file, buffer, length) != (ssize_t)length || close(file) != 0) fail(name);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int pack = open(argv[1], O_RDONLY | O_CLOEXEC);
  if (pack < 0) fail(argv[1]);
  if (mkdir(argv[2], 0755) != 0) fail(argv[2]);
  int root = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) fail(argv[2]);
  char line[8192];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    char *rest = line + 2;
    if (line[0] == 'D') {
      if (mkdirat(root, rest, 0755) != 0) fail(rest);
    } else if (line[0] == 'F') {
      long long offset = strtoll(rest, &rest, 10);
      size_t length = strtoull(rest, &rest, 10);
      make_file(pack, root, rest + 1, offset, length);
    } else {
      char *name = strchr(rest, '\t');
      *name++ = 0;
      if (linkat(root, rest, root, name, 0) != 0) fail(name);
    }
  }
  if (syncfs(root) != 0) fail("syncfs");
  return 0;
}
