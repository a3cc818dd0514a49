#ifndef TRIALGEN_FUZZER_H
#define TRIALGEN_FUZZER_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's loop, for programs that have a main of their own (LLVM's documentation, "Using libFuzzer as a library"). */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

#endif
