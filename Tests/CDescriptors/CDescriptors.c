#define _GNU_SOURCE

#include "CDescriptors.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

int cdescriptors_accept(int listener) { return accept4(listener, 0, 0, SOCK_CLOEXEC); }

int cdescriptors_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }
