/// The number of blocks this thread has requested from malloc, calloc and realloc so far.
unsigned long callocations_thread_count(void);
