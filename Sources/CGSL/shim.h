#ifndef CGSL_SHIM_H
#define CGSL_SHIM_H

// The few parts of the GNU Scientific Library that the module Inference uses: densities, distribution functions and
// their inverses, logarithms of gamma functions, and the switch of GSL's error handler (which aborts the process by
// default).
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>

#endif
