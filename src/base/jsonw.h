/* Writing JSON into a buffer: commas and escapes are taken care of, nothing else. */
#ifndef LODGE_BASE_JSONW_H
#define LODGE_BASE_JSONW_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct jsonw {
	struct buf *out;
	bool ascii; /* escape everything above 0x7E */
	bool comma; /* a comma is due before the next value */
};

void jsonw_init(struct jsonw *w, struct buf *out, bool ascii);
void jsonw_open(struct jsonw *w, char bracket);  /* '{' or '[' */
void jsonw_close(struct jsonw *w, char bracket); /* '}' or ']' */
void jsonw_key(struct jsonw *w, const char *key);
/* NULL writes null. Inert characters (text.h) are written as \u escapes of the original; so are DEL, C1 and
 * the bidirectional controls, which JSON would allow raw. Invalid UTF-8 becomes U+FFFD. */
void jsonw_str(struct jsonw *w, const char *text);
void jsonw_num(struct jsonw *w, double value); /* not finite: null */
void jsonw_int(struct jsonw *w, int64_t value);
void jsonw_bool(struct jsonw *w, bool value);
void jsonw_null(struct jsonw *w);
void jsonw_moment(struct jsonw *w, int64_t moment_ms); /* ISO 8601 UTC; MOMENT_NONE: null */
void jsonw_raw(struct jsonw *w, const char *json);     /* a value that is JSON already */

/* Key and value in one call. */
void jsonw_kstr(struct jsonw *w, const char *key, const char *text);
void jsonw_knum(struct jsonw *w, const char *key, double value);
void jsonw_kint(struct jsonw *w, const char *key, int64_t value);
void jsonw_kbool(struct jsonw *w, const char *key, bool value);

#endif
