#ifndef TRIALGEN_PROCESSOR_H
#define TRIALGEN_PROCESSOR_H

/* Nothing to call: what is linked with this module says a sentence on a processor that it was not built for. */

#endif
