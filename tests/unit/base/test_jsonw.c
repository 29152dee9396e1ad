#include "base/jsonw.h"

#include "base/jsonx.h"
#include "base/moment.h"
#include "base/rng.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <math.h>

static struct jsonw *begin(struct jsonw *w, struct buf *buf, bool ascii)
{
	buf_reset(buf);
	jsonw_init(w, buf, ascii);
	return w;
}

static void commas_are_taken_care_of(void **state)
{
	(void)state;
	struct buf buf;
	struct jsonw w;
	buf_init(&buf, 10000);
	begin(&w, &buf, false);
	jsonw_open(&w, '{');
	jsonw_kstr(&w, "a", "x");
	jsonw_knum(&w, "b", 21.04);
	jsonw_kint(&w, "c", INT64_MIN);
	jsonw_kbool(&w, "d", true);
	jsonw_key(&w, "e");
	jsonw_open(&w, '[');
	jsonw_open(&w, '[');
	jsonw_close(&w, ']');
	jsonw_open(&w, '{');
	jsonw_close(&w, '}');
	jsonw_null(&w);
	jsonw_bool(&w, false);
	jsonw_num(&w, NAN);
	jsonw_num(&w, -INFINITY);
	jsonw_str(&w, NULL);
	jsonw_raw(&w, "{\"r\":1}");
	jsonw_raw(&w, NULL);
	jsonw_close(&w, ']');
	jsonw_kstr(&w, "f", "");
	jsonw_key(&w, "g");
	jsonw_moment(&w, INT64_C(1787148425250));
	jsonw_key(&w, "h");
	jsonw_moment(&w, MOMENT_NONE);
	jsonw_close(&w, '}');
	assert_string_equal(
		buf_text(&buf),
		"{\"a\":\"x\",\"b\":21.04,\"c\":-9223372036854775808,\"d\":true,\"e\":[[],{},null,false,null,null,null,"
		"{\"r\":1},null],\"f\":\"\",\"g\":\"2026-08-19T14:07:05.250Z\",\"h\":null}");
	buf_fini(&buf);
}

static void texts_are_escaped(void **state)
{
	(void)state;
	static const struct {
		const char *text, *plain, *ascii;
	} cases[] = {
		{"a\"b\\c/", "\"a\\\"b\\\\c/\"", "\"a\\\"b\\\\c/\""},
		{"\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\"", "\"\\b\\t\\n\\f\\r\""},
		{"\x1B\x01", "\"\\u001b\\u0001\"", "\"\\u001b\\u0001\""},
		{"\x7F", "\"\\u007f\"", "\"\\u007f\""},
		{"\xC2\x9B", "\"\\u009b\"", "\"\\u009b\""},
		{"\xE2\x80\xAE\xEF\xBB\xBF", "\"\\u202e\\ufeff\"", "\"\\u202e\\ufeff\""},
		{"\xF3\xB0\x80\x9B", "\"\\u001b\"", "\"\\u001b\""}, /* inert */
		{"\xF3\xB0\x80\x8A", "\"\\n\"", "\"\\n\""},
		{"\xF3\xB0\x80\x80", "\"\\u0000\"", "\"\\u0000\""},
		{"\xC3\xA9", "\"\xC3\xA9\"", "\"\\u00e9\""},
		{"\xF0\x9F\x98\x80", "\"\xF0\x9F\x98\x80\"", "\"\\ud83d\\ude00\""},
		{"\xFF", "\"\xEF\xBF\xBD\"", "\"\\ufffd\""},
		{"~", "\"~\"", "\"~\""},
	};
	struct buf buf;
	struct jsonw w;
	buf_init(&buf, 10000);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		jsonw_str(begin(&w, &buf, false), cases[i].text);
		assert_string_equal(buf_text(&buf), cases[i].plain);
		jsonw_str(begin(&w, &buf, true), cases[i].text);
		assert_string_equal(buf_text(&buf), cases[i].ascii);
	}
	jsonw_key(begin(&w, &buf, false), "k\n");
	assert_string_equal(buf_text(&buf), "\"k\\n\":");
	buf_fini(&buf);
}

/* Whatever a vendor sends: what is written can be read, gives the same text, and holds no control. */
static void any_text_is_read_back(void **state)
{
	(void)state;
	struct rng rng;
	struct buf buf, again;
	struct jsonw w;
	struct jsonx doc;
	struct arena arena;
	rng_init(&rng, 9);
	buf_init(&buf, 10000);
	buf_init(&again, 10000);
	arena_init(&arena, 0);
	jsonx_setup();
	jsonx_init(&doc);
	for (int round = 0; round < 5000; round++) {
		char bytes[40];
		size_t length = rng_below(&rng, sizeof(bytes));
		for (size_t i = 0; i < length; i++)
			bytes[i] = (char)(1 + rng_below(&rng, rng_below(&rng, 2) ? 255 : 0x7F));
		arena_reset(&arena);
		const char *inert = text_inert(&arena, bytes, length);
		jsonw_str(begin(&w, &buf, round & 1), inert);
		for (size_t i = 0; i < buf.length; i++) {
			assert_true((unsigned char)buf.data[i] >= 0x20 && buf.data[i] != 0x7F);
			assert_true(!(round & 1) || (unsigned char)buf.data[i] < 0x7F);
		}
		assert_int_equal(jsonx_parse(&doc, buf.data, buf.length, NULL), ERR_OK);
		buf_reset(&again);
		text_add_inert(&again, doc.root->valuestring, strlen(doc.root->valuestring));
		assert_string_equal(buf_text(&again), inert);
	}
	jsonx_fini(&doc);
	arena_fini(&arena);
	buf_fini(&buf);
	buf_fini(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_are_taken_care_of),
		cmocka_unit_test(texts_are_escaped),
		cmocka_unit_test(any_text_is_read_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
