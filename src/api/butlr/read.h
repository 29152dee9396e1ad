/* Tolerant reading of single members of Butlr's objects (butlr.md §10): several spellings, several shapes, nothing fatal. All accept NULL. */
#ifndef LODGE_API_BUTLR_READ_H
#define LODGE_API_BUTLR_READ_H

#include "base/jsonx.h"
#include "model/rows.h"

/* People: the first positive of capacity.max, capacity, maxCapacity; NAN otherwise (§10 rows 4, 5). */
double butlr_capacity(const cJSON *object);
/* capacity.mid or mid_capacity, positive, or NAN. */
double butlr_mid_capacity(const cJSON *object);

/* Square metres from a number, or {value, unit}; square feet are converted; 0 and less are "not told". */
double butlr_area(const cJSON *object);

/* [x, y]; NAN in both when it is not that. */
struct point butlr_point(const cJSON *item);

/* Three numbers, the first NAN when it is not that (§10 row 27). */
struct vector3 butlr_vector3(const cJSON *item);

/* [r,g,b] or [r,g,b,a], 0 to 255. */
struct rgba butlr_color(const cJSON *item);

/* A polygon from [[x,y]…], flat numbers of even count, {"0":[x,y],…} or an array around that (§10 row 25), or none when it has fewer than three
 * vertices or any of them cannot be read. A last vertex that repeats the first is left out. Memory: the rows' arena. */
struct points butlr_polygon(struct rows *rows, const cJSON *item);

/* Pairs [[x,y]…] of any count, kept as they are; false when it is not that. */
bool butlr_pairs(struct rows *rows, const cJSON *item, struct points *points);

/* presence, traffic, repeater or the vendor's own word (§4.3, §10 row 10). */
const char *butlr_mode(const char *mode);

#endif
