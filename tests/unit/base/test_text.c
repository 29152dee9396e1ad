#include "base/text.h"

#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <float.h>
#include <glib.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>

/* The result of an adder as a string. */
static const char *shown(struct buf *buf, const char *text, bool ascii)
{
	buf_reset(buf);
	text_add_shown(buf, text, strlen(text), ascii);
	return buf_text(buf);
}

static const char *cell(struct buf *buf, const char *text, size_t cells, bool right, bool ascii)
{
	buf_reset(buf);
	text_add_cell(buf, text, cells, right, ascii);
	return buf_text(buf);
}

static const char *number(struct buf *buf, double value)
{
	buf_reset(buf);
	text_add_number(buf, value);
	return buf_text(buf);
}

static bool control_of_header(uint32_t c)
{
	return c < 0x20 || c == 0x7F || (c >= 0x80 && c <= 0x9F) || c == 0x2028 || c == 0x2029 ||
	       c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

static void every_character_survives_encode_and_decode(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x110000; c++) {
		char bytes[4];
		uint32_t back;
		size_t n = text_encode(c, bytes);
		bool valid = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
		assert_int_equal(text_decode(bytes, n, &back), n);
		assert_int_equal(back, valid ? c : 0xFFFD);
		assert_int_equal(text_is_control(c), control_of_header(c));
		uint32_t original = c >= 0xF0000 && control_of_header(c - 0xF0000) ? c - 0xF0000 : c;
		assert_int_equal(text_original(c), original);
		for (size_t cut = 1; cut < n; cut++) {
			assert_int_equal(text_decode(bytes, cut, &back), 1);
			assert_int_equal(back, 0xFFFD);
		}
	}
}

static const char *const invalid[] = {
	"\x80", /* a continuation alone */
	"\xBF",
	"\xC0\x80",     /* overlong NUL */
	"\xC1\xBF",     /* overlong DEL */
	"\xE0\x80\x80", /* overlong of three bytes */
	"\xE0\x9F\xBF",
	"\xF0\x80\x80\x80", /* overlong of four bytes */
	"\xF0\x8F\xBF\xBF",
	"\xED\xA0\x80", /* surrogates */
	"\xED\xBF\xBF",
	"\xF4\x90\x80\x80", /* beyond Unicode */
	"\xF5\x80\x80\x80",
	"\xF8\x88\x80\x80\x80",
	"\xFC\x84\x80\x80\x80\x80",
	"\xFE",
	"\xFF",
	"\xC3",
	"\xE2\x82",
	"\xF0\x9F\x98",
};

static void invalid_bytes_are_replaced_one_by_one(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++) {
		uint32_t c;
		assert_int_equal(text_decode(invalid[i], strlen(invalid[i]), &c), 1);
		assert_int_equal(c, 0xFFFD);
		char text[32];
		snprintf(text, sizeof(text), "a%sz", invalid[i]);
		const char *inert = text_inert(&arena, text, strlen(text));
		assert_int_equal(strlen(inert), 2 + 3 * strlen(invalid[i]));
		assert_int_equal(inert[0], 'a');
		assert_memory_equal(inert + 1, "\xEF\xBF\xBD", 3);
		assert_int_equal(inert[strlen(inert) - 1], 'z');
	}
	uint32_t c;
	assert_int_equal(text_decode("", 0, &c), 0);
	arena_fini(&arena);
}

static void inert_text_keeps_but_disarms(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	assert_string_equal(text_inert(&arena, "Lobby \xC3\xA9 \xE6\x97\xA5", 12),
			    "Lobby \xC3\xA9 \xE6\x97\xA5");
	assert_string_equal(text_inert(&arena, "\x1B[2J", 4), "\xF3\xB0\x80\x9B[2J");   /* U+F001B */
	assert_string_equal(text_inert(&arena, "\xE2\x80\xAE", 3), "\xF3\xB2\x80\xAE"); /* U+F202E */
	assert_string_equal(text_inert(&arena, "a\0b", 3), "a\xF3\xB0\x80\x80"
							   "b");
	/* What a vendor sends from the private plane is not taken for a moved control. */
	assert_string_equal(text_inert(&arena, "\xF3\xB0\x80\x9B", 4), "\xEF\xBF\xBD");
	assert_string_equal(text_inert(&arena, "\xF3\xBF\xBF\xBF", 4), "\xEF\xBF\xBD");
	assert_string_equal(text_inert(&arena, "\xEE\x80\x80", 3), "\xEE\x80\x80"); /* U+E000 is not of it */
	assert_string_equal(text_inert(&arena, "", 0), "");
	assert_null(text_inert(&arena, NULL, 3));
	arena_fini(&arena);
	arena_init(&arena, 16);
	assert_null(text_inert(&arena, "0123456789abcdef", 16));
	assert_null(text_inert(&arena, "\x1B\x1B\x1B\x1B\x1B", 5));
	arena_fini(&arena);
}

