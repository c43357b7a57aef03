// The floor of starting a file server: lists a directory tree, and calls stat for every file.
//
// Usage: listing ROOT; prints the number of files.

#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long count;

static void fail(const char *what) {
  perror(what);
  exit(3);
}

// Takes ownership of `directory`.
static void list(int directory) {
  DIR *stream = fdopendir(directory);
  if (!stream) fail("fdopendir");
  struct dirent *entry;
  while ((entry = readdir(stream))) {
    const char *name = entry->d_name;
    if (!strcmp(name, ".") || !strcmp(name, "..")) continue;
    struct stat status;
    if (fstatat(directory, name, &status, 0) != 0) fail(name);
    if (!S_ISDIR(status.st_mode)) {
      count++;
      continue;
    }
    int inner = openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (inner < 0) fail(name);
    list(inner);
  }
  closedir(stream);
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  int root = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) fail(argv[1]);
  list(root);
  printf("%ld\n", count);
  return 0;
}
