/// The number of blocks that this thread has asked malloc, calloc and realloc for so far.
unsigned long callocations_thread_count(void);