/* No byte sequence at all leaves a control behind, in any of the writers. */
static void random_bytes_are_disarmed(void **state)
{
	(void)state;
	struct rng rng;
	struct arena arena;
	struct buf inert, out;
	rng_init(&rng, 7);
	arena_init(&arena, 0);
	buf_init(&inert, 1 << 20);
	buf_init(&out, 1 << 20);
	for (int round = 0; round < 3000; round++) {
		char bytes[64];
		size_t length = rng_below(&rng, sizeof(bytes));
		for (size_t i = 0; i < length; i++)
			bytes[i] = (char)(rng_below(&rng, 3) ? rng_next(&rng) : 0xF3 - rng_below(&rng, 0x14));
		arena_reset(&arena);
		const char *text = text_inert(&arena, bytes, length);
		buf_reset(&inert);
		text_add_inert(&inert, bytes, length);
		assert_string_equal(text, buf_text(&inert));
		for (int form = 0; form < 3; form++) {
			buf_reset(&out);
			if (form == 0)
				buf_adds(&out, text);
			else
				text_add_shown(&out, form == 1 ? text : bytes,
					       form == 1 ? strlen(text) : length, round & 1);
			for (size_t at = 0; at < out.length;) {
				uint32_t c;
				size_t used = text_decode(out.data + at, out.length - at, &c);
				assert_false(text_is_control(c));
				assert_true(used > 1 || (unsigned char)out.data[at] < 0x80);
				assert_true(form == 0 || !(round & 1) || (unsigned char)out.data[at] < 0x7F);
				at += used;
			}
		}
	}
	buf_fini(&inert);
	buf_fini(&out);
	arena_fini(&arena);
}

static void shown_text_has_pictures_and_base_letters(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 1000);
	assert_string_equal(shown(&buf, "\x1B[0m\n", false), "\xE2\x90\x9B[0m\xE2\x90\x8A");
	assert_string_equal(shown(&buf, "\x7F", false), "\xE2\x90\xA1");
	assert_string_equal(shown(&buf,
				  "\xC2\x9B"
				  "1m",
				  false),
			    "\xEF\xBF\xBD"
			    "1m");
	assert_string_equal(shown(&buf, "\xE2\x80\xAE", false), "\xEF\xBF\xBD");
	assert_string_equal(shown(&buf, "\xF3\xB0\x80\x9B", false), "\xE2\x90\x9B"); /* inert ESC */
	assert_string_equal(shown(&buf, "caf\xC3\xA9 \xE6\x97\xA5", false), "caf\xC3\xA9 \xE6\x97\xA5");
	assert_string_equal(shown(&buf,
				  "caf\xC3\xA9 Stra\xC3\x9F"
				  "e \xC5\x81\xC3\xB3"
				  "d\xC5\xBA",
				  true),
			    "cafe Strase Lodz");
	assert_string_equal(shown(&buf, "e\xCC\x81", true), "e"); /* a mark of its own */
	assert_string_equal(shown(&buf, "\xE6\x97\xA5\xE2\x82\xAC", true), "??");
	assert_string_equal(shown(&buf, "\x1B[0m", true), "?[0m");
	assert_string_equal(shown(&buf, "", true), "");
	buf_reset(&buf);
	text_add_shown(&buf, "a\0b", 3, false);
	assert_string_equal(buf_text(&buf), "a\xE2\x90\x80"
					    "b");
	buf_fini(&buf);
}

static size_t width(const char *text) { return text_width(text, strlen(text)); }

static void width_counts_clusters(void **state)
{
	(void)state;
	assert_int_equal(width(""), 0);
	assert_int_equal(width("abc"), 3);
	assert_int_equal(width("\xE6\x97\xA5\xE6\x9C\xAC"), 4);
	assert_int_equal(width("e\xCC\x81"), 1);
	assert_int_equal(width("e\xCC\x81\xCC\x82\xCC\x83"), 1);
	assert_int_equal(width("\xF0\x9F\x98\x80"), 2);
	assert_int_equal(width("\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"),
			 2);                                            /* a family */
	assert_int_equal(width("\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA"), 2); /* a flag */
	assert_int_equal(width("\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD"), 2); /* with skin tone */
	assert_int_equal(width("\xE2\x9D\xA4\xEF\xB8\x8F"), 2);         /* a heart asked to be an emoji */
	assert_int_equal(width("\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8"),
			 2); /* a Korean syllable in three parts */
	assert_int_equal(width("\x1B[0m"), 4);
	assert_int_equal(width("\r\n"), 2); /* one cluster to Unicode, two pictures here */
	assert_int_equal(width("\xFF\xFE"), 2);
	assert_int_equal(width("\xF3\xB0\x80\x9B"), 1);
	assert_int_equal(text_width(NULL, 0), 0);
}

