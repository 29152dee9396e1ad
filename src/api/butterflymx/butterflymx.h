/* ButterflyMX: door releases, keychains and visitor keys, tenants, units, buildings. Facts: butterflymx-v3.txt (the vendor's) and butterflymx.md (the wire
 * reference in the vendor documents); comments name the section. */
#ifndef LODGE_API_BUTTERFLYMX_BUTTERFLYMX_H
#define LODGE_API_BUTTERFLYMX_BUTTERFLYMX_H

#include "api/source.h"

extern const struct source_ops butterflymx_ops;

#endif
