// Counts connection attempts to the path of a Unix socket.
#pragma once

/// Whether attempts are counted: not under a sanitizer, which has its own connect(2).
int cconnects_is_counting(void);

/// Starts to count attempts at `path`; returns a number for `cconnects_count`.
int cconnects_watch(const char *path);

/// The number of attempts so far.
unsigned long cconnects_count(int watched);