/* What is counted is what is shown, and any prefix that fits is whole and within its cells. */
static void width_and_fit_agree_with_what_is_shown(void **state)
{
	(void)state;
	static const char *const parts[] = {"a",
					    " ",
					    "\xCC\x81",
					    "\xE6\x97\xA5",
					    "\xF0\x9F\x98\x80",
					    "\xE2\x80\x8D",
					    "\xEF\xB8\x8F",
					    "\xF0\x9F\x87\xA9",
					    "\x1B",
					    "\r",
					    "\n",
					    "\xC2\x85",
					    "\xE2\x80\xAE",
					    "\xF3\xB0\x80\x9B",
					    "\xFF",
					    "\xE0\xA4\x95\xE0\xA5\x8D",
					    "\xD8\x80",
					    "\xE1\x84\x80\xE1\x85\xA1",
					    "\xF0\x9F\x8F\xBD",
					    "\xF0\x9F\xAB\xAF"};
	struct rng rng;
	struct buf out, part;
	rng_init(&rng, 11);
	buf_init(&out, 10000);
	buf_init(&part, 10000);
	for (int round = 0; round < 4000; round++) {
		char text[200] = "";
		for (unsigned i = rng_below(&rng, 12); i > 0; i--)
			g_strlcat(text, parts[rng_below(&rng, sizeof(parts) / sizeof(parts[0]))],
				  sizeof(text));
		size_t all = width(text);
		assert_int_equal(width(shown(&out, text, false)), all);
		size_t last = 0;
		for (size_t cells = 0; cells <= all + 1; cells++) {
			size_t used = 99, bytes = text_fit(text, strlen(text), cells, &used);
			assert_true(used <= cells && bytes >= last);
			assert_int_equal(text_width(text, bytes), used);
			last = bytes;
			for (int form = 0; form < 4; form++) {
				cell(&part, text, cells, form & 1, form & 2);
				assert_int_equal(width(buf_text(&part)), cells);
			}
		}
		assert_int_equal(last, strlen(text));
	}
	buf_fini(&out);
	buf_fini(&part);
}

static void cells_are_cut_and_padded(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 1000);
	assert_string_equal(cell(&buf, "abc", 5, false, false), "abc  ");
	assert_string_equal(cell(&buf, "abc", 5, true, false), "  abc");
	assert_string_equal(cell(&buf, "abc", 3, false, false), "abc");
	assert_string_equal(cell(&buf, "abcd", 3, false, false), "ab\xE2\x80\xA6");
	assert_string_equal(cell(&buf, "abcd", 3, false, true), "ab~");
	assert_string_equal(cell(&buf, "abcd", 1, false, false), "\xE2\x80\xA6");
	assert_string_equal(cell(&buf, "abcd", 0, false, false), "");
	assert_string_equal(cell(&buf, "", 0, false, false), "");
	assert_string_equal(cell(&buf, NULL, 2, false, false), "  ");
	/* Half of a wide character does not fit: a blank takes its place. */
	assert_string_equal(cell(&buf, "\xE6\x97\xA5\xE6\x9C\xAC", 3, false, false),
			    "\xE6\x97\xA5\xE2\x80\xA6");
	assert_string_equal(cell(&buf, "\xE6\x97\xA5\xE6\x9C\xAC", 2, false, false), "\xE2\x80\xA6 ");
	assert_string_equal(cell(&buf, "\xE6\x97\xA5\xE6\x9C\xAC", 2, true, false), " \xE2\x80\xA6");
	assert_string_equal(cell(&buf, "\xE6\x97\xA5\xE6\x9C\xAC", 4, false, true), "??  ");
	cell(&buf, "x", 200, false, false);
	assert_int_equal(buf.length, 200);
	buf_fini(&buf);
}

