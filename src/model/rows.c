#include "model/rows.h"

#include "base/moment.h"
#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_FIRST 16

struct rows {
	atomic_uint refs;
	enum kind kind;
	bool sealed, overflow;
	size_t stride, count, room; /* room: rows that `data` can hold */
	size_t ceiling;
	char *data;
	const void *blank;
	const char *account, *vendor;
	unsigned bad;
	int64_t as_of_ms, valid_until_ms;
	uint64_t hash;
	struct arena arena;
};

struct rows *rows_new(enum kind kind, size_t stride, const void *blank, const char *account,
		      const char *vendor)
{
	assert(stride >= sizeof(const char *));
	struct rows *rows = calloc(1, sizeof(*rows));
	if (!rows)
		return NULL;
	atomic_init(&rows->refs, 1);
	rows->kind = kind;
	rows->stride = stride;
	rows->ceiling = ROWS_CEILING_BYTES;
	rows->as_of_ms = rows->valid_until_ms = MOMENT_NONE;
	arena_init(&rows->arena, rows->ceiling);
	void *copy = arena_alloc(&rows->arena, stride);
	if (!copy) {
		rows_unref(rows);
		return NULL;
	}
	memcpy(copy, blank, stride);
	rows->blank = copy;
	rows->account = rows_text(rows, account);
	rows->vendor = rows_text(rows, vendor);
	return rows;
}

const struct rows *rows_ref(const struct rows *rows)
{
	assert(rows->sealed);
	/* The count is the one thing that changes after the seal. */
	atomic_fetch_add_explicit(&((struct rows *)(uintptr_t)rows)->refs, 1, memory_order_relaxed);
	return rows;
}

void rows_unref(const struct rows *constant)
{
	struct rows *rows = (struct rows *)(uintptr_t)constant;
	if (!rows || atomic_fetch_sub_explicit(&rows->refs, 1, memory_order_acq_rel) != 1)
		return;
	arena_fini(&rows->arena);
	free(rows->data);
	free(rows);
}

void rows_set_ceiling(struct rows *rows, size_t bytes)
{
	rows->ceiling = bytes;
	rows->arena.ceiling = bytes;
}

/* Doubles the array, as long as rows and text together stay under the ceiling. */
static bool grow(struct rows *rows)
{
	size_t room = rows->room ? rows->room * 2 : ROWS_FIRST;
	size_t taken = rows->arena.used;
	size_t most = taken < rows->ceiling ? (rows->ceiling - taken) / rows->stride : 0;
	if (room > most)
		room = most;
	if (room <= rows->count)
		return false;
	char *data = realloc(rows->data, room * rows->stride);
	if (!data)
		return false;
	rows->data = data;
	rows->room = room;
	/* What the rows take is no longer there for text. */
	size_t left = rows->ceiling - room * rows->stride;
	rows->arena.ceiling = left ? left : 1; /* 0 would mean none */
	return true;
}

void *rows_add(struct rows *rows)
{
	assert(!rows->sealed);
	if (rows->count == rows->room && !grow(rows)) {
		rows->overflow = true;
		return NULL;
	}
	return memcpy(rows->data + rows->count++ * rows->stride, rows->blank, rows->stride);
}

void rows_drop_last(struct rows *rows, bool bad)
{
	assert(!rows->sealed && rows->count > 0);
	rows->count--;
	if (bad)
		rows_count_bad(rows, 1);
}

const char *rows_text(struct rows *rows, const char *text)
{
	assert(!rows->sealed);
	if (!text || text[strspn(text, " \t\r\n")] == '\0')
		return NULL;
	return text_inert(&rows->arena, text, strlen(text));
}

const char *rows_copy(struct rows *rows, const char *inert)
{
	assert(!rows->sealed);
	return inert ? arena_strndup(&rows->arena, inert, strlen(inert)) : NULL;
}

const char *rows_textf(struct rows *rows, const char *format, ...)
{
	char small[512], *text = small;
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	const char *kept = NULL;
	if (n >= (int)sizeof(small)) {
		text = malloc((size_t)n + 1);
		if (text)
			vsnprintf(text, (size_t)n + 1, format, again);
	}
	va_end(again);
	/* What our own formats put together was inert before. */
	if (n > 0 && text)
		kept = rows_copy(rows, text);
	if (text != small)
		free(text);
	return kept;
}

void *rows_memory(struct rows *rows, size_t size)
{
	assert(!rows->sealed);
	return arena_alloc(&rows->arena, size);
}

void *rows_edit(struct rows *rows, size_t i)
{
	assert(!rows->sealed && i < rows->count);
	return rows->data + i * rows->stride;
}

