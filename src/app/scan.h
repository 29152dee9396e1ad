/* What a vendor's QR picture says. The picture comes from the network, so it is decoded in a process of its own with narrow limits (src/scan). */
#ifndef LODGE_APP_SCAN_H
#define LODGE_APP_SCAN_H

#include <stddef.h>
#include <uv.h>

#define SCAN_PICTURE_CEILING ((size_t)1 << 20)
#define SCAN_TIMEOUT_MS 6000

struct scan;

/* `text` is what the code holds, as bytes that are no secret to be logged; NULL: nothing was read, and `why` says why. Called once, on the loop, never from
 * within scan_start, unless the scan is dropped. */
typedef void (*scan_fn)(void *ctx, const char *text, size_t length, const char *why);

/* The picture's bytes are copied. */
struct scan *scan_start(uv_loop_t *loop, const char *bytes, size_t length, scan_fn done, void *ctx);
/* Ends it without a call; its handles close on the loop. */
void scan_drop(struct scan *scan);

#endif