static void distances_count_edits(void **state)
{
	(void)state;
	assert_int_equal(text_distance("", ""), 0);
	assert_int_equal(text_distance("abc", "ABC"), 0);
	assert_int_equal(text_distance("abc", ""), 3);
	assert_int_equal(text_distance("kitten", "sitting"), 3);
	assert_int_equal(text_distance("ab", "ba"), 1);
	assert_int_equal(text_distance("theme", "tehme"), 1);
	assert_int_equal(text_distance("poll", "pol"), 1);
	char a[400], b[400];
	memset(a, 'a', sizeof(a));
	memset(b, 'b', sizeof(b));
	a[399] = b[399] = '\0';
	assert_int_equal(text_distance(a, b), 255);
	assert_int_equal(text_distance(a, a), 0);
	a[255] = b[255] = '\0';
	assert_int_equal(text_distance(a, b), 255);
	assert_int_equal(text_distance(a, ""), 255);
}

static void nearest_suggests_only_what_is_near(void **state)
{
	(void)state;
	static const char *const names[] = {"floors", "rooms", "zones", "sensors", "doors", "at", NULL};
	assert_string_equal(text_nearest("flors", names), "floors");
	assert_string_equal(text_nearest("Sensor", names), "sensors");
	assert_string_equal(text_nearest("romos", names), "rooms");
	assert_string_equal(text_nearest("zones", names), "zones");
	assert_null(text_nearest("elephants", names));
	assert_null(text_nearest("up", names));
	assert_null(text_nearest("", names));
	assert_null(text_nearest("x", (const char *const[]){NULL}));
}

static void percent_keeps_only_unreserved(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 1000);
	text_add_percent(&buf, "AZaz09-._~");
	assert_string_equal(buf_text(&buf), "AZaz09-._~");
	buf_reset(&buf);
	text_add_percent(&buf, "a b/c?d=e&f%\xC3\xA9");
	assert_string_equal(buf_text(&buf), "a%20b%2Fc%3Fd%3De%26f%25%C3%A9");
	buf_reset(&buf);
	text_add_percent(&buf, "\xF3\xB0\x80\x9B\xF3\xB2\x80\xAE"); /* inert ESC and U+202E as they were */
	assert_string_equal(buf_text(&buf), "%1B%E2%80%AE");
	buf_reset(&buf);
	text_add_percent(&buf, "\xFF");
	text_add_percent(&buf, NULL);
	assert_string_equal(buf_text(&buf), "%FF");
	buf_fini(&buf);
}

static void numbers_are_short(void **state)
{
	(void)state;
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{0, "0"},
		{-0.0, "0"},
		{1, "1"},
		{-1, "-1"},
		{21.04, "21.04"},
		{-21.04, "-21.04"},
		{0.1, "0.1"},
		{0.3, "0.3"},
		{1e6, "1000000"},
		{123456789.1234, "123456789.1234"},
		{0.0001, "0.0001"},
		{1e15, "1000000000000000"},
		{9007199254740991, "9007199254740991"},
		{1e21, "1e+21"},
		{1e-7, "1e-7"},
		{0.00001, "1e-5"},
		{1.0 / 3, "0.3333333333333333"},
		{5e-324, "5e-324"},
		{DBL_MAX, "1.7976931348623157e+308"},
		{0.1 + 0.2, "0.30000000000000004"},
		{NAN, "null"},
		{INFINITY, "null"},
		{-INFINITY, "null"},
		{1700000000123, "1700000000123"},
		{36.6, "36.6"},
	};
	struct buf buf;
	buf_init(&buf, 100);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(number(&buf, cases[i].value), cases[i].text);
	buf_fini(&buf);
}

/* Reads back as the same double, with no more digits than printf needs for that. */
static void check_number(struct buf *buf, double value)
{
	double back;
	const char *text = number(buf, value);
	assert_true(text_number(text, &back));
	assert_true(back == value);
	assert_true(strtod(text, NULL) == value); /* the test runs in the C locale */
	size_t digits = 0, least = 0;
	bool leading = true;
	for (const char *p = text; *p && *p != 'e'; p++) {
		leading = leading && (*p < '1' || *p > '9');
		digits += !leading && *p >= '0' && *p <= '9';
	}
	char plain[40];
	do
		snprintf(plain, sizeof(plain), "%.*e", (int)least++, value);
	while (strtod(plain, NULL) != value);
	/* Integers are written out, so they may end in zeros. */
	assert_true(digits <= least || value == floor(value));
}

static void numbers_read_back(void **state)
{
	(void)state;
	struct rng rng;
	struct buf buf;
	rng_init(&rng, 2024);
	buf_init(&buf, 100);
	for (int i = 0; i < 30000; i++) {
		union {
			uint64_t bits;
			double value;
		} any = {.bits = rng_next(&rng)};
		if (isfinite(any.value) && any.value != 0)
			check_number(&buf, any.value);
		double whole = (double)(int64_t)(rng_next(&rng) >> 44) - 500000;
		if (whole == 0)
			continue;
		check_number(&buf, whole);
		check_number(&buf, whole / 10);
		check_number(&buf, whole / 100);
		check_number(&buf, whole / 10000);
		check_number(&buf, whole / 1e7);
		check_number(&buf, whole * 1e9 + 0.5);
		check_number(&buf, whole * 1e-310);
	}
	buf_fini(&buf);
}

