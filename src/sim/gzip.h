/* An answer as Content-Encoding gzip wants it (RFC 1952). Nothing is made smaller: the data stand in it as they are, which
 * any reader has to understand, and no library is needed. */
#ifndef LODGE_SIM_GZIP_H
#define LODGE_SIM_GZIP_H

#include "base/buf.h"

#include <stdbool.h>

/* Appends `length` bytes to `out`, wrapped. */
void sim_gzip_wrap(const char *bytes, size_t length, struct buf *out);

/* Does an Accept-Encoding header allow gzip? NULL does not. */
bool sim_gzip_accepted(const char *header);

#endif
