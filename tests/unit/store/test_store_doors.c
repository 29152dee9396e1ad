/* Releases kept and found again: merging, pages, filters, search against a plain comparison, counts, slots. */
#include "desk.h"

#include "base/moment.h"
#include "core/kind.h"
#include "model/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include <cmocka.h>

#define MANY 2000

static int setup(void **state)
{
	struct desk *desk = g_new0(struct desk, 1);

	desk_init(desk);
	desk_open(desk);
	*state = desk;
	return 0;
}

static int teardown(void **state)
{
	desk_fini(*state);
	g_free(*state);
	return 0;
}

static const struct door_release *row_of(const struct store_reply *reply, size_t i)
{
	assert_true(i < rows_count(reply->page.rows));
	return rows_at(reply->page.rows, i);
}

static void all_fields_come_back(void **state)
{
	struct desk *desk = *state;
	struct rows *rows = desk_rows();
	struct door_release *row = desk_row(rows, "77", DESK_NOW - 5000, "Robin Ash");
	struct door_search search = desk_search("");

	row->method = "mobile";
	row->type = "visitor";
	row->panel_user_type = "tenant";
	row->unit_id = "12";
	row->unit = "4B";
	row->user_id = "9";
	row->user = "Kim Oak";
	row->call_guid = "g-1";
	row->picture_url = "https://example.com/1.jpg";
	desk_keep(desk, rows);
	struct store_reply *reply = desk_find(desk, &search);

	assert_int_equal(reply->problem.code, ERR_OK);
	assert_int_equal(rows_count(reply->page.rows), 1);
	assert_true(rows_account(reply->page.rows) == NULL || rows_account(reply->page.rows)[0] == 0);
	const struct door_release *back = row_of(reply, 0);

	assert_string_equal(back->id, "77");
	assert_int_equal(back->time_ms, DESK_NOW - 5000);
	assert_string_equal(back->method, "mobile");
	assert_string_equal(back->type, "visitor");
	assert_string_equal(back->panel_user_type, "tenant");
	assert_string_equal(back->name, "Robin Ash");
	assert_string_equal(back->unit_id, "12");
	assert_string_equal(back->unit, "4B");
	assert_string_equal(back->user_id, "9");
	assert_string_equal(back->user, "Kim Oak");
	assert_string_equal(back->call_guid, "g-1");
	assert_string_equal(back->picture_url, "https://example.com/1.jpg");
	assert_string_equal(reply->page.accounts[0], "lobby");
	assert_int_equal(reply->page.places[0].time_ms, DESK_NOW - 5000);
	assert_false(reply->page.more);
}

static void what_was_not_told_stays_so(void **state)
{
	struct desk *desk = *state;
	struct rows *rows = desk_rows();
	struct door_search search = desk_search("");

	desk_row(rows, "1", DESK_NOW, NULL);
	desk_row(rows, NULL, DESK_NOW, "no id");
	desk_row(rows, "2", MOMENT_NONE, "no time");
	desk_keep(desk, rows);
	struct store_reply *reply = desk_find(desk, &search);

	assert_int_equal(rows_count(reply->page.rows), 1);
	assert_null(row_of(reply, 0)->name);
	assert_null(row_of(reply, 0)->method);
	assert_null(row_of(reply, 0)->picture_url);
}