static void text_number_takes_decimals_only(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		double value;
	} good[] = {{"0", 0},
		    {"-0", 0},
		    {"12", 12},
		    {"+5", 5},
		    {"-1.5", -1.5},
		    {".5", 0.5},
		    {"5.", 5},
		    {"1e3", 1000},
		    {"1E-2", 0.01},
		    {"21.04", 21.04},
		    {"00012", 12},
		    {"9007199254740993", 9007199254740992.0},
		    {"123456789012345678901234567890", 1.2345678901234568e29},
		    {"0.000000000000000000000000000001", 1e-30},
		    {"4.9e-324", 5e-324}};
	static const char *const bad[] = {"",    "-",   ".",     "e5",  "1e",   "1e+", "0x10",
					  "inf", "nan", "-inf",  "1 ",  " 1",   "1,5", "1.2.3",
					  "1a",  "--1", "1e999", "1\n", "1_000"};
	double value = 0;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(text_number(good[i].text, &value));
		assert_true(value == good[i].value);
	}
	value = 77;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(text_number(bad[i], &value));
	assert_false(text_number(NULL, &value));
	assert_true(value == 77);
	char digits[5000];
	memset(digits, '7', sizeof(digits));
	digits[200] = '\0';
	assert_true(text_number(digits, &value));
	digits[200] = '7';
	digits[sizeof(digits) - 1] = '\0';
	assert_false(text_number(digits, &value));
	digits[1] = '.';
	assert_true(text_number(digits, &value));
	assert_true(value == 7.0 + 7.0 / 9);
}

/* Only where the machine has such a locale; elsewhere there is nothing to go wrong. */
static void decimal_comma_changes_nothing(void **state)
{
	(void)state;
	static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "nl_NL.UTF-8", "de_DE",
					      "pt_BR.UTF-8"};
	size_t i = 0;
	while (i < 5 && !setlocale(LC_NUMERIC, locales[i]))
		i++;
	struct buf buf;
	double value;
	buf_init(&buf, 100);
	assert_string_equal(number(&buf, 1.0 / 3), "0.3333333333333333");
	assert_true(text_number("1.25e1", &value) && value == 12.5);
	assert_false(text_number("1,5", &value));
	buf_fini(&buf);
	setlocale(LC_NUMERIC, "C");
}

static void clusters_add_up_to_the_text(void **state)
{
	(void)state;
	static const char text[] = "ae\u0301 \u4F1A\U0001F1E9\U0001F1EA\x1b\xff\u200B.";
	static const struct {
		size_t bytes;
		unsigned cells;
	} expected[] = {{1, 1}, {3, 1}, {1, 1}, {3, 2}, {8, 2}, {1, 1}, {1, 1}, {3, 0}, {1, 1}};
	size_t at = 0, length = sizeof(text) - 1, sum = 0;
	unsigned cells;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		assert_int_equal(text_cluster(text + at, length - at, &cells), expected[i].bytes);
		assert_int_equal(cells, expected[i].cells);
		at += expected[i].bytes;
		sum += cells;
	}
	assert_int_equal(at, length);
	assert_int_equal(sum, text_width(text, length));
	assert_int_equal(text_cluster(text + at, 0, &cells), 0);
	assert_int_equal(cells, 0);
	assert_int_equal(text_cluster(NULL, 0, &cells), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clusters_add_up_to_the_text),
		cmocka_unit_test(every_character_survives_encode_and_decode),
		cmocka_unit_test(invalid_bytes_are_replaced_one_by_one),
		cmocka_unit_test(inert_text_keeps_but_disarms),
		cmocka_unit_test(random_bytes_are_disarmed),
		cmocka_unit_test(shown_text_has_pictures_and_base_letters),
		cmocka_unit_test(width_counts_clusters),
		cmocka_unit_test(width_and_fit_agree_with_what_is_shown),
		cmocka_unit_test(cells_are_cut_and_padded),
		cmocka_unit_test(distances_count_edits),
		cmocka_unit_test(nearest_suggests_only_what_is_near),
		cmocka_unit_test(percent_keeps_only_unreserved),
		cmocka_unit_test(numbers_are_short),
		cmocka_unit_test(numbers_read_back),
		cmocka_unit_test(text_number_takes_decimals_only),
		cmocka_unit_test(decimal_comma_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
