#ifndef TRIALGEN_PROCESSOR_H
#define TRIALGEN_PROCESSOR_H

#include <stdint.h>

/* What is linked with this module says a sentence on a processor that it was not built for. */

/* Asks for the memory at an address before it is read. Any address will do. */
static inline __attribute__((always_inline)) void processor_prefetch(const void *address) {
    __builtin_prefetch(address, 0, 3);
}

/* Compares 32 fractions of a turn with a direction: bit i is set where the difference d = angles[i] - direction, taken as a
   signed number, is closer than widths[i]: d <= widths[i], or -1 - d <= widths[i] for a negative d. */
static inline __attribute__((always_inline)) uint32_t processor_near(
    const uint16_t *angles, const uint16_t *widths, uint16_t direction) {
#ifdef __AVX2__
    typedef short vector __attribute__((vector_size(32)));
    typedef unsigned short magnitudes __attribute__((vector_size(32)));
    typedef char bytes __attribute__((vector_size(32)));
    vector near[2];
    for (int i = 0; i < 2; i++) {
        vector difference;
        magnitudes width;
        __builtin_memcpy(&difference, angles + 16 * i, 32);
        __builtin_memcpy(&width, widths + 16 * i, 32);
        difference -= (short)direction;
        near[i] = (vector)((magnitudes)(difference ^ (difference >> 15)) <= width);
    }
    /* The packed halves of the two vectors alternate. */
    typedef long long words __attribute__((vector_size(32)));
    words packed = (words)__builtin_ia32_packsswb256(near[0], near[1]);
    packed = __builtin_shufflevector(packed, packed, 0, 2, 1, 3);
    return (uint32_t)__builtin_ia32_pmovmskb256((bytes)packed);
#else
    uint32_t near = 0;
    for (int i = 0; i < 32; i++) {
        int16_t difference = (int16_t)(angles[i] - direction);
        near |= (uint32_t)((uint16_t)(difference ^ (difference >> 15)) <= widths[i]) << i;
    }
    return near;
#endif
}

/* Compares runs of 32 fractions of a turn, as processor_near does. masks and runs, with room for one more than count numbers
   each, receive the result and the number of each run in which a bit is set; returned is how many these are. Without a
   branch that depends on the angles, so that the processor need not guess. */
static inline int32_t processor_near_runs(
    const uint16_t *angles, const uint16_t *widths, uint16_t direction, int32_t count, uint32_t *masks, int32_t *runs) {
    int32_t found = 0;
    for (int32_t i = 0; i < count; i++) {
        uint32_t mask = processor_near(angles + 32 * (intptr_t)i, widths + 32 * (intptr_t)i, direction);
        masks[found] = mask;
        runs[found] = i;
        found += mask != 0;
    }
    return found;
}

#endif
