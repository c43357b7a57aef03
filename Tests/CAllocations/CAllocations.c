// Counts the allocations of each thread by interposing the C library's functions.
//
// Nothing is counted under a sanitizer, which has its own allocator; the counts stay constant.
#include "CAllocations.h"

#include <stddef.h>

static __thread unsigned long count;

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

void *malloc(size_t byte_count) {
  count++;
  return __libc_malloc(byte_count);
}

void *calloc(size_t element_count, size_t byte_count) {
  count++;
  return __libc_calloc(element_count, byte_count);
}

void *realloc(void *block, size_t byte_count) {
  count++;
  return __libc_realloc(block, byte_count);
}
#endif

unsigned long callocations_thread_count(void) { return count; }
