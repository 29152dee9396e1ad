#include "base/text.h"

#include <glib.h>
#include <string.h>

#define REPLACEMENT 0xFFFDu

/* The whole of plane 15 is ours, so that nothing a vendor sends can pass for a moved control. */
#define PLANE_FIRST TEXT_INERT_BASE
#define PLANE_LAST 0xFFFFFu

bool text_is_control(uint32_t c)
{
	if (c < 0xA0)
		return c < 0x20 || c >= 0x7F;
	return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

uint32_t text_original(uint32_t c)
{
	return c >= TEXT_INERT_BASE && text_is_control(c - TEXT_INERT_BASE) ? c - TEXT_INERT_BASE : c;
}

size_t text_decode(const char *text, size_t length, uint32_t *codepoint)
{
	/* What is left over when a sequence is overlong, a surrogate or beyond Unicode, by its length. */
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	*codepoint = REPLACEMENT;
	if (length == 0)
		return 0;
	const unsigned char *p = (const unsigned char *)text;
	if (p[0] < 0x80) {
		*codepoint = p[0];
		return 1;
	}
	size_t need = p[0] >= 0xF5 ? 0 : p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC2 ? 2 : 0;
	if (need == 0 || need > length)
		return 1;
	uint32_t c = p[0] & (0x7Fu >> need);
	for (size_t i = 1; i < need; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 1;
		c = c << 6 | (p[i] & 0x3Fu);
	}
	if (c < least[need] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 1;
	*codepoint = c;
	return need;
}

size_t text_encode(uint32_t c, char out[4])
{
	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		c = REPLACEMENT;
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* Bytes at the start that are printable ASCII: the common case, copied as it is. */
static size_t plain_span(const char *text, size_t length)
{
	size_t i = 0;
	while (i < length && text[i] >= 0x20 && text[i] < 0x7F)
		i++;
	return i;
}

static uint32_t inert_of(uint32_t c)
{
	if (text_is_control(c))
		return c + TEXT_INERT_BASE;
	return c >= PLANE_FIRST && c <= PLANE_LAST ? REPLACEMENT : c;
}

/* Writes to `out` when it is not NULL; returns the bytes needed either way. */
static size_t inert_into(char *out, const char *text, size_t length)
{
	size_t at = 0, size = 0;
	char spare[4];
	while (at < length) {
		size_t plain = plain_span(text + at, length - at);
		if (out && plain)
			memcpy(out + size, text + at, plain);
		at += plain;
		size += plain;
		if (at == length)
			break;
		uint32_t c;
		at += text_decode(text + at, length - at, &c);
		size += text_encode(inert_of(c), out ? out + size : spare);
	}
	return size;
}

char *text_inert(struct arena *arena, const char *text, size_t length)
{
	if (!text)
		return NULL;
	if (plain_span(text, length) == length)
		return arena_strndup(arena, text, length);
	/* No character grows beyond four bytes, so this cannot overflow for bytes that exist. */
	size_t size = inert_into(NULL, text, length);
	char *copy = arena_alloc(arena, size + 1);
	if (!copy)
		return NULL;
	inert_into(copy, text, length);
	copy[size] = '\0';
	return copy;
}

void text_add_inert(struct buf *buf, const char *text, size_t length)
{
	if (!text)
		return;
	size_t size = inert_into(NULL, text, length);
	if (buf->error || buf_reserve(buf, size) != ERR_OK)
		return;
	inert_into(buf->data + buf->length, text, length);
	buf->length += size;
	buf->data[buf->length] = '\0';
}

static bool unreserved(unsigned char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void text_add_percent(struct buf *buf, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t length = text ? strlen(text) : 0;
	for (size_t at = 0; at < length;) {
		uint32_t c;
		char bytes[4];
		size_t used = text_decode(text + at, length - at, &c);
		uint32_t original = text_original(c);
		/* Bytes that are not UTF-8 go out as they are: whoever gave them meant them. */
		const char *from = original == c ? text + at : bytes;
		size_t n = original == c ? used : text_encode(original, bytes);
		for (size_t i = 0; i < n; i++) {
			unsigned char byte = (unsigned char)from[i];
			const char triple[3] = {'%', hex[byte >> 4], hex[byte & 15]};
			if (unreserved(byte))
				buf_addc(buf, (char)byte);
			else
				buf_add(buf, triple, sizeof(triple));
		}
		at += used;
	}
}

#define DISTANCE_MAX 255

/* Optimal string alignment on three rows: insert, delete, replace, or swap two neighbours. */
unsigned text_distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	if (la > DISTANCE_MAX || lb > DISTANCE_MAX)
		return g_ascii_strcasecmp(a, b) == 0 ? 0 : DISTANCE_MAX;
	unsigned rows[3][DISTANCE_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *row = rows[2];
	for (size_t j = 0; j <= lb; j++)
		last[j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			char ca = g_ascii_tolower(a[i - 1]), cb = g_ascii_tolower(b[j - 1]);
			unsigned best = last[j - 1] + (ca != cb);
			best = MIN(best, MIN(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && ca == g_ascii_tolower(b[j - 2]) &&
			    cb == g_ascii_tolower(a[i - 2]))
				best = MIN(best, before[j - 2] + 1);
			row[j] = best;
		}
		unsigned *free_row = before;
		before = last;
		last = row;
		row = free_row;
	}
	return MIN(last[lb], DISTANCE_MAX);
}

const char *text_nearest(const char *word, const char *const *names)
{
	if (!word || !names)
		return NULL;
	/* A third of the word may be wrong; more would suggest things that were not meant. */
	unsigned limit = (unsigned)MIN(strlen(word) / 3, 3), best = MAX(limit, 1) + 1;
	const char *nearest = NULL;
	for (; *names; names++) {
		unsigned distance = text_distance(word, *names);
		/* "up" is not "at": a short word must keep at least one of its letters. */
		if (distance < best && distance < MAX(strlen(*names), strlen(word))) {
			best = distance;
			nearest = *names;
		}
	}
	return nearest;
}