static void told_again_fills_gaps_and_is_not_doubled(void **state)
{
	struct desk *desk = *state;
	struct door_search search = desk_search("");
	struct rows *rows = desk_rows();

	desk_row(rows, "1", DESK_NOW, "Robin")->method = "mobile";
	desk_keep(desk, rows);
	assert_int_equal(desk_found(desk, "robin"), 1);
	rows = desk_rows();
	desk_row(rows, "1", DESK_NOW, NULL)->unit = "4B";
	desk_keep(desk, rows);
	rows = desk_rows();
	desk_row(rows, "1", DESK_NOW, "Robyn");
	desk_keep(desk, rows);
	struct store_reply *reply = desk_find(desk, &search);

	assert_int_equal(rows_count(reply->page.rows), 1);
	assert_string_equal(row_of(reply, 0)->name, "Robyn");
	assert_string_equal(row_of(reply, 0)->method, "mobile");
	assert_string_equal(row_of(reply, 0)->unit, "4B");
	assert_int_equal(desk_found(desk, "robyn"), 1);
	assert_int_equal(desk_found(desk, "robin"), 0);
	assert_int_equal(desk_number(desk,
				     "SELECT count(*) FROM doors_text WHERE doors_text MATCH '\"roby\"'"),
			 1);
	assert_int_equal(desk_number(desk,
				     "SELECT count(*) FROM doors_text WHERE doors_text MATCH '\"robi\"'"),
			 0);
}

static void a_corrected_time_moves_it(void **state)
{
	struct desk *desk = *state;
	struct door_search search = desk_search("");
	struct rows *rows = desk_rows();

	desk_row(rows, "1", DESK_NOW, "Robin")->unit = "4B";
	desk_row(rows, "2", DESK_NOW - 10, "Kim");
	desk_keep(desk, rows);
	assert_int_equal(desk_found(desk, ""), 2);
	rows = desk_rows();
	desk_row(rows, "1", DESK_NOW - 20, NULL);
	desk_keep(desk, rows);
	struct store_reply *reply = desk_find(desk, &search);

	assert_int_equal(rows_count(reply->page.rows), 2);
	assert_string_equal(row_of(reply, 1)->id, "1");
	assert_int_equal(row_of(reply, 1)->time_ms, DESK_NOW - 20);
	assert_string_equal(row_of(reply, 1)->unit, "4B");
	assert_int_equal(desk_found(desk, "robin"), 1);
}

static void twice_in_one_page_the_later_counts(void **state)
{
	struct desk *desk = *state;
	struct rows *rows = desk_rows();

	desk_row(rows, "1", DESK_NOW, "first");
	desk_row(rows, "1", DESK_NOW, "second");
	desk_keep(desk, rows);
	assert_int_equal(desk_found(desk, ""), 1);
	assert_int_equal(desk_found(desk, "second"), 1);
}

static void known_pages_write_nothing(void **state)
{
	struct desk *desk = *state;
	int64_t before, after;

	for (unsigned round = 0; round < 3; round++) {
		struct rows *rows = desk_rows();

		for (unsigned i = 0; i < 100; i++)
			desk_row(rows, rows_textf(rows, "%u", i), DESK_NOW + i, "Robin")->type = "visitor";
		desk_keep(desk, rows);
		assert_int_equal(desk_found(desk, ""), 100);
		before = round == 0 ? desk_number(desk, "PRAGMA data_version") : before;
		desk_shut(desk);
		char *wal = desk_file(desk, "history.db");
		char *bytes;
		size_t length;

		/* The header counts transactions that changed the file. */
		assert_true(g_file_get_contents(wal, &bytes, &length, NULL));
		after = (int64_t)((unsigned char)bytes[27]) | (int64_t)((unsigned char)bytes[26]) << 8;
		if (round > 0)
			assert_int_equal(after, before);
		before = after;
		g_free(bytes);
		g_free(wal);
		desk_open(desk);
	}
}

/* --- sources --- */

