#include "base/jsonw.h"

#include "base/moment.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

void jsonw_init(struct jsonw *w, struct buf *out, bool ascii)
{
	*w = (struct jsonw){.out = out, .ascii = ascii};
}

static void before_value(struct jsonw *w)
{
	if (w->comma)
		buf_addc(w->out, ',');
	w->comma = true;
}

void jsonw_open(struct jsonw *w, char bracket)
{
	before_value(w);
	buf_addc(w->out, bracket);
	w->comma = false;
}

void jsonw_close(struct jsonw *w, char bracket)
{
	buf_addc(w->out, bracket);
	w->comma = true;
}

static void add_unit(struct buf *out, uint32_t unit)
{
	static const char hex[] = "0123456789abcdef";
	const char text[6] = {
		'\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15]};
	buf_add(out, text, sizeof(text));
}

static void add_escaped(struct buf *out, uint32_t c)
{
	if (c < 0x10000) {
		add_unit(out, c);
		return;
	}
	add_unit(out, 0xD800 + ((c - 0x10000) >> 10));
	add_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
}

static void add_char(struct jsonw *w, uint32_t c)
{
	static const char shorts[][2] = {{'\b', 'b'}, {'\t', 't'}, {'\n', 'n'}, {'\f', 'f'},
					 {'\r', 'r'}, {'"', '"'},  {'\\', '\\'}};
	c = text_original(c);
	for (size_t i = 0; i < sizeof(shorts) / sizeof(shorts[0]); i++) {
		if (c == (unsigned char)shorts[i][0]) {
			const char pair[2] = {'\\', shorts[i][1]};
			buf_add(w->out, pair, sizeof(pair));
			return;
		}
	}
	char bytes[4];
	if (text_is_control(c) || (w->ascii && c > 0x7E))
		add_escaped(w->out, c);
	else
		buf_add(w->out, bytes, text_encode(c, bytes));
}

static bool plain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

static void add_quoted(struct jsonw *w, const char *text)
{
	size_t length = strlen(text);
	buf_addc(w->out, '"');
	for (size_t at = 0; at < length;) {
		size_t start = at;
		while (at < length && plain(text[at]))
			at++;
		buf_add(w->out, text + start, at - start);
		if (at < length) {
			uint32_t c;
			at += text_decode(text + at, length - at, &c);
			add_char(w, c);
		}
	}
	buf_addc(w->out, '"');
}

void jsonw_key(struct jsonw *w, const char *key)
{
	before_value(w);
	add_quoted(w, key);
	buf_addc(w->out, ':');
	w->comma = false;
}

void jsonw_str(struct jsonw *w, const char *text)
{
	if (!text) {
		jsonw_null(w);
		return;
	}
	before_value(w);
	add_quoted(w, text);
}

void jsonw_num(struct jsonw *w, double value)
{
	before_value(w);
	text_add_number(w->out, value);
}

void jsonw_int(struct jsonw *w, int64_t value)
{
	before_value(w);
	buf_addf(w->out, "%" PRId64, value);
}

void jsonw_bool(struct jsonw *w, bool value)
{
	before_value(w);
	buf_adds(w->out, value ? "true" : "false");
}

void jsonw_null(struct jsonw *w)
{
	before_value(w);
	buf_adds(w->out, "null");
}

void jsonw_moment(struct jsonw *w, int64_t moment_ms)
{
	char text[MOMENT_TEXT_SIZE];
	/* A moment that cannot be written is as good as none. */
	moment_format(moment_ms, text);
	jsonw_str(w, text[0] ? text : NULL);
}

void jsonw_raw(struct jsonw *w, const char *json)
{
	before_value(w);
	buf_adds(w->out, json && *json ? json : "null");
}

void jsonw_kstr(struct jsonw *w, const char *key, const char *text)
{
	jsonw_key(w, key);
	jsonw_str(w, text);
}

void jsonw_knum(struct jsonw *w, const char *key, double value)
{
	jsonw_key(w, key);
	jsonw_num(w, value);
}

void jsonw_kint(struct jsonw *w, const char *key, int64_t value)
{
	jsonw_key(w, key);
	jsonw_int(w, value);
}

void jsonw_kbool(struct jsonw *w, const char *key, bool value)
{
	jsonw_key(w, key);
	jsonw_bool(w, value);
}
