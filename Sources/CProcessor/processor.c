/* This file is compiled for the oldest processors. */
#include "processor.h"

#include <unistd.h>

#if defined(__x86_64__) && defined(TRIALGEN_LEVEL)
/* Runs before main and before any code that was compiled for TRIALGEN_LEVEL: an older processor would end the program
   with "illegal instruction". 69 is EX_UNAVAILABLE. */
__attribute__((constructor)) static void require_level(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports(TRIALGEN_LEVEL)) return;
    static const char sentence[] =
        "error: this program was built for processors of level " TRIALGEN_LEVEL ", which this one is not: use another "
        "machine, or build with TRIALGEN_ARCHITECTURE=x86-64 (slow, with the same results)\n";
    if (write(STDERR_FILENO, sentence, sizeof sentence - 1) < 0) { /* there is nobody left to tell */
    }
    _exit(69);
}
#endif