static void only_what_may_be_seen(void **state)
{
	static const char *const one[] = {"tower", "sim", NULL},
				 *const unknown[] = {"lobby", "another server", NULL}, *const none[] = {NULL};
	struct desk *desk = *state;
	struct door_search search = desk_search("");

	for (unsigned i = 0; i < 2; i++) {
		struct rows *rows = desk_rows();

		desk_row(rows, "1", DESK_NOW + i, i == 0 ? "Robin Lobby" : "Robin Tower");
		store_keep_doors(desk->store, desk_sources[i * 2], "sim", rows_seal(rows));
	}
	assert_int_equal(desk_found(desk, "robin"), 2);
	store_find_doors(desk->store, 1001, 0, one, &search);
	struct store_reply *reply = desk_wait(desk, 1001);

	assert_int_equal(rows_count(reply->page.rows), 1);
	assert_string_equal(row_of(reply, 0)->name, "Robin Tower");
	assert_string_equal(reply->page.accounts[0], "tower");
	g_strlcpy(search.text, "ro", sizeof(search.text));
	store_find_doors(desk->store, 1002, 0, one, &search);
	assert_int_equal(rows_count(desk_wait(desk, 1002)->page.rows), 1);
	store_find_doors(desk->store, 1003, 0, unknown, &search);
	assert_int_equal(rows_count(desk_wait(desk, 1003)->page.rows), 0);
	store_find_doors(desk->store, 1004, 0, none, &search);
	assert_int_equal(rows_count(desk_wait(desk, 1004)->page.rows), 0);
	g_strlcpy(search.account, "lobby", sizeof(search.account));
	search.limit = 1; /* what may not be seen must not fill the page */
	reply = desk_find(desk, &search);
	assert_int_equal(rows_count(reply->page.rows), 1);
	assert_string_equal(reply->page.accounts[0], "lobby");
	assert_int_equal(desk_oldest(desk), DESK_NOW);
}

static void the_oldest_of_nothing_is_none(void **state) { assert_true(desk_oldest(*state) == MOMENT_NONE); }

/* --- search --- */

static const char *const pieces[] = {"Robin",   "Ash",    "MÜLLER", "müller", "Straße", "STRASSE",
				     "Ιωάννης", "ΣΟΦΊΑ",  "100%",   "a_b",    "\"",     "'",
				     "John",    "Łukasz", "Çelik",  "李",     "李雷",   "é",
				     "x",       "panel",  "o",      "Apt 4",  "🙂",   "İ",
				     "ﬁ",       "K",      "*",      "AND",    "NEAR(",  "\\"};
static const char *const methods[] = {"mobile", "panel", "qr_key", NULL, "front_door_view"};
static const char *const types[] = {"visitor", "delivery", NULL};

