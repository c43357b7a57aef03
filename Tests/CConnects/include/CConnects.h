// Counts the tries to connect to a Unix socket's path.
#pragma once

/// Whether tries are counted: not under a sanitizer, which has a connect(2) of its own.
int cconnects_is_counting(void);

/// Counts from now on what is tried at `path`; returns the number to ask by.
int cconnects_watch(const char *path);

/// The tries so far.
unsigned long cconnects_count(int watched);
