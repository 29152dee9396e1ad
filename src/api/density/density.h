/* Density (density-public-api.txt): people counted by entry, open area and Waffle sensors. */
#ifndef LODGE_API_DENSITY_DENSITY_H
#define LODGE_API_DENSITY_DENSITY_H

#include "api/source.h"

extern const struct source_ops density_ops;

#endif
