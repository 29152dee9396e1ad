/* Butlr: thermal people sensing. Facts: butlr-rest-3.0.3.txt (the vendor's) and butlr.md (the wire reference in the vendor documents);
 * comments name the section. */
#ifndef LODGE_API_BUTLR_BUTLR_H
#define LODGE_API_BUTLR_BUTLR_H

#include "api/source.h"

extern const struct source_ops butlr_ops;

#endif