void rows_filter(struct rows *rows, bool (*keep)(const void *row, void *ctx), void *ctx)
{
	assert(!rows->sealed);
	size_t kept = 0;
	for (size_t i = 0; i < rows->count; i++) {
		char *row = rows->data + i * rows->stride;
		if (!keep(row, ctx))
			continue;
		if (kept != i)
			memcpy(rows->data + kept * rows->stride, row, rows->stride);
		kept++;
	}
	rows->count = kept;
}

void rows_truncate(struct rows *rows, size_t n)
{
	assert(!rows->sealed);
	if (n < rows->count)
		rows->count = n;
}

void rows_count_bad(struct rows *rows, unsigned n)
{
	rows->bad = rows->bad > UINT32_MAX - n ? UINT32_MAX : rows->bad + n;
}

void rows_set_times(struct rows *rows, int64_t as_of_ms, int64_t valid_until_ms)
{
	assert(!rows->sealed);
	rows->as_of_ms = as_of_ms;
	rows->valid_until_ms = valid_until_ms;
}

void rows_set_hash(struct rows *rows, uint64_t hash)
{
	assert(!rows->sealed);
	rows->hash = hash;
}

const struct rows *rows_seal(struct rows *rows)
{
	/* A snapshot may be kept for hours: what doubling took too much goes back. */
	if (rows->count && rows->room > rows->count) {
		char *data = realloc(rows->data, rows->count * rows->stride);
		if (data) {
			rows->data = data;
			rows->room = rows->count;
		}
	}
	rows->sealed = true;
	return rows;
}

enum kind rows_kind(const struct rows *rows) { return rows->kind; }
const char *rows_account(const struct rows *rows) { return rows->account; }
const char *rows_vendor(const struct rows *rows) { return rows->vendor; }
size_t rows_count(const struct rows *rows) { return rows->count; }
unsigned rows_bad(const struct rows *rows) { return rows->bad; }
bool rows_overflow(const struct rows *rows) { return rows->overflow || rows->arena.full; }
int64_t rows_as_of_ms(const struct rows *rows) { return rows->as_of_ms; }
int64_t rows_valid_until_ms(const struct rows *rows) { return rows->valid_until_ms; }
uint64_t rows_hash(const struct rows *rows) { return rows->hash; }

const void *rows_at(const struct rows *rows, size_t i)
{
	assert(i < rows->count);
	return rows->data + i * rows->stride;
}

size_t rows_bytes(const struct rows *rows)
{
	return sizeof(*rows) + rows->room * rows->stride + rows->arena.reserved;
}

/* --- sorting: a merge sort on row numbers, then one pass that puts the rows in their places --- */

struct order {
	const struct rows *rows;
	int (*compare)(const void *a, const void *b, void *ctx);
	void *ctx;
};

static int order_compare(const struct order *order, size_t a, size_t b)
{
	return order->compare(rows_at(order->rows, a), rows_at(order->rows, b), order->ctx);
}

static bool in_order(const struct order *order)
{
	for (size_t i = 1; i < order->rows->count; i++)
		if (order_compare(order, i - 1, i) > 0)
			return false;
	return true;
}

static void merge(const struct order *order, const size_t *from, size_t *to, size_t low, size_t middle,
		  size_t high)
{
	size_t left = low, right = middle;
	for (size_t i = low; i < high; i++) {
		bool take_left = left < middle &&
				 (right >= high || order_compare(order, from[left], from[right]) <= 0);
		to[i] = take_left ? from[left++] : from[right++];
	}
}

/* Returns whichever of the two arrays holds the result. */
static size_t *merge_all(const struct order *order, size_t *a, size_t *b, size_t n)
{
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t low = 0; low < n; low += 2 * width) {
			size_t middle = low + width < n ? low + width : n;
			size_t high = low + 2 * width < n ? low + 2 * width : n;
			merge(order, a, b, low, middle, high);
		}
		size_t *swap = a;
		a = b;
		b = swap;
	}
	return a;
}

void rows_sort(struct rows *rows, int (*compare)(const void *a, const void *b, void *ctx), void *ctx)
{
	assert(!rows->sealed);
	const struct order order = {rows, compare, ctx};
	size_t n = rows->count;
	if (n < 2 || in_order(&order))
		return;
	size_t *numbers = calloc(n, 2 * sizeof(*numbers));
	char *data = malloc(rows->room * rows->stride);
	if (!numbers || !data) {
		free(data);
		goto out;
	}
	for (size_t i = 0; i < n; i++)
		numbers[i] = i;
	const size_t *sorted = merge_all(&order, numbers, numbers + n, n);
	for (size_t i = 0; i < n; i++)
		memcpy(data + i * rows->stride, rows->data + sorted[i] * rows->stride, rows->stride);
	free(rows->data);
	rows->data = data;
out:
	free(numbers);
}
