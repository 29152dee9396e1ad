/* Rows of one kind from one account: what travels from a feed to the screen, the store and the writers.
 *
 * Life of a snapshot: one thread builds it (rows_add, rows_text …), seals it, posts it. After the seal only `const` pointers exist
 * and only the reference count changes, so any thread may read it without a lock. Rows, text and vertices live in the snapshot's
 * arena and die with it.
 *
 * A row is one of the structs in model/estate.h, live.h, access.h. Its first member is always `const char *id`.
 */
#ifndef LODGE_MODEL_ROWS_H
#define LODGE_MODEL_ROWS_H

#include "base/arena.h"
#include "base/err.h"
#include "model/kind_id.h"
#include "model/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROWS_CEILING_BYTES ((size_t)2 << 30) /* memory of one snapshot */

struct rows;

/* NULL when memory ends. `stride`: size of a row; `blank`: a row in which everything is "not told" (core/kind.h makes it). Text is copied. */
struct rows *rows_new(enum kind kind, size_t stride, const void *blank, const char *account,
		      const char *vendor);
/* Only for sealed snapshots: one more owner. */
const struct rows *rows_ref(const struct rows *rows);
/* The last owner's call frees it, sealed or not. NULL is allowed. */
void rows_unref(const struct rows *rows);

/* --- while building (one thread) --- */

/* Another ceiling than ROWS_CEILING_BYTES, rows and text together. */
void rows_set_ceiling(struct rows *rows, size_t bytes);

/* A new blank row; NULL when the ceiling is hit (then rows_overflow is true). The pointer is valid until the next rows_add. */
void *rows_add(struct rows *rows);
/* Takes the last row back: it turned out to be unusable; `bad` counts it. */
void rows_drop_last(struct rows *rows, bool bad);
/* Inert copy (base/text.h) of a vendor's text; NULL for NULL, "" and white space alone. */
const char *rows_text(struct rows *rows, const char *text);
/* Formatted text of our own; what it puts together must be inert already. */
const char *rows_textf(struct rows *rows, const char *format, ...) LODGE_PRINTF(2, 3);
/* Copy of text that is inert already (another snapshot's): cleaning twice would spoil it. NULL for NULL. */
const char *rows_copy(struct rows *rows, const char *inert);
/* Memory in the snapshot's arena, not cleared. NULL at the ceiling. */
void *rows_memory(struct rows *rows, size_t size);
/* Row i, to be changed while building. */
void *rows_edit(struct rows *rows, size_t i);
/* Keeps only the rows for which keep() is true; order stays. */
void rows_filter(struct rows *rows, bool (*keep)(const void *row, void *ctx), void *ctx);
/* Keeps at most the first n. */
void rows_truncate(struct rows *rows, size_t n);
/* Sorts, stable. Where memory for it ends, the order stays as it was. */
void rows_sort(struct rows *rows, int (*compare)(const void *a, const void *b, void *ctx), void *ctx);

void rows_count_bad(struct rows *rows, unsigned n);
void rows_set_times(struct rows *rows, int64_t as_of_ms, int64_t valid_until_ms);
void rows_set_hash(struct rows *rows, uint64_t hash);
/* From here on it is constant; the same pointer comes back. */
const struct rows *rows_seal(struct rows *rows);

/* --- reading (any thread once sealed) --- */

enum kind rows_kind(const struct rows *rows);
const char *rows_account(const struct rows *rows);
const char *rows_vendor(const struct rows *rows);
size_t rows_count(const struct rows *rows);
const void *rows_at(const struct rows *rows, size_t i);
unsigned rows_bad(const struct rows *rows);  /* rows the vendor sent that could not be used */
bool rows_overflow(const struct rows *rows); /* the ceiling cut it */
int64_t rows_as_of_ms(const struct rows *rows);
int64_t rows_valid_until_ms(const struct rows *rows);
uint64_t rows_hash(
	const struct rows *rows); /* of the content (account, times and order apart): equal = nothing to draw */
size_t rows_bytes(const struct rows *rows);

#endif
