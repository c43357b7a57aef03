// Descriptors that are close-on-exec from the start. Programs that other tests start at the same time would inherit
// others, and keep connections open that a test has closed. Glibc's module lacks these calls.
#pragma once

/// accept4(2) with SOCK_CLOEXEC; -1 for an error.
int cdescriptors_accept(int listener);

/// pipe2(2) with O_CLOEXEC: the reading and the writing end; -1 for an error.
int cdescriptors_pipe(int ends[2]);