static unsigned next_number(unsigned *seed, unsigned below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

static const char *random_text(struct rows *rows, unsigned *seed)
{
	unsigned n = next_number(seed, 4);
	char text[128] = "";

	for (unsigned i = 0; i < n; i++) {
		g_strlcat(text, i > 0 && next_number(seed, 2) ? " " : "", sizeof(text));
		g_strlcat(text, pieces[next_number(seed, G_N_ELEMENTS(pieces))], sizeof(text));
	}
	return n == 0 ? NULL : rows_copy(rows, text);
}

static const struct rows *random_rows(unsigned *seed, unsigned n)
{
	struct rows *rows = desk_rows();

	for (unsigned i = 0; i < n; i++) {
		struct door_release *row = desk_row(rows, rows_textf(rows, "r%u", i),
						    DESK_NOW - next_number(seed, 1000000), NULL);

		row->name = random_text(rows, seed);
		row->user = next_number(seed, 3) ? row->name : random_text(rows, seed);
		row->unit = random_text(rows, seed);
		row->unit_id = next_number(seed, 2) ? rows_textf(rows, "u%u", next_number(seed, 20)) : NULL;
		row->user_id = next_number(seed, 2) ? rows_textf(rows, "p%u", next_number(seed, 20)) : NULL;
		row->method = methods[next_number(seed, G_N_ELEMENTS(methods))];
		row->type = types[next_number(seed, G_N_ELEMENTS(types))];
	}
	return rows_seal(rows);
}

/* The same comparison, done the long way. */
static bool plain_holds(const char *text, const char *part)
{
	utf8proc_uint8_t *a = NULL, *b = NULL;
	bool found;

	if (text == NULL)
		return false;
	utf8proc_map((const utf8proc_uint8_t *)text, 0, &a,
		     UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
	utf8proc_map((const utf8proc_uint8_t *)part, 0, &b,
		     UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
	found = strstr((const char *)a, (const char *)b) != NULL;
	free(a);
	free(b);
	return found;
}

static bool plain_matches(const struct door_release *row, const struct door_search *search)
{
	const char *texts[] = {row->name, row->user, row->unit, row->method, row->type};
	bool holds = search->text[0] == '\0';

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		holds = holds || plain_holds(texts[i], search->text);
	return holds && (search->method[0] == '\0' || g_strcmp0(search->method, row->method) == 0) &&
	       (search->type[0] == '\0' || g_strcmp0(search->type, row->type) == 0) &&
	       (search->unit_id[0] == '\0' || g_strcmp0(search->unit_id, row->unit_id) == 0) &&
	       (search->user_id[0] == '\0' || g_strcmp0(search->user_id, row->user_id) == 0) &&
	       (search->since_ms == MOMENT_NONE || row->time_ms >= search->since_ms) &&
	       (search->until_ms == MOMENT_NONE || row->time_ms < search->until_ms);
}

/* A part of what is there, or something else. */
static void random_part(unsigned *seed, char *out, size_t size)
{
	const char *piece = pieces[next_number(seed, G_N_ELEMENTS(pieces))];
	const char *end = piece + strlen(piece), *from = piece, *to;

	g_strlcpy(out, "", size);
	if (next_number(seed, 8) == 0) {
		g_strlcpy(out, next_number(seed, 2) ? "visi" : "_k", size);
		return;
	}
	for (unsigned skip = next_number(seed, 3); skip > 0 && g_utf8_next_char(from) < end; skip--)
		from = g_utf8_next_char(from);
	to = from;
	for (unsigned n = 1 + next_number(seed, 5); n > 0 && to < end; n--)
		to = g_utf8_next_char(to);
	g_strlcpy(out, from, MIN(size, (size_t)(to - from) + 1));
	if (next_number(seed, 6) == 0)
		g_strlcat(out, pieces[next_number(seed, G_N_ELEMENTS(pieces))], size);
}

static void random_search(unsigned *seed, struct door_search *search)
{
	const char *method = methods[next_number(seed, G_N_ELEMENTS(methods))];
	const char *type = types[next_number(seed, G_N_ELEMENTS(types))];

	*search = desk_search("");
	if (next_number(seed, 5) != 0)
		random_part(seed, search->text, sizeof(search->text));
	if (next_number(seed, 4) == 0 && method != NULL)
		g_strlcpy(search->method, method, sizeof(search->method));
	if (next_number(seed, 4) == 0 && type != NULL)
		g_strlcpy(search->type, type, sizeof(search->type));
	if (next_number(seed, 6) == 0)
		g_snprintf(search->unit_id, sizeof(search->unit_id), "u%u", next_number(seed, 22));
	if (next_number(seed, 6) == 0)
		g_snprintf(search->user_id, sizeof(search->user_id), "p%u", next_number(seed, 22));
	if (next_number(seed, 4) == 0)
		search->since_ms = DESK_NOW - next_number(seed, 1000000);
	if (next_number(seed, 4) == 0)
		search->until_ms = DESK_NOW - next_number(seed, 1000000);
}

/* Whatever is asked, the pages together hold what a comparison of every row finds, newest first. */
static void check_search(struct desk *desk, const struct rows *rows, struct door_search search,
			 unsigned limit)
{
	GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
	size_t expected = 0, got = 0;
	bool more = true;

	for (size_t i = 0; i < rows_count(rows); i++)
		expected += plain_matches(rows_at(rows, i), &search);
	for (search.limit = limit; more;) {
		struct store_reply *reply = desk_find(desk, &search);

		assert_int_equal(reply->problem.code, ERR_OK);
		for (size_t i = 0; i < rows_count(reply->page.rows); i++) {
			const struct door_release *row = row_of(reply, i);

			if (!plain_matches(row, &search))
				fail_msg("'%s' is not in %s", search.text, row->id);
			assert_true(g_hash_table_add(ids, (char *)row->id));
			if (search.after.key != 0)
				assert_true(reply->page.places[i].key < search.after.key);
			search.after = reply->page.places[i];
		}
		got += rows_count(reply->page.rows);
		more = reply->page.more;
		if (more)
			assert_int_equal(rows_count(reply->page.rows), limit);
	}
	if (got != expected)
		fail_msg("'%s' %s %s: %zu rows, %zu expected", search.text, search.method, search.unit_id,
			 got, expected);
	g_hash_table_destroy(ids);
	desk_forget(desk);
}

static void search_is_a_comparison_of_every_row(void **state)
{
	struct desk *desk = *state;
	unsigned seed = 11;
	const struct rows *rows = random_rows(&seed, MANY);

	store_keep_doors(desk->store, "lobby", "sim", rows_ref(rows));
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++)
		check_search(desk, rows, desk_search(pieces[i]), 700);
	for (unsigned i = 0; i < 250; i++) {
		struct door_search search;

		random_search(&seed, &search);
		check_search(desk, rows, search, 300 + i);
	}
	rows_unref(rows);
}

/* With more rows than the newest-first scan looks at. */
static void a_letter_far_down_is_found(void **state)
{
	struct desk *desk = *state;
	struct rows *rows = desk_rows();

	desk_row(rows, "old", DESK_NOW - 100000, "Quentin Zz")->unit = "Wing Y";
	for (unsigned i = 0; i < 6000; i++)
		desk_row(rows, rows_textf(rows, "%u", i), DESK_NOW - i, "Robin Ash");
	desk_keep(desk, rows);
	assert_int_equal(desk_found(desk, "zz"), 1);
	assert_int_equal(desk_found(desk, "Q"), 1);
	assert_int_equal(desk_found(desk, "z"), 1);
	assert_int_equal(desk_found(desk, "y"), 1);
	assert_int_equal(desk_found(desk, "ing"), 1);
	assert_int_equal(desk_found(desk, "j"), 0);
}

static void case_is_no_matter_and_signs_are_literal(void **state)
{
	struct desk *desk = *state;
	struct rows *rows = desk_rows();

	desk_row(rows, "1", DESK_NOW, "JÖRG Groß")->unit = "100%";
	desk_row(rows, "2", DESK_NOW, "a_b")->method = "front_door";
	desk_row(rows, "3", DESK_NOW, "axb")->unit = "1000";
	desk_keep(desk, rows);
	assert_int_equal(desk_found(desk, "jörg"), 1);
	assert_int_equal(desk_found(desk, "GROSS"), 1);
	assert_int_equal(desk_found(desk, "Jo\xcc\x88rg"), 1); /* o and a combining mark */
	assert_int_equal(desk_found(desk, "100%"), 1);
	assert_int_equal(desk_found(desk, "%"), 1);
	assert_int_equal(desk_found(desk, "a_b"), 1);
	assert_int_equal(desk_found(desk, "FRONT_D"), 1);
	assert_int_equal(desk_found(desk, "\" OR \""), 0);
}

/* --- hostile text --- */

static void text_is_kept_inert(void **state)
{
	struct desk *desk = *state;
	struct rows *rows = desk_rows();
	struct door_search search = desk_search("");
	struct door_release *row = desk_row(rows, "1", DESK_NOW, NULL);

	row->name = rows_text(rows, "a\x1b[31mb");
	row->unit =
		"raw \x1f\x1e\x01 \xff text"; /* nobody should hand this over; it must not spoil the index */
	desk_keep(desk, rows);
	struct store_reply *reply = desk_find(desk, &search);

	assert_string_equal(row_of(reply, 0)->name, "a\xf3\xb0\x80\x9b[31mb");
	assert_null(strpbrk(row_of(reply, 0)->unit, "\x1f\x1e\x01"));
	assert_true(g_utf8_validate(row_of(reply, 0)->unit, -1, NULL));
	assert_int_equal(desk_found(desk, "a\x1b[31"), 1);
	assert_int_equal(desk_found(desk, " text"), 1);
}

static void a_foreign_hand_in_the_file_is_cleaned(void **state)
{
	struct desk *desk = *state;
	struct rows *rows = desk_rows();
	struct door_search search = desk_search("");

	desk_row(rows, "1", DESK_NOW, "Robin")->method = "mobile";
	desk_keep(desk, rows);
	assert_int_equal(desk_found(desk, ""), 1);
	assert_int_equal(
		desk_number(desk,
			    "UPDATE doors SET name = CAST(x'1b5b324aff' AS TEXT), unit = 17, user = x'00'"),
		0);
	assert_int_equal(desk_number(desk, "UPDATE words SET word = CAST(x'9b' AS TEXT)"), 0);
	desk_shut(desk);
	desk_open(desk);
	struct store_reply *reply = desk_find(desk, &search);

	assert_string_equal(row_of(reply, 0)->name, "\xf3\xb0\x80\x9b[2J\xef\xbf\xbd");
	assert_string_equal(row_of(reply, 0)->unit, "17");
	assert_null(row_of(reply, 0)->user);
	assert_string_equal(row_of(reply, 0)->method, "\xef\xbf\xbd");
}

static void very_long_texts_are_cut(void **state)
{
	struct desk *desk = *state;
	struct rows *rows = desk_rows();
	struct door_search search = desk_search("");
	char *name = g_strnfill(100000, 'n'), *id = g_strnfill(100000, 'i');
	struct door_release *row = desk_row(rows, "1", DESK_NOW, name);

	row->picture_url = name;
	row->unit_id = name;
	row->method = name;
	desk_row(rows, id, DESK_NOW, "whose id is too long");
	desk_keep(desk, rows);
	struct store_reply *reply = desk_find(desk, &search);

	assert_int_equal(rows_count(reply->page.rows), 1);
	assert_int_equal(strlen(row_of(reply, 0)->name), 4096);
	assert_null(row_of(reply, 0)->picture_url);
	assert_int_equal(desk_found(desk, "nnnnnnnnnnnnnnnnnnnnnnnn"), 1);
	g_free(name);
	g_free(id);
}

/* Many words, as a server that invents them would send, are found all the same. */
static void invented_words_are_found(void **state)
{
	struct desk *desk = *state;
	struct rows *rows = desk_rows();
	struct door_search search = desk_search("");

	for (unsigned i = 0; i < 6000; i++)
		desk_row(rows, rows_textf(rows, "%u", i), DESK_NOW - i, "Robin")->method =
			rows_textf(rows, "way-%u-", i);
	desk_keep(desk, rows);
	assert_int_equal(desk_found(desk, "way-17-"), 1);
	assert_int_equal(desk_found(desk, "WAY-5990-"), 1);
	g_strlcpy(search.method, "way-5990-", sizeof(search.method));
	assert_int_equal(rows_count(desk_find(desk, &search)->page.rows), 1);
}

/* --- pages --- */

static void keep_one(struct desk *desk, unsigned n, int64_t time_ms)
{
	struct rows *rows = desk_rows();

	desk_row(rows, rows_textf(rows, "new%u", n), time_ms, "Newcomer");
	desk_keep(desk, rows);
}

/* 500 releases of which many share their moment; new ones come between the pages. */
static void pages_show_each_row_once(void **state)
{
	struct desk *desk = *state;
	struct rows *rows = desk_rows();
	struct door_search search = desk_search("");
	GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct history_place last = {.key = 0};
	unsigned old = 0, n = 0;

	for (unsigned i = 0; i < 500; i++)
		desk_row(rows, rows_textf(rows, "%u", i), DESK_NOW - i / 7 * 1000, "Robin");
	desk_keep(desk, rows);
	search.limit = 7;
	for (bool more = true; more; n++) {
		struct store_reply *reply = desk_find(desk, &search);

		for (size_t i = 0; i < rows_count(reply->page.rows); i++) {
			assert_true(g_hash_table_add(seen, g_strdup(row_of(reply, i)->id)));
			old += row_of(reply, i)->id[0] != 'n';
			search.after = last = reply->page.places[i];
		}
		more = reply->page.more;
		desk_forget(desk);
		keep_one(desk, n, DESK_NOW + n);          /* at the top */
		keep_one(desk, 1000 + n, DESK_NOW - 500); /* where the reader has been */
	}
	assert_int_equal(old, 500);
	g_hash_table_remove_all(seen);
	search.newer = true;
	search.after = last;
	old = 1; /* `last` itself */
	for (bool more = true; more; n++) {
		struct store_reply *reply = desk_find(desk, &search);
		size_t count = rows_count(reply->page.rows);

		for (size_t i = 0; i < count; i++) {
			assert_true(g_hash_table_add(seen, g_strdup(row_of(reply, i)->id)));
			old += row_of(reply, i)->id[0] != 'n';
			if (i > 0)
				assert_true(reply->page.places[i].key < reply->page.places[i - 1].key);
		}
		if (count > 0)
			search.after = reply->page.places[0];
		more = reply->page.more;
		desk_forget(desk);
		if (n < 200)
			keep_one(desk, n, DESK_NOW + 100000 + n);
	}
	assert_int_equal(old, 500);
	g_hash_table_destroy(seen);
}

static void nothing_is_newer_than_the_newest(void **state)
{
	struct desk *desk = *state;
	struct door_search search = desk_search("");

	keep_one(desk, 1, DESK_NOW);
	search.newer = true;
	assert_int_equal(rows_count(desk_find(desk, &search)->page.rows), 0);
	search.newer = false;
	search.limit = 0; /* at least one */
	assert_int_equal(rows_count(desk_find(desk, &search)->page.rows), 1);
}

/* --- counts --- */

static void counts_by_hour(void **state)
{
	struct desk *desk = *state;
	struct rows *rows = desk_rows();
	struct door_search search = desk_search("");
	int64_t hour = 3600000, start = DESK_NOW / 3600000 * 3600000;

	for (unsigned i = 0; i < 30; i++)
		desk_row(rows, rows_textf(rows, "%u", i), start + i * hour / 10, i % 3 ? "Robin" : "Kim")
			->method = "mobile";
	desk_keep(desk, rows);
	search.since_ms = start;
	search.until_ms = start + 2 * hour;
	struct store_reply *reply = desk_count(desk, &search, hour);

	assert_int_equal(reply->counts.n, 2);
	assert_int_equal(reply->counts.since_ms, start);
	assert_int_equal(reply->counts.count[0], 10);
	assert_int_equal(reply->counts.count[1], 10);
	search = desk_search("kim");
	reply = desk_count(desk, &search, hour);
	assert_int_equal(reply->counts.n, 3);
	assert_int_equal(reply->counts.since_ms, start);
	assert_int_equal(reply->counts.count[0], 4);
	assert_int_equal(reply->counts.count[1], 3);
	assert_int_equal(reply->counts.count[2], 3);
	g_strlcpy(search.method, "nfc", sizeof(search.method));
	reply = desk_count(desk, &search, hour);
	assert_int_equal(reply->problem.code, ERR_OK);
	assert_int_equal(reply->counts.n, 0);
}

/* --- slots --- */

/* However many are asked, the last is answered, and none that was replaced after it. */
static void of_a_slot_the_newest_is_answered(void **state)
{
	struct desk *desk = *state;
	unsigned seed = 5, answered = 0;
	struct door_search search = desk_search("o");

	store_keep_doors(desk->store, "lobby", "sim", random_rows(&seed, MANY));
	desk_found(desk, "");
	desk_forget(desk);
	for (unsigned i = 1; i <= 300; i++)
		store_find_doors(desk->store, 5000 + i, 3, desk_sources, &search);
	store_find_doors(desk->store, 9000, 4, desk_sources, &search);
	struct store_reply *reply = desk_wait(desk, 5300);

	assert_int_equal(reply->problem.code, ERR_OK);
	desk_wait(desk, 9000);
	for (guint i = 0; i < desk->came->len; i++) {
		reply = g_ptr_array_index(desk->came, i);
		assert_int_equal(reply->problem.code, ERR_OK);
		answered += reply->request <= 5300;
	}
	assert_true(answered < 300);
}

/* A clock by which every look at it takes a second. */
static int64_t slow_ms(const struct clock *clock)
{
	static const int64_t step_ms = 1000;
	struct clock_fake *fake = (struct clock_fake *)clock;

	fake->mono_ms += step_ms;
	return fake->mono_ms;
}

static void what_takes_too_long_is_ended(void **state)
{
	struct desk *desk = *state;
	struct rows *rows = desk_rows();
	struct door_search search = desk_search("");

	for (unsigned i = 0; i < 6000; i++)
		desk_row(rows, rows_textf(rows, "%u", i), DESK_NOW - i, "Robin Ash");
	desk_keep(desk, rows);
	assert_int_equal(desk_found(desk, "robin"), HISTORY_PAGE_MOST);
	desk_shut(desk);
	desk->clock.clock.mono_ms = slow_ms;
	desk_open(desk);
	struct store_reply *reply = desk_count(desk, &search, 1);

	assert_int_equal(reply->problem.code, ERR_TIMEOUT);
	/* As far as it came; the rest is further pages. */
	reply = desk_find(desk, &search);
	assert_int_equal(reply->problem.code, ERR_OK);
	assert_true(reply->page.more);
	assert_true(rows_count(reply->page.rows) > 0);
	assert_true(rows_count(reply->page.rows) <= HISTORY_PAGE_MOST);
	assert_int_equal(desk_files(desk, "history.db.broken"), 0);
}

static void what_is_given_before_the_end_is_done(void **state)
{
	struct desk *desk = *state;
	struct door_search search = desk_search("");

	for (unsigned i = 0; i < 20; i++)
		keep_one(desk, i, DESK_NOW + i);
	store_find_doors(desk->store, 777, 0, desk_sources, &search);
	keep_one(desk, 20, DESK_NOW + 20);
	desk_shut(desk);
	assert_int_equal(rows_count(desk_wait(desk, 777)->page.rows), 20);
	desk_open(desk);
	assert_int_equal(desk_found(desk, ""), 21);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(all_fields_come_back),
		TEST(what_was_not_told_stays_so),
		TEST(told_again_fills_gaps_and_is_not_doubled),
		TEST(a_corrected_time_moves_it),
		TEST(twice_in_one_page_the_later_counts),
		TEST(known_pages_write_nothing),
		TEST(only_what_may_be_seen),
		TEST(the_oldest_of_nothing_is_none),
		TEST(search_is_a_comparison_of_every_row),
		TEST(a_letter_far_down_is_found),
		TEST(case_is_no_matter_and_signs_are_literal),
		TEST(text_is_kept_inert),
		TEST(a_foreign_hand_in_the_file_is_cleaned),
		TEST(very_long_texts_are_cut),
		TEST(invented_words_are_found),
		TEST(pages_show_each_row_once),
		TEST(nothing_is_newer_than_the_newest),
		TEST(counts_by_hour),
		TEST(of_a_slot_the_newest_is_answered),
		TEST(what_takes_too_long_is_ended),
		TEST(what_is_given_before_the_end_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
