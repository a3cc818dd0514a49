#ifndef TRIALGEN_PROCESSOR_H
#define TRIALGEN_PROCESSOR_H

/* What is linked with this module says a sentence on a processor that it was not built for. */

/* Asks for the memory at an address before it is read. Any address will do. */
static inline __attribute__((always_inline)) void processor_prefetch(const void *address) {
    __builtin_prefetch(address, 0, 3);
}

#endif
