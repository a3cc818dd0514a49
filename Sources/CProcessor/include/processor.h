#ifndef TRIALGEN_PROCESSOR_H
#define TRIALGEN_PROCESSOR_H

/* Asks the processor to fetch the cache line of an address that will be read soon. */
static inline void processor_prefetch(const void *address) { __builtin_prefetch(address); }

/* Memory for a large table that is read at random places, on large pages where the system has them: with small ones
   nearly every access would also have to look up its page. NULL if there is no memory; released with free(). */
void *processor_allocate_table(unsigned long bytes);

#endif
