/* A growing run of bytes with a ceiling from birth. Also the one writer for text that is built piece by
 * piece. Once an append fails the buffer is marked failed and stays as it was: check once at the end. */
#ifndef LODGE_BASE_BUF_H
#define LODGE_BASE_BUF_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	char *data;     /* always NUL-terminated once anything was appended; NULL while empty and unused */
	size_t length;  /* bytes without the NUL */
	size_t size;    /* bytes reserved */
	size_t ceiling; /* greatest length */
	int error;      /* ERR_OK, ERR_TOO_BIG or ERR_NOMEM; sticks until buf_reset */
};

/* Ceilings used in more than one place, named once. */
#define BUF_CEILING_BODY (64u << 20)     /* an HTTP answer, after decompression */
#define BUF_CEILING_REQUEST (4u << 20)   /* an HTTP request body */
#define BUF_CEILING_LINE (1u << 20)      /* one line of output */
#define BUF_CEILING_FILE (4u << 20)      /* a file we read whole */
#define BUF_CEILING_OUTPUT (1024u << 20) /* what one command may hold back before it prints */

void buf_init(struct buf *buf, size_t ceiling);
void buf_fini(struct buf *buf);

/* buf_fini that overwrites the bytes first: for secrets. */
void buf_wipe(struct buf *buf);

/* Empties it and clears the error; keeps the memory. */
void buf_reset(struct buf *buf);

void buf_add(struct buf *buf, const void *bytes, size_t length);
void buf_adds(struct buf *buf, const char *text);
void buf_addc(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *format, ...) LODGE_PRINTF(2, 3);

/* Makes room for `extra` more bytes. ERR_TOO_BIG or ERR_NOMEM when that cannot be. */
int buf_reserve(struct buf *buf, size_t extra) LODGE_MUST_USE;

/* The bytes as a C string, "" while empty. Valid until the next change. */
const char *buf_text(const struct buf *buf);

/* Gives the malloc'ed, NUL-terminated bytes to the caller and leaves the buffer empty. NULL when empty. */
char *buf_take(struct buf *buf, size_t *length);

#endif
