/* Any bytes through the cleaning, showing, cutting and reading of text. A broken promise of text.h aborts. */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Valid UTF-8 without a control; in ascii not even a byte above 0x7E. */
static void check_harmless(const char *text, size_t length, bool ascii)
{
	for (size_t at = 0; at < length;) {
		uint32_t c;
		size_t used = text_decode(text + at, length - at, &c);
		require(used > 0 && !text_is_control(c));
		require(used > 1 || (unsigned char)text[at] < 0x7F);
		require(!ascii || used == 1);
		at += used;
	}
}

static void check_widths(const char *text, size_t length, struct buf *out)
{
	size_t all = text_width(text, length), last = 0;
	buf_reset(out);
	text_add_shown(out, text, length, false);
	check_harmless(buf_text(out), out->length, false);
	require(text_width(buf_text(out), out->length) == all);
	for (size_t cells = 0; cells <= all && cells < 40; cells++) {
		size_t used = 0, bytes = text_fit(text, length, cells, &used);
		require(used <= cells && bytes <= length && bytes >= last && text_width(text, bytes) == used);
		last = bytes;
	}
	require(text_fit(text, length, all, NULL) == length);
	buf_reset(out);
	text_add_shown(out, text, length, true);
	check_harmless(buf_text(out), out->length, true);
}

static void check_cells(const char *text, struct buf *out)
{
	for (unsigned form = 0; form < 4; form++) {
		for (size_t cells = 0; cells < 12; cells++) {
			buf_reset(out);
			text_add_cell(out, text, cells, form & 1, form & 2);
			require(text_width(buf_text(out), out->length) == cells);
			check_harmless(buf_text(out), out->length, form & 2);
		}
	}
}

static void check_numbers(const uint8_t *data, size_t size, const char *text, struct buf *out)
{
	double value = 0, back = 0;
	require(!text_number(text, &value) || value - value == 0);
	if (size < sizeof(value))
		return;
	memcpy(&value, data, sizeof(value));
	buf_reset(out);
	text_add_number(out, value);
	if (value - value == 0)
		require(text_number(buf_text(out), &back) && back == value);
	else
		require(strcmp(buf_text(out), "null") == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 4096)
		return 0;
	struct arena arena;
	struct buf out;
	arena_init(&arena, 1 << 20);
	buf_init(&out, 1 << 20);
	const char *inert = text_inert(&arena, (const char *)data, size);
	require(inert != NULL);
	check_harmless(inert, strlen(inert), false);
	text_add_inert(&out, (const char *)data, size);
	require(strcmp(buf_text(&out), inert) == 0);
	check_widths((const char *)data, size, &out);
	check_widths(inert, strlen(inert), &out);
	const char *raw = arena_strndup(&arena, (const char *)data, size);
	check_cells(raw, &out);
	check_cells(inert, &out);
	check_numbers(data, size, raw, &out);
	buf_reset(&out);
	text_add_percent(&out, inert);
	check_harmless(buf_text(&out), out.length, true);
	text_distance(raw, "account");
	text_nearest(raw, (const char *const[]){"account", "building", NULL});
	buf_fini(&out);
	arena_fini(&arena);
	return 0;
}
